"""Which further projects are in a data set, how much of each, and what each gave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from components.widgets.text import plain
from concord.curation.mixtures import Share
from concord.records.project import Project


def mixture_fields(project: Project, others: Sequence[str]) -> None:
    """Draw the fields: which of the `others` is mixed in, by name, and the share of each."""
    with st.expander("Mixture"):
        chosen = st.multiselect(
            "Further projects in the data set",
            list(others),
            key=_key(project),
            placeholder="None" if others else "There is no other project",
            help="An earlier one comes first where two have the same prompt in different splits.",
        )
        for name in chosen:
            label = f"Share of {plain(name)}"
            st.number_input(label, 0.01, 1.0, 1.0, step=0.05, key=_key(project, name), help="Of its items.")
        st.caption("Every project passes the gates by itself; of a share, the seed decides for good who is in it.")


def chosen_mixture(project: Project) -> tuple[Share, ...]:
    """What is mixed in as it stands in the fields."""
    state = st.session_state
    return tuple(Share(name, state[_key(project, name)]) for name in state[_key(project)])


def mixture_table(projects: dict[str, Any]) -> None:
    """One line for each project of a mixture; nothing where there is none."""
    rows = [
        {"Project": name, "Share": one["weight"], "Entered": one["in"], "Rows": one["written"]}
        for name, one in projects.items()
    ]
    if rows:
        st.dataframe(rows, hide_index=True, alt="What entered of each project of the mixture, and its rows")


def _key(project: Project, mixed: str = "") -> str:
    return f"mixture-{project.id}-{mixed}"
