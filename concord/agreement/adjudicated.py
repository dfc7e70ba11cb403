"""People beside reviewers: how often the draft that a reviewer picked is the one that an annotator found best."""

from __future__ import annotations

from collections.abc import Sequence

from concord.agreement.evidence import Evidence, evidence_of_rows
from concord.records.watch import BesideDecision

_SENTENCE = (
    "In {} of the judgements of decided items the draft that the reviewer picked is the best one, or among them."
)


def beside_decisions(judgements: Sequence[BesideDecision], *, seed: int) -> Evidence | None:
    """The share of judgements whose best draft is the reviewer's, for all and for each person.

    A reviewer sees what was judged before deciding: the share is no measure of who is right.

    Args:
        judgements: of items whose decision picked a draft.
        seed: of the resamples.

    Returns:
        None when no decision picked a draft that somebody judged.
    """
    if not judgements:
        return None
    items, annotators, same = zip(*judgements, strict=True)
    return evidence_of_rows("adjudications", _SENTENCE, same, items, annotators, seed)
