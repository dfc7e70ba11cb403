"""Proposed templates as people judge them: what each makes of the same rows, row by row; the source on demand.

All rows are on the page at once, in tabs: stepping through them asks nothing of the server and keeps what was ranked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from components.widgets.reading import draft_heading, labels_of, lines_of
from components.widgets.rows_browser import fields_of_row
from components.widgets.text import plain, refusal
from concord.conversion.front_matter import SUFFIX
from concord.conversion.render import Rendered, render
from concord.conversion.template import parse_template
from concord.errors import TemplateProblem
from concord.proposing import Sample
from concord.records.draft import Draft
from concord.records.kinds import Role
from concord.records.row import Row
from concord.records.template import Template

_MOST_LINES, _SCROLLING_PX = 16, 420
_ROLES: dict[Role, str] = {"system": "System", "user": "Prompt", "assistant": "Answer so far", "tool": "Tool"}


def proposal_cards(drafts: Sequence[Draft], name: str, sample: Sample) -> None:
    """The proposals in the order shown, all alike, on each of the sample's rows.

    Args:
        drafts: their sources.
        name: the item's, which is the template's id.
        sample: the task, and the rows.
    """
    task_line(sample)
    labels = labels_of(drafts)

    def cards(place: int) -> None:
        with st.grid(2, min_column_width=320, gap="small"):
            for number, (label, draft) in enumerate(zip(labels, drafts, strict=True), start=1):
                with st.container(border=True, height="stretch", gap="xsmall"):
                    draft_heading(label, number)
                    rendered_card(draft.text, name, sample.rows[place])

    row_tabs(sample.rows, cards)
    sources(list(zip([f"Draft {label}" for label in labels], (draft.text for draft in drafts), strict=True)))


def proposal_result(source: str, name: str, sample: Sample) -> None:
    """What one template makes of each row of the sample, or why it cannot be read."""
    try:
        template = parse_template(source, f"{name}{SUFFIX}")
    except TemplateProblem as error:
        st.warning(plain(str(error)), icon=":material/rule:")
    else:
        row_tabs(sample.rows, lambda place: _rendered(template, sample.rows[place]))


def task_line(sample: Sample) -> None:
    """What the prompts should teach."""
    with st.container(border=True, gap="xsmall"):
        st.caption("What the prompts should teach")
        st.text(sample.task or "Nobody said.")


def row_tabs(rows: Sequence[Row], draw: Callable[[int], None]) -> None:
    """A tab for each row, with the row's own fields behind a click."""
    if not rows:
        st.caption("There are no sample rows.")
        return
    for place, (tab, row) in enumerate(zip(st.tabs([f"Row {n}" for n in range(1, len(rows) + 1)]), rows, strict=True)):
        with tab:
            with st.expander("The row", icon=":material/table_rows:", type="compact"):
                fields_of_row(row)
            draw(place)


def rendered_card(source: str, name: str, row: Row) -> None:
    """What a template makes of a row, or why it cannot."""
    try:
        template = parse_template(source, f"{name}{SUFFIX}")
    except TemplateProblem as error:
        refusal(str(error))
    else:
        _rendered(template, row)


def _rendered(template: Template, row: Row) -> None:
    try:
        rendered = render(template, row.data, row_id=row.id, place=f"{row.source}, line {row.line}")
    except TemplateProblem as error:
        refusal(str(error))
        return
    if not rendered.messages:
        st.caption("It asks nothing of this row: no item is made of it.")
        return
    scrolls = _is_long(rendered)
    with st.container(border=scrolls, gap="xsmall", height=_SCROLLING_PX if scrolls else "content"):
        for message in rendered.messages:
            st.caption(_ROLES[message.role])
            st.text(message.content)
        st.caption("Target")
        st.text(rendered.target if rendered.target is not None else "None: a person writes it.")


def sources(named: Sequence[tuple[str, str]]) -> None:
    """The templates' files, for who wants to see how it is done."""
    with st.expander("Sources", icon=":material/code:"):
        for label, source in named:
            st.caption(plain(label))
            st.code(source, language="jinja2", wrap_lines=True)


def _is_long(rendered: Rendered) -> bool:
    texts = [*(message.content for message in rendered.messages), rendered.target or ""]
    return sum(map(lines_of, texts)) > _MOST_LINES
