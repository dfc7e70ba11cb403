"""What a labelling config means: proposed, corrected, or refused in words."""

import json

import pytest
from label_studio_sdk.label_interface import LabelInterface

from concord.errors import InputError
from concord.labelstudio.config import labelling_config
from concord.labelstudio.reading import (
    PUSHED,
    Meaning,
    Reading,
    proposed_reading,
    reading_json,
    side,
    stored_reading,
)
from concord.records.kinds import Task

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


def test_a_task_of_the_desk_alone_is_not_pushed() -> None:
    with pytest.raises(InputError) as caught:
        labelling_config("compare")
    assert str(caught.value) == (
        "The task 'compare' has no screen in Label Studio. Choose one of rank, edit, rank+edit, or use the desk."
    )


@pytest.mark.parametrize("task", ["edit", "rank", "rank+edit"])
def test_a_pushed_config_is_valid_to_label_studio_and_reads_as_what_was_pushed(task: Task) -> None:
    LabelInterface(labelling_config(task)).validate()
    found = proposed_reading(labelling_config(task), {})
    assert (found.prompt, found.listed if "rank" in task else "items") == (PUSHED.prompt, PUSHED.listed)
    assert set(meanings(found).items()) <= set(meanings(PUSHED).items())


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


TEXT = '<Text name="q" value="$q"/>'


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
    ("choice", "named"),
    [
        ("Response 1", "first"),
        ("right", "second"),
        ("No difference", "tie"),
        ("Neither", "both_bad"),
        ("both-bad", "both_bad"),
        ("about", None),
        ("", None),
    ],
)
def test_a_choice_names_a_side(choice: str, named: str | None) -> None:
    assert side(choice) == named
