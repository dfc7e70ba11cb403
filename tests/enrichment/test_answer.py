"""What can be read out of a model's answer, and what it is told when nothing can."""

import pytest

from concord.enrichment.answer import MOST_CHARACTERS, ask_for_others, read_answer

CURE = 'Answer with JSON alone: {"prompts": ["…", "…"]}, each prompt a text.'


@pytest.mark.parametrize(
    "answer",
    [
        '{"prompts": ["Why?", "How?"]}',
        '["Why?", "How?"]',
        '```json\n{"prompts": ["Why?", "How?"]}\n```',
        'Here you are:\n\n{"prompts": [" Why? ", "How?", "Why?"]}\n\nAnything else?',
    ],
)
def test_texts_are_read_once_each_whatever_is_around_them(answer: str) -> None:
    assert read_answer(answer) == (("Why?", "How?"), None)


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ("Why? How?", f"That is no JSON. {CURE}"),
        ('{"prompts": ["Why?"', f"That is no JSON. {CURE}"),
        ('{"questions": ["Why?"]}', f"That JSON has no list 'prompts'. {CURE}"),
        ('"Why?"', f"That JSON has no list 'prompts'. {CURE}"),
        ('{"prompts": []}', f"The list 'prompts' is empty. {CURE}"),
        (
            '{"prompts": ["Why?", {"text": "How?"}]}',
            f'One of the prompts is {{"text":"How?"}}, which is no text. {CURE}',
        ),
        ('{"prompts": ["Why?", " "]}', f"One of the prompts is empty. {CURE}"),
        (
            f'["{"a" * (MOST_CHARACTERS + 1)}"]',
            f"One of the prompts has 20,001 characters; 20,000 are the most. {CURE}",
        ),
    ],
)
def test_a_complaint_says_what_is_wrong_and_what_is_wanted(answer: str, complaint: str) -> None:
    assert read_answer(answer) == ((), complaint)


def test_other_prompts_are_asked_for_by_naming_what_was_refused() -> None:
    assert ask_for_others(["Why?"], 2).content == (
        f"These repeat prompts that are there already:\n- Why?\n\nWrite 2 others. {CURE}"
    )
