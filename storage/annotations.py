"""Judgements: one header each, and their content in columns of its own, where the reports can scan it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from concord.ids import folded_key
from concord.records.annotation import (
    Annotation,
    Change,
    Comparison,
    Edit,
    FactualChecks,
    Judgement,
    Labels,
    Ranking,
    Ratings,
    kind_of,
)
from concord.records.kinds import Fact, Strength
from storage.arms import NO_REPEAT, repeats_among
from storage.engine import Engine, Query, Values
from storage.staleness import reinstate
from storage.turns import forget_doubts

PREFERENCE = "preference"
"""The question that a comparison answers."""

_Select = Callable[..., Values]
_HEADER = "select id, project_id, item_id, annotator, origin, created_at, presentation_id, seconds from annotations"


class Annotations:
    """What people decided."""

    engine: Engine

    def add_annotations(self, annotations: Sequence[Annotation]) -> int:
        """Store judgements that were made elsewhere; each annotator then counts among the item's annotators.

        A judgement supersedes an earlier one of the same kind by the same annotator.

        Returns:
            How many are new; the same one again changes nothing.
        """
        if not annotations:
            return 0

        def job(query: Query) -> int:
            new = insert_annotations(query, annotations)
            record_annotators(query, annotations)
            return new

        return self.engine.write(job)

    def annotations(self, project_id: UUID) -> Iterator[Annotation]:
        """The current judgements of a project, by item and time; factual checks before what was preferred with them."""
        found = self.engine.read(
            f"{_HEADER.replace('annotations', 'current_annotations')} where project_id = $1 "
            "order by item_id, created_at, kind <> 'factual', id",
            project_id,
        )
        contents = judgements_where(self.engine.read, "project_id = $1", project_id)
        reasons = _reasons(self.engine.read, "project_id = $1", project_id)
        for header in found:
            yield _annotation(header, contents, reasons)

    def item_annotations(self, item_id: UUID) -> list[Annotation]:
        """The current judgements of one item, oldest first."""
        found = self.engine.read(
            f"{_HEADER.replace('annotations', 'current_annotations')} where item_id = $1 "
            "order by created_at, kind <> 'factual', id",
            item_id,
        )
        contents = judgements_where(self.engine.read, "item_id = $1", item_id)
        reasons = _reasons(self.engine.read, "item_id = $1", item_id)
        return [_annotation(header, contents, reasons) for header in found]


def annotation_record(select: _Select, annotation_id: UUID) -> Annotation | None:
    """The annotation of that id, if there is one."""
    found = select(f"{_HEADER} where id = $1", annotation_id)
    if not found:
        return None
    contents = judgements_where(select, "annotation_id = $1", annotation_id)
    return _annotation(found[0], contents, _reasons(select, "annotation_id = $1", annotation_id))


def insert_annotations(query: Query, annotations: Sequence[Annotation]) -> int:
    """Insert those annotations that are new, with their content."""
    ids = [str(annotation.id) for annotation in annotations]
    present = {found for (found,) in query("select id from annotations where id in (select unnest($1::uuid[]))", ids)}
    new = list({annotation.id: annotation for annotation in annotations if annotation.id not in present}.values())
    if not new:
        return 0
    _insert_annotations(query, new, _superseded(query, new))
    forget_doubts(query, [a.item_id for a in new])
    return len(new)


def insert_judged(query: Query, annotations: Sequence[Annotation], *, again: bool) -> None:
    """Insert what a person judged on one page, which is new.

    Args:
        query: the open transaction.
        annotations: the judgement, and its factual checks if there are any.
        again: whether they have judged the item before.
    """
    superseded = _superseded(query, annotations) if again else [None] * len(annotations)
    _insert_annotations(query, annotations, superseded)


def _insert_annotations(query: Query, new: Sequence[Annotation], supersedes: Sequence[UUID | None]) -> None:
    query.insert(
        "annotations",
        {
            "id": [a.id for a in new],
            "project_id": [a.project_id for a in new],
            "item_id": [a.item_id for a in new],
            "annotator": [a.annotator for a in new],
            "kind": [kind_of(a.judgement) for a in new],
            "origin": [a.origin for a in new],
            "presentation_id": [a.presentation_id for a in new],
            "supersedes": supersedes,
            "seconds": [a.seconds for a in new],
            "created_at": [a.created_at for a in new],
        },
    )
    _insert_contents(query, new)


def _superseded(query: Query, annotations: Sequence[Annotation]) -> list[UUID | None]:
    """For each annotation, in the order given, the one that it takes the place of."""
    repeats = repeats_among(query, annotations)
    found = query(
        "select item_id, annotator, kind, id from current_annotations where item_id in (select unnest($1::uuid[])) "
        f"and {NO_REPEAT}",
        list({str(annotation.item_id) for annotation in annotations}),
    )
    current: dict[tuple[UUID, str, str], UUID] = {(item, who, kind): present for item, who, kind, present in found}
    superseded: list[UUID | None] = []
    for annotation in annotations:
        if annotation.presentation_id in repeats:  # it stands beside the first one
            superseded.append(None)
            continue
        place = annotation.item_id, annotation.annotator, kind_of(annotation.judgement)
        superseded.append(current.get(place))
        current[place] = annotation.id
    return superseded


def _insert_contents(query: Query, annotations: Sequence[Annotation]) -> None:
    answers: list[tuple[Annotation, tuple[object, ...]]] = []
    placements: list[tuple[Annotation, tuple[object, ...]]] = []
    edits: list[tuple[Annotation, tuple[object, ...]]] = []
    compared: list[tuple[Annotation, tuple[object, ...]]] = []
    bad: list[tuple[Annotation, tuple[object, ...]]] = []
    checks: list[tuple[Annotation, tuple[object, ...]]] = []
    for annotation in annotations:
        match annotation.judgement:
            case Edit(draft_id, text, change):
                edits.append((annotation, (draft_id, text, folded_key(text), *(change or (None, None)))))
            case Ranking(tiers, all_bad):
                placements += [(annotation, (d, tier)) for tier, drafts in enumerate(tiers, 1) for d in drafts]
                bad += [(annotation, (d,)) for d in all_bad]
            case FactualChecks(facts):
                checks += [(annotation, (draft_id, fact)) for draft_id, fact in facts.items()]
            case Comparison(value, between, strength):
                answers.append((annotation, (PREFERENCE, str(value), "comparison")))
                if between:
                    compared.append((annotation, (*between, strength)))
            case Ratings(ratings):
                answers += [(annotation, (question, _number(value), "rating")) for question, value in ratings.items()]
            case Labels(labels):
                answers += [(annotation, (question, value, "label")) for question, value in labels.items()]
    _insert(query, "answers", ("question", "value", "kind"), answers)
    _insert(query, "placements", ("draft_id", "tier"), placements)
    _insert(query, "edits", ("draft_id", "text", "text_key", "distance", "kept"), edits)
    _insert(query, "comparisons", ("one_id", "other_id", "strength"), compared)
    _insert(query, "bad_drafts", ("draft_id",), bad)
    _insert(query, "factual_checks", ("draft_id", "value"), checks)
    _insert(query, "reasons", ("text",), [(a, (a.reason,)) for a in annotations if a.reason])


def _insert(
    query: Query, table: str, names: tuple[str, ...], rows: Sequence[tuple[Annotation, tuple[object, ...]]]
) -> None:
    if rows:
        owners = [annotation for annotation, _ in rows]
        query.insert(
            table,
            {
                "annotation_id": [owner.id for owner in owners],
                "project_id": [owner.project_id for owner in owners],
                "item_id": [owner.item_id for owner in owners],
                "annotator": [owner.annotator for owner in owners],
                **dict(zip(names, zip(*(values for _, values in rows), strict=True), strict=True)),
            },
        )


def record_annotators(query: Query, annotations: Sequence[Annotation]) -> None:
    """Record who has had which item, and how many places are taken."""
    owners = {(a.item_id, a.annotator): a for a in annotations}.values()
    query.insert(
        "assignments",
        {
            "item_id": [a.item_id for a in owners],
            "annotator": [a.annotator for a in owners],
            "project_id": [a.project_id for a in owners],
            "done_at": [a.created_at for a in owners],
        },
        unless="item_id, annotator",
    )
    item_ids = list({str(a.item_id) for a in owners})
    reinstate(query, item_ids)
    count_places(query, item_ids)


def count_places(query: Query, item_ids: Sequence[str]) -> None:
    """Count anew how many places of these items are taken."""
    query(
        "update queue set taken = (select count(*) from assignments a where a.item_id = queue.item_id) "
        "where item_id in (select unnest($1::uuid[]))",
        item_ids,
    )


def _number(value: float) -> str:
    return repr(float(value)).removesuffix(".0")


Contents = dict[UUID, Judgement]


def judgements_where(select: _Select, condition: str, value: UUID) -> Contents:
    """The judgement of each annotation that a condition holds for.

    Args:
        select: asks the store.
        condition: of the columns `project_id`, `item_id` and `annotation_id`, in SQL, with `$1` for the value.
        value: what `$1` is.
    """
    return {
        **_edits(select, condition, value),
        **_rankings(select, condition, value),
        **_all_bad(select, condition, value),
        **_checks(select, condition, value),
        **_answers(select, condition, value),
    }


def _edits(select: _Select, condition: str, value: UUID) -> Contents:
    found = select(f"select annotation_id, draft_id, text, distance, kept from edits where {condition}", value)
    return {
        annotation_id: Edit(draft_id, text, None if distance is None else Change(distance, kept))
        for annotation_id, draft_id, text, distance, kept in found
    }


def _rankings(select: _Select, condition: str, value: UUID) -> Contents:
    tiers: dict[UUID, dict[int, list[UUID]]] = {}
    found = select(
        f"select annotation_id, tier, draft_id from placements where {condition} order by tier, draft_id",
        value,
    )
    for annotation_id, tier, draft_id in found:
        tiers.setdefault(annotation_id, {}).setdefault(tier, []).append(draft_id)
    return {annotation_id: Ranking(tuple(map(tuple, by_tier.values()))) for annotation_id, by_tier in tiers.items()}


def _all_bad(select: _Select, condition: str, value: UUID) -> Contents:
    drafts: dict[UUID, list[UUID]] = {}
    found = select(f"select annotation_id, draft_id from bad_drafts where {condition} order by draft_id", value)
    for annotation_id, draft_id in found:
        drafts.setdefault(annotation_id, []).append(draft_id)
    return {annotation_id: Ranking((), tuple(bad)) for annotation_id, bad in drafts.items()}


def _checks(select: _Select, condition: str, value: UUID) -> Contents:
    facts: dict[UUID, dict[UUID, Fact]] = {}
    found = select(
        f"select annotation_id, draft_id, value from factual_checks where {condition} order by draft_id", value
    )
    for annotation_id, draft_id, fact in found:
        facts.setdefault(annotation_id, {})[draft_id] = fact
    return {annotation_id: FactualChecks(by_draft) for annotation_id, by_draft in facts.items()}


def _answers(select: _Select, condition: str, value: UUID) -> Contents:
    found = select(
        "select annotation_id, a.kind, question, value from "
        f"(select annotation_id, question, value from answers where {condition}) w "
        "join annotations a on a.id = annotation_id order by question",
        value,
    )
    given: dict[UUID, tuple[str, dict[str, str]]] = {}
    for annotation_id, kind, question, answer in found:
        given.setdefault(annotation_id, (kind, {}))[1][question] = answer
    compared = select(f"select annotation_id, one_id, other_id, strength from comparisons where {condition}", value)
    details = {annotation_id: ((one, other), strength) for annotation_id, one, other, strength in compared}
    return {
        annotation_id: _answered(kind, values, *details.get(annotation_id, (None, None)))
        for annotation_id, (kind, values) in given.items()
    }


def _answered(
    kind: str, values: dict[str, str], between: tuple[UUID, UUID] | None, strength: Strength | None
) -> Judgement:
    if kind == "comparison":
        value = values[PREFERENCE]
        return Comparison(value if value in ("tie", "both_bad") else UUID(value), between, strength)
    if kind == "rating":
        return Ratings({question: float(value) for question, value in values.items()})
    return Labels(values)


def _reasons(select: _Select, condition: str, value: UUID) -> dict[UUID, str]:
    return dict(select(f"select annotation_id, text from reasons where {condition}", value))


def _annotation(header: tuple[Any, ...], contents: Contents, reasons: Mapping[UUID, str]) -> Annotation:
    annotation_id, project_id, item_id, annotator, *rest = header
    judgement, reason = contents[annotation_id], reasons.get(annotation_id, "")
    return Annotation(annotation_id, project_id, item_id, annotator, judgement, *rest, reason=reason)
