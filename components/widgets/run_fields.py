"""What a drafting run is told, as fields."""

from __future__ import annotations

import streamlit as st

from concord.records.project import Project


def run_fields(project: Project, *, has_price: bool) -> None:
    """Draw them; a cost ceiling needs a price."""
    st.number_input("Drafts per item", 1, 9, project.settings.candidates, key=f"candidates-{project.id}", width=160)
    st.number_input(
        "Items at most",
        1,
        value=None,
        placeholder="all",
        key="limit",
        width=160,
        help="Empty: all that lack drafts.",
    )
    if has_price:
        st.number_input(
            "Cost at most, USD",
            0.0001,
            value=None,
            placeholder="no ceiling",
            key="max-cost",
            width=160,
            format="%.4f",
            help="The run stops before it would cost more.",
        )


def typed(project: Project) -> tuple[int, int | None, float | None]:
    """Drafts per item, items at most, dollars at most."""
    state = st.session_state
    return state[f"candidates-{project.id}"], state["limit"], state.get("max-cost")
