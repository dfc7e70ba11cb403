"""Examples: the most similar ones, never of the same cluster, not too often."""

import asyncio
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.drafting.completion import Completion
from concord.drafting.endpoint import endpoint_for
from concord.drafting.few_shot import Example, Examples, bm25_scores, jaccard_scores, preceded_by, with_examples
from concord.drafting.plan import plan_then_answer
from concord.drafting.recipe import one_completion, seed_of
from concord.drafting.request import Request
from concord.ids import new_id
from concord.records.draft import Wanted
from concord.records.item import Item, Message
from concord.records.project import Settings

DEMO = endpoint_for(Settings(), {})
TOPICS = ("my parcel is missing", "the kettle is loud", "the parcel arrived broken", "can I change my address")


def item(text: str) -> Item:
    return Item(new_id(), new_id(), text, (Message("system", "parcel parcel"), Message("user", text)))


def example(text: str, cluster: int = -1) -> Example:
    made = item(text)
    return Example(made.id, made.messages, f"Answer to: {text}", cluster)


def examples(pool, *, similarity="jaccard", number: int = 2, reuse: int = 9, cluster_of=lambda _: 0) -> Examples:
    return Examples(pool, similarity=similarity, number=number, reuse=reuse, cluster_of=cluster_of)


@pytest.mark.parametrize("similarity", ["jaccard", "bm25"])
def test_the_most_similar_come_and_the_most_similar_is_last(similarity: str) -> None:
    chosen = examples(list(map(example, TOPICS)), similarity=similarity).choose(item("where did my parcel go"))
    assert [one.messages[-1].content for one in chosen] == ["the parcel arrived broken", "my parcel is missing"]


@pytest.mark.parametrize("similarity", ["jaccard", "bm25"])
def test_what_shares_no_word_is_no_example(similarity: str) -> None:
    pool = examples([example("the kettle is loud")], similarity=similarity)
    assert pool.choose(item("Guten Tag")) == ()
    assert pool.choose(item("")) == ()


def test_bm25_of_no_words_at_all_is_nothing() -> None:
    assert bm25_scores([[], []])(["a"]) == [0.0, 0.0]


def test_bm25_is_lucene_s() -> None:
    corpus = [["a", "b"], ["b", "c", "c"], ["d"]]
    # k1 = 1.5, b = 0.75; document 0 has 2 words, the mean is 2; "a" is in 1 of 3 documents, once here.
    idf = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    assert bm25_scores(corpus)(["a", "unknown"]) == pytest.approx([idf / (1 + 1.5), 0.0, 0.0], rel=1e-5)


@given(
    st.lists(st.lists(st.sampled_from("abcdef"), max_size=6), min_size=1, max_size=6),
    st.lists(st.sampled_from("abcdefg")),
)
def test_jaccard_is_the_share_of_common_words(corpus: list[list[str]], query: list[str]) -> None:
    expected = [len(set(t) & set(query)) / len(set(t) | set(query)) if t or query else 0.0 for t in corpus]
    assert jaccard_scores(corpus)(query) == pytest.approx(expected)


def test_the_item_itself_and_its_cluster_are_never_examples() -> None:
    same, near, far = (
        example("my parcel is missing", 1),
        example("my parcel is missing today", 2),
        example("my parcel", 3),
    )
    asked = Item(same.id, new_id(), "q", same.messages)
    pool = examples([same, near, far], number=3, cluster_of=lambda _: 2)
    assert pool.choose(asked) == (far,)


def test_an_example_is_not_used_more_often_than_allowed() -> None:
    pool = examples([example("my parcel"), example("the parcel")], number=1, reuse=2)
    used = [pool.choose(item("my parcel here")) for _ in range(5)]
    assert [len(chosen) for chosen in used] == [1, 1, 1, 1, 0]
    assert sorted(pool.used.values()) == [2, 2]


def test_the_drafts_of_an_item_see_the_same_examples_which_count_once() -> None:
    pool = examples(list(map(example, TOPICS)), number=1, reuse=1)
    asked = item("where is my parcel")
    assert pool.choose(asked) == pool.choose(asked)
    assert list(pool.used.values()) == [1]


def test_examples_are_turns_between_the_system_message_and_the_prompt() -> None:
    [first] = (example("the kettle is loud"),)
    asked = item("my parcel")
    assert [(m.role, m.content) for m in preceded_by([first], asked.messages)] == [
        ("system", "parcel parcel"),
        ("user", "the kettle is loud"),
        ("assistant", "Answer to: the kettle is loud"),
        ("user", "my parcel"),
    ]


@pytest.mark.parametrize("kind", ["answer", "plan"])
def test_a_recipe_shows_examples_where_it_asks_for_the_draft_and_keeps_their_ids(kind: str) -> None:
    asked: list[Request] = []

    async def ask(request: Request) -> Completion:
        asked.append(request)
        return Completion("An answer.", "m", 1, 1, 0.1, "stop")

    plain = lambda wanted: Request(DEMO, wanted.item.messages, seed_of(wanted))  # noqa: E731
    recipe = one_completion(DEMO) if kind == "answer" else plan_then_answer(plain)
    pool = [example("my parcel is missing")]
    wanted = Wanted(item("my parcel"), "d1")
    parts = asyncio.run(_made(with_examples(recipe, examples(pool)), ask, wanted))
    assert parts.few_shot == (pool[0].id,)
    shown = {request.purpose: "Answer to: my parcel is missing" in str(request.messages) for request in asked}
    assert shown == ({"draft": True} if kind == "answer" else {"actions": False, "plan": False, "draft": True})


async def _made(recipe, ask, wanted):
    return await recipe(ask, wanted)
