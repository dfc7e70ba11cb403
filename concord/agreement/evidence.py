"""Signs that something other than substance moved the judgements: place, length, formatting, haste, habits of editing.

Each is a share or a difference with an interval over items, for all and for each annotator, beside the value that no
pull at all would give. They are questions to ask, not faults of a person: a longer draft may well be the better one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isnan, nan
from typing import NamedTuple
from uuid import UUID

import numpy as np

from concord.agreement.groups import numbered
from concord.agreement.shares import Scores, means_by_group
from concord.agreement.similarity import levenshtein
from concord.agreement.statistic import Statistic, Statistics, counted
from concord.agreement.units import MOST_UNITS, lots_of_numbers, units_of
from concord.records.kinds import Floats, Ints
from concord.records.report import EditChanges, EditedText, Paces, Pulls, Substance

QUICK = 60.0
"""Characters a second, some 600 words a minute; silent reading of English takes 238 on average (Brysbaert 2019)."""

MOST_EDITS = 20_000


@dataclass(frozen=True)
class Evidence:
    """One possible pull.

    Attributes:
        name: of the pull, for JSON.
        sentence: what was found, in plain words.
        neutral: the value without any pull; None where there is none to compare with.
        all: over all annotators.
        people: of each annotator, by name.
    """

    name: str
    sentence: str
    neutral: float | None
    all: Statistic
    people: Statistics


def evidence(pulls: Pulls, paces: Paces, edits: Sequence[EditedText], *, seed: int) -> list[Evidence]:
    """All the evidence there is data for.

    Args:
        pulls: decided pairs of drafts.
        paces: judgements that were timed.
        edits: of the main arm.
        seed: of the resamples.
    """
    sides = (
        ("first_shown", pulls.first_shown, "The draft that was shown first was preferred in {} of the decided pairs"),
        ("longer", pulls.longer, "The longer draft was preferred in {} of the decided pairs"),
        ("formatted", pulls.formatted, "The draft with more lists, headings and bold was preferred in {} of the pairs"),
    )
    found = [_side(name, side, sentence, pulls, seed) for name, side, sentence in sides]
    found += [_haste(paces, seed), _changes(edits, seed)]
    return [one for one in found if one is not None]


def _side(name: str, side: Ints, sentence: str, pulls: Pulls, seed: int) -> Evidence | None:
    """How often the draft with some mark won, of the pairs in which one of the two has it; .5 is no pull."""
    kept = side != 0
    won = (side[kept] > 0).astype(float)
    if not len(won):
        return None
    made = evidence_of(won, pulls.key[kept], pulls.annotator[kept], pulls.annotators, seed)
    return Evidence(name, f"{sentence.format(percent(made.all))}; without a pull it would be 50 %.", 0.5, *made)


def _haste(paces: Paces, seed: int) -> Evidence | None:
    """The share of judgements given in less time than a quick reader needs."""
    early = (paces.seconds * QUICK < paces.characters).astype(float)
    if not len(early):
        return None
    made = evidence_of(early, paces.key, paces.annotator, paces.annotators, seed)
    sentence = (
        f"{percent(made.all)} of the judgements took less time than reading all that was shown at 600 words a minute."
    )
    return Evidence("below_reading_time", sentence, None, *made)


def _changes(edits: Sequence[EditedText], seed: int) -> Evidence | None:
    """How much more of a draft an annotator changes than the others do on the same items."""
    of: defaultdict[int, list[EditedText]] = defaultdict(list)
    for edit in sorted(edits, key=lambda edit: (edit.item, edit.annotator)):
        if edit.draft is not None:
            of[edit.item].append(edit)
    shared = [edit for item in of.values() if len(item) > 1 for edit in item][:MOST_EDITS]
    if not shared:
        return None
    change = 1 - levenshtein([(edit.draft or "", edit.text) for edit in shared])
    _, item = numbered(np.array([edit.item for edit in shared]))
    number = np.bincount(item)
    others = (np.bincount(item, change)[item] - change) / np.maximum(number[item] - 1, 1)
    names = sorted({edit.annotator for edit in shared})
    annotator = np.array([names.index(edit.annotator) for edit in shared])
    made = evidence_of(change - others, item, annotator, tuple(names), seed)
    widest = max(made.people.values(), key=lambda one: abs(one.value) if not isnan(one.value) else 0.0)
    sentence = f"Annotators change up to {abs(widest.value):.0%} more or less of a draft than others on the same items."
    return Evidence("changes_beyond_peers", sentence, 0.0, *made)


def style_against_substance(substance: Substance, *, seed: int) -> Evidence | None:
    """How often a draft marked wrong was preferred to one that the same person marked right; None without a pair."""
    won = substance.wrong_won.astype(float)
    if not len(won):
        return None
    made = evidence_of(won, substance.key, substance.annotator, substance.annotators, seed)
    sentence = (
        "Of two drafts of which the same person marked one factually right and the other wrong, the wrong one was "
        f"preferred in {percent(_if_mixed(made.all))} of the pairs; facts alone would give 0 %."
    )
    people = {name: _if_mixed(one) for name, one in made.people.items()}
    return Evidence("wrong_preferred", sentence, 0.0, _if_mixed(made.all), people)


def kept_of_drafts(changes: EditChanges, *, seed: int) -> Evidence | None:
    """The mean share of a draft's words that an edit keeps; None where nothing was edited at the desk."""
    known = ~np.isnan(changes.kept)
    if not known.any():
        return None
    made = evidence_of(changes.kept[known], changes.key[known], changes.annotator[known], changes.annotators, seed)
    sentence = f"Edits keep {percent(made.all)} of their draft's words: because drafts are good, or are not read."
    return Evidence("kept_of_draft", sentence, None, *made)


