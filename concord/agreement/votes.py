"""Votes in one canonical order, and what a statistic of them rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import nan
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from concord.agreement.groups import sizes_of, starts_of
from concord.agreement.statistic import Extent
from concord.errors import InputError
from concord.records.kinds import Floats, Ints, Kind
from concord.records.report import Votes


def votes_of(answers: Iterable[tuple[str, str, str]], *, question: str = "label", kind: Kind = "label") -> Votes:
    """Votes from answers in memory, in canonical order.

    Args:
        answers: annotator, item and value of each answer; at most one for an annotator and item.
        question: the question that they answer.
        kind: what the values are.

    >>> votes = votes_of([("ben", "item-1", "yes"), ("ann", "item-1", "no")])
    >>> votes.annotators, votes.values, votes.value.tolist()
    (('ann', 'ben'), ('no', 'yes'), [0, 1])
    """
    rows = list(answers)
    annotators, annotator = _coded([row[0] for row in rows])
    items, item = _coded([row[1] for row in rows])
    values, value = _coded([row[2] for row in rows])
    keys = np.arange(len(items))
    return canonical(Votes(question, kind, "drafted", item, annotator, value, annotators, values, keys))


def canonical(votes: Votes) -> Votes:
    """The same votes in the one order that every arrangement of them has.

    Annotators are sorted by name, values by name or, for ratings, by number; the votes by item, then by annotator.
    The numbers of the items stay as they are: nothing may depend on them.

    Raises:
        InputError: an answer to a rating is no number.
    """
    numbers = numbers_of(votes) if votes.kind == "rating" else votes.values
    by_annotator = sorted(range(len(votes.annotators)), key=votes.annotators.__getitem__)
    by_value = sorted(range(len(votes.values)), key=numbers.__getitem__)
    a, q = max(1, len(by_annotator)), max(1, len(by_value))
    annotator, value = _moved(votes.annotator, by_annotator), _moved(votes.value, by_value)
    item = votes.item
    if not _in_order(item, annotator):
        place, value = np.divmod(np.sort((item * a + annotator) * q + value), q)
        item, annotator = np.divmod(place, a)
    return replace(
        votes,
        item=item,
        annotator=annotator,
        value=value,
        annotators=tuple(votes.annotators[i] for i in by_annotator),
        values=tuple(votes.values[i] for i in by_value),
    )


def _in_order(item: Ints, annotator: Ints) -> bool:
    """Whether they are sorted by item, then by annotator, and nobody stands twice in one item."""
    later, same = item[1:] > item[:-1], item[1:] == item[:-1]
    same &= annotator[1:] > annotator[:-1]
    return bool((later | same).all())


def numbers_of(votes: Votes) -> Floats:
    """The values of a rating as numbers, shape (q,).

    Raises:
        InputError: an answer is no number, or not a finite one.
    """
    numbers = np.array([_number(value) for value in votes.values])
    wrong = np.flatnonzero(~np.isfinite(numbers)[votes.value])
    if len(wrong):
        annotator, value = votes.annotators[votes.annotator[wrong[0]]], votes.values[votes.value[wrong[0]]]
        raise InputError(
            f"ordinal agreement needs numbers, but {annotator!r} answered {value!r} to {votes.question!r}. "
            "Correct the answer, or ask the question as a label."
        )
    return numbers


def recoded(votes: Votes, choices: Mapping[str, str | None]) -> Votes:
    """Canonical votes with other values in place of some; a vote whose new value is None is dropped.

    >>> votes = votes_of([("ann", "1", "both_bad"), ("ben", "1", "tie"), ("ann", "2", "first")])
    >>> recoded(votes, {"both_bad": "tie", "first": None}).value.tolist()
    [0, 0]
    """
    new = [choices.get(value, value) for value in votes.values]
    values = tuple(sorted({value for value in new if value is not None}))
    code = np.array([-1 if value is None else values.index(value) for value in new], dtype=np.int64)
    kept = code[votes.value] >= 0
    return replace(
        votes,
        item=votes.item[kept],
        annotator=votes.annotator[kept],
        value=code[votes.value[kept]],
        values=values,
    )


def paired(votes: Votes) -> Votes:
    """The canonical votes on items that two or more annotators judged."""
    kept = ~_alone(votes.item)
    return replace(votes, item=votes.item[kept], annotator=votes.annotator[kept], value=votes.value[kept])


def extent_of(votes: Votes) -> Extent:
    """What a statistic of all these canonical votes rests on."""
    annotators = np.bincount(votes.annotator, minlength=1)
    return Extent(int((sizes_of(votes.item) > 1).sum()), len(votes.item), int((annotators > 0).sum()))


class Extents(NamedTuple):
    """What statistics of a question rest on: without, and with, the items that have one answer."""

    paired: Extent
    all: Extent


def extents_of(votes: Votes) -> Extents:
    """`extent_of` of the paired votes, and of all."""
    alone, answers = _alone(votes.item), np.bincount(votes.annotator, minlength=1)
    single = np.count_nonzero(alone)
    paired = answers - np.bincount(votes.annotator[alone], minlength=len(answers))
    items = len(starts_of(votes.item)) - single
    return Extents(
        Extent(items, len(votes.item) - single, np.count_nonzero(paired)),
        Extent(items, len(votes.item), np.count_nonzero(answers)),
    )


def _alone(item: Ints) -> npt.NDArray[np.bool_]:
    """Whether each vote is the only one on its item."""
    other = item[1:] != item[:-1]
    return np.append(True, other)[: len(item)] & np.append(other, True)[: len(item)]


def prevalence(votes: Votes) -> dict[str, float]:
    """The share of the answers that each value has; nothing where there are no answers.

    >>> prevalence(votes_of([("ann", "1", "no"), ("ben", "1", "no"), ("ann", "2", "yes"), ("ben", "2", "no")]))
    {'no': 0.75, 'yes': 0.25}
    """
    if not len(votes.value):
        return {}
    shares = np.bincount(votes.value, minlength=len(votes.values)) / len(votes.value)
    return dict(zip(votes.values, shares.tolist(), strict=True))


def _coded(names: Sequence[str]) -> tuple[tuple[str, ...], Ints]:
    """The distinct names, sorted, and each name's place among them."""
    distinct = sorted(set(names))
    code = {name: place for place, name in enumerate(distinct)}
    return tuple(distinct), np.array([code[name] for name in names], dtype=np.int64)


def _moved(code: Ints, order: Sequence[int]) -> Ints:
    """The codes after what they stand for was put in this order of the old places."""
    if list(order) == list(range(len(order))):
        return code
    places = np.empty(len(order), dtype=np.int64)
    places[list(order)] = np.arange(len(order))
    return places[code]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return nan
