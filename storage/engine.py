"""DuckDB in one process: one writer thread with group commit, a short-lived cursor for each read.

A job is a function of `Query`; it may run twice (when another job of its group fails), so it touches nothing but the
database: no files, no clock, no fresh ids. Jobs are short; long work takes `Engine.bulk`.
"""

from __future__ import annotations

import atexit
import contextlib
import itertools
import queue
import re
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Future
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import duckdb
import pyarrow as pa

from concord.errors import ConcordError, Conflict, DiskFull, StorageError, WorkspaceBusy

T = TypeVar("T")
Values = list[tuple[Any, ...]]

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",  # offline this is a quick, clear error instead of a long wait
    "memory_limit": "1GB",
    "scheduler_process_partial": "true",  # a report and a desk take turns; else a short query waits for a long one
    "threads": "2",
    "TimeZone": "UTC",
}
_MOST_TOGETHER = 64
_MOST_PLACES = 48  # placeholders of one statement, where the values of a few rows are given one by one
_NO_ROOM = re.compile(r"No space left|File too large|Disk quota|Could not write|failed to offload", re.IGNORECASE)
_CLOSED = "The workspace is closed. Start Concord again."


class Query:
    """The open transaction of a job."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor

    def __call__(self, sql: str, *args: object) -> Values:
        """Run one statement and return all its rows; placeholders are `$1`, `$2`, …."""
        return self._cursor.execute(_parsed(sql), args).fetchall()

    def insert(self, table: str, columns: Mapping[str, Sequence[object]], *, unless: str = "") -> int:
        """Insert many rows at once.

        Args:
            table: its name.
            columns: the values of each column, all of one length.
            unless: the columns of a key; rows whose key is there already are left out.

        Returns:
            How many rows are new.
        """
        names = ", ".join(columns)
        into, conflict = f"insert into {table}({names})", f" on conflict ({unless}) do nothing" if unless else ""
        rows = list(zip(*columns.values(), strict=True))
        if len(rows) * len(columns) <= _MOST_PLACES:
            return self._insert_few(into, rows, conflict)
        incoming = pa.table({name: _plain(values) for name, values in columns.items()})
        return self._insert_many(f"{into} select {names} from incoming{conflict}", incoming)

    def _insert_few(self, into: str, rows: list[tuple[object, ...]], conflict: str) -> int:
        """A few rows are quicker by placeholders, whose statement is longer and needs no table."""
        numbers = itertools.count(1)
        places = ", ".join(f"({', '.join(f'${next(numbers)}' for _ in row)})" for row in rows)
        values = list(itertools.chain.from_iterable(rows))
        sql = f"{into} values {places}{conflict}"
        [(new,)] = self._cursor.execute(_parsed(sql), values).fetchall() if rows else [(0,)]
        return int(new)

    def _insert_many(self, sql: str, incoming: pa.Table) -> int:
        """DuckDB finds `incoming` by its name; what is registered stays in memory until the transaction ends."""
        [(new,)] = self._cursor.execute(sql).fetchall()
        return int(new)


Job = Callable[[Query], T]


class _Waiting(NamedTuple):
    """A job in the queue, and who waits for it; `alone` is outside any transaction, with nothing else in its group."""

    job: Job[Any]
    future: Future[Any]
    alone: bool


class Engine:
    """The one place that opens the file.

    Raises:
        WorkspaceBusy: another process has it open; the message has its number.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection = _connect(path)
        self._reviving, self._bulk_gate = threading.Lock(), threading.RLock()
        self._jobs: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._gate, self._closed = threading.Lock(), False
        self._thread = threading.Thread(target=self._run, name="storage-writer", daemon=True)
        self._thread.start()
        atexit.register(self.close)  # a thread that still holds a cursor at exit prints pages of warnings

    def close(self) -> None:
        """Write what waits, then let go of the file."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)
        self._thread.join()
        self._connection.close()
        atexit.unregister(self.close)

    def write(self, job: Job[T]) -> T:
        """Run `job` in a transaction of the writer thread; when this returns, what it wrote is on the disk."""
        return self._result(self._queue(job, alone=False))

    def alone(self, job: Job[T]) -> T:
        """Run `job` in the writer thread outside any transaction, while nothing else writes."""
        with self._bulk_gate:
            return self._result(self._queue(job, alone=True))

    def read(self, sql: str, *args: object) -> Values:
        """All rows of one statement, as of now."""
        with self._translated(), self._cursor() as cursor:
            return cursor.execute(_parsed(sql), args).fetchall()

    def table(self, sql: str, *args: object) -> pa.Table:
        """The same as an Arrow table."""
        with self._translated(), self._cursor() as cursor:
            return cursor.sql(sql, params=list(args)).to_arrow_table()

    @contextlib.contextmanager
    def bulk(self, *, pausing: bool = False) -> Generator[duckdb.DuckDBPyConnection]:
        """A cursor of one's own for long work, inside a transaction that commits at the end.

        One thread at a time; it may have several.

        Args:
            pausing: the writer waits meanwhile; for changes of what jobs change too.
        """
        pause = self._paused() if pausing else contextlib.nullcontext()
        with self._bulk_gate, pause, self._translated(), self._cursor() as cursor:
            cursor.execute("begin")
            yield cursor
            cursor.execute("commit")

    @contextlib.contextmanager
    def _paused(self) -> Generator[None]:
        """The writer stands still."""
        begun, ended = threading.Event(), threading.Event()

        def stand_still(_: Query) -> None:
            begun.set()
            ended.wait()

        self._queue(stand_still, alone=True)
        begun.wait()
        try:
            yield
        finally:
            ended.set()

    def _queue(self, job: Job[T], *, alone: bool) -> Future[T]:
        future: Future[T] = Future()
        with self._gate:
            if self._closed:
                raise StorageError(_CLOSED)
            self._jobs.put(_Waiting(job, future, alone))
        return future

    def _result(self, future: Future[T]) -> T:
        with self._translated():
            return future.result()

    @contextlib.contextmanager
    def _translated(self) -> Generator[None]:
        """Turn DuckDB's errors into ours, and a dead instance into a live one."""
        try:
            yield
        except duckdb.Error as error:
            if self._closed:
                raise StorageError(_CLOSED) from error
            self._revive()
            raise _translation(error, self.path) from error

    def _revive(self) -> None:
        """A fatal error (a checkpoint on a full disk) kills the instance: it refuses everything until opened anew."""
        with self._reviving:
            with contextlib.suppress(duckdb.Error), self._cursor() as cursor:
                cursor.execute("select 1").fetchall()
                return
            with contextlib.suppress(duckdb.Error):
                self._connection.close()
            self._connection = _connect(self.path)

    @contextlib.contextmanager
    def _cursor(self) -> Generator[duckdb.DuckDBPyConnection]:
        cursor = self._connection.cursor()
        try:
            yield cursor
        finally:
            cursor.close()  # rolls back; an explicit rollback after a failed commit raises

    def _run(self) -> None:
        for group in self._groups():
            self._settle(group, self._outside_transaction if group[0].alone else self._transaction)

    def _groups(self) -> Generator[list[_Waiting]]:
        """The jobs that wait together, in the order of their coming, until the engine is closed."""
        group: list[_Waiting] = []
        while (waiting := self._jobs.get()) is not None:
            if waiting.alone and group:
                yield group
                group = []
            group.append(waiting)
            if waiting.alone or len(group) == _MOST_TOGETHER or self._jobs.empty():
                yield group
                group = []
        if group:
            yield group

    def _settle(self, group: list[_Waiting], run: Callable[[list[Job[Any]]], list[Any]]) -> None:
        try:
            results = run([waiting.job for waiting in group])
        except BaseException as error:  # noqa: BLE001  whatever a job raised belongs to its caller, who waits for it
            if len(group) == 1:
                group[0].future.set_exception(error)
                return
            for waiting in group:
                self._settle([waiting], run)
            return
        for waiting, result in zip(group, results, strict=True):
            waiting.future.set_result(result)

    def _transaction(self, jobs: list[Job[Any]]) -> list[Any]:
        with self._cursor() as cursor:
            query = Query(cursor)
            cursor.execute("begin")
            results = [job(query) for job in jobs]
            cursor.execute("commit")
            return results

    def _outside_transaction(self, jobs: list[Job[Any]]) -> list[Any]:
        with self._cursor() as cursor:
            return [job(Query(cursor)) for job in jobs]


