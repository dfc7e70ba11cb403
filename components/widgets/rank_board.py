"""The rank board: a ranking with ties, by drag and drop, click or keys."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import streamlit as st
from streamlit.components.v2 import component

Tiers = list[list[str]]
"""Best first; ids in one tier are tied."""

_HERE = Path(__file__).parent
_mount = component(
    "rank_board",
    html='<div class="board" role="group" aria-label="Ranking, best first">'
    '<div class="list"></div><div class="sr" role="status"></div></div>',
    css=(_HERE / "rank_board.css").read_text(encoding="utf-8"),
    js=(_HERE / "keys.js").read_text(encoding="utf-8") + (_HERE / "rank_board.js").read_text(encoding="utf-8"),
)


def rank_board(ids: Sequence[str], labels: Sequence[str], *, key: str, begun: Tiers | None = None) -> Tiers:
    """Show the board and return its tiers; an unranked id is in none.

    Args:
        ids: of the drafts, in the order shown.
        labels: what they are called.
        key: the widget's key.
        begun: the tiers that it begins with; by default everything is unranked.
    """
    ranked = tiers_of(key, ids, begun=begun)
    result = _mount(
        key=key,
        data={"key": key, "ids": list(ids), "labels": list(labels), "tiers": ranked},
        default={"tiers": ranked},
        on_tiers_change=lambda: None,  # a default needs its callback
    )
    return validated(result.tiers, ids)


def tiers_of(key: str, ids: Sequence[str], *, begun: Tiers | None = None) -> Tiers:
    """The tiers as the browser last sent them, for callbacks; until it has sent any, those that it began with."""
    state = cast("dict[str, Any]", st.session_state.get(key, {}))
    return validated(state.get("tiers", begun), ids)


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


def _items(raw: object) -> list[object]:
    return cast("list[object]", raw) if isinstance(raw, list) else []
