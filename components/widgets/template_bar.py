"""The bar of the studio: which template, what one does with it, and how a new one begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, cast, get_args

import streamlit as st

from components import session
from components.widgets.text import plain
from concord.conversion.skeleton import column_types, free_id, renamed, skeleton
from concord.records.project import Project
from concord.records.row import Row
from concord.records.template import Template

Activity = Literal["Try and apply", "Edit", "Check", "Versions", "Propose with a model"]
_ACTIVITIES: tuple[Activity, ...] = get_args(Activity)
_PICKER, _ACTIVITY = "template", "activity"


def template_bar(templates: Sequence[Template], lacking: dict[str, list[str]]) -> tuple[str, Activity]:
    """Draw the bar; the id of the template, which may be that of a new one, and what is done with it.

    Args:
        templates: those that there are.
        lacking: for each of their ids, the columns that it needs and the rows do not have.
    """
    ids = sorted((template.id for template in templates), key=lambda name: (len(lacking[name]), name))
    state = session.restore_studio()
    wanted, doing = state.template or "", state.activity
    chosen = wanted if wanted in ids or wanted == _slug(wanted) else next(iter(ids), _slug(""))
    session.choose_template(chosen)
    st.session_state[_PICKER] = chosen
    st.session_state[_ACTIVITY] = doing if doing in _ACTIVITIES else _ACTIVITIES[0]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.selectbox(
            "Template",
            ids if chosen in ids else [chosen, *ids],
            format_func=lambda name: _label(name, lacking.get(name)),
            key=_PICKER,
            label_visibility="collapsed",
            width=360,
            on_change=_pick,
        )
        activity = st.segmented_control(
            "View", _ACTIVITIES, required=True, key=_ACTIVITY, label_visibility="collapsed", on_change=_do
        )
    return chosen, cast("Activity", activity)


def new_template_menu(project: Project, templates: Sequence[Template], chosen: str, rows: Sequence[Row]) -> None:
    """How a new template begins."""
    ids = [template.id for template in templates]
    present = next((template for template in templates if template.id == chosen), None)
    with st.popover("New", icon=":material/add:"):
        fresh = free_id(_slug(project.name), ids)
        st.button(
            "From the columns of the data",
            icon=":material/view_column:",
            width="stretch",
            on_click=_begin,
            args=(fresh, skeleton(fresh, column_types(rows))),
        )
        if present:
            copied = free_id(f"{present.id}-copy", ids)
            st.button(
                f"A copy of {plain(present.id)}",
                icon=":material/content_copy:",
                width="stretch",
                on_click=_begin,
                args=(copied, renamed(present.source, copied)),
            )


def onward(*, saved: bool) -> None:
    """The way from a text that is saved, and makes no item yet, to where it does."""
    label = f"{_ACTIVITIES[0]} this version"
    if saved and st.button(label, icon=":material/arrow_forward:", icon_position="right", type="tertiary"):
        session.choose_activity(_ACTIVITIES[0])
        st.rerun()


def begun_text(template_id: str, rows: Sequence[Row]) -> str:
    """The text that a template begins from which is not saved yet."""
    return session.view().begun.get(template_id) or skeleton(template_id, column_types(rows))


def _slug(name: str) -> str:
    r"""A name as an id.

    >>> _slug("Support replies (sample)"), _slug("日本")
    ('support-replies-sample', 'new-template')
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "new-template"


def _label(template_id: str, lacking: list[str] | None) -> str:
    if lacking is None:
        return f"{template_id} · not saved yet"
    return f"{template_id} · lacks {', '.join(lacking)}" if lacking else template_id


def _pick() -> None:
    session.choose_template(st.session_state[_PICKER])


def _do() -> None:
    session.choose_activity(st.session_state[_ACTIVITY])


def _begin(template_id: str, text: str) -> None:
    session.view().begun[template_id] = text
    session.choose_template(template_id)
    session.choose_activity("Edit")
