"""Agreement of edited answers, and how much of it comes from the draft.

Edits of one draft are alike because of the draft. How alike they are says nothing without its baseline, how alike
draft and edit are, and the share of drafts that were left as they were.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, combinations
from typing import NamedTuple

import numpy as np

from concord.agreement.likenesses import Likenesses
from concord.agreement.means import mean_over_items
from concord.agreement.similarity import SIMILARITIES, Measure, levenshtein
from concord.agreement.statistic import NOBODY_TWICE, Extent, Statistic
from concord.records.kinds import Floats, Ints
from concord.records.report import EditedText

MOST_PAIRS = {"levenshtein": 20_000, "rouge_l": 20_000, "chrf": 1_000, "bleu": 1_000}
"""Where there are more pairs of texts than this, only a sample of the items is compared: 1,000 give the mean to .01."""

_NO_DRAFT = "not defined: no edit began from a draft"

_Edits = Sequence[EditedText]
_Texts = list[tuple[str, str]]


class Similarities(NamedTuple):
    """How alike the edits of each item are, shape (items,), and these edits."""

    values: Floats
    items: list[Sequence[EditedText]]


def similarities(edits: _Edits, *, seed: int) -> Similarities:
    """For each item that several edited the mean similarity of its pairs of edits, as `edit_similarity` averages it.

    >>> edits = [EditedText(1, "ann", None, "kitten"), EditedText(1, "ben", None, "sitting")]
    >>> similarities(edits, seed=0).values.round(4).tolist()
    [0.5714]
    """
    several = [item for item in _by_item(edits) if len(item) > 1]
    return _similarities(several, _texts_of_annotators, "levenshtein", seed)


def likenesses(edits: _Edits, *, seed: int) -> Likenesses:
    """How alike the edits of each two annotators of an item are, in the sample that `edit_similarity` takes.

    >>> edits = [EditedText(7, "ann", None, "kitten"), EditedText(7, "ben", None, "sitting")]
    >>> likenesses(edits, seed=0).value.round(4).tolist()
    [0.5714]
    """
    several = [item for item in _by_item(edits) if len(item) > 1]
    compared = _sample(several, [len(_texts_of_annotators(item)) for item in several], MOST_PAIRS["levenshtein"], seed)
    unsigned = np.array([item[0].item % 2**64 for item in compared], dtype=np.uint64)
    order: list[int] = np.argsort(unsigned).tolist()
    compared = [compared[place] for place in order]
    names = sorted({edit.annotator for item in compared for edit in item})
    place = {name: number for number, name in enumerate(names)}
    pairs = [(number, *pair) for number, item in enumerate(compared) for pair in combinations(item, 2)]
    columns = [(number, place[one.annotator], place[other.annotator]) for number, one, other in pairs]
    item, left, right = np.array(columns, dtype=np.int64).reshape(-1, 3).T
    value = levenshtein([(one.text, other.text) for _, one, other in pairs])
    clusters = _clusters(compared)
    none = np.empty(0, np.int64)
    return Likenesses(
        item, left, right, value, tuple(names), np.sort(unsigned).view(np.int64), none if clusters is None else clusters
    )


def edit_similarity(edits: _Edits, *, seed: int, measure: Measure = "levenshtein") -> Statistic:
    """How alike two annotators' edits of one item are: the mean over pairs, then over items.

    Args:
        edits: those of one arm, at most one for an item and annotator.
        seed: of the interval's resamples, and of the sample where there are more than `MOST_PAIRS` pairs.
        measure: of how alike two texts are (`concord.agreement.similarity`).

    Returns:
        0 to 1; 1 for equal texts. NaN when no item was edited by two annotators.

    >>> edits = [EditedText(1, "ann", None, "kitten"), EditedText(1, "ben", None, "sitting")]
    >>> round(edit_similarity(edits, seed=0).value, 4)
    0.5714
    """
    several = [item for item in _by_item(edits) if len(item) > 1]
    return _mean_similarity(several, _texts_of_annotators, measure, seed=seed, undefined=NOBODY_TWICE)


def draft_similarity(edits: _Edits, *, seed: int, measure: Measure = "levenshtein") -> Statistic:
    """How alike an edit and the draft that it began from are: the mean over an item's edits, then over items.

    The baseline of `edit_similarity`, measured alike. It needs one annotator only: `items` counts all items with an
    edit that began from a draft.

    Returns:
        0 to 1; 1 when all drafts were left unchanged. NaN when no edit began from a draft.

    >>> round(draft_similarity([EditedText(1, "ann", "kitten", "sitting")], seed=0).value, 4)
    0.5714
    """
    return _mean_similarity(_by_item(_drafted(edits)), _texts_of_drafts, measure, seed=seed, undefined=_NO_DRAFT)


def share_unchanged(edits: _Edits, *, seed: int) -> Statistic:
    """The share of edits that left their draft exactly as it was: the mean over an item's edits, then over items.

    Returns:
        0 to 1. NaN when no edit began from a draft. `items` counts as for `draft_similarity`.

    >>> share_unchanged([EditedText(1, "ann", "Yes.", "Yes."), EditedText(1, "ben", "Yes.", "No.")], seed=0).value
    0.5
    """
    items = _by_item(_drafted(edits))
    shares = np.array([sum(edit.text == edit.draft for edit in item) / len(item) for item in items])
    notes = [None if items else _NO_DRAFT]
    return mean_over_items(shares, extent_of(items), seed=seed, notes=notes, clusters=_clusters(items))


def _mean_similarity(
    items: list[_Edits], texts_of: Callable[[_Edits], _Texts], measure: Measure, *, seed: int, undefined: str
) -> Statistic:
    """The mean similarity of the pairs of texts that an item's edits make, and then of the items."""
    found = _similarities(items, texts_of, measure, seed)
    sampled = f"sampled: {len(found.items)} of {len(items)} items" if len(found.items) < len(items) else None
    notes = [None if items else undefined, sampled]
    extent, clusters = extent_of(found.items), _clusters(found.items)
    return mean_over_items(found.values, extent, seed=seed, notes=notes, clusters=clusters)


