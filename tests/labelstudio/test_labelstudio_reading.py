"""What a labelling config means: proposed, corrected, or refused in words."""

import json
from dataclasses import asdict
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from label_studio_sdk.label_interface import LabelInterface

from concord.errors import InputError
from concord.labelstudio.adopt import settings_for
from concord.labelstudio.config import labelling_config, tags
from concord.labelstudio.reading import (
    PUSHED,
    Control,
    Meaning,
    Reading,
    asked_of,
    compared,
    proposed_reading,
    pushed_reading,
    reading_json,
    stored_reading,
)
from concord.records.kinds import Task
from concord.records.project import Settings
from concord.records.rubric import Criterion, Question

SCREEN = """<View><Text name="q" value="$prompt"/>
 <List name="answers" value="$items" title="Responses"/>
 <Ranker name="rank" toName="answers"><Bucket name="best"/><Bucket name="bad" default="true"/></Ranker>
 <Text name="left" value="$answer1"/><Text name="right" value="$answer2"/>
 <Choices name="better" toName="q"><Choice value="A"/><Choice value="Tie"/><Choice value="B"/></Choices>
 <Choices name="flags" toName="q" choice="multiple"><Choice value="unsafe" alias="u"/><Choice value="rude"/></Choices>
 <Rating name="clear" toName="left"/>
 <TextArea name="edited" toName="left" editable="true"/>
 <DateTime name="when" toName="q"/></View>"""


def meanings(reading: Reading) -> dict[str, Meaning]:
    return {control.name: control.meaning for control in reading.controls}


def asking(task: Task) -> Settings:
    """Settings with names that XML, or a config, could stumble over."""
    rubric = (Criterion("help", "Worth $5?", 1, 7, "no", "yes"), Criterion('a|b, "c" <d>', low=0, high=3))
    questions = (Question("tone", ("warm", "$1 & up")), Question("prompt", ("'x'", "<y>"), multi=True))
    return Settings(task=task, rubric=rubric, questions=questions)


@pytest.mark.parametrize("task", ["edit", "rank", "rank+edit", "compare", "compare+edit", "rate", "rate+edit", "label"])
def test_a_pushed_config_is_valid_to_label_studio_and_its_controls_are_those_that_are_read(task: Task) -> None:
    config = labelling_config(asking(task))
    LabelInterface(config).validate()
    there = {(tag.name, tag.kind, tag.choices, tag.multi) for tag in tags(config) if tag.to}
    assert {(one.name, one.kind, one.choices, one.multi) for one in asked_of(asking(task))} == there


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        ("edit", [("edit", "")]),
        ("rank+edit", [("ranking", ""), ("edit", "")]),
        ("compare+edit", [("comparison", ""), ("edit", "")]),
        ("rate", [("rating", "help"), ("rating", 'a|b, "c" <d>')]),
        ("rate+edit", [("rating", "help"), ("rating", 'a|b, "c" <d>'), ("edit", "")]),
        ("label", [("label", "tone"), ("label", "prompt")]),
    ],
)
def test_what_a_pushed_project_asks_is_what_the_desk_asks(task: Task, expected: list[tuple[Meaning, str]]) -> None:
    assert [(control.meaning, control.question) for control in asked_of(asking(task))] == expected


def test_stars_are_given_on_a_scale_from_one_and_numbers_chosen_on_any_other() -> None:
    stars, numbers = asked_of(asking("rate"))
    assert (stars.kind, stars.choices) == ("Rating", tuple("1234567"))
    assert (numbers.kind, numbers.choices) == ("Choices", tuple("0123"))


def test_a_dollar_sign_is_no_reference_to_data() -> None:
    config = labelling_config(asking("label"))
    assert 'alias="$1 &amp; up" value="$\N{WORD JOINER}1 &amp; up"' in config
    assert 'value="Worth $\N{WORD JOINER}5? (1: no, 7: yes)"' in labelling_config(asking("rate"))


@pytest.mark.parametrize("task", ["edit", "rank", "rank+edit", "compare", "compare+edit", "rate", "rate+edit", "label"])
def test_a_pushed_task_is_read_by_what_it_asked_though_the_settings_changed_since(task: Task) -> None:
    asked = asked_of(asking(task))
    found = pushed_reading(json.loads(json.dumps([asdict(control) for control in asked])))
    assert (found.controls, found.strict) == (asked, True)


def test_a_task_that_does_not_say_what_it_asks_was_pushed_for_a_ranking_and_an_edit() -> None:
    assert pushed_reading(None) == PUSHED


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.sampled_from(["name", "kind", "meaning", "choices", "question", "multi"]), inner)
    ),
)


@given(anything)
def test_whatever_stands_in_a_task_s_place_for_controls_can_be_read(asked: Any) -> None:
    assert all(isinstance(control, Control) for control in pushed_reading(asked).controls)


