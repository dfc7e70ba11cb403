"""The question board: the criteria of a rubric, or questions with choices, answered by click or keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

import streamlit as st
from streamlit.components.v2 import component

from components.widgets.parts import text_of
from components.widgets.unsaved import Unsaved
from concord.desk.autosave import State
from concord.records.rubric import Criterion, Question

Answers = Mapping[str, list[str]]
"""What is chosen, by the question's name."""


class Asked(NamedTuple):
    """One question as the board shows it.

    Attributes:
        keys: the digit that chooses each of the first choices.
        low: what the first choice means, where the choices are a scale.
        high: what the last one means.
        multi: whether several can be chosen.
        scale: whether the choices are numbers, shown in one line.
    """

    name: str
    question: str
    choices: tuple[str, ...]
    keys: tuple[str, ...]
    low: str = ""
    high: str = ""
    multi: bool = False
    scale: bool = False


_mount = component(
    "question_board",
    html=f'<div class="board">{text_of("unsaved.html")}<div class="list"></div>'
    '<div class="saved" role="status"></div><div class="sr" role="status"></div></div>',
    css=text_of("options.css", "question_board.css", "unsaved.css"),
    js=text_of("elsewhere.js", "board.js", "unsaved.js", "question_board.js"),
)


def criterion_asked(criterion: Criterion) -> Asked:
    """A criterion, whose numbers are their own keys; 0 is the key of a 10, unless there is a 0.

    >>> criterion_asked(Criterion("tone", low=9, high=10)).keys
    ('9', '0')
    """
    scale = tuple(str(number) for number in range(criterion.low, criterion.high + 1))
    keys = tuple("0" if number == "10" and criterion.low else number for number in scale)
    return Asked(criterion.name, criterion.question, scale, keys, criterion.low_word, criterion.high_word, scale=True)


def question_asked(question: Question) -> Asked:
    """A question, whose first nine choices have keys."""
    keys = tuple("123456789"[: len(question.choices)])
    return Asked(question.name, question.question, question.choices, keys, multi=question.multi)


def question_board(asked: Sequence[Asked], *, key: str, unsaved: Unsaved) -> Answers:
    """Show the board and return what is chosen.

    Args:
        asked: the questions, in order.
        key: the widget's key.
        unsaved: what it begins with; where it holds no answers, there are none.
    """
    answers = answers_of(key, asked, begun=unsaved.state)
    result = _mount(
        key=key,
        data={"key": key, "questions": [one._asdict() for one in asked], "answers": answers, **unsaved.data},
        default={"answers": answers},
        on_answers_change=lambda: None,  # a default needs its callback
    )
    return validated(result.answers, asked)


def answers_of(key: str, asked: Sequence[Asked], *, begun: State) -> Answers:
    """The answers as the browser last sent them, for callbacks; until it has sent any, those that it began with."""
    state = {**begun, **cast("dict[str, Any]", st.session_state.get(key, {}))}
    return validated(state.get("answers"), asked)


def validated(raw: object, asked: Sequence[Asked]) -> Answers:
    """Known choices of known questions, each once and in the order on the screen: the browser is not trusted.

    >>> asked = [Asked("tone", "", ("warm", "cold"), ("1", "2")), Asked("of", "", ("a", "b"), (), multi=True)]
    >>> validated({"tone": ["cold", "warm"], "of": ["b", "a", "x"], "who": ["me"]}, asked)
    {'of': ['a', 'b']}
    """
    sent = cast("dict[str, object]", raw) if isinstance(raw, dict) else {}
    answers: dict[str, list[str]] = {}
    for one in asked:
        entry = sent.get(one.name)
        given = cast("list[object]", entry) if isinstance(entry, list) else []
        chosen = [choice for choice in one.choices if choice in given]
        if len(chosen) == 1 or (chosen and one.multi):
            answers[one.name] = chosen
    return answers
