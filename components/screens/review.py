"""Review: what waits for a decision or is disputed, with all that was written and judged about it."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from components import session
from components.services import get_store
from components.widgets.answer_form import STYLE
from components.widgets.applying import applied_result, apply_to_rows
from components.widgets.candidate_cards import candidate_cards
from components.widgets.case_picker import pick_case
from components.widgets.comment_thread import comment_thread
from components.widgets.decision_form import decision_form
from components.widgets.judgements_table import judgements_table
from components.widgets.project_header import project_header
from components.widgets.proposal_reading import rendered_card, row_tabs, sources, task_line
from components.widgets.reading import prompt_card
from components.widgets.run_progress import failures
from components.widgets.text import counted, moments, plain
from components.widgets.use_as_gold import use_as_gold
from components.widgets.word_diff import word_diff
from concord.approval import Decided, decide
from concord.curation.review import Case, Ruling
from concord.curation.standing import Standing
from concord.errors import ConcordError
from concord.proposing import sample_of
from concord.records.annotation import Adjudication

DECISIONS = {"pick": "Approved", "edit": "Approved with edits", "reject": "Rejected", "send_back": "Sent back"}
RANKS = (
    "Ranks run over all texts here; ties share their places. Who made an edit has it right before the draft that it "
    "began from; for the others it is level with that draft."
)
store = get_store()


def decide_case(case: Case, ruling: Ruling) -> None:
    """Store the decision, or say why not; what was typed stays."""
    try:
        decided = decide(store, project, case, ruling, now=datetime.now(UTC))
    except ConcordError as error:
        session.say(refused=str(error))
    else:
        session.say()
        session.view().decided = (project.name, decided)


def last_decision(decided: Decided) -> None:
    """What was decided a moment ago; an approved template can be applied at once."""
    made = decided.adjudication
    text = f"{DECISIONS[made.decision]}: {store.item(made.item_id).name}."
    if decided.made:
        st.success(plain(f"{text} It is item {decided.made.name} in the queue now."), icon=":material/check_circle:")
        st.page_link("screens/drafts.py", label="Draft answers", icon=":material/arrow_forward:")
        return
    if decided.template is None:
        st.info(plain(text), icon=":material/gavel:")
        if made.text is not None:
            use_as_gold(store, project, store.item(made.item_id).name)
        return
    version = decided.template.version[:12]
    st.success(plain(f"{text} It is saved as a template, version {version}."), icon=":material/check_circle:")
    rows = counted(store.counts(project.id).rows, "row")
    if st.button(f"Apply to all {rows}", type="primary", icon=":material/playlist_add_check:"):
        apply_to_rows(store, project, decided.template)
    if how := applied_result(project, decided.template.id):
        apply_to_rows(store, project, decided.template, how)
        st.rerun()


def as_text(one: Standing) -> None:
    """A candidate as it is; of an edit, what it changed."""
    if one.editors and one.draft:
        word_diff(one.draft.text, one.text)
    else:
        st.text(one.text)


def look(case: Case) -> None:
    """All candidates, as they are judged at the desk."""
    drafts = [one.draft for one in case.standings if one.draft]
    if case.item.kind != "conversion":
        prompt_card(case.item.messages, may_scroll=True)
    if case.item.kind != "conversion" or not drafts:
        candidate_cards(case.standings, as_text)
        if any(one.ranks for one in case.standings):
            st.caption(RANKS)
        if case.annotations:
            judgements_table(case.annotations, store.drafts(case.item.id))
        return
    sample = sample_of(store, drafts)
    task_line(sample)

    def on_row(place: int) -> None:
        candidate_cards(case.standings, lambda one: rendered_card(one.text, case.item.name, sample.rows[place]))

    row_tabs(sample.rows, on_row)
    if kinds := store.failure_kinds(case.item.id):
        with st.expander(
            f"{counted(sum(kind.count for kind in kinds), 'proposal')} could not be used", icon=":material/rule:"
        ):
            failures(kinds)
    sources([(one.draft.name if one.draft else "", one.text) for one in case.standings])


def history(decisions: list[Adjudication]) -> None:
    """What was decided before, newest first."""
    if decisions:
        st.subheader("Decisions", anchor=False)
        rows = [
            {
                "Item": store.item(one.item_id).name,
                "Decision": DECISIONS[one.decision],
                "Reviewer": one.reviewer,
                "Reason": one.reason,
                "When": one.created_at,
            }
            for one in decisions
        ]
        columns = {"When": moments("When")}
        st.dataframe(rows, hide_index=True, column_config=columns, alt="Decisions, newest first")


project = project_header(
    store, "Review", "See all that people made of an item, and decide what counts: a decision beats votes."
)
st.html(STYLE)
decided = session.view().decided
if decided and decided[0] == project.name:
    last_decision(decided[1])
if case := pick_case(project):
    read, decide_here = st.columns([13, 7], gap="medium")
    with read:
        look(case)
        if comments := store.comments(case.item.id):
            st.subheader("Discussion", anchor=False)
            comment_thread(comments)
    with decide_here, st.container(key="decide"):
        decision_form(case, decide_case)
history(store.adjudications(project.id))
