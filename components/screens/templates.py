"""Templates: see what a template makes of the project's own rows, then make an item of each."""

from __future__ import annotations

import streamlit as st

from components import session
from components.services import PROMPTS, get_store
from components.widgets.empty_state import empty_state
from components.widgets.import_result import problems_table
from components.widgets.lint_panel import lint_panel
from components.widgets.project_header import project_header
from components.widgets.reading import prompt_card
from components.widgets.rows_browser import fields_of_row, rows_browser
from components.widgets.text import counted, plain, refusal
from concord.conversion.apply import Applied, apply_template
from concord.conversion.library import templates_of
from concord.conversion.render import render
from concord.errors import ConcordError, TemplateProblem
from concord.records import Row, Template

FIRST = 50
store = get_store()


def lacking(template: Template) -> list[str]:
    """The columns that the template needs and the rows do not have."""
    return [name for name in template.inputs if name not in columns]


def label(template: Template) -> str:
    """A template on the list."""
    missing = lacking(template)
    return f"{template.id} · lacks {', '.join(missing)}" if missing else template.id


def describe(template: Template) -> None:
    """What the template is for, what it needs, and its source."""
    st.markdown(plain(template.description))
    needs = [
        f":gray-badge[{plain(name)}]" if name in columns else f":orange-badge[{plain(name)}]"
        for name in template.inputs
    ]
    st.markdown(f"Needs {' '.join(needs)}" if needs else "Needs no column.")
    if missing := lacking(template):
        refusal(
            f"The rows have no {', '.join(missing)}. Choose another template, write one (a file in the folder "
            "prompts), or import the rows under that name, into a new project."
        )
    if template.tags:
        st.caption(plain(", ".join(template.tags)))
    with st.expander("Source", icon=":material/code:"):
        st.code(template.source, language="jinja2", wrap_lines=True)
        st.caption(f"Version {template.version[:12]}")


def show(template: Template, row: Row) -> None:
    """The prompt that the template makes of the row, and the answer that the row holds."""
    try:
        rendered = render(template, row.data, row_id=row.id, place=f"{row.source}, line {row.line}")
    except TemplateProblem as error:
        st.warning(plain(str(error)), icon=":material/rule:")
        return
    if not rendered.messages:
        st.caption("The template has nothing to ask of this row: no item is made of it.")
        return
    prompt, target = st.columns([5, 3])
    with prompt:
        prompt_card(rendered.messages)
    with target, st.container(border=True, gap="xsmall"):
        st.caption("Target")
        if rendered.target is None:
            st.caption("None: a person or a model writes the answer.")
        else:
            st.text(rendered.target)


def apply(template: Template) -> Applied:
    """Make the items, under a progress bar."""
    bar, total = st.progress(0.0), max(store.counts(project.id).rows, 1)

    def progress(done: int) -> None:
        bar.progress(min(done / total, 1.0), text=f"{done:,} of {counted(total, 'row')}")

    applied = apply_template(store, project, template, on_progress=progress)
    bar.empty()
    return applied


def result(applied: Applied) -> None:
    """What became of the rows."""
    if applied.problems:
        st.error(
            f"Nothing was stored: {counted(len(applied.problems), 'row')} cannot be rendered.", icon=":material/error:"
        )
        problems_table(applied.problems)
        return
    st.success(
        f"{counted(applied.items, 'new item')}, {applied.present:,} there before, "
        f"{counted(applied.empty, 'row')} left empty.",
        icon=":material/check_circle:",
    )
    st.page_link("screens/drafts.py", label="Draft answers", icon=":material/arrow_forward:")


project = project_header(
    store, "Templates", "A template makes a prompt of each row. Try it on your own rows before you apply it."
)
rows = list(store.rows(project.id, limit=FIRST))
if not rows:
    empty_state(
        "There are no rows yet",
        "Templates are tried on the project's own rows. Ready-made items need no template.",
        page="screens/imports.py",
        action="Import rows",
    )
    st.stop()
columns = store.columns(project.id)
choose, look = st.columns([3, 8], gap="medium")
try:
    with choose:
        templates = sorted(templates_of(store, PROMPTS), key=lambda template: len(lacking(template)))
        chosen = st.selectbox("Template", templates, format_func=label, key="template")
        describe(chosen)
        if st.button(
            "Apply to all rows", type="primary", icon=":material/playlist_add_check:", disabled=bool(lacking(chosen))
        ):
            session.view().applied = (project.name, chosen.id, apply(chosen))
        applied = session.view().applied
        if applied and applied[:2] == (project.name, chosen.id):
            result(applied[2])
    with look:
        row = rows_browser(rows, total=store.counts(project.id).rows)
        if not lacking(chosen):
            show(chosen, row)
        with st.expander("The row", icon=":material/table_rows:", expanded=bool(lacking(chosen))):
            st.caption(f"{plain(row.source)}, line {row.line:,}")
            fields_of_row(row)
    lint_panel(store, project, chosen)
except ConcordError as error:
    st.error(plain(str(error)), icon=":material/error:")