def test_a_screen_with_everything_is_understood() -> None:
    reading = proposed_reading(SCREEN, {})
    assert (reading.prompt, reading.listed, reading.responses) == (("prompt",), "items", ("answer1", "answer2"))
    assert meanings(reading) == {
        "rank": "ranking",
        "better": "comparison",
        "flags": "label",
        "clear": "rating",
        "edited": "edit",
        "when": "ignored",
    }
    found = {control.name: control for control in reading.controls}
    assert (found["rank"].choices, found["flags"].choices) == (("best", "bad"), ("u", "rude"))
    assert found["edited"].begins == "answer1"


def test_a_meaning_can_be_chosen_and_a_reading_is_stored_whole() -> None:
    reading = proposed_reading(SCREEN, {"rank": "ignored", "better": "label"})
    assert (meanings(reading)["rank"], meanings(reading)["better"]) == ("ignored", "label")
    assert stored_reading(json.loads(json.dumps(reading_json(reading)))) == reading


@pytest.mark.parametrize("task", get_args(Task))
def test_the_screen_of_a_task_is_adopted_as_that_task(task: Task) -> None:
    adopted = settings_for(proposed_reading(labelling_config(asking(task)), {}), Settings(seed=7))
    assert (adopted.task, adopted.seed) == (task, 7)
    if task == "label":
        assert [(one.name, one.choices, one.multi) for one in adopted.questions] == [
            ("label_tone", ("warm", "$1 & up"), False),
            ("label_prompt", ("'x'", "<y>"), True),
        ]
    if task.startswith("rate"):
        assert adopted.rubric == (Criterion("rating_help", low=1, high=7),)


TEXT = '<Text name="q" value="$q"/>'


@pytest.mark.parametrize(
    ("controls", "task", "asked"),
    [
        ('<Number name="n" toName="q" min="0" max="4"/><TextArea name="t" toName="q"/>', "rate+edit", ["n"]),
        ('<Number name="n" toName="q"/><Rating name="ranking" toName="q"/>', "rank", []),
        ('<Rating name="r" toName="q" maxRating="50"/><TextArea name="t" toName="q"/>', "edit", []),
        ('<Choices name="c" toName="q"><Choice value="[a]"/><Choice value="b"/></Choices>', "rank", []),
    ],
)
def test_what_the_desk_cannot_ask_is_left_out_of_what_is_adopted(controls: str, task: Task, asked: list[str]) -> None:
    adopted = settings_for(proposed_reading(f"<View>{TEXT}{controls}</View>", {}), Settings())
    assert (adopted.task, [one.name for one in adopted.rubric], adopted.questions) == (task, asked, ())


@pytest.mark.parametrize(
    ("config", "chosen", "message"),
    [
        (
            "<View>",
            {},
            "The labelling config is not XML (no element found: line 1, column 6). Correct it in Label Studio.",
        ),
        (
            '<!DOCTYPE v [<!ENTITY a "b">]><View/>',
            {},
            "The labelling config is too long, or declares entities. Simplify it in Label Studio.",
        ),
        (
            '<View><Image name="i" value="$i"/><Rating name="r" toName="i"/></View>',
            {},
            "The labelling config shows no text that could be the prompt. Add a Text in Label Studio.",
        ),
        (
            f'<View>{TEXT}<Labels name="l" toName="q"/></View>',
            {},
            "No control of the labelling config can be read here. Map one with --map CONTROL=MEANING.",
        ),
        (
            f'<View>{TEXT}<TextArea name="a" toName="q"/><TextArea name="b" toName="q"/></View>',
            {},
            "The controls 'a' and 'b' would both be the edit of a task. Leave all but one out: --map b=ignored.",
        ),
        (
            f'<View>{TEXT}<Rating name="r" toName="q"/></View>',
            {"r": "ranking"},
            "The control 'r' is a Rating and cannot be 'ranking'. Choose rating or ignored.",
        ),
        (
            f'<View>{TEXT}<Rating name="r" toName="q"/></View>',
            {"s": "rating"},
            "The config has no control 's' (there are: r). Correct --map.",
        ),
        (
            f'<View>{TEXT}<Choices name="c" toName="q"><Choice value="A"/><Choice value="B"/></Choices></View>',
            {"c": "comparison"},
            "A comparison needs two responses, each shown by a Text of its own. Use --map to ignore it.",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(config: str, chosen: dict[str, str], message: str) -> None:
    with pytest.raises(InputError) as caught:
        proposed_reading(config, chosen)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ("Response 1", ("first", None)),
        ("right", ("second", None)),
        ("second-much", ("second", "much")),
        ("A-slightly", ("first", "slightly")),
        ("No difference", ("tie", None)),
        ("Neither", ("both_bad", None)),
        ("both-bad", ("both_bad", None)),
        ("about", None),
        ("about-much", None),
        ("", None),
    ],
)
def test_a_choice_names_a_side_and_perhaps_how_much_better_it_is(choice: str, said: tuple[str, str] | None) -> None:
    assert compared(choice) == said
