"""Exports: the votes of each pair and the edits of each item out, whole files in.

One cursor, one snapshot: what is counted is what is written. Items, drafts and pairs have dense numbers here, so that
decisions travel as small integers.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import orjson
import pyarrow as pa

from concord.ids import BLANK_KEY
from concord.records.dispute import Judged
from concord.records.kinds import Shape, Stratum, TextKind
from concord.records.report import ExportRecord
from storage.datasets import Written, divide, measured, offer_tools, offers_tools, parts, write_split
from storage.decisions import NEWEST_DECISIONS
from storage.disputes import JUDGED, judged
from storage.engine import Engine, Values
from storage.items import prompt_texts

_PROMPTS_AT_ONCE = 10_000

_NUMBERED = (
    """
    create temp table exporting as
    select (row_number() over () - 1)::integer as item, i.* from (
      select i.id, i.rowid as at, i.name, i.prompt_key, i.row_id, i.template_id, i.template_version,
             strlen(i.messages) as size,
             -- As turns are stored; within a text the marks would be escaped.
             i.tools is not null or contains(i.messages::varchar, '"tool_calls":[')
               or contains(i.messages::varchar, '"role":"tool"') as offers
      from items i join queue q on q.item_id = i.id
      where i.project_id = $1 and q.arm = 'drafted' and i.kind = 'response'
        and ($2 or i.id not in (select item_id from open_flags where project_id = $1))
      order by q.position) i
    """,
    """
    create temp table candidates as
    select (row_number() over () - 1)::integer as draft, d.* from (
      select e.item, d.id, d.rowid as at, d.name, d.text_key, d.model, d.created_at, strlen(d.text) as size
      from drafts d join exporting e on e.id = d.item_id where d.project_id = $1
      order by e.item, d.name) d
    """,
    f"""
    create temp table decided as
    select e.item, a.id, a.decision, c.draft, c.text_key, strlen(a.text) as size, a.created_at
    from ({NEWEST_DECISIONS}) a
    join exporting e on e.id = a.item_id left join candidates c on c.id = a.draft_id
    where a.decision <> 'send_back'
    """,
    """
    create temp table pairs as
    with ranked as (
      select p.annotation_id, c.item, c.draft, p.tier
      from placements p join current_annotations a on a.id = p.annotation_id join candidates c on c.id = p.draft_id
      where p.project_id = $1),
    bad as (
      select b.annotation_id, c.item, c.draft
      from bad_drafts b join current_annotations a on a.id = b.annotation_id join candidates c on c.id = b.draft_id
      where b.project_id = $1),
    said as (
      select annotation_id, item_id, try_cast(value as uuid) as better,
             case when value in ('tie', 'both_bad') then value end as undecided
      from answers where project_id = $1),
    compared as (
      select c.item, min(c.draft) as first, max(c.draft) as second, any_value(w.undecided) as undecided,
             min(c.draft) filter (where c.id = w.better) as better
      from said w
      join current_annotations a on a.id = w.annotation_id and a.kind = 'comparison'
      join exporting e on e.id = w.item_id
      left join comparisons n on n.annotation_id = w.annotation_id
      -- A draft that came later was not compared.
      join candidates c on c.item = e.item and c.created_at <= a.created_at
        and (n.annotation_id is null or c.id in (n.one_id, n.other_id))
      group by a.id, c.item having count(*) = 2),
    verdicts as (
      select x.item, x.draft as first, y.draft as second,
             case when x.tier < y.tier then 'first' when x.tier > y.tier then 'second' else 'tie' end as verdict
      from ranked x join ranked y on x.annotation_id = y.annotation_id and x.draft < y.draft
      union all
      select x.item, x.draft, y.draft, 'both_bad'
      from bad x join bad y on x.annotation_id = y.annotation_id and x.draft < y.draft
      union all
      select item, first, second,
             coalesce(undecided, case when better = first then 'first' else 'second' end)
      from compared
      union all
      select d.item, least(d.draft, c.draft), greatest(d.draft, c.draft),
             case when d.draft < c.draft then 'first picked' else 'second picked' end
      from decided d join candidates c on c.item = d.item and c.draft <> d.draft
      -- A draft that came later was not passed over.
      where d.decision = 'pick' and c.created_at <= d.created_at)
    select (row_number() over () - 1)::integer as pair, v.* from (
      select item, first, second,
             count(*) filter (where verdict = 'first') as first_wins,
             count(*) filter (where verdict = 'second') as second_wins,
             count(*) filter (where verdict = 'tie') as ties,
             count(*) filter (where verdict = 'both_bad') as both_bad,
             count(*) filter (where verdict = 'first picked') > 0 as first_picked,
             count(*) filter (where verdict = 'second picked') > 0 as second_picked
      from verdicts group by item, first, second order by item, first, second) v
    """,
)

_TIES = """
with made as (
  select item_id as one, unnest(from_json(sources, '["UUID"]')) as other from origins where project_id = $1),
