from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from components import services
from concord.agreement.worker import Reporter
from concord.drafting.worker import Drafter
from concord.records.project import Project
from storage.store import Store

ENTRY = Path(__file__).resolve().parents[2] / "components" / "main.py"


@pytest.fixture
def store(store: Store) -> Iterator[Store]:
    """The workspace that the screens use; what they cache does not outlive the test."""
    st.cache_resource.clear()
    drafter, reporter = Drafter(store), Reporter(store)
    services.register(store, drafter, reporter)
    yield store
    drafter.close()
    reporter.close()
    st.cache_resource.clear()


@pytest.fixture
def project(new_campaign: Callable[..., Any]) -> Project:
    """Three items with two drafts each, to be ranked and edited by two annotators."""
    campaign = new_campaign(task="rank+edit", overlap=2, candidates=2)
    for name in ("q0", "q1", "q2"):
        item = campaign.item(name)
        for draft in ("d1", "d2"):
            campaign.draft(item, draft, f"{draft} says *{name}*.", source="model", model="secret-model")
    return campaign.project


@pytest.fixture
def open_screen(store: Store) -> Callable[..., AppTest]:
    """Open one screen as a visitor would, with query parameters as keywords."""

    def opened(screen: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(ENTRY), default_timeout=20)
        app.run()
        app.switch_page(f"screens/{screen}.py")
        for name, value in query.items():
            app.query_params[name] = value
        return app.run()

    return opened
