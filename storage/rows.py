"""Raw rows: hashed, checked for duplicates and stored batch by batch, all or nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator, Sequence
from datetime import datetime
from functools import partial
from hashlib import sha256
from uuid import UUID

import duckdb
import orjson
import pyarrow as pa

from concord.errors import NotFound
from concord.ids import new_id
from concord.records.row import Row, Stored
from storage.behind import Behind
from storage.engine import Engine

_BATCH = 2_000


# Ids begin with the import's time and end with the row's number, so that they sort in the order of the file. The anti
# join scans nothing but keys; `not in` would build a table of them all for every batch.
_INSERT = """
insert into rows
select ($4 || printf('%012x', b.number))::uuid, $1, $2, b.line, b.data, f.content_key, f.copies, $3
from batch b join (
  select min(number) as number, key::uuid as content_key, count(*) as copies from batch group by key) f using (number)
where not exists (select 1 from rows r where r.project_id = $1 and r.content_key = f.content_key)
"""
_COUNT_COPIES = """
update rows set copies = rows.copies + f.copies
from (select key::uuid as content_key, count(*) as copies from batch group by key) f
where rows.project_id = $1 and rows.content_key = f.content_key and rows.id >= $2::uuid and rows.id < $3::uuid
"""

_SOME = "select data from rows where project_id = $1 order by"
_ENDS = (f"{_SOME} id limit 1000", f"{_SOME} id desc limit 1000")


class RowStage:
    """Rows on their way into one project; without `commit` they were never there."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, behind: Behind, *, of: tuple[UUID, str, datetime]) -> None:
        self._cursor, self._behind, self._of = cursor, behind, of
        self._prefix = new_id().hex[:20]
        self._read = self._stored = 0
        self.committed = False

    def add(self, lines: Sequence[int], data: Sequence[bytes]) -> None:
        """Take rows, which are stored while the caller reads on: the line of each in its file, and its JSON text."""
        first, self._read = self._read, self._read + len(lines)
        columns = {
            "number": pa.array(range(first, self._read), pa.int64()),
            "line": pa.array(lines, pa.int64()),
            "data": pa.array(data, pa.string()),
            "key": pa.array([sha256(text).hexdigest()[:32] for text in data], pa.string()),
        }
        self._behind.do(partial(self._store, pa.table(columns), first))

    def count(self) -> Stored:
        """What `commit` would store."""
        self._behind.wait()
        return Stored(self._stored, self._read - self._stored)

    def commit(self) -> Stored:
        """Store what was taken, each distinct row once."""
        self.committed = True
        return self.count()

    def _store(self, batch: pa.Table, first: int) -> None:
        project_id, source, now = self._of
        [(new,)] = self._cursor.execute(_INSERT, [project_id, source, now, self._prefix]).fetchall()
        self._stored += new
        if new < len(batch):
            ids = [f"{self._prefix}{number:012x}" for number in (0, first)]
            self._cursor.execute(_COUNT_COPIES, [project_id, *ids]).fetchall()


class Rows:
    """The raw records of a project."""

    engine: Engine

    @contextlib.contextmanager
    def staging(self, project_id: UUID, source: str, now: datetime) -> Generator[RowStage]:
        """Stage the rows of one file; what is not committed when the block ends was never there."""
        with self.engine.bulk() as cursor, Behind() as behind:
            stage = RowStage(cursor, behind, of=(project_id, source, now))
            yield stage
            if not stage.committed:
                behind.wait()
                cursor.execute("rollback").execute("begin")

    def rows(self, project_id: UUID, *, limit: int | None = None) -> Iterator[Row]:
        """The rows in the order of import, in batches behind the scenes."""
        last: UUID | None = None
        while limit is None or limit > 0:
            size = _BATCH if limit is None else min(limit, _BATCH)
            found = self.engine.read(
                "select id, project_id, source, line, data from rows where project_id = $1 "
                "and ($2::uuid is null or id > $2::uuid) order by id limit $3::bigint",
                project_id,
                last,
                size,
            )
            for row_id, owner, source, line, data in found:
                yield Row(row_id, owner, source, line, orjson.loads(data))
            if len(found) < size:
                return
            last = found[-1][0]
            limit = None if limit is None else limit - len(found)

    def row(self, row_id: UUID) -> Row:
        """The row of that id."""
        found = self.engine.read("select id, project_id, source, line, data from rows where id = $1", row_id)
        if not found:
            raise NotFound(f"There is no row {row_id}. Check the id.")
        row_id, owner, source, line, data = found[0]
        return Row(row_id, owner, source, line, orjson.loads(data))

    def columns(self, project_id: UUID) -> list[str]:
        """The fields of the first thousand rows and of the last, in their order of appearance."""
        names: dict[str, None] = {}
        for end in _ENDS:
            for (data,) in self.engine.read(end, project_id):
                names.update(dict.fromkeys(orjson.loads(data)))
        return list(names)
