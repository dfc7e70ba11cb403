"""Raw rows: staged, checked for duplicates and stored inside the database."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import count, islice
from uuid import UUID

import duckdb
import orjson
import pyarrow as pa

from concord.errors import NotFound
from concord.ids import new_id
from concord.records import Row, Stored
from storage.behind import Behind
from storage.engine import Engine

_BATCH = 2_000


@dataclass(frozen=True)
class RowStage:
    """Rows on their way into one project; nothing is stored before `commit`."""

    cursor: duckdb.DuckDBPyConnection
    project_id: UUID
    source: str
    now: datetime
    behind: Behind
    numbers: Iterator[int] = field(default_factory=count)

    def add(self, lines: Sequence[int], data: Sequence[str]) -> None:
        """Stage rows, while the caller reads on: the line of each in its file, and its JSON text."""
        numbers = list(islice(self.numbers, len(lines)))
        batch = {"number": pa.array(numbers), "line": pa.array(lines, pa.int64()), "data": pa.array(data, pa.string())}
        self.behind.do(partial(self._stage, pa.table(batch)))

    def _stage(self, batch: pa.Table) -> None:
        rows = self.cursor.from_arrow(batch)
        rows.project("number, line, data, substr(sha256(data), 1, 32)::uuid").insert_into("staged")

    def count(self) -> Stored:
        """What `commit` would store."""
        self.behind.wait()
        [(staged, new)] = self.cursor.execute(
            "select count(*), count(distinct content_key) filter (where content_key not in "
            "(select content_key from rows where project_id = $1)) from staged",
            [self.project_id],
        ).fetchall()
        return Stored(new, staged - new)

    def commit(self) -> Stored:
        """Store what is staged, each distinct row once, under ids that sort in the order of the file."""
        self.behind.wait()
        [(staged,)] = self.cursor.execute("select count(*) from staged").fetchall()
        [(new,)] = self.cursor.execute(
            """
            insert into rows
            select ($4 || printf('%012x', s.number))::uuid, $1, $2, s.line, s.data, s.content_key, f.copies, $3
            from staged s join (
              select content_key, min(number) as number, count(*) as copies from staged group by content_key) f
            on f.number = s.number
            where s.content_key not in (select content_key from rows where project_id = $1)
            """,
            [self.project_id, self.source, self.now, new_id().hex[:20]],
        ).fetchall()
        return Stored(new, staged - new)


class Rows:
    """The raw records of a project."""

    engine: Engine

    @contextlib.contextmanager
    def staging(self, project_id: UUID, source: str, now: datetime) -> Generator[RowStage]:
        """Stage the rows of one file; what is not committed when the block ends was never there."""
        with self.engine.bulk() as cursor, Behind() as behind:
            cursor.execute("create temp table staged(number bigint, line bigint, data varchar, content_key uuid)")
            yield RowStage(cursor, project_id, source, now, behind)

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
        """The fields of the first thousand rows, in their order of appearance."""
        found = self.engine.read("select data from rows where project_id = $1 order by id limit 1000", project_id)
        names: dict[str, None] = {}
        for (data,) in found:
            names.update(dict.fromkeys(orjson.loads(data)))
        return list(names)