def _if_mixed(share: Statistic) -> Statistic:
    """The share, without the interval of no width that the bootstrap gives where all pairs went one way."""
    if 0 < share.value < 1:
        return share
    note = f"no interval: all {counted(share.annotations, 'pair')} went one way"
    return replace(share, low=nan, high=nan, note=note)


class Found(NamedTuple):
    """The mean over all annotators, and of each by name."""

    all: Statistic
    people: Statistics


def evidence_of(value: Floats, key: Ints, annotator: Ints, names: tuple[str, ...], seed: int) -> Found:
    """The mean of a number over judgements, with intervals by item.

    Args:
        value: of each judgement; one at least.
        key: its item.
        annotator: whose it is, as index into `names`.
        names: the annotators.
        seed: of the resamples.
    """
    _, item = numbered(key)
    unit = units_of(lots_of_numbers(value, item, annotator), None, seed=seed, most=MOST_UNITS)[item]
    means = means_by_group(Scores(value, annotator, unit, item, annotator), len(names), seed=seed)
    return Found(means.all, {name: one for name, one in zip(names, means.groups, strict=True) if one.annotations})


def evidence_of_rows(  # noqa: PLR0913 - a name, its sentence, and a number with its item and person
    name: str, sentence: str, values: Sequence[float], items: Sequence[UUID], annotators: Sequence[str], seed: int
) -> Evidence:
    """The evidence that the mean of a number over judgements is; `{}` in the sentence stands for it."""
    numbers = {item: number for number, item in enumerate(sorted(set(items)))}
    people = sorted(set(annotators))
    found = evidence_of(
        np.array(values, dtype=float),
        np.array([numbers[item] for item in items]),
        np.array([people.index(who) for who in annotators]),
        tuple(people),
        seed,
    )
    return Evidence(name, sentence.format(percent(found.all)), None, found.all, found.people)


def percent(one: Statistic) -> str:
    """A share with its interval."""
    if isnan(one.low):
        return f"{100 * one.value:.0f} %"
    return f"{100 * one.value:.0f} % (95 % interval {100 * one.low:.0f} to {100 * one.high:.0f})"
