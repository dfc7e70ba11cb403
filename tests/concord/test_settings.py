"""Settings as a person writes them."""

from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.errors import InputError
from concord.records.project import Settings, Variant
from concord.records.rubric import Criterion, Question
from concord.settings import checked_settings, read_settings

KNOWN = ", ".join(field.name for field in fields(Settings))
PLAIN = (
    *("task", "overlap", "candidates", "model", "base_url", "key_variable", "temperature", "lease_minutes"),
    *("few_shot", "self_check", "seed"),
)
NESTED = [
    "variants",
    "judge",
    "rubric",
    "questions",
    "do_not_send",
    "split",
    "control",
    "canary",
    "repeat",
    "language",
    "scan",
]
ANYTHING = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9), st.lists(st.integers()))


def test_what_is_left_out_is_as_by_default(tmp_path: Path) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text("overlap: 5\ntask: edit\nmodel: mistral-small\ntemperature: 1\n")
    assert checked_settings(read_settings(path)) == Settings(
        task="edit", overlap=5, model="mistral-small", temperature=1
    )
    assert checked_settings({}) == Settings()


def test_settings_that_are_there_can_be_given_again() -> None:
    chosen = Settings(task="rank", overlap=3, base_url="http://127.0.0.1:8000/v1", lease_minutes=5)
    assert checked_settings(asdict(chosen)) == chosen


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"overlaps": 3}, f"There is no setting 'overlaps' (there are: {KNOWN}). Correct it."),
        (
            {"task": "grade"},
            "task is 'grade'. Choose one of edit, rank, rank+edit, compare, compare+edit, rate, rate+edit, label.",
        ),
        (
            {"task": ["edit"]},
            "task is ['edit']. Choose one of edit, rank, rank+edit, compare, compare+edit, rate, rate+edit, label.",
        ),
        ({"overlap": 0}, "overlap is 0. Give a whole number from 1 to 1,000."),
        ({"overlap": True}, "overlap is True. Give a whole number from 1 to 1,000."),
        ({"overlap": 10**30}, f"overlap is {10**30}. Give a whole number from 1 to 1,000."),
        ({"candidates": "3"}, "candidates is '3'. Give a whole number from 1 to 1,000."),
        ({"candidates": 1}, "candidates is 1, but the task 'rank+edit' needs 2. Give 2 or more."),
        ({"concurrency": 0}, "concurrency is 0. Give a whole number from 1 to 1,000."),
        ({"tokens_per_minute": 0}, "tokens_per_minute is 0. Give a whole number from 1 to 1,000,000,000."),
        (
            {"prices": {"m": [1]}},
            "the price of 'm' is [1]. Give US dollars for a million tokens of prompt and of answer, "
            "such as [0.25, 2.0].",
        ),
        (
            {"prices": {"m": [1, -2]}},
            "the price of 'm' is [1, -2]. Give US dollars for a million tokens of prompt and of answer, "
            "such as [0.25, 2.0].",
        ),
        (
            {"prices": [1, 2]},
            "prices is [1, 2]. Give two numbers for each model, such as 'some-model: [0.25, 2.0]'.",
        ),
        ({"lease_minutes": 2.5}, "lease_minutes is 2.5. Give a whole number from 1 to 100,000."),
        ({"model": 4}, "model is 4. Give text, or leave it out."),
        ({"model": " "}, "model is ' '. Give text, or leave it out."),
        ({"base_url": ["x"]}, "base_url is ['x']. Give text, or leave it out."),
        ({"temperature": float("nan")}, "temperature is nan. Give a number from 0 to 2."),
        ({"temperature": 2.5}, "temperature is 2.5. Give a number from 0 to 2."),
        ({"temperature": "hot"}, "temperature is 'hot'. Give a number from 0 to 2."),
        ({"recipe": "magic"}, "recipe is 'magic'. Choose one of answer, plan."),
        ({"scan": "hide"}, "scan is 'hide'. Choose one of mask, block, allow."),
        ({"few_shot": -1}, "few_shot is -1. Give a whole number from 0 to 20."),
        ({"self_check": 1}, "self_check is 1. Give true or false."),
        ({"factual_checks": "yes"}, "factual_checks is 'yes'. Give true or false."),
        ({"language": "English"}, "language is 'English'. Give a code of two letters."),
        ({"control": 1.5}, "control is 1.5. Give a share from 0 to 1."),
        (
            {"control": 0.5, "canary": 0.5, "repeat": 0.25},
            "control, canary and repeat add up to 1.25. Leave a share to the other items.",
        ),
        ({"split": [0.8, 0.1]}, "split is (0.8, 0.1). Give three shares that add up to 1, such as [0.8, 0.1, 0.1]."),
        ({"do_not_send": "email"}, "do_not_send is 'email'. Give a list of column names."),
        ({"variants": "two"}, "variants is 'two'. Give a list, each with a name."),
        (
            {"variants": [{"name": "a"}, {"model": "m"}]},
            "variants, number 2: it is {'model': 'm'}. Give a name, and of model, base_url, key_variable, temperature, "
            "system, suffix what differs.",
        ),
        (
            {"variants": [{"name": "a", "temperature": 3}]},
            "variants, number 1: temperature is 3. Give a number from 0 to 2.",
        ),
        ({"judge": {"name": "j", "system": ""}}, "judge: system is ''. Give text."),
        (
            {"task": "rate"},
            "task is 'rate', but there is no rubric. Give criteria, such as rubric: [{name: helpfulness}].",
        ),
        (
            {"task": "rate+edit"},
            "task is 'rate+edit', but there is no rubric. Give criteria, such as rubric: [{name: helpfulness}].",
        ),
        (
            {"task": "label"},
            "task is 'label', but there are no questions. Give some, such as "
            "questions: [{name: tone, choices: [warm, cold]}].",
        ),
        (
            {"task": "rate", "rubric": [{"name": "help"}], "control": 0.1},
            "control is 0.1, but where nothing is drafted there is nothing to rate. Set it to 0.",
        ),
        (
            {"task": "rate", "rubric": [{"name": "help"}], "canary": 0.1},
            "canary is 0.1, but no rating or label tells whether a planted fault was seen. Set it to 0.",
        ),
        ({"rubric": "help"}, "rubric is 'help'. Give a list, each with a name."),
        (
            {"rubric": [{"name": "help", "top": 5}]},
            "rubric, number 1: it is {'name': 'help', 'top': 5}. Give a name, and what you want of question, low, "
            "high, low_word, high_word.",
        ),
        ({"rubric": [{"name": " "}]}, "rubric, number 1: name is ' '. Give text."),
        (
            {"rubric": [{"name": "help", "low_word": False}]},
            "rubric, number 1: low_word is False. Give text (in YAML, put yes, no and numbers in quotes).",
        ),
        (
            {"rubric": [{"name": "ranking"}]},
            "rubric, number 1: reports call something else 'ranking'. Choose another name.",
        ),
        (
            {"rubric": [{"name": "help"}, {"name": "help"}]},
            "rubric, number 2: 'help' is there already. Give each a name of its own.",
        ),
        (
            {"rubric": [{"name": "help", "low": 5}]},
            "rubric, number 1: the scale goes from 5 to 5. Give whole numbers from 0 to 10, the lower one first.",
        ),
        (
            {"questions": [{"name": "rude", "choices": [True, False]}]},
            "questions, number 1: choices is [True, False]. Give from 2 to 50 different texts, none of which begins "
            "with '[' (in YAML, put yes and no in quotes).",
        ),
        (
            {"questions": [{"name": "tone", "choices": ["a", "b"], "multi": 1}]},
            "questions, number 1: multi is 1. Give true or false.",
        ),
    ],
)
def test_a_wrong_setting_is_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        checked_settings(values)
    assert str(caught.value) == message


