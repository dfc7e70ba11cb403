"""Canaries: a fault is planted, told, and really there."""

import asyncio
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.drafting.canary import Canaries, Planted, is_planted, plant
from concord.drafting.recipe import Parts, Recipe
from concord.errors import EndpointError
from concord.ids import folded_key, new_id
from concord.records.draft import Draft, Wanted
from concord.records.item import Item, Message
from concord.records.kinds import Arm, Task

TEXT = "Dear customer, Anna will send parcel 17 on Monday. It does not cost more. Please keep the box."


def test_each_kind_of_fault_is_planted_by_some_seed() -> None:
    kinds = Counter(planted[1].kind for seed in range(40) if (planted := plant(TEXT, seed=seed)))
    assert set(kinds) == {"number", "name", "negation"}


@pytest.mark.parametrize(("text", "kind"), [
    ("Send 3 boxes", "number"), ("then Anna left", "name"), ("it does not rain", "negation"),
    ("it is late", "negation"),
    ("Take the box home. Open the lid.", "dropped sentence"),
])  # fmt: skip
def test_a_text_gets_the_fault_that_it_can_have(text: str, kind: str) -> None:
    faulty, fault = plant(text, seed=4) or ("", None)
    assert fault
    assert fault.kind == kind
    assert is_planted(faulty, fault)
    assert not is_planted(text, fault)


@pytest.mark.parametrize("text", ["", "Thanks", "no names, no numbers", "v1.2.3"])
def test_a_text_without_a_claim_has_no_fault(text: str) -> None:
    assert plant(text, seed=1) is None


@given(
    st.lists(st.sampled_from([*TEXT.split(" "), "3,5", "2024.", "Ünal", "is", "isn't", "NASA", "\n"]), max_size=25),
    st.integers(0, 99),
)
def test_what_is_planted_is_there_and_can_be_taken_back(words: list[str], seed: int) -> None:
    text = " ".join(words)
    if found := plant(text, seed=seed):
        faulty, fault = found
        assert is_planted(faulty, fault)
        assert folded_key(faulty) != folded_key(text)
        assert faulty[: fault.at] + fault.before + faulty[fault.at + len(fault.after) :] == text
        assert plant(text, seed=seed) == found


def test_a_text_in_which_the_fault_was_mended_is_told_from_a_faulty_one() -> None:
    fault = Planted("number", 7, "17", "38")
    assert is_planted("parcel 38 came", fault)
    assert not is_planted("parcel 17 came", fault)
    assert not is_planted("it came", fault)


# ---- in a run


class Stored:
    """Drafts that an earlier run stored."""

    def __init__(self, *texts: str) -> None:
        self.texts = texts

    def __call__(self, item_id) -> list[Draft]:
        common = {"source": "model", "created_at": None}
        return [
            Draft(new_id(), new_id(), item_id, f"d{n}", text, **common)  # type: ignore[arg-type]
            for n, text in enumerate(self.texts, 1)
        ]


def made(names: list[str], *, arm: Arm = "canary", task: Task = "rank", stored: Stored | None = None, text: str = TEXT):
    """The parts of drafts that are made together, by name, and how many completions they took."""
    item = Item(new_id(), new_id(), "q1", (Message("user", "?"),), arm=arm)
    asked: list[str] = []

    async def plain(_, wanted: Wanted) -> Parts:
        asked.append(wanted.name)
        await asyncio.sleep(0)
        return Parts(text)

    async def all_of(recipe: Recipe) -> list[Parts]:
        async def ask(_):
            raise AssertionError

        return await asyncio.gather(*(recipe(ask, Wanted(item, name)) for name in names))

    parts = asyncio.run(all_of(Canaries(stored or Stored(), task).planting(plain)))
    return dict(zip(names, parts, strict=True)), asked


def test_in_a_ranking_d2_is_d1_with_a_fault_and_costs_nothing() -> None:
    parts, asked = made(["d1", "d2", "d3"])
    assert sorted(asked) == ["d1", "d3"]
    assert (parts["d1"], parts["d3"]) == (Parts(TEXT), Parts(TEXT))
    assert parts["d2"].params["copy_of"] == "d1"
    assert is_planted(parts["d2"].text, Planted(**parts["d2"].params["planted"]))


def test_where_nothing_is_ranked_the_draft_itself_has_the_fault() -> None:
    parts, asked = made(["d1"], task="edit")
    assert asked == ["d1"]
    assert is_planted(parts["d1"].text, Planted(**parts["d1"].params["planted"]))


def test_a_run_that_goes_on_plants_the_fault_in_the_draft_that_is_stored() -> None:
    parts, asked = made(["d2"], stored=Stored("We met 4 people."))
    assert asked == []
    assert parts["d2"].params["planted"]["before"] == "4"


def test_a_draft_that_can_have_no_fault_is_asked_for_as_usual() -> None:
    parts, asked = made(["d1", "d2"], text="Thanks")
    assert (asked, parts["d2"]) == (["d1", "d2"], Parts("Thanks"))


@pytest.mark.parametrize("arm", ["drafted", "repeat"])
def test_other_arms_have_no_faults(arm: Arm) -> None:
    parts, asked = made(["d1", "d2"], arm=arm)
    assert (asked, list(parts.values())) == (["d1", "d2"], [Parts(TEXT)] * 2)


def test_without_its_original_the_copy_fails_too() -> None:
    item = replace(Item(new_id(), new_id(), "q1", ()), arm="canary")

    async def failing(_, wanted: Wanted) -> Parts:
        raise EndpointError("server", f"no {wanted.name}")

    async def both() -> list[object]:
        recipe = Canaries(Stored(), "rank").planting(failing)
        return await asyncio.gather(
            *(recipe(None, Wanted(item, name)) for name in ("d1", "d2")),  # type: ignore[arg-type]
            return_exceptions=True,
        )

    assert [str(error) for error in asyncio.run(both())] == ["no d1", "no d1"]
