"""The factual check: a row below a draft, on which is said whether it is factually right; by keys or mouse."""

from __future__ import annotations

from typing import Any, cast, get_args

import streamlit as st
from streamlit.components.v2 import component

from components.widgets.parts import text_of
from concord.records.kinds import Fact

WORDS: dict[Fact, str] = {"right": "Right", "wrong": "Wrong", "cannot_tell": "Cannot tell"}
_KEYS: dict[Fact, str] = {"right": "Y", "wrong": "N", "cannot_tell": "X"}
_mount = component(
    "fact_check",
    html='<div class="facts" role="radiogroup"></div>',
    css=text_of("fact_check.css"),
    js=text_of("elsewhere.js", "fact_check.js"),
)


def fact_check(label: str, *, draft: str, place: int, key: str, begun: object = None) -> Fact | None:
    """Show the row, in a form only, and return what is said on it; None while nothing is.

    Args:
        label: what the draft is called.
        draft: its id.
        place: of the row on the page, from 0; keys answer the first row without an answer.
        key: the widget's key.
        begun: what it begins with; it is not trusted.
    """
    said = fact_of(key, begun=begun)
    choices = [[fact, WORDS[fact], _KEYS[fact]] for fact in get_args(Fact)]
    data = {"key": key, "label": label, "draft": draft, "place": place, "choices": choices, "fact": said}
    _mount(key=key, data=data, default={"fact": said}, on_fact_change=lambda: None)  # a default needs its callback
    return fact_of(key, begun=begun)


def fact_of(key: str, *, begun: object = None) -> Fact | None:
    """What is said on the row as the browser last sent it, for callbacks; the browser is not trusted."""
    said = cast("dict[str, Any]", st.session_state.get(key, {})).get("fact", begun)
    return next((fact for fact in get_args(Fact) if fact == said), None)