outside as (
  select i.id, i.row_id, i.prompt_key from items i
  where i.id in (select one from made union all select other from made) and i.id not in (select id from exporting)),
tied as (
  select one, other from made
  union all select id, row_id from outside where row_id is not null
  union all select id, prompt_key from outside
  union all select id, row_id from exporting where row_id in (select row_id from outside)
  union all select id, prompt_key from exporting where prompt_key in (select prompt_key from outside)),
numbered as (
  select id, item::bigint as number from exporting
  union all
  select id, (select count(*) from exporting) + row_number() over (order by id) - 1 from (
    select one as id from tied union select other from tied) where id not in (select id from exporting))
select x.number as one, y.number as other
from tied t join numbered x on x.id = t.one join numbered y on y.id = t.other
"""

_STRATA: dict[Stratum, str] = {
    "template": "select e.item, e.template_id as stratum from exporting e order by e.item",
    "source": "select e.item, any_value(r.source) as stratum from exporting e left join rows r on r.id = e.row_id "
    "and r.project_id = $1 group by e.item order by e.item",
    "label": """
    select e.item, v.value as stratum from exporting e left join (
      select distinct on (item_id) item_id, value from (
        select w.item_id, w.question, w.value, count(*) as votes
        from answers w join current_annotations a on a.id = w.annotation_id and a.kind = 'label'
        where w.project_id = $1 group by w.item_id, w.question, w.value) t
      order by item_id, question, votes desc, value) v on v.item_id = e.id
    order by e.item
    """,
}
_LEAKS = """
select 'prompts' as what, count(*) from (
  select e.prompt_key from selected s join exporting e using (item)
  group by e.prompt_key having min(s.split) <> max(s.split))
union all
select 'rows', count(*) from (
  select e.row_id from selected s join exporting e using (item) where e.row_id is not null
  group by e.row_id having min(s.split) <> max(s.split))
"""

# What each annotator says of an item: names (of its drafts, or questions) with values, as JSON.
_JUDGEMENTS = """
with said as (
  select p.annotation_id, to_json(list({'name': c.name, 'value': p.tier} order by p.tier, c.name))::varchar as says
  from placements p join candidates c on c.id = p.draft_id where p.project_id = $1 group by p.annotation_id
  union all
  select w.annotation_id,
         to_json(list({'name': w.question, 'value': coalesce(c.name, w.value)} order by w.question))::varchar
  from answers w left join candidates c on c.id::text = w.value where w.project_id = $1 group by w.annotation_id
  union all
  select t.annotation_id, to_json([{'name': 'draft', 'value': c.name}])::varchar
  from edits t left join candidates c on c.id = t.draft_id where t.project_id = $1)
select e.item, a.annotator, a.kind, a.origin, s.says
from current_annotations a join exporting e on e.id = a.item_id join said s on s.annotation_id = a.id
where a.project_id = $1 and e.item in (select item from selected)
order by e.item, a.created_at, a.annotator, a.kind, s.says
"""

# A rating is of the one draft that was shown, at the desk or in Label Studio; one that came from a file, of the only
# draft that there was.
_RATED = """
with ratings as (
  select a.id, a.item_id, a.presentation_id, a.origin, a.created_at, w.value::double precision as value
  from answers w join current_annotations a on a.id = w.annotation_id and a.kind = 'rating'
  where w.project_id = $1 and w.question = $2),
shown as (
  select r.id, from_json(p.draft_ids, '["UUID"]') as drafts
  from ratings r join presentations p on p.id = r.presentation_id
  union all
  select r.id, from_json(t.shown, '["UUID"]')
  from ratings r join labelstudio_tasks t on t.item_id = r.item_id where r.origin = 'labelstudio'),
