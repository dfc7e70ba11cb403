"""What repeats in a data set: prompts, responses, and prompts that are answered in different ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol
from uuid import UUID

import numpy as np

from concord.curation.clusters import clusters
from concord.curation.duplicates import duplicates_among
from concord.curation.findings import Concern, Finding, Look, Shown, excerpt
from concord.curation.shingles import WORDS, Gathered, ShingleSets
from concord.ids import BLANK_KEY, folded_key
from concord.records.kinds import Ints

_TOGETHER = "They share a cluster, so that no split parts them."
_SAME_PROMPT = Concern(
    "repeated-prompt",
    "warning",
    "The prompt is that of another item, but for blanks.",
    f"{_TOGETHER} Reject all but one in Review, unless several answers to it are wanted.",
    "review",
)
_NEAR_PROMPT = Concern(
    "near-duplicate-prompt",
    "note",
    "The prompt is a near-duplicate of another one.",
    f"{_TOGETHER} Many of them teach little: take more different rows.",
    "imports",
)
_SAME_RESPONSE = Concern(
    "repeated-response",
    "note",
    f"A response of {WORDS + 2} words or more is also one to another prompt, but for case, signs and blanks.",
    "A model learns to say it whatever is asked. Look whether it is boilerplate.",
    "review",
)
_NEAR_RESPONSE = Concern(
    "near-duplicate-response",
    "note",
    "A response is a near-duplicate of one to another prompt.",
    "A model learns to say it whatever is asked. Look whether it is boilerplate.",
    "review",
)
_CONTRADICTION = Concern(
    "contradiction",
    "warning",
    "Items of one prompt have no approved answer in common.",
    "That is well where many answers are right, and noise where one is. Decide them in Review.",
    "review",
)
_OPPOSED = Concern(
    "opposed-preference",
    "warning",
    "Under one prompt the same two responses are preferred this way and that way.",
    "Such pairs train to nothing. Decide one of the items in Review.",
    "review",
)


class OpposedStore(Protocol):
    """What is asked of the store beside the items."""

    def opposed_preferences(self, project_id: UUID) -> list[tuple[UUID, str]]: ...


class Repeated:
    """See `concord.curation.findings.Check`; it keeps eight bytes for each word of all texts."""

    def __init__(self, opposed: Sequence[tuple[UUID, str]] = ()) -> None:
        self._opposed = opposed
        self._names: list[str] = []
        self._heads: list[str] = []
        self._keys: list[int] = []
        self._templates: dict[str | None, int] = {None: -1}
        self._template: list[int] = []
        self._answers: dict[int, frozenset[UUID]] = {}
        self._prompts, self._responses = Gathered(), Gathered()
        self._of: list[int] = []
        self._response_heads: list[str] = []

    def see(self, look: Look) -> None:
        """Keep what is needed to compare the item with all others."""
        item = look.item
        self._names.append(item.name)
        self._heads.append(excerpt(look.prompt))
        self._keys.append(item.prompt_key.int >> 64)
        self._template.append(self._templates.setdefault(item.template_id, len(self._templates) - 1))
        self._prompts.add(look.prompt)
        if keys := frozenset(map(folded_key, item.answers)) - {BLANK_KEY}:
            self._answers[look.number] = keys
        for text in dict.fromkeys(look.responses):
            self._responses.add(text)
            self._of.append(look.number)
            self._response_heads.append(excerpt(text))

    def prompts(self) -> ShingleSets:
        """The shingles of all prompts."""
        return self._prompts.sets()

    def responses(self) -> ShingleSets:
        """The shingles of all responses."""
        return self._responses.sets()

    def findings(self, items: int) -> Iterable[Finding]:
        """What repeats, the largest groups first."""
        if not self._names:
            return
        key = np.unique(np.array(self._keys, np.uint64), return_inverse=True)[1].astype(np.int64)
        yield from self._grouped(_SAME_PROMPT, key, items)
        found = duplicates_among(self.prompts(), np.array(self._template, np.int64))
        near = found.pairs[key[found.pairs[:, 0]] != key[found.pairs[:, 1]]]
        yield from self._grouped(_NEAR_PROMPT, _labels(near, items), items)
        yield from self._of_responses(key, items)
        yield from self._contradictions(key, items)
        names = {name: number for number, name in enumerate(self._names)}
        groups: defaultdict[UUID, list[int]] = defaultdict(list)
        for prompt_key, name in self._opposed:
            if name in names:
                groups[prompt_key].append(names[name])
        yield from self._finding(_OPPOSED, list(groups.values()), items)

    def _of_responses(self, key: Ints, items: int) -> Iterator[Finding]:
        """What is said to two prompts; of texts of a few words, such as labels, nothing is said."""
        sets, of = self.responses(), np.array(self._of, np.int64)
        found = duplicates_among(_without_short(sets))
        for concern, alike in ((_SAME_RESPONSE, found.likeness == 1.0), (_NEAR_RESPONSE, found.likeness < 1.0)):
            apart = key[of[found.pairs[:, 0]]] != key[of[found.pairs[:, 1]]]
            pairs = found.pairs[alike & apart]
            heads = {int(of[response]): response for response in pairs.ravel().tolist()}
            yield from self._grouped(concern, _labels(of[pairs], items), items, heads)

    def _contradictions(self, key: Ints, items: int) -> Iterator[Finding]:
        by_prompt: defaultdict[int, list[int]] = defaultdict(list)
        for number in self._answers:
            by_prompt[int(key[number])].append(number)
        groups = [
            members
            for members in by_prompt.values()
            if len(members) > 1 and not frozenset.intersection(*(self._answers[one] for one in members))
        ]
        yield from self._finding(_CONTRADICTION, groups, items)

    def _grouped(
        self, concern: Concern, label: Ints, items: int, heads: dict[int, int] | None = None
    ) -> Iterator[Finding]:
        """The items of which two or more have the same label."""
        size = np.bincount(label)
        members = np.flatnonzero(size[label] > 1)
        order = members[np.lexsort((members, label[members], -size[label[members]]))]
        groups = np.split(order, np.flatnonzero(np.diff(label[order])) + 1) if len(order) else []
        yield from self._finding(concern, [group.tolist() for group in groups], items, heads)

    def _finding(
        self, concern: Concern, groups: Sequence[Sequence[int]], items: int, heads: dict[int, int] | None = None
    ) -> Iterator[Finding]:
        count = sum(map(len, groups))
        if count:
            shown = (
                Shown(self._names[one], self._response_heads[heads[one]] if heads else self._heads[one], number)
                for number, group in enumerate(groups, 1)
                for one in group
            )
            yield concern.finding(count, items, shown)


def _labels(pairs: Ints, items: int) -> Ints:
    """The cluster of each item that these pairs make."""
    return clusters(np.arange(items), np.full(items, -1, np.int64), pairs)


def _without_short(sets: ShingleSets) -> ShingleSets:
    """The sets without those of texts that have fewer than five words."""
    kept = sets.size >= WORDS
    return ShingleSets(np.where(kept, sets.size, 0), sets.shingle[np.repeat(kept, sets.size)])