@pytest.mark.parametrize("variable", ["sk-a-real-key", "", None, 7])
def test_a_key_in_place_of_its_variable_is_refused_and_not_repeated(variable: object) -> None:
    with pytest.raises(InputError) as caught:
        checked_settings({"key_variable": variable})
    assert str(caught.value) == "key_variable is not the name of a variable. Give the name, never the key itself."


def test_variants_and_the_judge_are_read_as_such() -> None:
    read = checked_settings({
        "variants": [{"name": "warm", "temperature": 1.2}, {"name": "terse", "system": "Be brief."}],
        "judge": {"name": "judge", "model": "large"},
        "do_not_send": ["email"],
        "split": [0.8, 0.1, 0.1],
    })  # fmt: skip
    assert read.variants == (Variant("warm", temperature=1.2), Variant("terse", system="Be brief."))
    assert read.judge == Variant("judge", model="large")
    assert (read.do_not_send, read.split) == (("email",), (0.8, 0.1, 0.1))
    assert checked_settings(asdict(read)) == read


def test_a_rubric_and_questions_are_read_as_such() -> None:
    criterion = {"name": "help", "question": "Does it help?", "high": 7, "low_word": "not at all"}
    read = checked_settings({"rubric": [criterion], "questions": [{"name": "tone", "choices": ["warm", "cold"]}]})
    assert read.rubric == (Criterion("help", "Does it help?", 1, 7, "not at all"),)
    assert read.questions == (Question("tone", ("warm", "cold")),)
    assert checked_settings(asdict(read)) == read


