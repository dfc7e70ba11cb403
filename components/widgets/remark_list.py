"""What annotators flagged and skipped, one by one, each with the way to its item."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from components import session
from components.widgets.remark_counts import remark_counts
from components.widgets.text import moment, plain
from concord.desk.remarks import FLAG_REASONS, SKIP_REASONS
from concord.records.project import Project
from concord.records.remark import Remark
from storage.store import Store

PAGE = 20
_REASONS: Mapping[str, Mapping[str, str]] = {"flag": FLAG_REASONS, "skip": SKIP_REASONS}
_SAYS = {"flag": "flagged it", "skip": "skipped it"}


def remark_list(store: Store, project: Project) -> None:
    """A page of them, after the counts; nothing where there are none."""
    counts = store.remark_counts(project.id)
    if not counts:
        return
    remark_counts(counts)
    key = f"remarks-{project.id}"
    for number, one in enumerate(store.remarks(project.id, limit=PAGE, offset=PAGE * session.page_at(key))):
        _line(project, one, f"{key}-{number}")
    pages = -(-len(store.remarks(project.id)) // PAGE)
    if pages > 1:
        st.pagination(pages, key=key)
    st.caption("A flag is lifted when a reviewer approves the item. Who skipped an item is not given it again.")


def _line(project: Project, one: Remark, key: str) -> None:
    reason = _REASONS[one.kind][one.reason]
    note = f" “{one.note}”" if one.note else ""
    with st.container(horizontal=True, vertical_alignment="center", key=key):
        address = {session.PROJECT: project.name, session.ITEM: one.item}
        st.page_link("screens/review.py", label=plain(one.item), icon=":material/gavel:", query_params=address)
        st.caption(
            plain(f"{one.annotator} {_SAYS[one.kind]}: {reason}.{note} · {moment(one.created_at)}"),
            width="stretch",
        )
