"""The offer to take what a reviewer just approved as a known answer."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from components import session
from components.widgets.text import plain
from concord.gold import gold_from_decision
from concord.records.project import Project
from storage.store import Store


def use_as_gold(store: Store, project: Project, item: str) -> None:
    """A button that moves the item from the data set to those whose answer is known."""

    def take() -> None:
        gold_from_decision(store, project, item, now=datetime.now(UTC))
        session.view().decided = None
        st.toast(f"{plain(item)} is gold now: it trains and tests annotators, and is in no data set.")

    st.button(
        "Use as gold",
        icon=":material/workspace_premium:",
        key="use-as-gold",
        on_click=take,
        help=plain(f"{item} then trains and tests annotators, and leaves agreement, examples and data sets."),
    )
