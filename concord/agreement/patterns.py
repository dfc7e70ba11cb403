"""Items grouped by their answers: all that the coefficients need to know.

A coefficient for interchangeable annotators depends on an item only through its counts: how many annotators gave it
each value. Items with the same counts form a pattern. A million votes in five categories make some forty patterns, so
that a thousand resamples of all items cost no more than a thousand draws of forty numbers.

The counts are kept as a sparse matrix, patterns x categories, one element for each cell that is not 0: with hundreds
of labels, or ratings with decimals, the dense one would not fit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from concord.agreement.groups import numbered, places_of_groups, sizes_of, starts_of
from concord.records.kinds import Floats, Ints
from concord.records.report import Votes

_PACKED_LIMIT = 2**62
_MOST_BYTES = 7
_MOST_COUNTED = 20
"""Numbers of so many bits are counted in a table with a place for each of them; longer ones are sorted."""


@dataclass(frozen=True)
class Blocks:
    """Weights that are the same for all items of a block; each pattern is one item.

    Attributes:
        block: of each pattern, shape (p,).
        drawn: how often each block counts, shape (rows, blocks).
    """

    block: Ints
    drawn: Floats


Weights = Floats | Blocks
"""How much each pattern counts in each of several rows: shape (rows, p), or by blocks."""


@dataclass(frozen=True)
class Patterns:
    """The distinct counts of a question's items.

    Attributes:
        items: how many items have the pattern, shape (p,).
        m: answers that an item of the pattern has, shape (p,).
        pattern: the pattern of each cell, ascending, shape (cells,).
        category: the category of each cell, ascending within a pattern, shape (cells,).
        count: c, how many annotators gave that category, shape (cells,).
        q: number of categories in the question's schema.
    """

    items: Ints
    m: Floats
    pattern: Ints
    category: Ints
    count: Floats
    q: int


def count_patterns(votes: Votes) -> Patterns:
    """The patterns of canonical votes, in an order that does not depend on the order of the items.

    >>> from concord.agreement.votes import votes_of
    >>> three_items = [("ann", "1", "a"), ("ben", "1", "b"), ("ann", "2", "b"), ("ben", "2", "a"), ("ann", "3", "a")]
    >>> patterns = count_patterns(votes_of(three_items))
    >>> patterns.items.tolist(), patterns.m.tolist()
    ([1, 2], [1.0, 2.0])
    """
    starts = starts_of(votes.item)
    sizes = np.diff(starts, append=len(votes.item))
    q, most, none = len(votes.values), int(sizes.max(initial=0)), [np.empty(0, dtype=np.int64)]
    if 0 < q <= _MOST_BYTES and most < 256:
        return _in_fields(votes, starts, most.bit_length())
    items: list[Ints] = [*none]
    m: list[Ints] = [*none]
    values: list[Ints] = [*none]
    for size in np.unique(sizes).tolist():
        rows = np.sort(votes.value[starts[sizes == size][:, None] + np.arange(size)], axis=1)
        first, number = _distinct(rows, q)
        items.append(number)
        m.append(np.full(len(number), size, dtype=np.int64))
        values.append(rows[first].ravel())
    return _patterns(np.concatenate(items), np.concatenate(m), np.concatenate(values), q)


def _in_fields(votes: Votes, starts: Ints, bits: int) -> Patterns:
    """The patterns where the counts of an item fit into one number, in a field of so many bits for each value."""
    shifts = bits * np.arange(len(votes.values), dtype=np.int64)
    packed, items = _counted(np.add.reduceat((np.int64(1) << shifts)[votes.value], starts), bits * len(votes.values))
    counts = (packed[:, None] >> shifts) & ((1 << bits) - 1)
    pattern, category = np.nonzero(counts)
    m = counts.sum(axis=1).astype(float)
    return Patterns(items, m, pattern, category, counts[pattern, category].astype(float), len(votes.values))


def _counted(numbers: Ints, bits: int) -> tuple[Ints, Ints]:
    """The distinct numbers of so many bits, ascending, and how often each occurs."""
    if bits > _MOST_COUNTED:
        return np.unique(numbers, return_counts=True)
    times = np.bincount(numbers)
    distinct = np.flatnonzero(times)
    return distinct, times[distinct]


def _patterns(items: Ints, m: Ints, value: Ints, q: int) -> Patterns:
    """Patterns from their answers, the answers of one pattern after those of the other and sorted."""
    cell = np.repeat(np.arange(len(m)), m) * q + value
    pattern, category = np.divmod(cell[starts_of(cell)], max(1, q))
    return Patterns(items, m.astype(float), pattern, category, sizes_of(cell).astype(float), q)


def _distinct(rows: Ints, q: int) -> tuple[Ints, Ints]:
    """Where each kind of row occurs first, and how often, in the order of the rows."""
    _, first, number = np.unique(_packed(rows, q), return_index=True, return_counts=True)
    return first, number


def _packed(rows: Ints, q: int) -> Ints:
    """One number for each row of digits 0..q-1, equal where the rows are, and in the order of the rows."""
    packed, limit = np.zeros(len(rows), np.int64), 1
    for digit in rows.T:
        if limit * q > _PACKED_LIMIT:
            _, packed = numbered(packed)
            limit = len(rows)
        packed = packed * q + digit
        limit *= q
    return packed


def each_item(votes: Votes) -> Patterns:
    """The patterns of canonical votes with each item as one of its own, in the order of the items."""
    starts, sizes, q = starts_of(votes.item), sizes_of(votes.item), len(votes.values)
    item = places_of_groups(votes.item)
    cell = np.sort(item * max(1, q) + votes.value)
    pattern, category = np.divmod(cell[starts_of(cell)], max(1, q))
    ones = np.ones(len(starts), dtype=np.int64)
    return Patterns(ones, sizes.astype(float), pattern, category, sizes_of(cell).astype(float), q)


def observed(patterns: Patterns) -> Floats:
    """The weights of the data as they are: one row, shape (1, p)."""
    return patterns.items[None].astype(float)


def total(weights: Weights, terms: Floats) -> Floats:
    """The weighted sum of a number for each pattern.

    Args:
        weights: of p patterns, in each of several rows.
        terms: shape (p,).

    Returns:
        Shape (rows,).
    """
    if isinstance(weights, Blocks):
        return weights.drawn @ np.bincount(weights.block, terms, minlength=weights.drawn.shape[1])
    return weights @ terms


def per_category(patterns: Patterns, weights: Weights, factor: Floats) -> Floats:
    """The weighted number of answers in each category: the weights times the counts.

    Args:
        patterns: p patterns of q categories.
        weights: of the patterns, in each of several rows.
        factor: by which the answers of a pattern count, shape (p,).

    Returns:
        Shape (rows, q).
    """
    counts = factor[patterns.pattern] * patterns.count
    if isinstance(weights, Blocks):
        blocks = weights.drawn.shape[1]
        place = weights.block[patterns.pattern] * patterns.q + patterns.category
        sums = np.bincount(place, counts, minlength=blocks * patterns.q)
        return weights.drawn @ np.asarray(sums, dtype=float).reshape(blocks, patterns.q)
    return _sums(weights[:, patterns.pattern] * counts, patterns.category, patterns.q)


def per_pattern(patterns: Patterns, numbers: Floats) -> Floats:
    """The sum of a number over the answers of each pattern: the counts times `numbers`.

    Args:
        patterns: p patterns of q categories.
        numbers: a number for each category, shape (rows, q).

    Returns:
        Shape (rows, p).
    """
    return _sums(numbers[:, patterns.category] * patterns.count, patterns.pattern, len(patterns.items))


def _sums(terms: Floats, group: Ints, groups: int) -> Floats:
    """Sums of the terms of each row by group, shape (rows, groups)."""
    rows = len(terms)
    place = np.arange(rows)[:, None] * groups + group
    sums = np.bincount(place.ravel(), terms.ravel(), minlength=rows * groups)
    return np.asarray(sums, dtype=float).reshape(rows, groups)
