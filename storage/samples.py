"""A few rows out of a whole data set, chosen to try a template on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson

from concord.records.kinds import Pick
from concord.records.row import Row
from storage.engine import Engine

_ROWS = "select id, project_id, source, line, data from rows where project_id = $1"
_CHOSEN = {
    "first": f"{_ROWS} order by id limit $2::bigint",
    "longest": f"{_ROWS} order by length(data::text) desc, id limit $2::bigint",
    "shortest": f"{_ROWS} order by length(data::text), id limit $2::bigint",
    "random": f"{_ROWS} order by md5(id::text || $3), id limit $2::bigint",
}
# Looks at the text alone: to take a million rows apart as JSON takes five times as long.
_MISSING = (
    f"{_ROWS} and (data::text like '%:null%' or data::text like '%:\"\"%'{{absent}}) order by id limit $2::bigint"
)
_CANDIDATES = 10
"""How many rows are looked at for one that has a missing value, since null may also stand in a text."""


class Samples:
    """Rows to look at."""

    engine: Engine

    def sample_rows(self, project_id: UUID, pick: Pick, *, limit: int, seed: int = 0) -> list[Row]:
        """Rows of a project.

        Args:
            project_id: whose rows.
            pick: `first` in the order of import; `longest` and `shortest` by all that they hold; `random`, the same
                ones for the same seed.
            limit: how many.
            seed: another one gives other random rows.
        """
        seeds = (str(seed),) if pick == "random" else ()
        return [_row(values) for values in self.engine.read(_CHOSEN[pick], project_id, limit, *seeds)]

    def rows_missing(self, project_id: UUID, columns: Sequence[str], *, limit: int) -> list[Row]:
        """The first rows in which one of these columns is absent, null or the empty text."""
        absent = "".join(f" or position(${n} in data::text) = 0" for n in range(3, 3 + len(columns)))
        keys = [f"{orjson.dumps(column).decode()}:" for column in columns]
        found = self.engine.read(_MISSING.format(absent=absent), project_id, limit * _CANDIDATES, *keys)
        rows = map(_row, found)
        return [row for row in rows if any(row.data.get(column) in (None, "") for column in columns)][:limit]


def _row(values: tuple[Any, ...]) -> Row:
    row_id, project_id, source, line, data = values
    return Row(row_id, project_id, source, line, orjson.loads(data))