of_draft as (
  select r.id, r.value, any_value(c.draft) as draft
  from ratings r join exporting e on e.id = r.item_id left join shown s on s.id = r.id
  join candidates c on c.item = e.item and c.created_at <= r.created_at
    and (s.id is null or list_contains(s.drafts, c.id))
  group by r.id, r.value having count(*) = 1),
summed as (
  select draft, count(*) as people, avg(value) as mean, count(*) filter (where value >= $3) as high,
         count(*) filter (where value <= $4) as low
  from of_draft group by draft)
select c.item, c.draft, coalesce(s.people, 0) as people, coalesce(s.mean, 'nan'::double precision) as mean,
       coalesce(s.high, 0) as high, coalesce(s.low, 0) as low, c.text_key = $5 as empty, d.draft is not null as picked
from candidates c left join summed s on s.draft = c.draft
left join decided d on d.draft = c.draft and d.decision = 'pick'
where s.draft is not null or d.draft is not null order by c.draft
"""

# A text by its number among the drafts, the edits, or the decisions.
_TEXTS_BY_NUMBER: dict[TextKind, str] = {
    "draft": "select c.draft as number, d.model, c.text_key, d.text from candidates c join drafts d on d.id = c.id",
    "edit": "select x.edit as number, d.model, x.text_key, t.text from edited x join edits t using (annotation_id) "
    "left join drafts d on d.id = t.draft_id",
    "decision": "select x.item as number, d.model, case when x.decision = 'pick' then x.text_key::text else a.text end "
    "as text_key, a.text from decided x join adjudications a on a.id = x.id left join drafts d on d.id = a.draft_id",
}
_PROMPT_FACTS = """
select list_sum(list_transform(turns, lambda turn: length(turn.content)))::bigint as characters,
       len(list_filter(turns, lambda turn: contains(turn.content, chr(0)))) > 0 as nul
from (select e.item, from_json(i.messages, '[{"content": "VARCHAR"}]') as turns
      from exporting e join items i on i.id = e.id)
