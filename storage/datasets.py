"""Data sets on the disk: the rows of a split are read part by part, and a part is written while the next is read.

A part holds so many rows that their texts fill `_PART_BYTES`: however large a project is, no more than two parts of it
are in memory.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from concord.records.kinds import Shape
from storage.behind import Behind

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_PART_BYTES = 64 << 20
_LINES_AT_ONCE = 10_000

# What becomes a row, with its place and the bytes of its texts; `chosen` is what the export decided.
_SIZED: dict[Shape, str] = {
    "answers": """
    select c.*, e.size + coalesce(x.size, d.size, r.size) as size
    from chosen c join exporting e using (item) left join edited x using (edit) left join candidates d using (draft)
    left join decided r on r.item = c.item
    """,
    "pairs": """
    select c.*, c.pair as place, e.size + coalesce(b.size, x.size) + w.size as size
    from chosen c join exporting e using (item) left join edited x using (edit)
    left join candidates b on b.draft = c.chosen join candidates w on w.draft = c.rejected
    """,
    "unpaired": """
    select c.*, c.draft as place, e.size + d.size as size
    from chosen c join exporting e using (item) join candidates d using (draft)
    """,
    "rankings": """
    select c.*, c.item as place, e.size + s.size as size
    from chosen c join exporting e using (item)
    join (select item, sum(size) as size from candidates group by item) s using (item)
    """,
}

# The columns of a row, by place. Texts are fetched one column at a time: joined to each other, every text would be
# copied at every further join.
_PROMPTS = """
select p.place, from_json(i.messages, '[{"role": "VARCHAR", "content": "VARCHAR"}]') as said
from part p join exporting e using (item) join items i on i.id = e.id
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
from part p join exporting e using (item) join items i on i.id = e.id
"""
_TOOLS = """
select p.place, i.tools::varchar as tools from part p join exporting e using (item) join items i on i.id = e.id
"""
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
_CHOSEN = """
select p.place, t.text as said from part p join candidates d on d.draft = p.chosen join drafts t on t.id = d.id
union all
select p.place, t.text from part p join edited x using (edit) join edits t using (annotation_id)
"""
_REJECTED, _COMPLETION = (
    f"""
    select p.place, t.text as said from part p join candidates d on d.draft = p.{role} join drafts t on t.id = d.id
    """
    for role in ("rejected", "draft")
)
_ANSWERS = """
select p.place, t.text as said from part p join edited x using (edit) join edits t using (annotation_id)
union all
select p.place, t.text from part p join candidates d using (draft) join drafts t on t.id = d.id
union all
select p.place, a.text from part p join decided d using (item) join adjudications a on a.id = d.id
where p.adjudicated
"""
_RANKED = """
select p.place, list({'id': d.name, 'text': t.text, 'model': t.model, 'rank': p.rank, 'score': p.score}
                     order by p.rank, d.name) as said
