"""Projects: the list, a new one, settings and guidelines."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from components import session
from components.services import get_store
from components.widgets.drafting_fields import drafting_fields, read_drafting
from components.widgets.empty_state import empty_state
from components.widgets.project_card import project_card
from components.widgets.settings_fields import model_fields, read_settings, task_fields
from components.widgets.text import plain, without_images
from concord.errors import ConcordError
from concord.ids import new_id
from concord.records.project import Project, Settings
from concord.rubric import check_asked
from concord.sample.build import REVIEWS, SUPPORT

store = get_store()
NEW = "new-project"


def create() -> None:
    """Store the new project, go on with it, and close the dialog."""
    try:
        settings = read_settings(NEW, Settings())
        check_asked(settings)
        project = Project(new_id(), st.session_state[f"{NEW}-name"].strip(), settings, datetime.now(UTC))
        store.create_project(project)
    except ConcordError as error:
        session.say(refused=str(error))
    else:
        session.choose_project(project.name)
        st.rerun()


def save_settings(project: Project) -> None:
    """Store the settings and close the dialog."""
    try:
        prefix = str(project.id)
        store.save_settings(project.id, read_drafting(prefix, read_settings(prefix, project.settings)))
    except ConcordError as error:
        session.say(refused=str(error))
    else:
        st.rerun()


def save_guidelines(project: Project) -> None:
    """Store the next version of the guidelines."""
    saved = store.save_guidelines(project.id, st.session_state[f"guidelines-{project.id}"])
    session.say(done=f"Version {saved.version} is what annotators see from their next item on.")


def say_once() -> None:
    """What came of the last action, until the next run."""
    if refused := session.view().refused:
        st.error(plain(refused), icon=":material/error:")
    if done := session.view().done:
        st.success(plain(done), icon=":material/check_circle:")
    session.say()


@st.dialog("New project", icon=":material/create_new_folder:")
def new_project() -> None:
    """Ask for the few things that a project cannot do without."""
    with st.form(NEW, border=False):
        st.text_input("Name", key=f"{NEW}-name", placeholder="for instance support-answers", max_chars=80)
        task_fields(Settings(), NEW)
        say_once()
        st.form_submit_button("Create", type="primary", on_click=create)
    st.caption("Everything else has a default and can be changed later, under Settings.")


@st.dialog("Settings", width="medium", position="right", icon=":material/tune:")
def edit_project(project: Project) -> None:
    """Settings and guidelines of one project."""
    st.markdown(f"**{plain(project.name)}**")
    settings_tab, guidelines_tab = st.tabs(["Settings", "Guidelines"])
    with settings_tab, st.form(f"settings-form-{project.id}", border=False):
        task_fields(project.settings, str(project.id))
        model_fields(project.settings, str(project.id))
        drafting_fields(project.settings, str(project.id))
        st.form_submit_button("Save settings", type="primary", on_click=save_settings, args=(project,))
    with guidelines_tab, st.form(f"guidelines-form-{project.id}", border=False):
        guidelines = store.guidelines(project.id)
        st.caption(f"Version {guidelines.version}. Each annotation keeps the version that its annotator saw.")
        st.text_area("Guidelines (Markdown)", guidelines.text, height=320, key=f"guidelines-{project.id}")
        st.form_submit_button("Save guidelines", type="primary", on_click=save_guidelines, args=(project,))
        with st.expander("How annotators see it"):
            st.markdown(without_images(guidelines.text) or "*Nothing written yet.*")
    say_once()


projects = store.projects()
with st.container(horizontal=True, vertical_alignment="center"):
    st.header("Projects", width="content", anchor=False)
    st.space("stretch")
    wants_new = st.button("New project", type="primary" if not projects else "secondary", icon=":material/add:")
st.caption("Import rows, make prompts of them, let a model draft, judge the drafts blind, export what people decided.")
if not projects:
    empty_state("No project yet", "Begin with “New project”. It takes a name; everything else has a default.")
wants_settings = None
with st.grid(3, min_column_width=340, gap="medium"):
    for listed in reversed(projects):
        if project_card(listed, store.counts(listed.id), sample=listed.name in (REVIEWS, SUPPORT)):
            wants_settings = listed
if wants_new:
    new_project()
elif wants_settings:
    edit_project(wants_settings)
