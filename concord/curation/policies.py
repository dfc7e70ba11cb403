"""Policies: which of the answers and pairs that pass the gates become rows.

A preference between two drafts is implied when a third lies between them: the better is preferred to it, and it to the
worse. A draft's net wins are the drafts that it is preferred to, less those preferred to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from concord.curation.preference import Bools
from concord.errors import InputError
from concord.records.kinds import Floats, Ints

AnswerPolicy = Literal["agreed", "best-ranked", "all"]
PairPolicy = Literal["all", "adjacent", "best-rest", "best-worst", "one"]
WeightPolicy = Literal["item", "agreement", "equal"]

ANSWERS: dict[AnswerPolicy, str] = {
    "agreed": "the edit that is most like the others",
    "best-ranked": "the edit of the draft that won most comparisons, the most agreed of several such",
    "all": "every different edit, a row each",
}
PAIRS: dict[PairPolicy, str] = {
    "all": "every strict preference",
    "adjacent": "only preferences that no third draft lies between",
    "best-rest": "only drafts that no other beats, over those they beat",
    "best-worst": "only drafts that no other beats, over those that beat no other",
    "one": "one pair for each prompt, the one with the widest gap",
}
WEIGHTS: dict[WeightPolicy, str] = {
    "item": "1 / the pairs of the item, so that every item weighs the same",
    "agreement": "the winner's share of the votes; 1 for a reviewer's decision",
    "equal": "1",
}


@dataclass(frozen=True)
class Rated:
    """Which ratings are labels.

    Attributes:
        question: of the rubric.
        good: a draft is good whose mean rating is this or more.
        bad: a draft is bad whose mean rating is this or less; in between it is neither.

    Raises:
        InputError: a draft could be both.
    """

    question: str
    good: float
    bad: float

    def __post_init__(self) -> None:
        if not self.bad < self.good:
            raise InputError(
                f"Drafts rated {self.good:g} or more would be good, and {self.bad:g} or less bad, so that some are "
                "both. Give a higher number for good than for bad."
            )


def parse_rated(text: str) -> Rated:
    """A question with the ratings that are good and bad, as a command line gives them.

    Raises:
        InputError: they are not so.

    >>> parse_rated("helpfulness:4:2")
    Rated(question='helpfulness', good=4.0, bad=2.0)
    """
    try:
        question, good, bad = text.rsplit(":", 2)
        return Rated(question, float(good), float(bad))
    except ValueError as error:
        raise InputError(
            f"rated is {text!r}. Give a question, from which mean rating on drafts are good, and up to which they are "
            "bad, such as helpfulness:4:2."
        ) from error


@dataclass(frozen=True)
class Policies:
    """Which rows are made.

    Attributes:
        answer: which edit is the answer of an item; a reviewer's decision counts before any.
        pairs: which preferences become pairs.
        max_pairs: of one prompt, those with the widest gap in net wins, then the most agreement; None for any number.
        weights: what `pair_weight` is.
        edit_pairs: whether an edit becomes a pair with the draft that it began from, the edit being chosen.
        rated: ratings that are the labels of unpaired rows, instead of comparisons and rankings.

    Raises:
        InputError: there is no such policy.
    """

    answer: AnswerPolicy = "agreed"
    pairs: PairPolicy = "all"
    max_pairs: int | None = None
    weights: WeightPolicy = "item"
    edit_pairs: bool = False
    rated: Rated | None = None

    def __post_init__(self) -> None:
        for name, choices in (("answer", AnswerPolicy), ("pairs", PairPolicy), ("weights", WeightPolicy)):
            if getattr(self, name) not in get_args(choices):
                listed = ", ".join(get_args(choices))
                raise InputError(f"{name} is {getattr(self, name)!r}. Choose one of {listed}.")
        if self.max_pairs is not None and self.max_pairs < 1:
            raise InputError(f"max_pairs is {self.max_pairs}. Give a whole number from 1.")


def of_policy(better: Ints, worse: Ints, policy: PairPolicy) -> Bools:
    """Which preferences the policy takes.

    Args:
        better: draft number of the preferred draft, unique over all items, shape (n,).
        worse: draft number of the other, shape (n,); no circles.
        policy: whose choice.

    >>> of_policy(np.array([0, 0, 1]), np.array([1, 2, 2]), "adjacent")
    array([ True, False,  True])
    """
    drafts = int(np.concatenate([better, worse]).max(initial=-1)) + 1
    beaten, beats = (np.bincount(side, minlength=drafts) > 0 for side in (worse, better))
    match policy:
        case "best-rest":
            return ~beaten[better]
        case "best-worst":
            return ~beaten[better] & ~beats[worse]
        case "adjacent":
            return ~_implied(better, worse, drafts)
        case "all" | "one":
            return np.ones(len(better), dtype=np.bool_)


def within_cap(prompt: Ints, better: Ints, worse: Ints, agreement: Floats, cap: int) -> Bools:
    """Which preferences are among the first `cap` of their prompt.

    The widest gap in net wins comes first, then the most agreement, then the order given.

    >>> within_cap(np.array([7, 7, 7]), np.array([0, 0, 1]), np.array([1, 2, 2]), np.ones(3), 1)
    array([False,  True, False])
    """
    drafts = int(np.concatenate([better, worse]).max(initial=-1)) + 1
    net = np.bincount(better, minlength=drafts) - np.bincount(worse, minlength=drafts)
    order = np.lexsort((-agreement, net[worse] - net[better], prompt))
    first = np.flatnonzero(np.diff(prompt[order], prepend=np.nan) != 0)
    place = np.arange(len(order)) - np.repeat(first, np.diff(first, append=len(order)))
    kept = np.zeros(len(order), dtype=np.bool_)
    kept[order] = place < cap
    return kept


def _implied(better: Ints, worse: Ints, drafts: int) -> Bools:
    """Which preferences follow from two others."""
    order = np.argsort(better, kind="stable")
    start, end = (np.searchsorted(better[order], worse, side=side) for side in ("left", "right"))
    onward = end - start  # how many preferences begin where this one ends
    step: Ints = np.arange(int(onward.sum())) - np.repeat(np.cumsum(onward) - onward, onward)
    below = worse[order[np.repeat(start, onward) + step]]
    two_steps = np.repeat(better, onward) * drafts + below
    return np.isin(better * drafts + worse, two_steps)
