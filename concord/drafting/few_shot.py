"""Few-shot: approved answers to similar prompts, shown to the model before its own prompt."""

from __future__ import annotations

import heapq
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import cast
from uuid import UUID

from concord.drafting.completion import Completion
from concord.drafting.recipe import Parts, Recipe
from concord.drafting.request import Ask, Request
from concord.records.draft import Wanted
from concord.records.item import Item, Message
from concord.records.kinds import Similarity

Scores = Callable[[Sequence[str]], Sequence[float]]
"""How similar each example's prompt is to these words; not above 0 when they share none."""

_REMEMBERED = 1_000


@dataclass(frozen=True)
class Example:
    """An approved answer.

    Attributes:
        id: of the item that it answers.
        messages: that item's prompt.
        cluster: what its near-duplicates, and items of the same row, share; such an item does not get it as example.
    """

    id: UUID
    messages: tuple[Message, ...]
    answer: str
    cluster: Hashable


class Examples:
    """The approved answers of a project, and how often each was shown in this run.

    Args:
        examples: which may be shown; items of other arms and of the test split are left out by the caller.
        similarity: `bm25` (Robertson's weighting, which favours rare words) or `jaccard` (the share of common words).
        number: how many a prompt gets.
        reuse: for how many items of the run one may be shown.
        cluster_of: the cluster of an item.
    """

    def __init__(
        self,
        examples: Sequence[Example],
        *,
        similarity: Similarity,
        number: int,
        reuse: int,
        cluster_of: Callable[[Item], Hashable],
    ) -> None:
        self._examples, self._number, self._reuse, self._cluster_of = tuple(examples), number, reuse, cluster_of
        corpus = [words(example.messages) for example in examples]
        self._scores = (bm25_scores if similarity == "bm25" else jaccard_scores)(corpus)
        self._used = Counter[UUID]()
        # The drafts of an item follow each other and see the same examples, which then count once.
        self._chosen = lru_cache(_REMEMBERED)(self._choose)

    @property
    def used(self) -> Mapping[UUID, int]:
        """For how many items each example was shown."""
        return self._used

    def choose(self, item: Item) -> tuple[Example, ...]:
        """The most similar examples that are left for an item, the most similar last, next to its own prompt."""
        return self._chosen(item.id, item.messages, self._cluster_of(item))

    def _choose(self, item_id: UUID, messages: tuple[Message, ...], cluster: Hashable) -> tuple[Example, ...]:
        scores = self._scores(words(messages))
        fit = (
            (score, -place)
            for place, (example, score) in enumerate(zip(self._examples, scores, strict=True))
            if score > 0 and example.id != item_id and example.cluster != cluster
            if self._used[example.id] < self._reuse
        )
        best = tuple(self._examples[-place] for _, place in heapq.nlargest(self._number, fit))
        self._used.update(example.id for example in best)
        return best[::-1]


def with_examples(recipe: Recipe, examples: Examples) -> Recipe:
    """The same recipe, which is shown examples wherever it asks for a draft."""

    async def shown(ask: Ask, wanted: Wanted) -> Parts:
        chosen = examples.choose(wanted.item)

        async def preceded(request: Request) -> Completion:
            if request.purpose == "draft":
                request = replace(request, messages=preceded_by(chosen, request.messages))
            return await ask(request)

        parts = await recipe(preceded, wanted)
        return replace(parts, few_shot=tuple(example.id for example in chosen))

    return shown


def preceded_by(examples: Sequence[Example], messages: Sequence[Message]) -> tuple[Message, ...]:
    """A prompt with examples between its system message and its first turn, as turns of a conversation before it."""
    system = [message for message in messages if message.role == "system"]
    turns = [
        turn
        for example in examples
        for turn in (*(m for m in example.messages if m.role != "system"), Message("assistant", example.answer))
    ]
    return (*system, *turns, *(message for message in messages if message.role != "system"))


def words(messages: Sequence[Message]) -> list[str]:
    """The words of a prompt, without its system message, which the prompts of a template share.

    >>> words([Message("system", "Be brief."), Message("user", "Where's my parcel?")])
    ['where', 's', 'my', 'parcel']
    """
    return re.findall(r"\w+", " ".join(m.content for m in messages if m.role != "system").casefold())


def jaccard_scores(corpus: Sequence[Sequence[str]]) -> Scores:
    """The share of common words, from 0 to 1, of each text of the corpus.

    >>> jaccard_scores([["a", "b"], ["c"]])(["b", "d"])
    [0.3333333333333333, 0.0]
    """
    places: dict[str, list[int]] = defaultdict(list)
    sizes = [len(set(text)) for text in corpus]
    for place, text in enumerate(corpus):
        for word in set(text):
            places[word].append(place)

    def scores(query: Sequence[str]) -> list[float]:
        asked = set(query)
        common = Counter(place for word in asked for place in places.get(word, ()))
        return [common[place] / max(1, size + len(asked) - common[place]) for place, size in enumerate(sizes)]

    return scores


def bm25_scores(corpus: Sequence[Sequence[str]]) -> Scores:
    """Okapi BM25 in Lucene's form, 0 or more, of each text of the corpus; see `bm25s`."""
    if not any(corpus):
        return lambda query: [0.0] * len(corpus)
    import bm25s  # takes as long to import as all of drafting, and few-shot is an option

    index = bm25s.BM25()
    index.index([list(text) for text in corpus], show_progress=False)

    def scores(query: Sequence[str]) -> list[float]:
        known = [word for word in query if word in index.vocab_dict]
        return cast("list[float]", index.get_scores(known).tolist()) if known else [0.0] * len(corpus)

    return scores
