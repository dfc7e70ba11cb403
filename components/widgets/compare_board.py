"""The compare board: the better of two drafts and how much better it is, by click or keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, cast, get_args

import streamlit as st
from streamlit.components.v2 import component

from components.widgets.parts import text_of
from components.widgets.unsaved import Unsaved
from concord.desk.autosave import State
from concord.records.kinds import Strength


class Choice(NamedTuple):
    """The id of the better draft, `tie` or `both_bad`; and how much better it is, None where neither is."""

    value: str
    strength: Strength | None


_NEITHER = ("tie", "both_bad")
_mount = component(
    "compare_board",
    html=f'<div class="board" role="group" aria-label="Which draft is better">{text_of("unsaved.html")}'
    f'<div class="list"></div>{text_of("reason.html")}'
    '<div class="saved" role="status"></div><div class="sr" role="status"></div></div>',
    css=text_of("options.css", "compare_board.css", "reason.css", "unsaved.css"),
    js=text_of("elsewhere.js", "board.js", "unsaved.js", "compare_board.js"),
)


class Compared(NamedTuple):
    """What the board holds.

    Attributes:
        choice: None while nothing is chosen.
        reason: why a draft that was marked wrong beats one marked right.
    """

    choice: Choice | None = None
    reason: str = ""


def compare_board(
    ids: Sequence[str], labels: Sequence[str], *, key: str, unsaved: Unsaved, asks_reason: bool = False
) -> Compared:
    """Show the board and return what it holds.

    Args:
        ids: of the two drafts, in the order shown.
        labels: what they are called.
        key: the widget's key.
        unsaved: what it begins with; where it holds no choice, nothing is chosen.
        asks_reason: whether a reason is asked for, because the choice goes against the factual checks.
    """
    held = compared_of(key, ids, begun=unsaved.state)
    state = {"choice": held.choice and held.choice._asdict(), "reason": held.reason}
    _mount(
        key=key,
        data={
            "key": key,
            "ids": list(ids),
            "labels": list(labels),
            "strengths": get_args(Strength),
            "asks_reason": asks_reason,
            **state,
            **unsaved.data,
        },
        default=state,
        on_choice_change=lambda: None,  # a default needs its callback
        on_reason_change=lambda: None,
    )
    return compared_of(key, ids, begun=unsaved.state)


def compared_of(key: str, ids: Sequence[str], *, begun: State) -> Compared:
    """What the browser last sent, for callbacks; until it has sent any, what it began with. Neither is trusted."""
    state = {**begun, **cast("dict[str, Any]", st.session_state.get(key, {}))}
    reason = state.get("reason")
    return Compared(validated(state.get("choice"), ids), reason if isinstance(reason, str) else "")


def validated(raw: object, ids: Sequence[str]) -> Choice | None:
    """A well-formed choice between the two: the browser is not trusted.

    >>> validated({"value": "b", "strength": "much"}, ["a", "b"])
    Choice(value='b', strength='much')
    >>> validated({"value": "c", "strength": "much"}, ["a", "b"])
    """
    sent = cast("dict[str, object]", raw) if isinstance(raw, dict) else {}
    value, strength = sent.get("value"), sent.get("strength")
    if isinstance(value, str) and value in _NEITHER:
        return Choice(value, None)
    if isinstance(value, str) and value in ids and strength in get_args(Strength):
        return Choice(value, cast("Strength", strength))
    return None