order by item
"""
_TEXT_FACTS: dict[TextKind, str] = {
    kind: f"select number, model, hash(text_key) as key, coalesce(length(text), 0) as characters, "
    f"coalesce(contains(text, chr(0)), false) as nul from ({texts}) order by number"
    for kind, texts in _TEXTS_BY_NUMBER.items()
}


@dataclass(frozen=True)
class ExportSource:
    """A project as it stands, for one export."""

    cursor: duckdb.DuckDBPyConnection
    project_id: UUID

    def items(self) -> pa.Table:
        """One line for each item of the main arm: item, name, prompt, row, template.

        `prompt`, `row` and `template` are numbers that items share when they have the same prompt, come from the same
        row, or were made with the same template.
        """
        return self._table(
            "select item, name, hash(prompt_key) as prompt, case when row_id is not null then hash(row_id) end as row, "
            "case when template_id is not null then hash(template_id) end as template from exporting order by item"
        )

    def prompts(self) -> Iterator[str]:
        """The text of each item's prompt, in the order of their numbers."""
        reader = self.cursor.sql(
            "select i.messages from exporting e join items i using (id) order by e.item"
        ).to_arrow_reader(_PROMPTS_AT_ONCE)
        for batch in reader:
            yield from prompt_texts(batch)

    def retired(self) -> Values:
        """(name, reason) of the items that newer versions of their templates took out of the queue, by name."""
        return self.cursor.execute(
            "select i.name, r.reason from retired r join items i on i.id = r.item_id where r.project_id = $1 "
            "and i.arm = 'drafted' order by i.name",
            [self.project_id],
        ).fetchall()

    def flagged(self) -> Values:
        """(name, a reason) of the items that are left out because they are flagged, by name."""
        return self.cursor.execute(
            "select i.name, min(f.reason) from open_flags f join items i on i.id = f.item_id "
            "join queue q on q.item_id = i.id where f.project_id = $1 and q.arm = 'drafted' and i.kind = 'response' "
            "and not exists (select 1 from exporting e where e.id = i.id) group by i.name order by i.name",
            [self.project_id],
        ).fetchall()

    def ties(self) -> pa.Table:
        """What was made from what: `one` and `other` are items by number, or, from their count on, things outside.

        Items that are not exported tie together those that were made from them, and those of their row and prompt.
        """
        return self._table(_TIES, self.project_id)

    def pair_votes(self) -> pa.Table:
        """One line for each pair of drafts that somebody compared or a reviewer's pick orders, with the votes.

        See `curation.preference`.
        """
        return self._table(
            """
            select p.*, x.text_key = $1 as first_empty, y.text_key = $1 as second_empty,
                   x.text_key = y.text_key as equal,
                   p.item in (select item from decided where decision = 'reject') as rejected
            from pairs p join candidates x on x.draft = p.first join candidates y on y.draft = p.second order by pair
            """,
            BLANK_KEY,
        )

    def edits(self) -> pa.Table:
        """One line for each current edit: item, edit (number), text_key, blank, draft, name, same.

        The oldest of an item comes first. `draft` and `name` are those of the draft that the edit began from, -1 and
        null for nothing; `same` says that both texts are the same.
        """
        self.cursor.execute(
            """
            create or replace temp table edited as
            select (row_number() over (order by e.item, a.created_at, a.id) - 1)::integer as edit, e.item,
                   t.annotation_id, t.rowid as at, t.text_key, strlen(t.text) as size, c.draft as begun,
                   c.name as begun_name, t.text_key = c.text_key as same
            from edits t join current_annotations a on a.id = t.annotation_id join exporting e on e.id = t.item_id
            left join candidates c on c.id = t.draft_id
            where t.project_id = $1
            """,
            [self.project_id],
        ).fetchall()
        return self._table(
            "select edit, item, text_key::text as text_key, text_key = $1 as blank, coalesce(begun, -1) as draft, "
            "begun_name as name, coalesce(same, false) as same from edited order by edit",
            BLANK_KEY,
        )

    def decisions(self) -> pa.Table:
        """One line for each item that a reviewer decided: item, rejected, and whether the text that counts is blank.

        The newest decision counts; an item that was sent back is open, as if nobody had decided.
        """
        return self._table(
            "select item, decision = 'reject' as rejected, decision = 'pick' and text_key = $1 as blank "
            "from decided order by item",
            BLANK_KEY,
        )

    def judged(self) -> Judged:
        """What two or more annotators said about the same items that no reviewer decided."""
        return judged(self._table(JUDGED, self.project_id, None))

    def rated(self, question: str, good: float, bad: float) -> pa.Table:
        """One line for each draft that was rated or that a reviewer picked: item, draft, people, mean, and more.

        `high` and `low` are how many rated it `good` or more, and `bad` or less; `mean` is NaN where nobody rated it;
        `empty` says that its text is blank.
        """
        return self._table(_RATED, self.project_id, question, good, bad, BLANK_KEY)

    def prompt_facts(self) -> pa.Table:
        """One line for each item, in order: the characters of its prompt, and `nul`, whether it holds that one."""
        return self._table(_PROMPT_FACTS)

    def strata(self, by: Stratum) -> pa.Table:
        """One line for each item, in order: its template, the file of its row, or its most frequent label; or null."""
        sql = _STRATA[by]
        return self._table(sql, self.project_id) if "$1" in sql else self._table(sql)

    def kept_splits(self, division: str) -> pa.Table:
        """item, split: of the items that an earlier export by the same division placed."""
        return self._table(
            "select e.item, k.split from kept_splits k join exporting e on e.id = k.item_id "
            "where k.project_id = $1 and k.division = $2 order by e.item",
            self.project_id,
            division,
        )

    def newest_division(self) -> str | None:
        """The division that an export placed something by last; None when none has."""
        found = self.cursor.execute(
            "select division from kept_splits where project_id = $1 and split = 'test' "
            "group by division order by max(kept_at) desc, division limit 1",
            [self.project_id],
        ).fetchall()
        return found[0][0] if found else None

    def keep_splits(self, division: str, placed: pa.Table, now: datetime) -> None:
        """Keep the split of each item (item, split) that has none yet by this division."""
        self.cursor.execute(  # finds `placed` by its name
            "insert into kept_splits select $1, $2, e.id, p.split, $3 from placed p join exporting e using (item) "
            "on conflict do nothing",
            [self.project_id, division, now],
        ).fetchall()

    def fact_counts(self) -> pa.Table:
        """draft, right, wrong: how many annotators found each draft that was checked factually right, and wrong."""
        return self._table(
            "select c.draft, count(*) filter (where f.value = 'right') as right, "
            "count(*) filter (where f.value = 'wrong') as wrong "
            "from factual_checks f join current_annotations a on a.id = f.annotation_id "
            "join candidates c on c.id = f.draft_id where f.project_id = $1 group by c.draft order by c.draft",
            self.project_id,
        )

    def selected(self) -> Iterator[tuple[Any, ...]]:
        """What is selected, in the order of the rows.

        Yields:
            Split, item, its name, template, version, people, agreement, and whether a reviewer decided.
        """
        yield from self.cursor.execute(
            "select s.split, s.item, e.name, e.template_id, e.template_version, s.n_annotators, s.agreement, "
            "s.adjudicated from selected s join exporting e using (item) "
            "order by array_position(['train', 'validation', 'test'], s.split), s.place"
        ).fetchall()

    def judgements(self) -> Values:
        """(item, annotator, kind, origin, what it says as JSON) of the items that are selected."""
        return self.cursor.execute(_JUDGEMENTS, [self.project_id]).fetchall()

    def origins_of_texts(self) -> Values:
        """(item, name, source, model, prompt hash, parameters as JSON) of each draft of the items that are selected."""
        return self.cursor.execute(
            "select c.item, d.name, d.source, d.model, d.prompt_hash, d.params::varchar "
            "from candidates c join drafts d on d.id = c.id where c.item in (select item from selected) "
            "order by c.item, c.draft"
        ).fetchall()

    def leaks(self) -> dict[str, int]:
        """How many prompts and how many source rows are in more than one split of what was selected."""
        return dict(self.cursor.execute(_LEAKS).fetchall())

    def text_facts(self, kind: TextKind) -> pa.Table:
        """One line for each draft, current edit or decision, by number (a decision's is its item's).

        number, model (that drafted it, or what it began from), key (a number that equal texts share), characters, and
        `nul`, whether it holds that character.
        Edits have numbers once `edits` was read.
        """
        return self._table(_TEXT_FACTS[kind])

    def texts(self, kind: TextKind, numbers: Sequence[int]) -> Values:
        """(number, text) of these drafts, edits or decisions, in order."""
        return self.cursor.execute(
            f"select number, text from ({_TEXTS_BY_NUMBER[kind]}) "
            "where number in (select unnest($1::integer[])) order by number",
            [list(numbers)],
        ).fetchall()

    def edit_texts(self, items: Sequence[int]) -> Values:
        """(item, edit, text) of the edits of these items, in order."""
        return self.cursor.execute(
            "select x.item, x.edit, t.text from edited x join edits t using (annotation_id) "
            "where x.item in (select unnest($1::integer[])) order by x.edit",
            [list(items)],
        ).fetchall()

    def draft_names(self, pairs: Sequence[int]) -> Values:
        """(pair, name of the item, names of the two drafts) of these pairs."""
        return self.cursor.execute(
            """
            select p.pair, e.name, x.name, y.name from pairs p join exporting e using (item)
            join candidates x on x.draft = p.first join candidates y on y.draft = p.second
            where p.pair in (select unnest($1::integer[])) order by p.pair
            """,
            [list(pairs)],
        ).fetchall()

    def candidate_names(self, drafts: Sequence[int]) -> Values:
        """(name of the item, name) of these drafts, which are in ascending order."""
        return self.cursor.execute(
            "select e.name, c.name from candidates c join exporting e using (item) "
            "where c.draft in (select unnest($1::integer[])) order by c.draft",
            [list(drafts)],
        ).fetchall()

    def select(self, shape: Shape, chosen: pa.Table) -> None:
        """Choose what is written.

        Args:
            shape: what becomes a row.
            chosen: item, split, n_annotators, agreement, adjudicated (whether a reviewer's decision made the row); and
                for `answers` edit, draft or neither (the text that a reviewer decided on), for `pairs` pair, chosen,
                rejected, pair_weight, for `unpaired` draft and label, for `rankings` drafts, ranks and scores.
        """
        divide(self.cursor, shape, chosen)

    def offers_tools(self) -> bool:
        """Whether a chosen row has tools, so that all rows have their columns."""
        return offers_tools(self.cursor)

    def offer_tools(self) -> None:
        """Give the chosen rows the columns of tools, whether or not one has any."""
        offer_tools(self.cursor)

    def parts(self, shape: Shape, split: str) -> Iterator[pa.Table]:
        """The chosen rows of a split, a table for each part that fits into memory."""
        return parts(self.cursor, shape, split)

    def write_split(self, split: str, tables: Iterator[pa.Table], folder: Path) -> Written | None:
        """Write `<split>.jsonl` and `<split>.parquet`, which hold the same rows; nothing when there are none."""
        return write_split(self.cursor, split, tables, folder)

    def measured(self) -> pa.Table:
        """One line for each row that was written: characters (of prompt and answers together), special, replaced.

        `special` says that it holds a chat token, `replaced` the sign for what could not be read (U+FFFD).
        """
        return measured(self.cursor)

    def provenance(self) -> dict[str, Any]:
        """Who and what took part: templates with their versions, models, annotators and how their judgements came."""
        templates = self.cursor.execute(
            "select distinct template_id, template_version from exporting where template_id is not null order by all"
        ).fetchall()
        models = self.cursor.execute(
            "select distinct model from candidates where model is not null order by 1"
        ).fetchall()
        annotators = self.cursor.execute(
            "select a.annotator, min(a.origin), count(*) from current_annotations a "
            "join exporting e on e.id = a.item_id where a.project_id = $1 group by 1 order by 1",
            [self.project_id],
        ).fetchall()
        guidelines = self.cursor.execute(
            "select distinct p.guidelines_version from current_annotations a "
            "join presentations p on p.id = a.presentation_id join exporting e on e.id = a.item_id "
            "where a.project_id = $1 order by 1",
            [self.project_id],
        ).fetchall()
        [(items, prompts)] = self.cursor.execute(
            "select count(*), count(distinct prompt_key) from exporting"
        ).fetchall()
        [(drafts,)] = self.cursor.execute("select count(*) from candidates").fetchall()
        return {
            "items": items,
            "prompts": prompts,
            "drafts": drafts,
            "templates": templates,
            "models": [model for (model,) in models],
            "annotators": annotators,
            "guidelines": [version for (version,) in guidelines],
        }

    def _table(self, sql: str, *args: object) -> pa.Table:
        return self.cursor.sql(sql, params=list(args)).to_arrow_table()


