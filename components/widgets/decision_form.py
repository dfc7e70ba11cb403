"""The reviewer's side of a case: which candidate counts, or what becomes of the item, and why."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components import session
from components.widgets.candidate_cards import candidate_name
from components.widgets.text import plain, refusal
from concord.curation.review import Case, Ruling
from concord.curation.standing import Standing
from concord.records.kinds import Decision

OnDecide = Callable[[Case, Ruling], None]
_REVIEWER = "reviewer"


def decision_form(case: Case, on_decide: OnDecide) -> None:
    """Draw it; `on_decide` is called with the ruling before the page is drawn again."""
    st.subheader("Decide", anchor=False)
    chosen = _chosen(case)
    if st.toggle("Edit it first", value=chosen is None, disabled=chosen is None, key=_key(case, "edits")) or not chosen:
        st.text_area("The text that counts", chosen.text if chosen else "", height=360, key=_text_key(case, chosen))
    st.text_input("Reason", key=_key(case, "reason"), placeholder="In a line: it is kept with the decision")
    st.session_state.setdefault(_REVIEWER, session.view().annotator or "")
    st.text_input("Reviewer", key=_REVIEWER, max_chars=60)
    with st.container(horizontal=True):
        _button("Approve", case, chosen, on_decide, decision="pick")
        _button("Send back", case, chosen, on_decide, decision="send_back")
        _button("Reject", case, chosen, on_decide, decision="reject")
    if refused := session.view().refused:
        refusal(refused)
    st.caption(
        "*Send back* asks as many further annotators as an item wants; what was judged stays and counts on. "
        "*Reject* takes the item off the desk."
    )


def _chosen(case: Case) -> Standing | None:
    """The candidate that is chosen, at first the best; None when there is none."""
    by_id = {str(one.id): one for one in case.standings}
    if not by_id:
        return None
    named = {key: plain(candidate_name(one)) for key, one in by_id.items()}
    return by_id[st.radio("What counts", list(named), format_func=named.__getitem__, key=_key(case, "candidate"))]


def _button(label: str, case: Case, chosen: Standing | None, on_decide: OnDecide, *, decision: Decision) -> None:
    def press() -> None:
        on_decide(case, _ruling(case, chosen, decision))

    st.button(label, type="primary" if decision == "pick" else "secondary", key=f"decide-{decision}", on_click=press)


def _ruling(case: Case, chosen: Standing | None, decision: Decision) -> Ruling:
    """What the widgets say; a text that is no draft as it came is an edit."""
    state = st.session_state
    reviewer, reason = str(state[_REVIEWER]), str(state[_key(case, "reason")])
    if decision != "pick":
        return Ruling(decision, reviewer, reason)
    text = state.get(_text_key(case, chosen), chosen.text if chosen else "")
    draft = chosen.draft.name if chosen and chosen.draft else None
    if chosen and not chosen.editors and text == chosen.text:
        return Ruling("pick", reviewer, reason, draft)
    return Ruling("edit", reviewer, reason, draft, text)


def _key(case: Case, what: str) -> str:
    return f"{what}-{case.item.id}"


def _text_key(case: Case, chosen: Standing | None) -> str:
    return f"text-{case.item.id}-{chosen.id if chosen else None}"
