"""What counts as a repetition: checked against ROUGE-L written out, whatever the texts."""

from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.enrichment.likeness import THRESHOLD, Known, KnownPrompts, compared_texts, words_of
from concord.ids import folded_key
from concord.records.item import Message

PROMPT = "Summarise the dialogue in one sentence."


def known(*texts: str) -> KnownPrompts:
    return KnownPrompts(Known(UUID(int=number), text) for number, text in enumerate(texts))


def longest_common(a: list[str], b: list[str]) -> int:
    """The textbook's table."""
    row = [0] * (len(b) + 1)
    for word in a:
        before = row[:]
        for place, other in enumerate(b, 1):
            row[place] = before[place - 1] + 1 if word == other else max(before[place], row[place - 1])
    return row[-1]


def rouge_l(a: str, b: str) -> Fraction:
    first, second = words_of(a), words_of(b)
    together = len(first) + len(second)
    return Fraction(2 * longest_common(first, second), together) if together else Fraction(0)


prompts = st.lists(st.sampled_from(["why", "is", "the", "sky", "so", "blue", "?", "晴", "!"]), max_size=9).map(" ".join)


@given(st.lists(prompts, max_size=6), prompts)
def test_nothing_new_is_within_the_threshold_of_what_is_there(there: list[str], text: str) -> None:
    found = known(*there).repeated_by(text)
    alike = [rouge_l(text, one) for one in there]
    equal = any(folded_key(text) == folded_key(one) for one in there)
    if found is None:
        assert not equal
        assert all(similarity < Fraction(7, 10) for similarity in alike)
    elif not equal:
        assert found.similarity == pytest.approx(float(max(alike)))
        assert rouge_l(text, found.known.text) == max(alike) >= Fraction(7, 10)


@given(st.lists(prompts, max_size=12))
def test_prompts_taken_one_after_the_other_are_all_apart(texts: list[str]) -> None:
    taken = KnownPrompts()
    kept: list[str] = []
    for text in texts:
        if taken.repeated_by(text) is None:
            taken.add(Known(UUID(int=0), text))
            kept.append(text)
    assert all(rouge_l(a, b) < THRESHOLD for place, a in enumerate(kept) for b in kept[:place])


@pytest.mark.parametrize(
    ("text", "similarity"),
    [
        (PROMPT, 1.0),
        ("  Summarise the dialogue\nin one sentence.", 1.0),
        ("SUMMARISE the dialogue, in one sentence!", 1.0),
        ("Summarise this dialogue in two sentences.", None),  # 3 of 6 words: F = 0.5
        ("Summarise the dialogue in one word.", 10 / 12),
        ("In one sentence: summarise the dialogue.", None),  # the same words in another order: F = 0.5
    ],
)
def test_a_repetition_is_seen_through_blanks_case_and_signs(text: str, similarity: float | None) -> None:
    found = known("Name a river.", PROMPT).repeated_by(text)
    assert (found and found.similarity) == (None if similarity is None else pytest.approx(similarity))


def test_exactly_at_the_threshold_is_a_repetition() -> None:
    there, text = "a b c d e f g h i j", "a b c d e f g 1 2 3"
    assert rouge_l(there, text) == Fraction(7, 10)
    assert known(there).repeated_by(text)


def test_texts_of_signs_alone_repeat_only_each_other() -> None:
    assert known("???").repeated_by("? ??")
    assert known("???", "Why?").repeated_by("!!!") is None


DIALOGUE = "<dialogue>\nAnn: The kettle leaks again, for the third time this week.\nBob: Since when?\n</dialogue>"


def test_what_a_paraphrase_carries_over_is_no_repetition() -> None:
    source = f"{PROMPT}\n{DIALOGUE}"
    there = known(source)
    assert there.repeated_by(f"What happens here?\n{DIALOGUE}")
    assert there.repeated_by(f"What happens here?\n{DIALOGUE}", [source]) is None


@pytest.mark.parametrize("text", [DIALOGUE, f"\n{DIALOGUE}\n", f"Summarise the dialogue in one word.\n{DIALOGUE}"])
def test_a_copy_with_its_material_is_a_repetition(text: str) -> None:
    source = f"{PROMPT}\n{DIALOGUE}"
    assert known(source).repeated_by(text, [source])


def test_two_paraphrases_of_one_prompt_must_differ_in_what_they_ask() -> None:
    source = f"{PROMPT}\n{DIALOGUE}"
    there = known(source, f"What happens here, in short?\n{DIALOGUE}")
    found = there.repeated_by(f"What happens here, in brief?\n{DIALOGUE}", [source])
    assert found
    assert (found.known.item_id, found.similarity) == (UUID(int=1), pytest.approx(0.8))


def test_a_carried_line_does_not_hide_a_repetition_of_another_prompt() -> None:
    source = f"{PROMPT}\n{DIALOGUE}"
    other = "Tell in a single breath what they say."
    assert known(source, other).repeated_by(f"{other}\n<dialogue>", [source])


def test_a_prompt_of_several_messages_is_also_known_by_its_last_question() -> None:
    messages = (
        Message("system", "Be brief."),
        Message("user", "Why?"),
        Message("assistant", "So."),
        Message("user", "Ah?"),
    )
    assert list(compared_texts(messages)) == ["Be brief.\nWhy?\nSo.\nAh?", "Ah?"]
    assert list(compared_texts(messages[1:2])) == ["Why?"]
