"""How an item's candidates stand with those who judged them: mean ranks of drafts and of the edits that people made.

Letters: m annotators; a candidate's rank is its place in one annotator's order, and tied candidates share the mean of
their places, so that every order over n candidates has the same sum of ranks, n (n + 1) / 2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan
from uuid import UUID

from concord.ids import folded_key
from concord.records.annotation import Annotation, Comparison, Edit, Ranking
from concord.records.draft import Draft

Tiers = list[list[UUID]]


@dataclass(frozen=True)
class Standing:
    """One candidate among an item's.

    Attributes:
        id: the draft's id, or the id of the annotation that holds the edit.
        text: what the candidate says.
        draft: the draft that it is, or that the edit began from; None for an edit that was written from nothing.
        editors: who wrote it; empty for a draft as it came.
        mean_rank: from 1 (best) to the number of candidates; NaN when nobody ranked.
        ranks: the rank that each annotator gave it.
    """

    id: UUID
    text: str
    draft: Draft | None
    editors: tuple[str, ...]
    mean_rank: float
    ranks: Mapping[str, float]


def standings(drafts: Sequence[Draft], annotations: Sequence[Annotation]) -> tuple[Standing, ...]:
    """All candidates of an item by mean rank, best first; drafts before edits where nothing tells them apart.

    An edit is a candidate of its own if it changed the text. Who made it places it right before the draft that it began
    from; the others, who did not see it, place it level with that draft. What an annotator left unranked shares the
    ranks that are left. Equal texts are one candidate.

    Args:
        drafts: of one item.
        annotations: of the same item, the current ones; rankings, comparisons and edits are read.
    """
    candidates = _candidates(drafts, annotations)
    named = {folded_key(one.text): one.id for one in candidates}
    same = {draft.id: named[folded_key(draft.text)] for draft in drafts}
    edits = [one for one in candidates if one.editors]
    ranks: dict[str, Mapping[UUID, float]] = {}
    for annotator in sorted({annotation.annotator for annotation in annotations}):
        own = [annotation for annotation in annotations if annotation.annotator == annotator]
        if tiers := _order(own, same, edits, annotator):
            ranks[annotator] = _mid_ranks(tiers, [one.id for one in candidates])
    placed = [_placed(one, {annotator: ranks[annotator][one.id] for annotator in ranks}) for one in candidates]
    return tuple(sorted(placed, key=lambda one: (isnan(one.mean_rank), one.mean_rank, bool(one.editors))))


def winners(standings: Sequence[Standing]) -> tuple[Standing, ...]:
    """Those with the best mean rank: one, several that tie, or none when nobody ranked."""
    return tuple(one for one in standings if one.mean_rank == standings[0].mean_rank)


def _candidates(drafts: Sequence[Draft], annotations: Sequence[Annotation]) -> list[Standing]:
    """Each different text once, without ranks: the drafts by name, then the edits by time."""
    by_id = {draft.id: draft for draft in drafts}
    found: dict[UUID, Standing] = {}
    for draft in sorted(drafts, key=lambda draft: draft.name):
        found.setdefault(folded_key(draft.text), Standing(draft.id, draft.text, draft, (), nan, {}))
    for annotation in sorted(annotations, key=lambda annotation: (annotation.created_at, annotation.id)):
        if isinstance(annotation.judgement, Edit):
            text, begun = annotation.judgement.text, annotation.judgement.draft_id
            base = by_id.get(begun) if begun else None
            fresh = Standing(annotation.id, text, base, (), nan, {})
            present = found.setdefault(folded_key(text), fresh)
            if present is fresh or present.editors:
                editors = (*present.editors, annotation.annotator)
                found[folded_key(text)] = Standing(present.id, present.text, present.draft, editors, nan, {})
    return list(found.values())


def _order(own: Sequence[Annotation], same: Mapping[UUID, UUID], edits: Sequence[Standing], annotator: str) -> Tiers:
    """One annotator's order of the candidates, as far as they gave one."""
    tiers: Tiers = []
    for annotation in own:
        match annotation.judgement:
            case Ranking(ranked):
                tiers = [[same[draft] for draft in tier if draft in same] for tier in ranked]
            case Comparison(value, between) if not tiers:
                better = [same[value]] if isinstance(value, UUID) else []
                tiers = [better, [same[draft] for draft in between or same if same[draft] not in better]]
            case _:
                pass
    for edit in edits:
        _place(edit, tiers, same, own=annotator in edit.editors)
    return [tier for tier in tiers if tier]


def _place(edit: Standing, tiers: Tiers, same: Mapping[UUID, UUID], *, own: bool) -> None:
    base = same[edit.draft.id] if edit.draft else None
    at = next((place for place, tier in enumerate(tiers) if base in tier), None)
    if own and at is None:
        tiers[:0] = [[edit.id], [base] if base else []]
    elif own and at is not None:
        tiers.insert(at, [edit.id])
    elif at is not None:
        tiers[at].append(edit.id)


def _mid_ranks(tiers: Tiers, candidates: Sequence[UUID]) -> Mapping[UUID, float]:
    ranked = {candidate for tier in tiers for candidate in tier}
    left = [candidate for candidate in candidates if candidate not in ranked]
    ranks: dict[UUID, float] = {}
    for tier in (*tiers, left):
        tied = list(dict.fromkeys(tier))
        ranks |= dict.fromkeys(tied, len(ranks) + (len(tied) + 1) / 2)
    return ranks


def _placed(one: Standing, ranks: Mapping[str, float]) -> Standing:
    mean = sum(ranks.values()) / len(ranks) if ranks else nan
    return Standing(one.id, one.text, one.draft, one.editors, mean, ranks)
