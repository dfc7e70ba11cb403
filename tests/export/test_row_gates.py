"""Gates on the texts of rows: who drafted them, how long they are, their language, whether they were there before."""

import pytest

from concord.curation.gates import ItemGates
from concord.records.annotation import Edit, FactualChecks
from concord.records.item import Message

KINDS = ("trl-sft", "trl-dpo")
ENGLISH = "The parcel arrived late, and the customer would like to have the postage back."
GERMAN = "Das Paket kam zu spät an, und die Kundin hätte gerne das Porto zurück, bitte sehr."


def left(written) -> list[str]:
    """The items that left, each once."""
    return list(dict.fromkeys(row["item_id"] for row in written.rows()))


def ranked(campaign, name: str, *texts: str, models: tuple[str | None, ...] = (None, None), **fields):
    """An item with drafts of these models, the first of which is preferred."""
    item = campaign.item(name, **fields)
    for number, (text, model) in enumerate(zip(texts, models, strict=True), 1):
        campaign.draft(item, f"d{number}", text, model=model)
    campaign.rank(item, "ann", "d1 > d2")
    return item


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("gates", [ItemGates(denied_models=("closed",)), ItemGates(allowed_models=("open",))])
def test_texts_of_a_model_that_may_not_be_trained_on_stay_behind(campaign, exported, kind: str, gates) -> None:
    ranked(campaign, "good", "one", "two", models=("open", None))
    ranked(campaign, "bad", "one", "two", models=("closed", "open"))
    ranked(campaign, "half", "one", "two", models=("open", "closed"))
    written = exported(campaign, kind, gates=gates)
    assert left(written) == (["good", "half"] if kind == "trl-sft" else ["good"])
    assert set(written.dropped()) == {"model not allowed"}


def test_an_edit_of_a_denied_model_s_draft_stays_behind_and_what_was_written_from_nothing_leaves(
    campaign, exported
) -> None:
    item = campaign.item("edited")
    campaign.judge(item, "ann", Edit(campaign.draft(item, "d1", "draft", model="closed").id, "edited"))
    campaign.edit(campaign.item("own"), "ann", "by ann")
    picked = campaign.item("picked")
    campaign.draft(picked, "d1", "draft", model="closed")
    campaign.decide(picked, "pick", "d1")
    written = exported(campaign, "trl-sft", gates=ItemGates(denied_models=("closed",)))
    assert left(written) == ["own"]
    assert written.dropped() == {"model not allowed": 2}


@pytest.mark.parametrize("kind", KINDS)
def test_length_is_counted_in_characters(campaign, exported, kind: str) -> None:
    question = (Message("system", "Be brief."), Message("user", "Why?"))  # 13 characters
    ranked(campaign, "fits", "ééééé", "ooooo", messages=question)
    ranked(campaign, "short", "no", "yes!!", messages=question)
    ranked(campaign, "long", "eeeee!", "ooooo", messages=question)
    written = exported(campaign, kind, gates=ItemGates(min_chars=3, max_chars=18))
    assert left(written) == ["fits"]
    assert written.dropped() == {"too short": 1, "too long": 1}


@pytest.mark.parametrize("kind", KINDS)
def test_answers_in_another_language_stay_behind_and_unclear_ones_leave(campaign, exported, kind: str) -> None:
    ranked(campaign, "english", ENGLISH, f"{ENGLISH} Please.")
    ranked(campaign, "german", GERMAN, ENGLISH)
    ranked(campaign, "short", "Ja.", "Nein.")
    written = exported(campaign, kind, gates=ItemGates(languages=("en",)))
    assert left(written) == ["english", "short"]
    assert written.dropped() == {"another language": 1}


@pytest.mark.parametrize("kind", KINDS)
def test_a_nul_in_a_prompt_or_an_answer_keeps_the_row_here_when_that_is_asked_for(
    campaign, exported, kind: str
) -> None:
    ranked(campaign, "good", r"the letters \u0000", "two")
    ranked(campaign, "asked", "one", "two", messages=(Message("system", "Be\0brief."), Message("user", "Why?")))
    ranked(campaign, "answered", "one\0", "two")
    ranked(campaign, "rejected", "one", "\0two")
    campaign.edit(campaign.item("edited"), "ann", "by\0ann")
    campaign.decide(campaign.item("decided", "draft"), "edit", "d1", "by a\0reviewer")
    assert "answered" in left(exported(campaign, kind, out="all"))
    written = exported(campaign, kind, gates=ItemGates(drop_nul=True))
    assert left(written) == (["good", "rejected"] if kind == "trl-sft" else ["good"])
    assert written.dropped()["a NUL character"] == (4 if kind == "trl-sft" else 3)


