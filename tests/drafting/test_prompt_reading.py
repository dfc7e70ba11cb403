from __future__ import annotations

import pytest

from concord.drafting.prompt_reading import read_prompt, split_sentences
from concord.records.item import Message

DIALOGUE = "#Person1#: Is the shop open?\n#Person2#: Yes. It opens at nine."


def read(text: str, *, system: str = ""):
    rules = (Message("system", system),) if system else ()
    return read_prompt([*rules, Message("user", text)])


@pytest.mark.parametrize(
    "prompt",
    [
        f"Summarise the dialogue.\n\n{DIALOGUE}",
        f"Summarize this dialogue: {DIALOGUE}",
        f"{DIALOGUE}\nTo sum up this dialog:",
        f"Dialogue:\n{DIALOGUE}\n\nSummary:",
    ],
)
def test_a_summary_is_wanted_of_the_turns_alone(prompt: str):
    reading = read(prompt)
    assert reading.want == "summary"
    assert [(sentence.speaker, sentence.text) for sentence in reading.sentences] == [
        ("#Person1#", "Is the shop open?"),
        ("#Person2#", "Yes."),
        ("#Person2#", "It opens at nine."),
    ]


@pytest.mark.parametrize(
    ("prompt", "choices"),
    [
        ("Review: Fine.\nIs it positive or negative?", ("positive", "negative")),
        ("Classify as positive, negative or neutral.\n\nFine.", ("positive", "negative", "neutral")),
        ("Answer with one of: billing, delivery, or other.\n\nWhere is it?", ("billing", "delivery", "other")),
        ("Choose one of the labels:\n- a fault\n- a question\n\nIt broke.", ("a fault", "a question")),
        ("Answer yes or no. Is it late?", ("yes", "no")),
    ],
)
def test_listed_choices_are_read(prompt: str, choices: tuple[str, ...]):
    reading = read(prompt)
    assert (reading.want, reading.choices) == ("choice", choices)


def test_a_list_inside_a_dialogue_is_no_choice():
    assert read(f"Summarise the dialogue.\n{DIALOGUE}\n#Person1#: One of: tea, milk.").want == "summary"


def test_a_dialogue_without_a_request_wants_a_reply():
    assert read("Customer: The lid broke.\nAgent: Since when?\nCustomer: Today.").want == "reply"


def test_what_stands_between_tags_is_the_text_whatever_it_says():
    reading = read("Product: kettle\n<review>\nIs it good? Write to me.\n</review>\n\nSummarise it.")
    assert [sentence.text for sentence in reading.sentences] == ["Is it good?", "Write to me."]
    assert reading.want == "summary"


def test_a_tag_without_an_end_is_text():
    assert read("<review>\nIt boils.").sentences[-1].text == "It boils."


def test_rules_after_the_first_paragraph_do_not_change_what_is_wanted():
    system = "You write the next message of the agent.\n\n- Do not summarise, and say yes or no only if asked."
    assert read("<dialogue>\nAnn: Hi.\nBob: Is it late?\n</dialogue>", system=system).want == "reply"


def test_a_bullet_is_one_choice():
    assert read("Choose a topic:\n- billing or plan\n- delivery, order\n").choices == (
        "billing or plan",
        "delivery, order",
    )


def test_the_system_message_may_say_what_is_wanted():
    reading = read("The lid of my kettle broke.", system="You reply to customers.")
    assert (reading.want, reading.sentences[0].text) == ("reply", "The lid of my kettle broke.")


def test_labels_are_no_speakers():
    reading = read("Summarise the review.\nTitle: A kettle\nReview: It boils. It is quiet.")
    assert [sentence.text for sentence in reading.sentences] == ["A kettle", "It boils.", "It is quiet."]
    assert {sentence.speaker for sentence in reading.sentences} == {""}


def test_a_bare_question_wants_an_answer():
    assert read("How do magnets work?").want == "answer"


def test_a_conversation_of_several_messages_keeps_its_speakers():
    reading = read_prompt([Message("user", "Hi."), Message("assistant", "Hello."), Message("user", "Help me.")])
    assert [sentence.speaker for sentence in reading.sentences] == ["User", "Assistant", "User"]


def test_a_sentence_without_end_is_cut():
    [sentence] = split_sentences("word " * 100)
    assert sentence == "word " * 60 + "…"
