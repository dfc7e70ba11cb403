"""Several labels at once: one yes-or-no question for each label, and the mean over them.

A set of labels is a JSON list, which imports keep as its text; a single label among sets is a set of one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from concord.records.report import Votes

_ABSENT, _PRESENT = "no", "yes"


def label_set(value: str) -> frozenset[str] | None:
    """The labels of a set; None when it is no set.

    >>> sorted(label_set('["b", "a"]') or ()), label_set("a")
    (['a', 'b'], None)
    """
    if not value.startswith("["):
        return None
    try:
        found = json.loads(value)
    except json.JSONDecodeError:
        return None
    return frozenset(found) if all(isinstance(label, str) for label in found) else None


def one_question_a_label(votes: Votes) -> list[Votes]:
    """A question for each label that somebody chose: whether it is in the answer; nothing where no answer is a set.

    Args:
        votes: canonical votes of labels.

    >>> from concord.agreement.votes import votes_of
    >>> several = one_question_a_label(votes_of([("ann", "1", '["a","b"]'), ("ben", "1", '["a"]')], question="topic"))
    >>> [(one.question, [one.values[value] for value in one.value]) for one in several]
    [('topic: a', ['yes', 'yes']), ('topic: b', ['yes', 'no'])]
    """
    sets = [label_set(value) for value in votes.values]
    if all(found is None for found in sets):
        return []
    chosen = [frozenset((value,)) if found is None else found for value, found in zip(votes.values, sets, strict=True)]
    return [_about(votes, label, chosen) for label in sorted(frozenset[str]().union(*chosen))]


def _about(votes: Votes, label: str, chosen: Sequence[frozenset[str]]) -> Votes:
    present = np.array([label in labels for labels in chosen], dtype=np.int64)
    question = f"{votes.question}: {label}"
    return replace(votes, question=question, value=present[votes.value], values=(_ABSENT, _PRESENT))
