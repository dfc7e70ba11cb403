"""Applying a template to all rows: how it stands in the project, what came of it, and what is of an older version."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from components import session
from components.widgets.import_result import problems_table
from components.widgets.text import counted, plain
from concord.conversion.apply import PLAIN, Applied, How, apply_template
from concord.errors import ConcordError
from concord.records import Application, Project, Stale, Template
from storage.store import Store


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
    if st.button("Apply to all rows", type="primary", icon=":material/playlist_add_check:", disabled=not fits):
        _apply(store, project, template, PLAIN)
    last = session.view().applied
    if last and last[:2] == (project.name, template.id):
        how, applied = last[2:]
        _result(applied)
        if applied.refused and st.button("Leave these rows out and apply", icon=":material/filter_alt:"):
            _apply(store, project, template, how._replace(skip_bad=True))
    stale = next((one for one in store.stale(project.id) if one.template_id == template.id), None)
    if stale and _stale(stale, is_current=stale.version == template.version):
        _apply(store, project, template, How(rerender=True))


def _standing(current: Application | None, template: Template) -> str:
    if current is None:
        return "Not applied to this project yet."
    when = f"{current.applied_at:%d %b %Y, %H:%M} UTC"
    if current.version == template.version:
        return f":material/check: This version is the project's current one, since {when}."
    return f":material/update: The project uses version {current.version[:8]}, of {when}. This one is not applied yet."


def _apply(store: Store, project: Project, template: Template, how: How) -> None:
    """Apply under a progress bar, and draw the page anew."""
    bar, total = st.progress(0.0), max(store.counts(project.id).rows, 1)
    begun = datetime.now(UTC)

    def progress(done: int) -> None:
        seconds = (datetime.now(UTC) - begun).total_seconds()
        left = f", about {seconds / done * (total - done):.0f} s left" if done and seconds > 2 else ""
        bar.progress(min(done / total, 1.0), text=f"{done:,} of {counted(total, 'row')}{left}")

    try:
        applied = apply_template(store, project, template, how, now=begun, on_progress=progress)
    except ConcordError as error:
        bar.empty()
        st.error(plain(str(error)), icon=":material/error:")
        return
    session.view().applied = (project.name, template.id, how, applied)
    st.rerun()


def _result(applied: Applied) -> None:
    """What became of the rows."""
    if applied.refused:
        bad = counted(len(applied.problems), "row")
        st.error(f"Nothing was stored: {bad} cannot be rendered.", icon=":material/error:")
    else:
        st.success(_outcome(applied), icon=":material/check_circle:")
        st.page_link("screens/drafts.py", label="Draft answers", icon=":material/arrow_forward:")
    if applied.problems:
        problems_table(applied.problems)


def _outcome(applied: Applied) -> str:
    parts = [
        counted(applied.items, "new item"),
        f"{applied.present:,} there before",
        f"{counted(applied.empty, 'row')} left empty",
    ]
    if applied.kept:
        parts.append(f"{applied.kept:,} of an older version kept")
    if applied.retired:
        parts.append(f"{applied.retired:,} of an older version replaced")
    if applied.left_out:
        parts.append(f"{counted(applied.left_out, 'row')} left out, because they cannot be rendered")
    return f"{', '.join(parts)}."


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