@pytest.mark.parametrize("kind", KINDS)
def test_of_equal_rows_the_first_leaves(campaign, exported, kind: str) -> None:
    for name, better in (("first", "one"), ("again", "one "), ("other", "three")):
        ranked(campaign, name, better, "two", messages=(Message("user", "The same?"),))
    ranked(campaign, "elsewhere", "one", "two")
    assert left(exported(campaign, kind, out="all")) == ["first", "again", "other", "elsewhere"]
    written = exported(campaign, kind, gates=ItemGates(drop_duplicates=True))
    assert left(written) == ["first", "other", "elsewhere"]
    assert written.manifest["dropped"] == [
        {"item": "again", **({} if kind == "trl-sft" else {"drafts": ["d1", "d2"]}), "reason": "duplicate"}
    ]


def test_a_row_that_another_gate_holds_back_makes_no_row_a_duplicate(campaign, exported) -> None:
    question = (Message("user", "The same?"),)
    ranked(campaign, "first", "one", "two", messages=question, models=("closed", None))
    ranked(campaign, "second", "one", "two", messages=question)
    gates = ItemGates(denied_models=("closed",), drop_duplicates=True)
    assert left(exported(campaign, "trl-sft", gates=gates)) == ["second"]


def test_gates_count_in_the_order_in_which_they_stand(campaign, exported) -> None:
    ranked(campaign, "good", "one", "two")
    tied = ranked(campaign, "tie", "one", "two", models=("closed", None))
    campaign.rank(tied, "bob", "d2 > d1")
    ranked(campaign, "closed", "1", "two", models=("closed", None))
    ranked(campaign, "short", "1", "two")
    written = exported(campaign, "trl-dpo", gates=ItemGates(denied_models=("closed",), min_chars=2))
    assert written.manifest["funnel"] == [
        {"reason": "no majority", "out": 1, "left": 3},
        {"reason": "model not allowed", "out": 1, "left": 2},
        {"reason": "too short", "out": 1, "left": 1},
    ]


@pytest.mark.parametrize(("kind", "key"), [("trl-kto", "draft_id"), ("rankings", "responses")])
def test_labels_and_rankings_pass_the_same_gates(campaign, exported, kind: str, key: str) -> None:
    item = campaign.item("q1")
    for number, model in enumerate(("open", "closed", "open"), 1):
        campaign.draft(item, f"d{number}", f"text {number}", model=model)
    campaign.rank(item, "ann", "d1 > d2 > d3")
    ranked(campaign, "vetoed", "one", "two")
    campaign.decide(campaign.store.items(campaign.project.id)[-1], "reject")
    rows = exported(campaign, kind, gates=ItemGates(denied_models=("closed",))).rows()
    assert "closed" not in str(rows)
    left = [row[key] if kind == "trl-kto" else [one["id"] for one in row[key]] for row in rows]
    assert left == (["d1", "d3"] if kind == "trl-kto" else [["d1", "d3"]])


@pytest.mark.parametrize("kind", KINDS)
def test_a_draft_that_no_majority_found_right_stays_behind_and_an_edit_of_it_leaves(
    campaign, exported, kind: str
) -> None:
    for name, facts in (("right", ("right", "right", "wrong")), ("wrong", ("right", "wrong")), ("unchecked", ())):
        item = ranked(campaign, name, "one", "two")
        first = campaign.store.drafts(item.id)[0]
        for who, fact in enumerate(facts):
            campaign.judge(item, f"checker {who}", FactualChecks({first.id: fact}))
    edited = campaign.item("edited", "one")
    campaign.judge(edited, "ann", Edit(campaign.store.drafts(edited.id)[0].id, "One."))
    written = exported(campaign, kind, gates=ItemGates(found_right=True))
    assert left(written) == (["right", "edited"] if kind == "trl-sft" else ["right"])
    assert written.dropped()["not found right"] == 2
