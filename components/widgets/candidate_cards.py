"""An item's candidates before its reviewer: drafts and edits side by side, best first, with who ranked them where."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from math import isnan
from uuid import UUID

import streamlit as st

from components.widgets.text import plain
from concord.curation.standing import Standing, winners


def candidate_cards(standings: Sequence[Standing], draw: Callable[[Standing], None]) -> None:
    """A card for each candidate; `draw` shows what it says."""
    best = {one.id for one in winners(standings)}
    with st.grid(2, min_column_width=320, gap="small"):
        for one in standings:
            with st.container(border=True, height="stretch", gap="xsmall"):
                mark = _mark(one, best)
                st.markdown(f"**{plain(candidate_name(one))}** {mark}".rstrip())
                st.caption(plain(standing_line(one)))
                draw(one)


def candidate_name(one: Standing) -> str:
    """What a candidate is called: a draft's name, or whose edit of which draft it is."""
    begun = one.draft.name if one.draft else "nothing"
    return f"Edit of {begun} by {', '.join(one.editors)}" if one.editors else begun


def standing_line(one: Standing) -> str:
    """Mean rank, the ranks behind it, and which model wrote it."""
    if isnan(one.mean_rank):
        parts = ["not ranked yet"]
    else:
        parts = [f"mean rank {one.mean_rank:.2f}", ", ".join(f"{who} {rank:g}" for who, rank in one.ranks.items())]
    if one.draft and not one.editors and one.draft.model:
        parts.append(one.draft.model)
    return " · ".join(parts)


def _mark(one: Standing, best: Collection[UUID]) -> str:
    if one.id not in best:
        return ""
    return ":green-badge[best]" if len(best) == 1 else ":orange-badge[best, tied]"
