from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.drafting.extraction import candidates, restated
from concord.ids import folded_key
from concord.records.item import Message

SHARED = Path(os.environ.get("CONCORD_SHARED_DATA", Path(__file__).parents[2].parent / "shared" / "data"))
REQUEST = "Summarise the following dialogue.\n\n"
WORDS = st.lists(st.sampled_from(["the", "kettle", "lid", "broke", "and", "why", "not", "yes"]), min_size=1, max_size=9)
TURNS = st.tuples(st.sampled_from(["#Person1#", "#Person2#"]), WORDS, st.sampled_from([".", "?", "!", ""]))


def drafts_of(prompt: str) -> tuple[str, ...]:
    return candidates([Message("user", prompt)])


@given(st.lists(TURNS, min_size=1, max_size=12))
def test_a_dialogue_has_seven_different_candidates(turns):
    lines = [f"{name}: {' '.join(words)}{end}" for name, words, end in turns]
    lines += ["#Person1#: Really?", "#Person2#: Really."]
    drafts = drafts_of(REQUEST + "\n".join(lines))
    assert len({folded_key(draft) for draft in drafts}) == len(drafts) >= 7


@given(st.text())
def test_any_prompt_has_candidates_with_text_always_the_same(prompt):
    drafts = drafts_of(prompt)
    assert drafts
    assert all(draft.strip() for draft in drafts)
    assert len(set(drafts)) == len(drafts)
    assert drafts == drafts_of(prompt)


def test_real_dialogues_have_seven_different_candidates():
    path = SHARED / "dialogsum" / "dialogsum.test.jsonl"
    if not path.exists():
        pytest.skip(f"{path} is absent; set CONCORD_SHARED_DATA")
    with path.open(encoding="utf-8") as lines:
        dialogues = [json.loads(line)["dialogue"] for line in lines]
    fewest = min(len({folded_key(draft) for draft in drafts_of(REQUEST + dialogue)}) for dialogue in dialogues)
    assert fewest >= 7


def test_a_summary_quotes_the_central_sentence():
    drafts = drafts_of(
        "Summarise the dialogue.\n\nAnn: Morning.\nBob: The old kettle leaks again.\nAnn: Then buy a new kettle."
    )
    assert drafts[0] == "Ann and Bob talk about kettle. Bob says: “The old kettle leaks again.”"


def test_a_first_message_is_answered_with_a_question():
    drafts = drafts_of("You are a support agent. Write the reply.\n\nHello, my order arrived with a broken lid.")
    assert drafts[0] == (
        "I am sorry for the trouble. I understand that your order arrived with a broken lid. "
        "I will look into it straight away. Could you tell me your order number?"
    )


def test_a_reply_in_a_talk_takes_up_the_last_question_of_the_customer():
    drafts = drafts_of(
        "<dialogue>\n"
        "Customer: Hello, my order arrived with a broken lid.\n"
        "Agent: Do you have a photo?\n"
        "Customer: I sent it yesterday! What happens now?\n"
        "</dialogue>\n\n"
        "Write the agent's next message."
    )
    assert drafts[3] == (
        "I am sorry for the trouble. You ask: “What happens now?” I will find out and write to you today."
    )


def test_a_friendly_review_gets_no_apology():
    drafts = drafts_of("Write a reply to this review.\n\nI love this phone. The camera is sharp.")
    assert not any("sorry" in draft for draft in drafts)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("My parcel never came to me.", "I understand that your parcel never came to you."),
        ("You sent me the wrong size.", "You write: “You sent me the wrong size.”"),
        ("Hi, I've paid twice for this.", "I understand that you have paid twice for this."),
        ("Help!", "You write: “Help!”"),
    ],
)
def test_a_statement_is_turned_towards_its_writer(text: str, words: str):
    assert restated(text) == words


def test_a_prompt_without_text_says_so():
    assert drafts_of(" \n") == ("There is no text in this prompt to draft from.",)
