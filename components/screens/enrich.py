"""Enrich: let a model write new prompts from those that are there, and see what was refused and why."""

from __future__ import annotations

import os
from typing import cast

import streamlit as st

from components import session
from components.services import PROMPTS, get_store
from components.widgets.empty_state import empty_state
from components.widgets.project_header import project_header
from components.widgets.refused_table import refused_table
from components.widgets.text import counted, plain, refusal
from concord.drafting.endpoint import Endpoint, endpoint_for
from concord.enrichment.options import METHODS, EnrichOptions
from concord.errors import ConcordError
from concord.local import LocalVerbs
from concord.records.kinds import ItemMethod
from concord.verbs import Result

LATEST = 50
WORDS: dict[ItemMethod, str] = {
    "paraphrase": "Paraphrase",
    "reverse": "Question for an answer",
    "self_instruct": "After approved examples",
}
MEANINGS: dict[ItemMethod, str] = {
    "paraphrase": "Each prompt of the project is said in other words; the text to be worked on stays as it is.",
    "reverse": "For each approved answer, or one that a row holds, a question that it answers.",
    "self_instruct": "Prompts of the same kind as those whose answers people approved, about other things.",
}
store = get_store()


def who_writes(endpoint: Endpoint) -> None:
    """Say plainly which model writes."""
    if endpoint.demo:
        st.info(
            "**The demo drafter writes.** It turns sentences around and is no language model. For a real one, set "
            f"{plain(endpoint.key_variable)} where this app runs, or a base URL under *Projects*, *Settings*.",
            icon=":material/science:",
        )
    else:
        st.markdown(f"**{plain(endpoint.model)}** at {plain(endpoint.base_url or '')}")


def ask(options: EnrichOptions) -> None:
    """Ask the model, under a bar; what came before it broke off is kept."""
    bar = st.progress(0.0, text=f"0 of {options.items} asked for")

    def progress(so_far: Result) -> None:
        asked, wanted = so_far["asked"], so_far["wanted"]
        bar.progress(asked / wanted, text=f"{asked} of {wanted} asked for, {len(so_far['refused'])} refused")

    try:
        session.view().enriched = (project.name, LocalVerbs(store, PROMPTS).enrich(project.name, options, progress))
        session.say()
    except ConcordError as error:
        session.view().enriched = None
        session.say(refused=str(error))
    bar.empty()


def controls() -> None:
    """What is asked for."""
    chosen = st.segmented_control(
        "Method", METHODS, format_func=lambda one: WORDS[one], default=METHODS[0], required=True, key="method"
    )
    method = cast("ItemMethod", chosen)
    st.caption(MEANINGS[method])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        items = st.number_input("New prompts", 1, 1000, 10, key="enrich-items", width=160)
        candidates = st.number_input(
            "Candidates of each", 1, 9, project.settings.candidates, key=f"enrich-candidates-{project.id}", width=160
        )
        seed = st.number_input(
            "Seed", 0, 2**31 - 1, 0, key="enrich-seed", width=160, help="Another seed asks for other texts."
        )
        pressed = st.button("Ask the model", type="primary", icon=":material/auto_awesome:")
    if pressed:
        ask(EnrichOptions(method, items, candidates, seed))
    if refused := session.view().refused:
        refusal(refused)


def result(enriched: Result) -> None:
    """What came of it."""
    if not enriched["asked"]:
        st.info("All were asked for with this seed. Choose another seed or another method.", icon=":material/info:")
        return
    for fault, kind in enriched["failures"].items():
        st.warning(plain(f"{kind['count']} failed ({fault}): {kind['example']}"), icon=":material/warning:")
    st.success(
        f"{counted(enriched['items'], 'new prompt')} with {counted(enriched['candidates'], 'candidate')}, "
        f"{counted(len(enriched['refused']), 'candidate')} refused.",
        icon=":material/check_circle:",
    )


project = project_header(
    store,
    "Enrich",
    "A model writes new prompts from those that are there. None counts before people have ranked and edited it and a "
    "reviewer has approved it.",
)
if not store.counts(project.id).items:
    empty_state(
        "There are no items to write new prompts from",
        "Make items from rows with a template, or import ready-made ones.",
        page="screens/imports.py",
        action="Import rows",
    )
    st.stop()
try:
    who_writes(endpoint_for(project.settings, os.environ))
except ConcordError as error:
    st.error(plain(str(error)), icon=":material/error:")
    st.stop()
controls()
enriched = session.view().enriched
if enriched and enriched[0] == project.name:
    result(enriched[1])
waiting = [item for item in store.undecided_items(project.id) if item.kind == "prompt"]
approved, made = store.origins(project.id), store.enrichments(project.id)
if made:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{counted(len(waiting), 'new prompt')} to judge · {len(approved):,} approved")
        st.page_link("screens/desk.py", label="Judge them", icon=":material/arrow_forward:")
        st.page_link("screens/review.py", label="Review", icon=":material/gavel:")
refused = store.refused_prompts(project.id, limit=LATEST)
if refused:
    st.subheader("Refused as repetitions", anchor=False)
    st.caption(
        "A candidate whose words follow those of another prompt too closely (ROUGE-L of 0.7 or more) is refused."
    )
    refused_table(refused, {one.repeated_item: store.item(one.repeated_item).name for one in refused})