def _similarities(
    items: list[_Edits], texts_of: Callable[[_Edits], _Texts], measure: Measure, seed: int
) -> Similarities:
    compared = _sample(items, [len(texts_of(item)) for item in items], MOST_PAIRS[measure], seed)
    texts = [texts_of(item) for item in compared]
    pairs = np.array([len(pairs) for pairs in texts], dtype=np.int64)
    item = np.repeat(np.arange(len(pairs)), pairs)
    sums = np.bincount(item, SIMILARITIES[measure](list(chain.from_iterable(texts))), minlength=len(pairs))
    return Similarities(sums / pairs, compared)


def _texts_of_annotators(item: _Edits) -> _Texts:
    return list(combinations([edit.text for edit in item], 2))


def _texts_of_drafts(item: _Edits) -> _Texts:
    return [(edit.draft, edit.text) for edit in item if edit.draft is not None]


def _sample(items: list[_Edits], pairs: Sequence[int], most: int, seed: int) -> list[_Edits]:
    """All items, or as many as make `most` pairs, drawn at random.

    Drawn in the order of what was written, not of the items' numbers, which may change.
    """
    if sum(pairs) <= most:
        return items
    by_content = sorted(range(len(items)), key=lambda i: _content(items[i]))
    order: list[int] = np.random.default_rng(seed).permutation(len(items)).tolist()
    drawn = [by_content[place] for place in order]
    number = int(np.searchsorted(np.cumsum([pairs[i] for i in drawn]), most, side="right"))
    return [items[i] for i in drawn[: max(1, number)]]


def _clusters(items: Sequence[_Edits]) -> Ints | None:
    """The cluster of each item; None where the edits do not tell."""
    found = [item[0].cluster for item in items]
    return np.array([one for one in found if one is not None], dtype=np.int64) if None not in found else None


def _content(item: _Edits) -> list[tuple[str, str, str]]:
    return [(edit.annotator, edit.draft or "", edit.text) for edit in item]


def _by_item(edits: Iterable[EditedText]) -> list[_Edits]:
    """The edits of each item, by annotator."""
    items: defaultdict[int, list[EditedText]] = defaultdict(list)
    for edit in sorted(edits, key=lambda edit: edit.annotator):
        items[edit.item].append(edit)
    return list(items.values())


def _drafted(edits: _Edits) -> _Edits:
    return [edit for edit in edits if edit.draft is not None]


def extent_of(items: Sequence[_Edits]) -> Extent:
    """What a number about these items' edits rests on."""
    annotators = {edit.annotator for item in items for edit in item}
    return Extent(len(items), sum(len(item) for item in items), len(annotators))