@lru_cache(512)
def _parsed(sql: str) -> duckdb.Statement | str:
    """Reading a statement's text is a third of what a short one costs; the same texts come again and again.

    Several in one text, as a migration has them, stay as they are.
    """
    statements = duckdb.extract_statements(sql)
    return statements[0] if len(statements) == 1 else sql


def _plain(values: Sequence[object]) -> list[object]:
    return [str(value) if isinstance(value, UUID) else value for value in values]


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    fresh = not path.exists()
    try:
        return duckdb.connect(str(path), config=_CONFIG)
    except duckdb.Error as error:
        cure = "Restore a backup with `concord restore`, or choose another --workspace."
        translated = _translation(error, path, cure=cure)
        if fresh and isinstance(translated, DiskFull):
            path.unlink(missing_ok=True)  # half a file would be refused for ever
        raise translated from error


def _translation(error: duckdb.Error, path: Path, *, cure: str = "Run `concord verify`.") -> ConcordError:
    text = str(error)
    if "Conflicting lock" in text:
        process = re.search(r"PID (\d+)", text)
        holder = f"process {process[1]}" if process else "another process"
        return WorkspaceBusy(f"{path}: {holder} has the workspace open. Close it, or choose another --workspace.")
    if _NO_ROOM.search(text):
        return DiskFull(
            f"{path}: the disk is full, and nothing of this step was stored. Free some space and try again."
        )
    if isinstance(error, duckdb.ConstraintException):
        return Conflict(f"{path}: this exists already with other content ({_first_line(text)}).")
    return StorageError(f"{path}: the database refused: {_first_line(text)}. {cure}")


def _first_line(text: str) -> str:
    return text.partition("\n")[0].rstrip(".!")
