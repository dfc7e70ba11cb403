"""The rank board: a ranking with ties, by drag and drop, click or keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, cast, get_args

import streamlit as st
from streamlit.components.v2 import component

from components.widgets.parts import text_of
from components.widgets.unsaved import Unsaved
from concord.desk.autosave import State
from concord.records.kinds import Rest

Tiers = list[list[str]]
"""Best first; ids in one tier are tied."""

_mount = component(
    "rank_board",
    html=f'<div class="board" role="group" aria-label="Ranking, best first">{text_of("unsaved.html")}'
    f'<div class="list"></div><div class="row"></div>{text_of("reason.html")}'
    '<div class="saved" role="status"></div><div class="sr" role="status"></div></div>',
    css=text_of("rank_board.css", "reason.css", "unsaved.css"),
    js=text_of("elsewhere.js", "board.js", "unsaved.js", "rank_board.js"),
)


class Ranked(NamedTuple):
    """What the board holds.

    Attributes:
        tiers: best first; an id that is ranked nowhere is in none.
        rest: what is said of the drafts in none.
        reason: why a draft that was marked wrong beats one marked right.
    """

    tiers: Tiers
    rest: Rest = "missing"
    reason: str = ""


def rank_board(
    ids: Sequence[str], labels: Sequence[str], *, key: str, unsaved: Unsaved, asks_reason: bool = False
) -> Ranked:
    """Show the board and return what it holds.

    Args:
        ids: of the drafts, in the order shown.
        labels: what they are called.
        key: the widget's key.
        unsaved: what it begins with; where it holds no tiers, everything is unranked.
        asks_reason: whether a reason is asked for, because the ranking goes against the factual checks.
    """
    state = ranked_of(key, ids, begun=unsaved.state)._asdict()
    shown = {"key": key, "ids": list(ids), "labels": list(labels), "asks_reason": asks_reason}
    _mount(
        key=key,
        data={**shown, **state, **unsaved.data},
        default=state,
        on_tiers_change=_nothing,  # a default needs its callback
        on_rest_change=_nothing,
        on_reason_change=_nothing,
    )
    return ranked_of(key, ids, begun=unsaved.state)


def ranked_of(key: str, ids: Sequence[str], *, begun: State) -> Ranked:
    """What the browser last sent, for callbacks; until it has sent any, what it began with. Neither is trusted."""
    state = {**begun, **cast("dict[str, Any]", st.session_state.get(key, {}))}
    rest, reason = state.get("rest"), state.get("reason")
    return Ranked(
        validated(state.get("tiers"), ids),
        next((known for known in get_args(Rest) if known == rest), "missing"),
        reason if isinstance(reason, str) else "",
    )


def validated(raw: object, ids: Sequence[str]) -> Tiers:
    """Keep well-formed tiers of known ids, each once: the browser is not trusted.

    >>> validated([["b"], ["a", "b", "x", 7], "c"], ["a", "b", "c"])
    [['b'], ['a']]
    """
    left = set(ids)
    tiers: Tiers = []
    for tier in _items(raw):
        known: list[str] = []
        for entry in _items(tier):
            if isinstance(entry, str) and entry in left:
                left.remove(entry)
                known.append(entry)
        if known:
            tiers.append(known)
    return tiers


def _nothing() -> None:
    """A state has to have its callback."""


def _items(raw: object) -> list[object]:
    return cast("list[object]", raw) if isinstance(raw, list) else []