def test_a_key_in_a_variant_is_refused_and_not_repeated() -> None:
    with pytest.raises(InputError) as caught:
        checked_settings({"variants": [{"name": "a", "key_variable": "sk-real"}]})
    assert str(caught.value) == (
        "variants, number 1: key_variable is not the name of a variable. Give the name, never the key itself."
    )


@given(
    values=st.dictionaries(st.sampled_from(NESTED), st.one_of(ANYTHING, st.lists(st.dictionaries(st.text(), ANYTHING))))
)
def test_whatever_is_written_in_nested_settings_is_settings_or_an_error(values: dict[str, Any]) -> None:
    try:
        settings = checked_settings(values)
    except InputError:
        return  # never another error
    assert checked_settings(asdict(settings)) == settings


@given(values=st.dictionaries(st.sampled_from(PLAIN), ANYTHING))
def test_whatever_is_written_is_settings_or_an_error(values: dict[str, Any]) -> None:
    try:
        settings = checked_settings(values)
    except InputError:
        return  # never another error
    assert asdict(settings) | values == asdict(settings)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"- a", "not a list of settings. Write lines such as 'overlap: 3'."),
        (b"", "not a list of settings. Write lines such as 'overlap: 3'."),
        (b"a: [", "not YAML in UTF-8 (while parsing a flow node). Correct it."),
        (b"a: 2024-99-99", "not YAML in UTF-8 (month must be in 1..12). Correct it."),
        (
            b"\xff",
            "not YAML in UTF-8 ('utf-8' codec can't decode byte 0xff in position 0: invalid start byte). Correct it.",
        ),
    ],
)
def test_a_file_that_holds_no_settings_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "settings.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_settings(path)
    assert str(caught.value) == f"{path}: {message}"


def test_names_that_are_no_text_are_unknown_settings(tmp_path: Path) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text("1: 2\noverlap: 3\nyes: 4\n")
    with pytest.raises(InputError) as caught:
        checked_settings(read_settings(path))
    assert str(caught.value) == f"There is no setting '1' (there are: {KNOWN}). Correct it."


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_settings(tmp_path / "none.yaml")
    assert str(caught.value) == f"{tmp_path}/none.yaml: No such file or directory. Check the path."
