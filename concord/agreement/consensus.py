"""One answer for each item from several: the majority, and Dawid and Skene's, which weighs annotators by accuracy.

Letters as in the source: T_ij, the probability that item i is of value j; p_j, how common value j is; pi_jl of an
annotator, how often value j was answered as l.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from concord.agreement.groups import starts_of, summed
from concord.agreement.strata import item_of
from concord.agreement.units import in_content_order
from concord.records.kinds import Floats, Ints
from concord.records.report import Votes

STEPS = 20
CLOSE = 1e-4
MOST_VALUES = 20
LEAST_ANSWERS = 20
"""An annotator with fewer answers has no accuracy worth printing (Dawid & Skene want 20 to 30)."""


@dataclass(frozen=True)
class Consensus:
    """What two rules make of a question's items.

    Attributes:
        items: all that were judged.
        tied: items on which no value has more votes than every other.
        changed: items with a majority on which Dawid and Skene's answer is another one.
        settled: tied items that Dawid and Skene's answer decides with a probability of .9 or more.
        accuracy: of each annotator with `LEAST_ANSWERS`, the estimated share of right answers.
        confusion: of each annotator, how often each most likely value (rows) was answered as each (columns), in numbers
            of answers.
        with_majority: of each annotator, the share of answers on items with a majority that are the majority's own;
            annotators count in their own majority.
    """

    items: int
    tied: int
    changed: int
    settled: int
    accuracy: dict[str, float]
    confusion: dict[str, Floats]
    with_majority: dict[str, float]


def consensus(votes: Votes) -> Consensus | None:
    """Majority and Dawid-Skene over canonical votes; None without votes, or with too many different values.

    >>> from concord.agreement.votes import votes_of
    >>> rows = [("ann", "1", "a"), ("ben", "1", "a"), ("ann", "2", "b"), ("ben", "2", "a")]
    >>> found = consensus(votes_of(rows))
    >>> found.items, found.tied, found.with_majority
    (2, 1, {'ann': 1.0, 'ben': 1.0})
    """
    if not len(votes.item) or len(votes.values) > MOST_VALUES:
        return None
    votes = in_content_order(votes)
    item, q, a = item_of(votes), len(votes.values), len(votes.annotators)
    counts = np.bincount(item * q + votes.value, minlength=(int(item[-1]) + 1) * q).reshape(-1, q)
    best = counts.max(axis=1)
    tied = (counts == best[:, None]).sum(axis=1) > 1
    majority = counts.argmax(axis=1)
    t = dawid_skene(votes)
    weighed = t.argmax(axis=1)
    answers = np.bincount(votes.annotator, minlength=a)
    confusion = _confusion(t, item, votes)
    accuracy = confusion.diagonal(axis1=1, axis2=2).sum(axis=1) / np.maximum(answers, 1)
    decided = ~tied[item]
    own = np.bincount(votes.annotator, decided & (votes.value == majority[item]), minlength=a)
    chances = np.bincount(votes.annotator, decided, minlength=a)
    names = list(enumerate(votes.annotators))
    return Consensus(
        items=len(counts),
        tied=int(tied.sum()),
        changed=int((~tied & (weighed != majority)).sum()),
        settled=int((tied & (t.max(axis=1) >= 0.9)).sum()),
        accuracy={name: float(accuracy[i]) for i, name in names if answers[i] >= LEAST_ANSWERS},
        confusion={name: confusion[i] for i, name in names},
        with_majority={name: float(own[i] / chances[i]) for i, name in names if chances[i]},
    )


def dawid_skene(votes: Votes) -> Floats:
    """The probability of each value for each item (Dawid & Skene 1979, Applied Statistics 28:20), by EM.

    It begins with the shares of votes, and smooths nothing. It is for nominal values, and wants some twenty answers of
    each annotator; with two annotators it can do little but follow the better one of its own making.

    Args:
        votes: canonical votes.

    Returns:
        T, shape (items, q); rows sum to 1.
    """
    item, q, a = item_of(votes), len(votes.values), len(votes.annotators)
    starts = starts_of(votes.item)
    t = _shares(item, votes.value, q)
    for _ in range(STEPS):
        counts = _confusion(t, item, votes)
        pi = counts / np.maximum(counts.sum(axis=2, keepdims=True), 1e-300)
        p = t.mean(axis=0)
        log_pi = np.log(np.maximum(pi, 1e-300)).transpose(0, 2, 1).reshape(a * q, q)
        log_t = np.add.reduceat(log_pi[votes.annotator * q + votes.value], starts) + np.log(np.maximum(p, 1e-300))
        new = np.exp(log_t - log_t.max(axis=1, keepdims=True))
        new /= new.sum(axis=1, keepdims=True)
        moved, t = float(np.abs(new - t).max()), new
        if moved < CLOSE:
            break
    return t


def _shares(item: Ints, value: Ints, q: int) -> Floats:
    counts = np.bincount(item * q + value, minlength=(int(item[-1]) + 1) * q).reshape(-1, q)
    return counts / counts.sum(axis=1, keepdims=True)


def _confusion(t: Floats, item: Ints, votes: Votes) -> Floats:
    """For each annotator, how often value j (rows) was answered as l (columns): sums of T, shape (a, q, q)."""
    a, q = len(votes.annotators), len(votes.values)
    cell = votes.annotator * q + votes.value
    of_value = t[item]
    sums = [summed(cell, of_value[:, j], a * q).reshape(a, q) for j in range(q)]
    return np.stack(sums, axis=1)
