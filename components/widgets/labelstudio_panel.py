"""Label Studio, beside the import of files: what is here goes there, what was judged there comes here."""

from __future__ import annotations

import os

import streamlit as st

from components import session
from components.services import PROMPTS
from components.widgets.labelstudio_adopting import labelstudio_adopting
from components.widgets.labelstudio_progress import onto
from components.widgets.text import counted, plain
from concord.errors import ConcordError
from concord.labelstudio.access import KEY_VARIABLE
from concord.local import LocalVerbs
from concord.records.labelstudio import LabelStudioLink
from concord.records.project import Project
from concord.verbs_labelstudio import LabelStudioCall, Result
from storage.store import Store

_SEND, _ADOPT = "Send this project there", "Adopt a project from there"


def labelstudio_panel(store: Store, project: Project) -> None:
    """Draw the panel; a sync goes on where it was when it is pressed again."""
    link = store.labelstudio_link(project.id)
    st.caption("People who judge in Label Studio go on there: items go out as its tasks, and judgements come back.")
    if not os.environ.get(KEY_VARIABLE):
        st.caption(f"Set `{KEY_VARIABLE}` to an access token of it where this app runs, then start the app again.")
        return
    adopts = link is None and _direction() == _ADOPT
    url = _place(project, link)
    if adopts:
        labelstudio_adopting(store, project, url)
    else:
        _syncing(store, project, url)
    outcome = session.view().synced
    if outcome and outcome[0] == project.name:
        _result(outcome[1])
    st.caption("An exported file: `concord labelstudio pull --file`. Judgements at once: `concord labelstudio watch`.")


def _direction() -> str | None:
    """Where the work begins: here or there."""
    return st.segmented_control(
        "Direction",
        (_SEND, _ADOPT),
        default=_SEND,
        required=True,
        label_visibility="collapsed",
        key="labelstudio-direction",
    )


def _place(project: Project, link: LabelStudioLink | None) -> str:
    """Where the Label Studio is: known, or asked for."""
    if link is None:
        return st.text_input("Address", placeholder="http://127.0.0.1:8080", key=f"labelstudio-{project.id}").strip()
    origin = "Its tasks come from" if link.reading is not None else "Its items are in"
    st.markdown(f"{origin} project **{link.number}** at {plain(link.url)}.")
    return link.url


def _syncing(store: Store, project: Project, url: str) -> None:
    """The button that pushes and pulls."""
    wanting = None if url else "Give its address first."
    if st.button(
        "Sync", type="primary", icon=":material/sync:", key="labelstudio-sync", disabled=not url, help=wanting
    ):
        _sync(store, project, url)


def _sync(store: Store, project: Project, url: str) -> None:
    """Push and pull under a bar."""
    bar = st.progress(0.0, text="Asking Label Studio …")
    call = LabelStudioCall(os.environ[KEY_VARIABLE], url)
    try:
        answer = LocalVerbs(store, PROMPTS).sync_labelstudio(project.name, call, onto(bar.progress))
        session.view().synced = (project.name, answer)
    except ConcordError as error:
        session.view().synced = None
        st.error(plain(str(error)), icon=":material/error:")
    bar.empty()


def _result(answer: Result) -> None:
    """What came of it, what was left out and why."""
    pushed, pulled = answer["push"], answer["pull"]
    parts = [f"{counted(pushed['pushed'], 'item')} pushed"] if pushed else []
    parts += [counted(pulled["skips"], "new skip")] if pulled["skips"] else []
    parts.append(f"{counted(pulled['annotations'], 'new annotation')} from {counted(pulled['tasks'], 'task')}")
    st.success(", ".join(parts) + ".", icon=":material/check_circle:")
    if pushed and pushed["waiting"]:
        st.caption(f"{counted(pushed['waiting'], 'item')} without enough drafts to judge: draft them, then sync again.")
    if left_out := [f"{count:,} {reason}" for reason, count in pulled["left_out"].items()]:
        st.caption(f"Left out: {plain(', '.join(left_out))}.")
    if deleted := pulled["deleted"]:
        st.caption(
            f"{counted(len(deleted), 'annotation')} deleted there still counted here; "
            "`concord labelstudio pull --withdraw-deleted` withdraws such."
        )
    if pulled["problems"]:
        with st.expander(f"{counted(len(pulled['problems']), 'result')} cannot be read"):
            for problem in pulled["problems"]:
                st.text(problem)
