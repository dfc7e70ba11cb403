"""Templates, the studio: try a template on the project's own rows, write it, go back to a version, apply it."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from components import session
from components.services import PROMPTS, get_store
from components.widgets.empty_state import empty_state
from components.widgets.lint_panel import lint_panel
from components.widgets.project_header import project_header
from components.widgets.propose_form import propose_form
from components.widgets.reading import rendered_card
from components.widgets.rows_browser import fields_of_row, rows_browser
from components.widgets.template_apply import template_apply
from components.widgets.template_bar import begun_text, new_template_menu, onward, template_bar
from components.widgets.template_editor import Begun, source_of, template_editor
from components.widgets.template_history import template_history
from components.widgets.text import plain, refusal
from concord.conversion.library import By, save_template, templates_of
from concord.conversion.trial import Trial, try_source
from concord.errors import ConcordError
from concord.records.row import Row
from concord.records.template import Template

FIRST, PREVIEW_PX = 50, 640
store = get_store()


def lacks(template: Template) -> list[str]:
    """The columns that the template needs and the rows do not have."""
    return [name for name in template.inputs if name not in columns]


def describe(template: Template) -> None:
    """What the template is for, what it needs, and its source."""
    st.markdown(plain(template.description))
    needs = [
        f":gray-badge[{plain(name)}]" if name in columns else f":orange-badge[{plain(name)}]"
        for name in template.inputs
    ]
    st.markdown(f"Needs {' '.join(needs)}" if needs else "Needs no column.")
    if missing := lacks(template):
        refusal(
            f"The rows have no {', '.join(missing)}. Choose another template, write one (New, on the right), "
            "or import the rows under that name, into a new project."
        )
    if template.tags:
        st.caption(plain(", ".join(template.tags)))
    with st.expander("Source", icon=":material/code:"):
        st.code(template.source, language="jinja2", wrap_lines=True)
        st.caption(f"Version {template.version[:12]}")


def show(trial: Trial, row: Row, *, expanded: bool = False) -> None:
    """What the template makes of the row, and the row."""
    if trial.rendered is None:
        place = f"Line {trial.line}: " if trial.line else ""
        st.warning(plain(f"{place}{trial.problem}"), icon=":material/rule:")
    elif not trial.rendered.messages:
        st.caption("The template has nothing to ask of this row: no item is made of it.")
    else:
        rendered_card(trial.rendered.messages, trial.rendered.target)
    with st.expander("The row", icon=":material/table_rows:", expanded=expanded):
        st.caption(f"{plain(row.source)}, line {row.line:,}")
        fields_of_row(row)


def look(template: Template) -> None:
    """The template, its way into the project, and what it makes of a row."""
    left, right = st.columns([4, 8], gap="medium")
    with left:
        describe(template)
        template_apply(store, project, template, fits=not lacks(template))
    with right:
        row = rows_browser(project, columns=tuple(template.inputs), total=total)
        if row is not None:
            show(try_source(template.source, row), row, expanded=bool(lacks(template)))


def save(template: Template, note: str) -> None:
    """Keep the text as a version, and go on with the template that it says it is."""
    save_template(store, template, By(session.author(), note), now=datetime.now(UTC))
    session.view().left = chosen
    session.choose_template(template.id)
    st.rerun()


@st.fragment(key="edit")
def edit(template: Template | None) -> None:
    """The source, and beside it what it makes of a row; they are drawn anew with every pause in typing."""
    base = template.source if template else begun_text(chosen, first)
    key = session.template_key(chosen, template.version if template else "new")
    source = source_of(key, otherwise=base)
    row = rows_browser(project, columns=tuple(template.inputs if template else columns), total=total) or first[0]
    trial = try_source(source, row)
    left, right = st.columns(2, gap="medium")
    with left:
        template_editor(Begun(key, base, chosen, session.view().left, template is None), trial)
        keep(trial.template if template is None or source != base else None, key)
        onward(saved=template is not None and source == base)
    with right, st.container(height=PREVIEW_PX, border=False):
        show(trial, row)


def keep(template: Template | None, key: str) -> None:
    """Who saves the text, and why; there is nothing to save when it is no template, or as it was."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        note = st.text_input("Note", key=f"note-{key}", placeholder="What does this version change?", max_chars=200)
        name = st.text_input("Your name", session.author(), key="template-author", max_chars=60, width=120)
        session.view().author = (name or "").strip()
        if st.button("Save version", type="primary", icon=":material/save:", disabled=not template) and template:
            save(template, note or "")


project = project_header(
    store, "Templates", "A template makes a prompt of each row. Try it on your own rows before you apply it."
)
first = list(store.rows(project.id, limit=FIRST))
if not first:
    empty_state(
        "There are no rows yet",
        "Templates are tried on the project's own rows. Ready-made items need no template.",
        page="screens/imports.py",
        action="Import rows",
    )
    st.stop()
columns = store.columns(project.id)
total = store.counts(project.id).rows
try:
    templates = templates_of(store, PROMPTS)
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen, activity = template_bar(templates, {template.id: lacks(template) for template in templates})
        new_template_menu(project, templates, chosen, first)
    standing = next((template for template in templates if template.id == chosen), None)
    if activity == "Propose with a model":
        propose_form(store, project)
    elif activity == "Edit" or standing is None:
        edit(standing)
    elif activity == "Check":
        lint_panel(store, project, standing)
    elif activity == "Versions":
        current = next((one for one in store.applications(project.id) if one.template_id == chosen), None)
        template_history(store, standing, current=current.version if current else None)
    else:
        look(standing)
except ConcordError as error:
    st.error(plain(str(error)), icon=":material/error:")
