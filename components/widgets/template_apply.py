"""Applying a template to all rows: how it stands in the project, what came of it, and what is of an older version."""

from __future__ import annotations

import streamlit as st

from components.widgets.applying import applied_result, apply_to_rows
from components.widgets.text import counted, moment, plain
from concord.conversion.apply import PLAIN, How
from concord.errors import ConcordError
from concord.records.project import Project
from concord.records.template import Application, Stale, Template
from storage.store import Store

RERENDER = How(rerender=True)


def template_apply(store: Store, project: Project, template: Template, *, fits: bool) -> None:
    """Draw the button and all that hangs on it.

    Args:
        store: where rows and items are.
        project: whose rows.
        template: the version that stands.
        fits: the rows have the columns that it needs.
    """
    current = next((one for one in store.applications(project.id) if one.template_id == template.id), None)
    st.caption(_standing(current, template))
    how: How | None = None
    if st.button("Apply to all rows", type="primary", icon=":material/playlist_add_check:", disabled=not fits):
        how = PLAIN
    how = applied_result(project, template.id) or how
    stale = next((one for one in store.stale(project.id) if one.template_id == template.id), None)
    if stale and _stale(stale, is_current=stale.version == template.version):
        how = RERENDER
    if how is not None:
        _apply(store, project, template, how)


def _standing(current: Application | None, template: Template) -> str:
    if current is None:
        return "Not applied to this project yet."
    when = moment(current.applied_at)
    if current.version == template.version:
        return f":material/check: This version is the project's current one, since {when}."
    return f":material/update: The project uses version {current.version[:8]}, of {when}. This one is not applied yet."


def _apply(store: Store, project: Project, template: Template, how: How) -> None:
    try:
        apply_to_rows(store, project, template, how)
    except ConcordError as error:
        st.error(plain(str(error)), icon=":material/error:")
    else:
        st.rerun()


def _stale(stale: Stale, *, is_current: bool) -> bool:
    """Say what is of an older version; True when it is to be rendered anew."""
    with st.container(border=True, gap="xsmall"):
        made = f"**{counted(stale.items, 'item')} and {counted(stale.answers, 'answer')}**"
        st.markdown(f":orange-badge[:material/history: Stale] {made} were made with an older version.")
        kept = stale.items - stale.replaceable
        if not is_current:
            st.caption("Apply the version that stands now before you re-render.")
        elif not stale.replaceable:
            st.caption("People have worked on all of them, so they stay as they are.")
        else:
            rest = f" The other {kept:,} stay as they are: people have worked on them." if kept else ""
            idle = f"{stale.replaceable:,} of them" if kept else "them"
            fate = "Re-rendered, each gives its place to an item of the current version, which wants new drafts."
            st.caption(f"Nobody has worked on {idle}. {fate}{rest}")
            label = f"Re-render {counted(stale.replaceable, 'item')}"
            return st.button(label, icon=":material/autorenew:", key="rerender")
    return False
