"""What was read before and still holds, so that it is not read again: the store alone changes what it keeps."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_MOST = 2_000


class Remembered(Generic[K, V]):
    """Values by key, those asked for last; for values that never change, or whose every change is told.

    >>> squares = Remembered[int, int]()
    >>> squares.get(3, lambda key: key * key), squares.get(3, lambda key: -1)
    (9, 9)
    """

    def __init__(self) -> None:
        self._values: OrderedDict[K, V] = OrderedDict()
        self._forgotten = 0
        self._lock = threading.Lock()

    def get(self, key: K, read: Callable[[K], V]) -> V:
        """The value, read if it is not known; what `read` raises is not remembered."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
            forgotten = self._forgotten
        value = read(key)
        with self._lock:
            if forgotten == self._forgotten:  # else it may have been read before the change that was told of
                self._values[key] = value
                if len(self._values) > _MOST:
                    self._values.popitem(last=False)
        return value

    def forget(self) -> None:
        """Something has changed."""
        with self._lock:
            self._forgotten += 1
            self._values.clear()