from (select place, unnest(drafts) as draft, unnest(ranks) as rank, unnest(scores) as score from part) p
join candidates d using (draft) join drafts t on t.id = d.id group by p.place
"""
_TEXTS: dict[Shape, dict[str, str]] = {
    "answers": {"prompt": _PROMPTS, "completion": _ANSWERS},
    "pairs": {"prompt": _PROMPTS, "chosen": _CHOSEN, "rejected": _REJECTED},
    "unpaired": {"prompt": _PROMPTS, "completion": _COMPLETION},
    "rankings": {"prompt": _PROMPTS, "responses": _RANKED},
}
_FACTS: dict[Shape, str] = {
    "answers": """
    select p.place, e.name as item_id, p.n_annotators, p.agreement,
           case when p.adjudicated then 'adjudicated' when p.edit is null then 'draft' else 'edit' end as source,
           e.template_id, e.template_version
    from part p join exporting e using (item)
    """,
    "pairs": """
    select p.place, e.name as item_id, coalesce(b.name, w.name || ' edited') as chosen_id, w.name as rejected_id,
           p.n_annotators, p.agreement, p.pair_weight,
           case when p.adjudicated then 'adjudicated' when p.edit is null then 'votes' else 'edit' end as source,
           e.template_id, e.template_version
    from part p join exporting e using (item)
    left join candidates b on b.draft = p.chosen join candidates w on w.draft = p.rejected
    """,
    "unpaired": """
    select p.place, p.label, e.name as item_id, d.name as draft_id, p.n_annotators, p.agreement,
           case when p.adjudicated then 'adjudicated' else 'votes' end as source, e.template_id, e.template_version
    from part p join exporting e using (item) join candidates d using (draft)
    """,
    "rankings": """
    select p.place, e.name as item_id, p.n_annotators, p.agreement,
           case when p.adjudicated then 'adjudicated' else 'votes' end as source, e.template_id, e.template_version
    from part p join exporting e using (item)
    """,
}
_SPECIAL = ("<|im_start|>", "<|im_end|>", "<|endoftext|>", "</s>", "[INST]", "<|eot_id|>")
_UNREADABLE = "\N{REPLACEMENT CHARACTER}"

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


def divide(cursor: duckdb.DuckDBPyConnection, shape: Shape, chosen: pa.Table) -> None:
    """Lay out what is to be written: the split of each row is known, the part of its split is found here."""
    cursor.execute(  # finds `chosen` by its name
        "create or replace temp table selected as "
        f"select *, (sum(size) over (partition by split order by place) // {_PART_BYTES})::integer as part "
        f"from ({_SIZED[shape]})"
    ).fetchall()
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
    """characters, special, replaced: of each row that was read, see `_measure`."""
    return cursor.sql("select characters, special, replaced from measured").to_arrow_table()


def parts(cursor: duckdb.DuckDBPyConnection, shape: Shape, split: str) -> Iterator[pa.Table]:
    """The rows of a split in order, and what is to be known of their lengths."""
    offering = offers_tools(cursor)
    numbers = cursor.execute("select distinct part from selected where split = $1 order by part", [split]).fetchall()
    for (number,) in numbers:
        cursor.execute(
            "create or replace temp table part as select * from selected where split = $1 and part = $2",
            [split, number],
        ).fetchall()
        texts = {name: _turns(_by_place(cursor, sql)["said"]) for name, sql in _TEXTS[shape].items()}
        facts = _by_place(cursor, _FACTS[shape])
        columns: dict[str, Any] = {**texts, **dict(zip(facts.column_names, facts.columns, strict=True))}
        rows = pa.table(columns)
        _measure(cursor, texts, rows)
        yield _with_tools(cursor, rows) if offering else rows


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


def _by_place(cursor: duckdb.DuckDBPyConnection, sql: str) -> pa.Table:
    """What a query finds, in the order of the rows: ordered by DuckDB, each text would be copied several times."""
    return cursor.sql(sql).to_arrow_table().sort_by("place").drop_columns(["place"])


def _turns(said: pa.ChunkedArray[Any]) -> Any:
    """A column of turns as it is; of a column of texts, each as the one turn of the assistant."""
    if pa.types.is_list(said.type):
        return said
    text = said.combine_chunks()
    turn = pa.StructArray.from_arrays([pa.repeat("assistant", len(text)), text], ["role", "content"])
    return pa.ListArray.from_arrays(pa.array(range(len(text) + 1), pa.int32()), turn)


def _with_tools(cursor: duckdb.DuckDBPyConnection, rows: pa.Table) -> pa.Table:
    """The same rows with the tool calls of their prompts, whose arguments are JSON, and the tools that they offer."""
    prompts = _by_place(cursor, _TOOL_PROMPTS)["said"].cast(pa.list_(_TOOL_TURN))
    tools = _by_place(cursor, _TOOLS)["tools"]
    return rows.set_column(0, "prompt", prompts).append_column("tools", tools)


def _measure(cursor: duckdb.DuckDBPyConnection, texts: Iterable[str], rows: pa.Table) -> None:
    """Keep how long each row is, whether it holds a chat token, and whether it holds what could not be read."""
    said = {name: f"turn.{'text' if name == 'responses' else 'content'}" for name in texts}
    characters = " + ".join(
        f"coalesce(list_sum(list_transform({name}, lambda turn: length({text}) + 1)), 0)" for name, text in said.items()
    )
    special, replaced = _holding(said, _SPECIAL), _holding(said, (_UNREADABLE,))
    cursor.from_arrow(rows).project(f"{characters} - 1, {special}, {replaced}").insert_into("measured")


def _holding(said: Mapping[str, str], signs: Iterable[str]) -> str:
    """A condition: some turn of some column holds one of the signs."""
    found = {name: " or ".join(f"contains({text}, '{sign}')" for sign in signs) for name, text in said.items()}
    return " or ".join(f"len(list_filter({name}, lambda turn: {holds})) > 0" for name, holds in found.items())


def _write_lines(cursor: duckdb.DuckDBPyConnection, rows: pa.Table, file: BinaryIO) -> None:
    objects = cursor.from_arrow(rows).set_alias("r").project("to_json(r)::varchar as json")
    # A few lines at a time, or they would be in memory all at once beside the rows.
    for batch in objects.project(_LINE).to_arrow_reader(_LINES_AT_ONCE):
        _, _, values = batch.column(0).buffers()  # an Arrow column of text holds its values end to end: the lines
        file.write(values)
