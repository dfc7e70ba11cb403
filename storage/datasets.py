"""Data sets on the disk: the rows of a split are read part by part, and a part is written while the next is read.

A part holds so many rows that their texts fill `_PART_BYTES`: however large a project is, no more than two parts of it
are in memory.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from concord.records.kinds import Shape
from storage.behind import Behind

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_PART_BYTES = 64 << 20
_LINES_AT_ONCE = 2_048

# What becomes a row: its place, the bytes of its texts, where these are, and the facts about it; `chosen` is what the
# export decided. All but the texts is joined here, once; these are found by where they lie (`rowid`), which holds as
# long as a transaction lasts.
_ABOUT = """
    c.split, c.item, c.n_annotators, c.agreement, c.adjudicated,
    e.at as asked, e.name as item_id, e.template_id, e.template_version"""
_SELECTED: dict[Shape, str] = {
    "answers": f"""
    select c.place, e.size + coalesce(x.size, d.size, r.size) as size, {_ABOUT},
           x.at as edit, d.at as draft, case when c.adjudicated then r.id end as decision,
           case when c.adjudicated then 'adjudicated' when c.edit is null then 'draft' else 'edit' end as source
    from chosen c join exporting e using (item) left join edited x using (edit) left join candidates d using (draft)
    left join decided r on r.item = c.item
    """,
    "pairs": f"""
    select c.pair as place, e.size + coalesce(b.size, x.size) + w.size as size, {_ABOUT},
           c.pair_weight, b.at as better, x.at as edit, w.at as worse,
           coalesce(b.name, w.name || ' edited') as chosen_id, w.name as rejected_id,
           case when c.adjudicated then 'adjudicated' when c.edit is null then 'votes' else 'edit' end as source
    from chosen c join exporting e using (item) left join edited x using (edit)
    left join candidates b on b.draft = c.chosen join candidates w on w.draft = c.rejected
    """,
    "unpaired": f"""
    select c.draft as place, e.size + d.size as size, {_ABOUT}, c.label, d.at as draft,
           d.name as draft_id, case when c.adjudicated then 'adjudicated' else 'votes' end as source
    from chosen c join exporting e using (item) join candidates d using (draft)
    """,
    "rankings": f"""
    select c.item as place, e.size + s.size as size, {_ABOUT}, c.drafts, c.ranks, c.scores,
           case when c.adjudicated then 'adjudicated' else 'votes' end as source
    from chosen c join exporting e using (item)
    join (select item, sum(size) as size from candidates group by item) s using (item)
    """,
}
_PART = "select * from selected where split = $1 and place between $2 and $3"

# The texts of a row, by place. They are fetched one column at a time: joined to each other, every text would be copied
# at every further join.
_PROMPTS = """
select p.place, from_json(i.messages, '[{"role": "VARCHAR", "content": "VARCHAR"}]') as said
from part p join items i on i.rowid = p.asked
"""
_TOOL_PROMPTS = """
select p.place, list_transform(
  from_json(i.messages, '[{"role": "VARCHAR", "content": "VARCHAR", "name": "VARCHAR", "tool_call_id": "VARCHAR",
                           "tool_calls": [{"id": "VARCHAR", "name": "VARCHAR", "arguments": "JSON"}]}]'),
  lambda turn: {
    'role': turn.role, 'content': turn.content,
    'tool_calls': list_transform(turn.tool_calls, lambda call: {
      'id': call.id, 'type': 'function', 'function': {'name': call.name, 'arguments': call.arguments}}),
    'name': turn.name, 'tool_call_id': turn.tool_call_id}) as said
from part p join items i on i.rowid = p.asked
"""
_TOOLS = "select p.place, i.tools::varchar as tools from part p join items i on i.rowid = p.asked"
_OFFERING = """
create or replace temp table offering as
select count(*) > 0 as offered from selected join exporting e using (item) where e.offers
"""
_CALL = pa.struct(
    [
        ("id", pa.string()),
        ("type", pa.string()),
        ("function", pa.struct([("name", pa.string()), ("arguments", pa.json_())])),
    ]
)
_TOOL_TURN = pa.struct(
    [
        ("role", pa.string()),
        ("content", pa.string()),
        ("tool_calls", pa.list_(_CALL)),
        ("name", pa.string()),
        ("tool_call_id", pa.string()),
    ]
)
_BETTER, _WORSE, _DRAFTED = (
    f"select p.place, t.text as said from part p join drafts t on t.rowid = p.{draft}"
    for draft in ("better", "worse", "draft")
)
_EDITED = "select p.place, t.text as said from part p join edits t on t.rowid = p.edit"
_DECIDED = "select p.place, t.text as said from part p join adjudications t on t.id = p.decision"
_RANKED = """
select p.place, list({'id': d.name, 'text': t.text, 'model': t.model, 'rank': p.rank, 'score': p.score}
                     order by p.rank, d.name) as said
