"""Votes by what surrounds them: their time and guidelines, the template, version, model and cluster of their items."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple, get_args

import numpy as np
import numpy.typing as npt

from concord.agreement.groups import nearly_sorted, places_of_groups
from concord.records.kinds import Arm, Floats, Ints, Kind
from concord.records.report import Circumstances, ItemFacts, Votes

_KINDS: tuple[Kind, ...] = get_args(Kind)
_ARMS: tuple[Arm, ...] = get_args(Arm)
MOST_STRATA = 20


class Surrounded(NamedTuple):
    """What surrounds each vote: seconds since 1970 (-1 unknown), seconds at the desk (NaN), guidelines (-1)."""

    at: Ints
    seconds: Floats
    guidelines: Ints


class Stratum(NamedTuple):
    """The votes on one kind of item, or under one version of the guidelines; `kept` are their places."""

    by: str
    name: str
    kept: Ints


def surrounded(votes: Votes, circumstances: Circumstances) -> Surrounded:
    """What surrounds each of the canonical votes, as far as it is known."""
    n, a = len(votes.item), len(votes.annotators)
    at, seconds, guidelines = np.full(n, -1), np.full(n, np.nan), np.full(n, -1)
    of_kind = circumstances.kind == _KINDS.index(votes.kind)
    mine = np.flatnonzero(of_kind & (circumstances.arm == _ARMS.index(votes.arm)))
    mine = mine[nearly_sorted(circumstances.key[mine].view(np.uint64))]
    item = places_of(votes.keys, circumstances.key[mine])
    names = {name: place for place, name in enumerate(votes.annotators)}
    person = np.array([names.get(name, -1) for name in circumstances.annotators], dtype=np.int64)
    person = person[circumstances.annotator[mine]]
    known = (item >= 0) & (person >= 0)
    wanted, given = votes.item * a + votes.annotator, (item * a + person)[known]
    place = np.minimum(np.searchsorted(wanted, given), n - 1)
    hit = wanted[place] == given
    place, source = place[hit], mine[known][hit]
    at[place], guidelines[place] = circumstances.at[source], circumstances.guidelines[source]
    seconds[place] = circumstances.seconds[source]
    return Surrounded(at, seconds, guidelines)


def places_of(keys: Ints, wanted: Ints) -> Ints:
    """The place of each wanted key among the keys, which ascend as unsigned numbers; -1 where it is not there.

    It is found much quicker where what is wanted ascends too, or nearly.
    """
    if not len(keys):
        return np.full(len(wanted), -1)
    unsigned, sought = keys.view(np.uint64), wanted.view(np.uint64)
    place = np.minimum(np.searchsorted(unsigned, sought), len(keys) - 1)
    return np.where(unsigned[place] == sought, place, -1)


def strata(votes: Votes, around: Surrounded, facts: ItemFacts) -> Iterator[Stratum]:
    """The largest strata of each kind that has several, `MOST_STRATA` at most; a vote is in one stratum of a kind."""
    order = nearly_sorted(facts.key.view(np.uint64))
    of_item = places_of(votes.keys, facts.key[order])
    place, source = of_item[of_item >= 0], order[of_item >= 0]
    for by, (codes, names) in facts.facts.items():
        code = np.full(len(votes.keys), -1)
        code[place] = codes[source]
        yield from _of_codes(by, code[votes.item], names)
    versions = tuple(str(version) for version in range(int(around.guidelines.max(initial=-1)) + 1))
    yield from _of_codes("guidelines", around.guidelines, versions)


def part(votes: Votes, kept: npt.NDArray[np.bool_] | Ints) -> Votes:
    """Some of the votes; the values stay, as the question stays the same."""
    return replace(votes, item=votes.item[kept], annotator=votes.annotator[kept], value=votes.value[kept])


def item_of(votes: Votes) -> Ints:
    """For each vote the place of its item among those of the votes, from 0."""
    return places_of_groups(votes.item)


def _of_codes(by: str, code: Ints, names: tuple[str, ...]) -> Iterator[Stratum]:
    counts = np.bincount(code[code >= 0], minlength=len(names))
    if np.count_nonzero(counts) < 2:
        return
    largest = np.argsort(-counts, kind="stable")[:MOST_STRATA]
    for number in sorted(int(one) for one in largest if counts[one]):
        yield Stratum(by, names[number], np.flatnonzero(code == number))
