"""Items with a known answer: they are in the queue, in an arm of their own, and taken out of it for each annotator.

A known answer takes no place among an item's annotators, so that everybody can be given it. Of the known answers to an
item the newest of each kind counts.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from concord.ids import new_id
from concord.records.annotation import (
    Annotation,
    Comparison,
    Edit,
    FactualChecks,
    Judgement,
    Labels,
    Ranking,
    Ratings,
    kind_of,
)
from concord.records.desk import Opening
from concord.records.gold import Given, Known, Purpose, Workload
from concord.records.kinds import Kind
from storage.annotations import judgements_where
from storage.arms import NO_REPEAT
from storage.engine import Engine, Query
from storage.ready import Adding
from storage.remarks import NOT_SKIPPED

_NEWEST = """
select distinct on (item_id, kind) item_id, kind, value from gold where project_id = $1
order by item_id, kind, noted_at desc, id desc
"""

_ITEMS = "select item_id from gold where project_id = $1"
"""The items with a known answer."""


class GoldAdding(Adding):
    """Adds items and drafts as they are; what is said about them is what is known."""

    def annotations(self, annotations: Sequence[Annotation]) -> int:
        """Note known answers; returns how many are new."""
        known = [Known(one.project_id, one.item_id, one.judgement) for one in annotations]
        return insert_gold(self._query, known, annotations[0].created_at) if known else 0


class Gold:
    """Known answers, and who gave which."""

    engine: Engine

    @contextlib.contextmanager
    def adding_gold(self) -> Generator[Adding]:
        """Add items, drafts and known answers, all or nothing."""
        with self.engine.bulk(pausing=True) as cursor:
            yield GoldAdding(Query(cursor))

    def add_gold(self, known: Sequence[Known], now: datetime) -> int:
        """Note known answers; returns how many are new. Their items leave the main arm."""
        return self.engine.write(lambda query: insert_gold(query, known, now))

    def known(self, project_id: UUID, item_id: UUID) -> list[Judgement]:
        """The known answers to an item, by kind."""
        return [judgement for (item, _), judgement in self._known(project_id).items() if item == item_id]

    def trained(self, project_id: UUID, annotator: str) -> int:
        """How many items an annotator has finished in training."""
        return _trained(self.engine.read, project_id, annotator)

    def unseen_training(self, project_id: UUID, annotator: str) -> UUID | None:
        """The page of training that an annotator finished last, unless they have seen what is known of its item."""
        found = self.engine.read(
            "select presentation_id from gold_pages where project_id = $1 and annotator = $2 and purpose = 'training' "
            "and done_at is not null and seen_at is null order by presentation_id desc limit 1",
            project_id,
            annotator,
        )
        return found[0][0] if found else None

    def see_feedback(self, project_id: UUID, annotator: str, now: datetime) -> None:
        """What is known of all items that an annotator finished in training was seen by them."""
        self.engine.write(
            lambda query: query(
                "update gold_pages set seen_at = $3 where project_id = $1 and annotator = $2 "
                "and purpose = 'training' and done_at is not null and seen_at is null",
                project_id,
                annotator,
                now,
            )
        )

    def given(self, project_id: UUID) -> list[Given]:
        """What annotators answered where the answer is known, by item and time; second looks are left out."""
        known = self._known(project_id)
        found = self.engine.read(
            f"select a.id, a.annotator, a.item_id, a.kind, coalesce(p.purpose, 'gold') from ("
            f"select * from current_annotations where project_id = $1 and {NO_REPEAT} "
            f"and item_id in ({_ITEMS})) a "
            "left join gold_pages p on p.item_id = a.item_id and p.annotator = a.annotator "
            "order by a.item_id, a.created_at, a.id",
            project_id,
        )
        said = judgements_where(self.engine.read, f"item_id in ({_ITEMS})", project_id)
        return [
            Given(annotator, purpose, known[item_id, kind], said[annotation_id])
            for annotation_id, annotator, item_id, kind, purpose in found
            if (item_id, kind) in known
        ]

    def workloads(self, project_id: UUID) -> list[Workload]:
        """How much each annotator has done, has before them, skipped and flagged; by name."""
        found = self.engine.read(
            """
            with said as (
              select annotator, case when item_id in (select item_id from gold where project_id = $1) then 0 else 1 end
                     as done, 0 as named, 0 as skipped, 0 as flagged
              from assignments where project_id = $1 and done_at is not null
              union all
              select n.annotator, 0, 1, 0, 0 from named n join queue q on q.item_id = n.item_id
              where n.project_id = $1 and q.taken < q.wanted and not exists (
                select 1 from assignments a where a.item_id = n.item_id and a.annotator = n.annotator)
              union all select annotator, 0, 0, 1, 0 from skips where project_id = $1
              union all select annotator, 0, 0, 0, 1 from (
                select distinct annotator, item_id from open_flags where project_id = $1) f
              union all select annotator, 0, 0, 0, 0 from annotations
              where project_id = $1 and item_id in (select item_id from gold where project_id = $1)
              union all select annotator, 0, 0, 0, 0 from gold_pages where project_id = $1)
            select annotator, sum(done)::bigint, sum(named)::bigint, sum(skipped)::bigint, sum(flagged)::bigint
            from said group by annotator order by annotator
            """,
            project_id,
        )
        return [Workload(*row) for row in found]

    def _known(self, project_id: UUID) -> Mapping[tuple[UUID, str], Judgement]:
        found = self.engine.read(f"select item_id, kind, value from ({_NEWEST}) g order by item_id, kind", project_id)
        return {(item_id, kind): _judgement(kind, orjson.loads(value)) for item_id, kind, value in found}


def insert_gold(query: Query, known: Sequence[Known], now: datetime) -> int:
    """Note those known answers that are not what is known already, and move their items to the arm of gold."""
    present = {(item_id, kind): value for item_id, kind, value in query(_NEWEST, known[0].project_id)} if known else {}
    news: dict[tuple[UUID, Kind], str] = {}
    for one in known:
        news[one.item_id, kind_of(one.judgement)] = _json(one.judgement)
    news = {place: value for place, value in news.items() if present.get(place) != value}
    for (item_id, kind), value in news.items():
        query(
            "insert into gold values ($1, $2, $3, $4, $5, $6)", new_id(), known[0].project_id, item_id, kind, value, now
        )
    items = [str(item_id) for item_id, _ in news]
    query("update queue set arm = 'gold' where item_id in (select unnest($1::uuid[]))", items)
    return len(news)


def wanted_gold(query: Query, opening: Opening) -> Purpose | None:
    """For what this annotator is to be given a known answer now, if at all.

    Who has had an item of the project is not new, and is not trained any more.
    """
    project, annotator = opening.project, opening.annotator
    [(finished, had)] = query(
        "select count(*) filter (where done_at is not null), count(*) from assignments "
        "where project_id = $1 and annotator = $2",
        project.id,
        annotator,
    )
    if not had and _trained(query, project.id, annotator) < project.settings.training:
        return "training"
    [(mixed,)] = query(
        "select count(*) from gold_pages where project_id = $1 and annotator = $2 and purpose = 'gold'",
        project.id,
        annotator,
    )
    return "gold" if opening.is_gold_due(finished + mixed) else None


def next_gold(query: Query, opening: Opening, needed: int) -> UUID | None:
    """An item with a known answer that has its drafts and is new to this annotator; in an order of their own."""
    found = query(
        f"""
        select i.item_id from queue i join items t on t.id = i.item_id
        where i.project_id = $1 and i.arm = 'gold' and (i.drafts >= $3 or t.arm = 'undrafted') and {NOT_SKIPPED}
          and not exists (select 1 from assignments a where a.item_id = i.item_id and a.annotator = $2)
          and not exists (select 1 from gold_pages p where p.item_id = i.item_id and p.annotator = $2)
        order by md5($2 || i.item_id::text) limit 1
        """,
        opening.project.id,
        opening.annotator,
        needed,
    )
    return found[0][0] if found else None


def insert_gold_page(query: Query, opening: Opening, item_id: UUID, purpose: Purpose) -> None:
    """Note that an item is given because its answer is known."""
    query(
        "insert into gold_pages(presentation_id, project_id, item_id, annotator, purpose) values ($1, $2, $3, $4, $5)",
        opening.presentation_id,
        opening.project.id,
        item_id,
        opening.annotator,
        purpose,
    )


def _trained(select: Any, project_id: UUID, annotator: str) -> int:
    [(done,)] = select(
        "select count(*) from gold_pages where project_id = $1 and annotator = $2 and purpose = 'training' "
        "and done_at is not null",
        project_id,
        annotator,
    )
    return done


def _json(judgement: Judgement) -> str:
    """A judgement as it is kept; what follows from it, or tells nothing of what is right, is left out."""
    match judgement:
        case Edit(draft_id, text):
            value: dict[str, object] = {"draft_id": draft_id, "text": text}
        case Ranking(tiers, all_bad):
            value = {"tiers": tiers, "all_bad": all_bad}
        case Comparison(choice):
            value = {"value": choice}
        case FactualChecks(values):
            value = {"values": {str(draft): fact for draft, fact in values.items()}}
        case Ratings(values) | Labels(values):
            value = {"values": dict(values)}
    return orjson.dumps(value).decode()


def _judgement(kind: Kind, value: dict[str, Any]) -> Judgement:
    match kind:
        case "edit":
            return Edit(UUID(value["draft_id"]) if value["draft_id"] else None, value["text"])
        case "ranking":
            tiers = tuple(tuple(map(UUID, tier)) for tier in value["tiers"])
            return Ranking(tiers, tuple(map(UUID, value["all_bad"])))
        case "comparison":
            return Comparison(value["value"] if value["value"] in ("tie", "both_bad") else UUID(value["value"]))
        case "factual":
            return FactualChecks({UUID(draft): fact for draft, fact in value["values"].items()})
        case "rating":
            return Ratings(value["values"])
        case "label":
            return Labels(value["values"])