from (select place, unnest(drafts) as draft, unnest(ranks) as rank, unnest(scores) as score from part) p
join candidates d using (draft) join drafts t on t.rowid = d.at group by p.place
"""
_TEXTS: dict[Shape, dict[str, str]] = {
    "answers": {"prompt": _PROMPTS, "completion": f"{_EDITED} union all {_DRAFTED} union all {_DECIDED}"},
    "pairs": {"prompt": _PROMPTS, "chosen": f"{_BETTER} union all {_EDITED}", "rejected": _WORSE},
    "unpaired": {"prompt": _PROMPTS, "completion": _DRAFTED},
    "rankings": {"prompt": _PROMPTS, "responses": _RANKED},
}
_JUDGED = ("n_annotators", "agreement")
_MADE_BY = ("source", "template_id", "template_version")
_FACTS: dict[Shape, tuple[str, ...]] = {
    "answers": ("item_id", *_JUDGED, *_MADE_BY),
    "pairs": ("item_id", "chosen_id", "rejected_id", *_JUDGED, "pair_weight", *_MADE_BY),
    "unpaired": ("label", "item_id", "draft_id", *_JUDGED, *_MADE_BY),
    "rankings": ("item_id", *_JUDGED, *_MADE_BY),
}
_AS_TEXT = {
    "prompt": "array_to_string(list_transform(said, lambda turn: turn.content), chr(10))",
    "responses": "array_to_string(list_transform(said, lambda draft: draft.text), chr(10))",
}
_SPECIAL = ("<|im_start|>", "<|im_end|>", "<|endoftext|>", "</s>", "[INST]", "<|eot_id|>")
_UNREADABLE = "\N{REPLACEMENT CHARACTER}"
# To look for the signs that a chat token begins with is quicker than to look for each: most texts hold none.
_MEASURES = f"""
length(text) + 1 as characters,
case when contains(text, '<') or contains(text, '[')
     then {" or ".join(f"contains(text, '{token}')" for token in _SPECIAL)} else false end as special,
contains(text, '{_UNREADABLE}') as replaced
"""

# One JSON object a line. The three separators are legal in JSON and end a line for many readers: they are escaped. To
# look for them first is quicker than to replace what is not there.
_LINE = (
    "case when contains(json, chr(8232)) or contains(json, chr(8233)) or contains(json, chr(133)) "
    "then replace(replace(replace(json, chr(8232), '\\u2028'), chr(8233), '\\u2029'), chr(133), '\\u0085') "
    "else json end || chr(10) as line"
)


@dataclass(frozen=True)
class WrittenFile:
    """One file on the disk."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Written:
    """One split on the disk."""

    split: str
    rows: int
    files: tuple[WrittenFile, ...]


class _Hashed(io.BufferedWriter):
    """A new file that is hashed while it is written."""

    def __init__(self, path: Path) -> None:
        super().__init__(io.FileIO(path, "w"))
        self._name, self._digest = path.name, sha256()

    def write(self, buffer: ReadableBuffer, /) -> int:
        """Write on."""
        self._digest.update(buffer)
        return super().write(buffer)

    def written(self) -> WrittenFile:
        """What the file is so far."""
        return WrittenFile(self._name, self.tell(), self._digest.hexdigest())


@dataclass(frozen=True)
class _Part:
    """Some of the rows: those of a split from a first to a last place."""

    cursor: duckdb.DuckDBPyConnection
    bounds: tuple[str, int, int]

    def table(self, sql: str) -> pa.Table:
        """What a query finds in `part`, in the order of the rows: ordered by DuckDB, texts are copied twice."""
        found = self.cursor.sql(f"with part as ({_PART}) {sql}", params=list(self.bounds)).to_arrow_table()
        return found.sort_by("place").drop_columns(["place"])


def divide(cursor: duckdb.DuckDBPyConnection, shape: Shape, chosen: pa.Table) -> None:
    """Lay out what is to be written: of each row its split, the facts about it, and where its texts lie."""
    # It finds `chosen` by its name.
    cursor.execute(f"create or replace temp table selected as {_SELECTED[shape]}").fetchall()
    cursor.execute(_OFFERING).fetchall()
    cursor.execute(
        "create or replace temp table measured(characters bigint, special boolean, replaced boolean)"
    ).fetchall()


def offers_tools(cursor: duckdb.DuckDBPyConnection) -> bool:
    """Whether a row that is laid out has tools."""
    [(offering,)] = cursor.execute("select offered from offering").fetchall()
    return bool(offering)


def offer_tools(cursor: duckdb.DuckDBPyConnection) -> None:
    """Give all rows that are laid out the columns of tools."""
    cursor.execute("update offering set offered = true").fetchall()


