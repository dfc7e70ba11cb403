"""The compare board: the better of two drafts and how much better it is, by click or keys."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast, get_args

import streamlit as st
from streamlit.components.v2 import component

from concord.records.kinds import Strength


class Choice(NamedTuple):
    """The id of the better draft, `tie` or `both_bad`; and how much better it is, None where neither is."""

    value: str
    strength: Strength | None


_HERE = Path(__file__).parent
_NEITHER = ("tie", "both_bad")
_mount = component(
    "compare_board",
    html='<div class="board" role="group" aria-label="Which draft is better">'
    '<div class="list"></div><div class="sr" role="status"></div></div>',
    css=(_HERE / "options.css").read_text(encoding="utf-8") + (_HERE / "compare_board.css").read_text(encoding="utf-8"),
    js=(_HERE / "keys.js").read_text(encoding="utf-8") + (_HERE / "compare_board.js").read_text(encoding="utf-8"),
)


def compare_board(ids: Sequence[str], labels: Sequence[str], *, key: str, begun: Choice | None = None) -> Choice | None:
    """Show the board and return what is chosen.

    Args:
        ids: of the two drafts, in the order shown.
        labels: what they are called.
        key: the widget's key.
        begun: the choice that it begins with; by default nothing is chosen.
    """
    choice = choice_of(key, ids, begun=begun)
    plain = choice and choice._asdict()
    result = _mount(
        key=key,
        data={
            "key": key,
            "ids": list(ids),
            "labels": list(labels),
            "strengths": get_args(Strength),
            "choice": plain,
        },
        default={"choice": plain},
        on_choice_change=lambda: None,  # a default needs its callback
    )
    return validated(result.choice, ids)


def choice_of(key: str, ids: Sequence[str], *, begun: Choice | None = None) -> Choice | None:
    """The choice as the browser last sent it, for callbacks; until it has sent any, the one that it began with."""
    state = cast("dict[str, Any]", st.session_state.get(key, {}))
    return validated(state.get("choice", begun and begun._asdict()), ids)


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