class Exports:
    """Reading what is exported, and keeping what was."""

    engine: Engine

    @contextlib.contextmanager
    def export_source(self, project_id: UUID, *, include_flagged: bool = False) -> Generator[ExportSource]:
        """The project as it stands now, for one export."""
        with self.engine.bulk() as cursor:
            for sql in _NUMBERED:
                args = {"$1": project_id, "$2": include_flagged}
                cursor.execute(sql, [value for name, value in args.items() if name in sql]).fetchall()
            yield ExportSource(cursor, project_id)

    def add_export(self, record: ExportRecord) -> None:
        """Keep what was written, and from what."""
        manifest = orjson.dumps(record.manifest).decode()
        self.engine.write(
            lambda query: query(
                "insert into exports values ($1, $2, $3, $4, $5, $6) on conflict (id) do nothing",
                record.id,
                record.project_id,
                record.format,
                record.folder,
                manifest,
                record.created_at,
            )
        )

    def kept_splits(self, project_id: UUID, division: str) -> dict[UUID, str]:
        """The split of each item that an export by this division placed."""
        found = self.engine.read(
            "select item_id, split from kept_splits where project_id = $1 and division = $2", project_id, division
        )
        return dict(found)

    def draft_models(self, project_id: UUID) -> list[str]:
        """The models that wrote drafts, by name."""
        found = self.engine.read(
            "select distinct model from drafts where project_id = $1 and model is not null order by 1", project_id
        )
        return [model for (model,) in found]

    def rated_questions(self, project_id: UUID) -> list[str]:
        """The questions that somebody answered by a rating, by name."""
        found = self.engine.read(
            "select distinct w.question from answers w "
            "join current_annotations a on a.id = w.annotation_id and a.kind = 'rating' "
            "where w.project_id = $1 order by 1",
            project_id,
        )
        return [question for (question,) in found]

    def exports(self, project_id: UUID) -> list[ExportRecord]:
        """What was written, newest first."""
        found = self.engine.read(
            "select id, project_id, format, folder, manifest, created_at from exports where project_id = $1 "
            "order by created_at desc",
            project_id,
        )
        return [_record(row) for row in found]


def _record(row: tuple[Any, ...]) -> ExportRecord:
    values = list(row)
    values[4] = orjson.loads(values[4])
    return ExportRecord(*values)