def measured(cursor: duckdb.DuckDBPyConnection) -> pa.Table:
    """characters, special, replaced: of each row that was read, see `_MEASURES`."""
    return cursor.sql("select characters, special, replaced from measured").to_arrow_table()


def parts(cursor: duckdb.DuckDBPyConnection, shape: Shape, split: str) -> Iterator[pa.Table]:
    """The rows of a split in order, and what is to be known of their lengths."""
    offering, wanted = offers_tools(cursor), ", ".join(_FACTS[shape])
    for first, last in _bounds(cursor, split):
        part = _Part(cursor, (split, first, last))
        texts = {name: part.table(_measuring(name, sql)) for name, sql in _TEXTS[shape].items()}
        _keep_measures(cursor, texts.values())
        facts = part.table(f"select place, {wanted} from part")
        columns: dict[str, Any] = {name: _turns(table["said"]) for name, table in texts.items()}
        columns |= dict(zip(facts.column_names, facts.columns, strict=True))
        rows = pa.table(columns)
        yield _with_tools(part, rows) if offering else rows


def write_split(
    cursor: duckdb.DuckDBPyConnection, split: str, tables: Iterator[pa.Table], folder: Path
) -> Written | None:
    """Write `<split>.jsonl` and `<split>.parquet`, which hold the same rows; nothing when there are none."""
    first = next(tables, None)
    if first is None:
        return None
    rows = 0
    with _Hashed(folder / f"{split}.jsonl") as jsonl, _Hashed(folder / f"{split}.parquet") as parquet:
        with (
            pq.ParquetWriter(parquet, first.schema, compression="snappy") as columns,
            cursor.cursor() as converter,
            Behind() as behind_lines,
            Behind() as behind_columns,
        ):
            for part in itertools.chain([first], tables):
                behind_lines.do(partial(_write_lines, converter, part, jsonl))
                behind_columns.do(partial(columns.write_table, part))
                rows += len(part)
        return Written(split, rows, (jsonl.written(), parquet.written()))


def _bounds(cursor: duckdb.DuckDBPyConnection, split: str) -> Iterator[tuple[int, int]]:
    """The first and the last place of each part of a split."""
    sizes = cursor.sql("select place, size::bigint as size from selected where split = $1", params=[split])
    place, size = (column.to_numpy() for column in sizes.to_arrow_table().sort_by("place").columns)
    edges = np.flatnonzero(np.diff(np.cumsum(size) // _PART_BYTES, prepend=-1, append=-1))
    for first, beyond in itertools.pairwise(edges.tolist()):
        yield int(place[first]), int(place[beyond - 1])


def _turns(said: pa.ChunkedArray[Any]) -> Any:
    """A column of turns as it is; of a column of texts, each as the one turn of the assistant."""
    if pa.types.is_list(said.type):
        return said
    text = said.combine_chunks()
    turn = pa.StructArray.from_arrays([pa.repeat("assistant", len(text)), text], ["role", "content"])
    offsets: Any = np.arange(len(text) + 1, dtype=np.int32)
    return pa.ListArray.from_arrays(offsets, turn)


def _with_tools(part: _Part, rows: pa.Table) -> pa.Table:
    """The same rows with the tool calls of their prompts, whose arguments are JSON, and the tools that they offer."""
    prompts = part.table(_TOOL_PROMPTS)["said"].cast(pa.list_(_TOOL_TURN))
    tools = part.table(_TOOLS)["tools"]
    return rows.set_column(0, "prompt", prompts).append_column("tools", tools)


def _measuring(name: str, sql: str) -> str:
    """A query of a column's texts that also says how long they are, and which of them hold what is to be told."""
    return f"select place, said, {_MEASURES} from (select *, {_AS_TEXT.get(name, 'said')} as text from ({sql}))"


def _keep_measures(cursor: duckdb.DuckDBPyConnection, texts: Collection[pa.Table]) -> None:
    """Keep how long each row is, whether it holds a chat token, and whether it holds what could not be read."""
    characters, special, replaced = (
        [cast("Any", table[what]).to_numpy() for table in texts] for what in ("characters", "special", "replaced")
    )
    measures: dict[str, Any] = {
        "characters": np.sum(characters, axis=0) - 1,
        "special": np.any(special, axis=0),
        "replaced": np.any(replaced, axis=0),
    }
    cursor.from_arrow(pa.table(measures)).insert_into("measured")


def _write_lines(cursor: duckdb.DuckDBPyConnection, rows: pa.Table, file: BinaryIO) -> None:
    objects = cursor.from_arrow(rows).set_alias("r").project("to_json(r)::varchar as json")
    # A few lines at a time, or they would be in memory all at once beside the rows.
    for batch in objects.project(_LINE).to_arrow_reader(_LINES_AT_ONCE):
        _, _, values = batch.column(0).buffers()  # an Arrow column of text holds its values end to end: the lines
        file.write(values)
