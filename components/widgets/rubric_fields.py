"""The rubric and the questions of a project as a form's fields, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

import streamlit as st

from components.widgets.drafting_fields import rows_after
from concord.records.project import Settings
from concord.records.rubric import Criterion, Question

_CRITERION = [field.name for field in fields(Criterion)]
_QUESTION = [field.name for field in fields(Question)]
_UNTOUCHED: Mapping[str, Any] = {"edited_rows": {}, "added_rows": [], "deleted_rows": []}


def rubric_fields(settings: Settings, prefix: str) -> None:
    """What is asked where answers are rated or labelled, a line for each question."""
    with st.expander("Questions of ratings and labels"):
        st.caption(
            "The rubric: each criterion is answered by a whole number on its scale, 1 to 5 where nothing is said."
        )
        st.data_editor(
            _criterion_rows(settings),
            num_rows="dynamic",
            hide_index=True,
            key=f"{prefix}-rubric",
            column_order=_CRITERION,
            column_config={
                "name": st.column_config.TextColumn("Criterion", required=True),
                "question": st.column_config.TextColumn("Question"),
                "low": st.column_config.NumberColumn("From", min_value=0, max_value=10, step=1),
                "high": st.column_config.NumberColumn("To", min_value=0, max_value=10, step=1),
                "low_word": st.column_config.TextColumn("Lowest means"),
                "high_word": st.column_config.TextColumn("Highest means"),
            },
        )
        st.caption("Labels: questions, each with the choices that it has.")
        st.data_editor(
            _question_rows(settings),
            num_rows="dynamic",
            hide_index=True,
            key=f"{prefix}-questions",
            column_order=_QUESTION,
            column_config={
                "name": st.column_config.TextColumn("Name", required=True),
                "choices": st.column_config.ListColumn("Choices", required=True),
                "question": st.column_config.TextColumn("Question"),
                "multi": st.column_config.CheckboxColumn("Several at once"),
            },
        )


def typed_questions(prefix: str, settings: Settings) -> dict[str, list[dict[str, Any]]]:
    """The rubric and the questions as they were typed, to be checked."""
    rubric, questions = (st.session_state.get(f"{prefix}-{name}", _UNTOUCHED) for name in ("rubric", "questions"))
    found = rows_after(_question_rows(settings), questions, _QUESTION)
    return {
        "rubric": rows_after(_criterion_rows(settings), rubric, _CRITERION),
        "questions": [row for row in found if row.get("name") or row.get("question") or row.get("choices")],
    }


def _criterion_rows(settings: Settings) -> list[dict[str, Any]]:
    """The rows of the editor; an empty one where there are none, to show where to type."""
    return [asdict(criterion) for criterion in settings.rubric] or [dict.fromkeys(_CRITERION)]


def _question_rows(settings: Settings) -> list[dict[str, Any]]:
    empty = dict.fromkeys(_QUESTION) | {"choices": list[str](), "multi": False}
    return [asdict(question) | {"choices": list(question.choices)} for question in settings.questions] or [empty]
