"""Where a page's question is answered, and the answer read back for the callback."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import streamlit as st

from components import session
from components.widgets.compare_board import Choice, choice_of, compare_board
from components.widgets.rank_board import rank_board, tiers_of
from components.widgets.reading import labels_of
from concord.desk.queue import STEPS, Assignment, Step
from concord.records.annotation import Comparison, Ranking

_TITLES: Mapping[Step, str] = {"ranking": "Rank, best first", "comparison": "Which is better, and how much?"}
_NEXT: Mapping[Step, str] = {
    "ranking": "Next, you edit the draft that you ranked best.",
    "comparison": "Next, you edit the better draft: of two good ones the left, and of two bad ones none.",
}


def board(task: Assignment) -> None:
    """Draw what the step asks."""
    st.subheader(_TITLES[task.step], anchor=False)
    if task.step == "ranking":
        rank_board(_ids(task), labels_of(task.drafts), key=_rank_key(task), begun=_ranked_before(task))
    else:
        compare_board(_ids(task), labels_of(task.drafts), key=_compare_key(task), begun=_chosen_before(task))


def what_follows(task: Assignment) -> None:
    """What comes after the submit, where it is another step."""
    if STEPS[task.presentation.task][-1] != task.step:
        st.caption(_NEXT[task.step])


def ranked(task: Assignment) -> list[list[UUID]]:
    """The tiers on the board, for the callback."""
    tiers = tiers_of(_rank_key(task), _ids(task), begun=_ranked_before(task))
    return [[UUID(draft_id) for draft_id in tier] for tier in tiers]


def compared(task: Assignment) -> Comparison | None:
    """The choice on the board, for the callback; None while there is none."""
    choice = choice_of(_compare_key(task), _ids(task), begun=_chosen_before(task))
    match choice:
        case None:
            return None
        case Choice("tie" | "both_bad" as value):
            return Comparison(value)
        case Choice(value, strength):
            return Comparison(UUID(value), strength=strength)


def _rank_key(task: Assignment) -> str:
    return session.rank_key(task.presentation.id, task.attempt)


def _compare_key(task: Assignment) -> str:
    return session.compare_key(task.presentation.id, task.attempt)


def _ranked_before(task: Assignment) -> list[list[str]] | None:
    """The ranking that was taken back."""
    if not isinstance(task.entered, Ranking):
        return None
    return [[str(draft_id) for draft_id in tier] for tier in task.entered.tiers]


def _chosen_before(task: Assignment) -> Choice | None:
    """The comparison that was taken back."""
    if not isinstance(task.entered, Comparison):
        return None
    return Choice(str(task.entered.value), task.entered.strength)


def _ids(task: Assignment) -> list[str]:
    return [str(draft.id) for draft in task.drafts]
