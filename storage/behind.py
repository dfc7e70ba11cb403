"""Work that goes on in another thread while the caller prepares more of it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType


class Behind:
    """Does what it is handed, one thing at a time and in order, and is never more than one thing behind.

    An error comes out at the next `do`, at `wait`, or when the block ends.
    """

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(1)
        self._last: Future[None] | None = None

    def __enter__(self) -> Behind:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._executor.shutdown()
        if error is None:
            self.wait()

    def do(self, work: Callable[[], None]) -> None:
        """Hand over the next thing, when the one before it is done."""
        self.wait()
        self._last = self._executor.submit(work)

    def wait(self) -> None:
        """Until everything is done."""
        if self._last:
            self._last.result()
