"""People beside reviewers: how often the draft that a reviewer picked is the one that an annotator found best."""

from __future__ import annotations

from collections.abc import Sequence

from concord.agreement.evidence import Evidence, evidence_of_rows
from concord.agreement.similarity import levenshtein
from concord.records.watch import BesideDecision, EditDecided

_TEXTS = "An edit and the text that the reviewer decided on are alike to {} on average."
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


def texts_beside_decisions(edits: Sequence[EditDecided], *, seed: int) -> Evidence | None:
    """How alike an edit and the decided text are, for all and for each person; 1 where the edit is what was decided.

    Args:
        edits: of items whose decision has a text.
        seed: of the resamples.

    Returns:
        None when no decided item was edited.
    """
    if not edits:
        return None
    items, annotators, texts, decided = zip(*edits, strict=True)
    alike = levenshtein(list(zip(texts, decided, strict=True))).tolist()
    return evidence_of_rows("adjudicated_texts", _TEXTS, alike, items, annotators, seed)
