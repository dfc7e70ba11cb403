"""A project that others made in Label Studio: how it would be read, to be corrected, then taken in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, cast

import streamlit as st

from components import session
from components.services import PROMPTS
from components.widgets.labelstudio_progress import onto
from components.widgets.text import counted, plain
from concord.errors import ConcordError
from concord.labelstudio.access import KEY_VARIABLE
from concord.labelstudio.reading import MEANINGS
from concord.local import LocalVerbs
from concord.records.project import Project
from concord.verbs import Result
from concord.verbs_labelstudio import Adopting
from storage.store import Store


def labelstudio_adopting(store: Store, project: Project, url: str) -> None:
    """Draw what is asked for, then how the project there is read, then the button that takes it in."""
    st.markdown("Its tasks become items of this project, its annotations come along, and later ones with every sync.")
    number = st.number_input("Its number there", min_value=1, value=1, key=f"labelstudio-number-{project.id}")
    if st.button("Look at it", icon=":material/search:", key="labelstudio-look", disabled=not url):
        session.view().adoptable = _asked(store, project, Adopting(_key(), url, int(number), dry_run=True))
    seen = session.view().adoptable
    if seen is None or seen["number"] != number:
        return
    meanings = _reading(seen)
    if st.button("Adopt", type="primary", icon=":material/download:", key="labelstudio-adopt"):
        adopted = _asked(store, project, Adopting(_key(), url, int(number), meanings))
        if adopted:
            session.view().adoptable = None
            session.view().synced = (project.name, {"push": None, "pull": adopted})
            st.rerun()


def _key() -> str:
    return os.environ.get(KEY_VARIABLE, "")


def _asked(store: Store, project: Project, adopting: Adopting) -> Result | None:
    """What the Label Studio answers; nothing when it is refused, which is said."""
    bar = st.progress(0.0, text="Asking Label Studio …")
    try:
        answer = LocalVerbs(store, PROMPTS).adopt_labelstudio(project.name, adopting, onto(bar.progress))
    except ConcordError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return None
    finally:
        bar.empty()
    return {**answer, "number": adopting.number}


def _reading(seen: Result) -> Mapping[str, str]:
    """Show how it is read; what each control means can be changed."""
    responses = [key for key in (seen["listed"], *seen["responses"]) if key]
    st.markdown(f"**{plain(seen['title'])}** · {counted(seen['tasks'], 'task')}")
    st.caption(
        plain(f"Prompt: {', '.join(seen['prompt'])}. Responses: {', '.join(responses) or 'what a model predicted'}.")
    )
    asked = f": {', '.join(seen['asks'])}" if seen["asks"] else ""
    st.caption(plain(f"As it is proposed here, the desk asks to {seen['task']}{asked}."))
    rows = [
        {"Control": one["name"], "Tag": one["kind"], "Meaning": one["meaning"], "Example": one["example"] or ""}
        for one in seen["controls"]
    ]
    edited = st.data_editor(
        rows,
        hide_index=True,
        disabled=("Control", "Tag", "Example"),
        column_config={"Meaning": st.column_config.SelectboxColumn(options=list(MEANINGS), required=True)},
        key=f"labelstudio-meanings-{seen['number']}",
    )
    return {row["Control"]: row["Meaning"] for row in cast("list[dict[str, Any]]", edited)}
