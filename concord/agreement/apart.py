"""Computing in a process of its own: while a report of a million answers is made, no desk waits for Python's lock.

The other process runs this module, at low priority. It lives as long as the `with` block, and ends by itself when the
process that began it is gone.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import IO, Any, Protocol, TypeVar, TypeVarTuple

from concord.errors import ConcordError, StorageError

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
_LOW_PRIORITY = 10


class Compute(Protocol):
    """Somewhere to call a function of a module."""

    def __call__(self, function: Callable[[*Ts], T], *arguments: *Ts) -> T:
        """What the function gives for these arguments."""
        ...


def here(function: Callable[[*Ts], T], *arguments: *Ts) -> T:
    """Call the function in this process.

    >>> here(max, 1, 2)
    2
    """
    return function(*arguments)


class Apart:
    """Another process, to call functions in; arguments and results are copied.

    >>> with Apart() as apart:
    ...     apart(max, 1, 2), apart(os.getpid) == os.getpid()
    (2, False)
    """

    def __enter__(self) -> Apart:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "concord.agreement.apart"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def __call__(self, function: Callable[[*Ts], T], *arguments: *Ts) -> T:
        """What the function gives there.

        Raises:
            ConcordError: what the function raised; or the process ended.
        """
        given, taken = self._process.stdin, self._process.stdout
        assert given is not None
        assert taken is not None
        try:
            pickle.dump((function, arguments), given, protocol=pickle.HIGHEST_PROTOCOL)
            given.flush()
            result, error = pickle.load(taken)
        except (EOFError, BrokenPipeError) as ended:
            raise StorageError(
                f"The process that computes the report ended with code {self._process.wait()}. "
                "Ask for the report again; if it ends again, the machine may be short of memory."
            ) from ended
        if error is not None:
            raise error
        return result


def serve(given: IO[bytes], taken: IO[bytes]) -> None:
    """Call what is asked for until nothing more is; what is no `ConcordError` ends the process."""
    while (asked := _next(given)) is not None:
        function, arguments = asked
        result, error = None, None
        try:
            result = function(*arguments)
        except ConcordError as raised:
            error = raised
        pickle.dump((result, error), taken, protocol=pickle.HIGHEST_PROTOCOL)
        taken.flush()


def _next(given: IO[bytes]) -> tuple[Callable[..., Any], tuple[Any, ...]] | None:
    try:
        return pickle.load(given)
    except EOFError:
        return None


if __name__ == "__main__":
    os.nice(_LOW_PRIORITY)
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)  # whatever prints must not print between two answers
        serve(sys.stdin.buffer, answers)
