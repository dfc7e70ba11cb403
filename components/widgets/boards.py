"""Where a page's question is answered, and the answer read back for the callback."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import streamlit as st

from components import session
from components.widgets.compare_board import Choice, compare_board, compared_of
from components.widgets.question_board import (
    Answers,
    Asked,
    answers_of,
    criterion_asked,
    question_asked,
    question_board,
)
from components.widgets.rank_board import rank_board, ranked_of
from components.widgets.reading import labels_of
from components.widgets.unsaved import Unsaved, begun
from concord.desk.queue import STEPS, Assignment, Step
from concord.records.annotation import Comparison
from concord.records.kinds import Rest

_TITLES: Mapping[Step, str] = {
    "ranking": "Rank, best first",
    "comparison": "Which is better, and how much?",
    "rating": "Rate the answer",
    "label": "Label",
}
_NEXT: Mapping[Step, str] = {
    "ranking": "Next, you edit the draft that you ranked best.",
    "comparison": "Next, you edit the better draft: of two good ones the left, and of two bad ones none.",
    "rating": "Next, you edit the draft that you rated.",
}


def board(task: Assignment, unsaved: Unsaved) -> None:
    """Draw what the step asks, as far as it is answered."""
    st.subheader(_TITLES[task.step], anchor=False)
    ids, labels, asks = _ids(task), labels_of(task.drafts), session.view().asks_reason
    match task.step:
        case "ranking":
            rank_board(ids, labels, key=_rank_key(task), unsaved=unsaved, asks_reason=asks)
        case "comparison":
            compare_board(ids, labels, key=_compare_key(task), unsaved=unsaved, asks_reason=asks)
        case _:
            question_board(_asked(task), key=_questions_key(task), unsaved=unsaved)


def what_follows(task: Assignment) -> None:
    """What comes after the submit, where it is another step."""
    if STEPS[task.presentation.task][-1] != task.step:
        st.caption(_NEXT[task.step])


def ranked(task: Assignment) -> tuple[list[list[UUID]], Rest, str]:
    """The tiers on the board, what is said of the other drafts, and the reason; for the callback."""
    tiers, rest, reason = ranked_of(_rank_key(task), _ids(task), begun=begun(task))
    return [[UUID(draft_id) for draft_id in tier] for tier in tiers], rest, reason


def compared(task: Assignment) -> tuple[Comparison | None, str]:
    """The choice on the board, None while there is none, and the reason; for the callback."""
    choice, reason = compared_of(_compare_key(task), _ids(task), begun=begun(task))
    match choice:
        case None:
            return None, reason
        case Choice("tie" | "both_bad" as value):
            return Comparison(value), reason
        case Choice(value, strength):
            return Comparison(UUID(value), strength=strength), reason


def answered(task: Assignment) -> Answers:
    """What is chosen on the board for each criterion or question, for the callback."""
    return answers_of(_questions_key(task), _asked(task), begun=begun(task))


def _asked(task: Assignment) -> list[Asked]:
    if task.step == "rating":
        return [criterion_asked(criterion) for criterion in task.presentation.rubric]
    return [question_asked(question) for question in task.presentation.questions]


def _questions_key(task: Assignment) -> str:
    return session.questions_key(task.presentation.id, task.attempt)


def _rank_key(task: Assignment) -> str:
    return session.rank_key(task.presentation.id, task.attempt)


def _compare_key(task: Assignment) -> str:
    return session.compare_key(task.presentation.id, task.attempt)


def _ids(task: Assignment) -> list[str]:
    return [str(draft.id) for draft in task.drafts]
