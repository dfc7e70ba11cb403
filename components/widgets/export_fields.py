"""What a data set should be: format, gates, policies and splits, as fields of which every change shows at once."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from concord.curation.gates import ItemGates
from concord.curation.policies import ANSWERS, PAIRS, WEIGHTS, Policies, Rated
from concord.curation.splits import parse_shares
from concord.export.formats import FORMATS
from concord.export.options import ExportOptions
from concord.records.project import Project
from concord.records.rubric import Criterion

_STRATA = {"none": "nothing", "template": "the template", "source": "the source file", "label": "the label"}


def export_fields(project: Project, models: Sequence[str], rated: Sequence[str]) -> None:
    """Draw the fields; `models` wrote the project's drafts, and `rated` are the questions that these were rated on."""
    chosen = st.selectbox("Format", list(FORMATS), key="format")
    st.caption(FORMATS[chosen])
    with st.expander("Gates on votes and items", expanded=True):
        _vote_fields()
    with st.expander("Gates on texts"):
        _text_fields(models)
    with st.expander("Policies"):
        _policy_fields()
        _rated_fields(project, rated)
    with st.expander("Splits", expanded=True):
        _split_fields()
    st.checkbox(
        "Explain every row",
        key="explain",
        help="A file beside the data set says who judged what, under pseudonyms, and who drafted.",
    )


def chosen_options(project: Project) -> ExportOptions:
    """The options as they stand in the fields.

    Raises:
        InputError: an option is out of its range.
    """
    state = st.session_state
    gates = ItemGates(
        adjudicated_only=state["adjudicated-only"],
        min_item_agreement=state["min-item-agreement"],
        found_right=state["found-right"],
        denied_models=tuple(state["denied-models"]),
        min_chars=state["min-chars"],
        max_chars=state["max-chars"],
        drop_nul=state["drop-nul"],
        languages=tuple(code.strip() for code in state["languages"].split(",") if code.strip()),
        drop_duplicates=state["drop-duplicates"],
    )
    return ExportOptions(
        state["format"],
        min_votes=state["min-votes"],
        min_agreement=state["min-agreement"],
        shares=parse_shares(state["split"]),
        seed=state["seed"],
        include_flagged=state["include-flagged"],
        gates=gates,
        policies=Policies(
            state["answer"],
            state["pairs"],
            state["max-pairs"],
            state["weights"],
            state["edit-pairs"],
            _chosen_ratings(project),
        ),
        stratify=state["stratify"],
        explain=state["explain"],
    )


def _vote_fields() -> None:
    left, right = st.columns(2)
    left.number_input("Votes, at least", 1, 20, key="min-votes", help="How many annotators a row must rest on.")
    right.number_input(
        "Agreement, at least",
        0.0,
        1.0,
        step=0.05,
        key="min-agreement",
        help="The winner's share of all votes.",
    )
    left.number_input(
        "Agreement on the item, at least",
        0.0,
        1.0,
        step=0.05,
        key="min-item-agreement",
        help="1 - the greatest distance between its annotators. Items that one person judged alone have none.",
    )
    st.checkbox("Only what a reviewer decided", key="adjudicated-only")
    st.checkbox(
        "Include flagged items", key="include-flagged", help="What a reviewer approved since is not flagged any more."
    )


def _text_fields(models: Sequence[str]) -> None:
    st.checkbox(
        "Only drafts that were found right",
        key="found-right",
        help="By more annotators than found them factually wrong. Edits and decisions are people's own.",
    )
    st.multiselect(
        "Models whose drafts stay here",
        list(models),
        key="denied-models",
        placeholder="None",
        help="A licence may forbid to train on them. An edit counts as its draft's.",
    )
    left, right = st.columns(2)
    left.number_input("Characters of an answer, at least", 0, key="min-chars")
    right.number_input("Characters of a row, at most", 1, value=None, key="max-chars", placeholder="Any")
    st.text_input(
        "Languages of answers", key="languages", placeholder="Any, or codes such as en, de", help="Unclear texts pass."
    )
    st.checkbox("Drop rows with a NUL character", key="drop-nul", help="Many readers of texts cannot take it.")
    st.checkbox("Drop rows that repeat an earlier one", key="drop-duplicates")


def _policy_fields() -> None:
    st.selectbox("Answer of an item", list(ANSWERS), key="answer", format_func=lambda one: f"{one}: {ANSWERS[one]}")
    st.selectbox(
        "Preferences that become pairs", list(PAIRS), key="pairs", format_func=lambda one: f"{one}: {PAIRS[one]}"
    )
    st.number_input("Pairs of one prompt, at most", 1, value=None, key="max-pairs", placeholder="Any")
    st.selectbox("Weight of a pair", list(WEIGHTS), key="weights", format_func=lambda one: f"{one}: {WEIGHTS[one]}")
    st.checkbox("An edit is chosen over the draft it began from", key="edit-pairs")


def _rated_fields(project: Project, rated: Sequence[str]) -> None:
    question = st.selectbox(
        "Labels from ratings on",
        list(rated),
        index=None,
        key=_key(project, "question"),
        placeholder="Nothing: from comparisons and rankings" if rated else "Nothing was rated",
        help="Of unpaired rows (KTO), by the mean rating of a draft; between the two bounds it has none.",
    )
    if question:
        rubric = {criterion.name: criterion for criterion in project.settings.rubric}
        scale = rubric.get(question, Criterion(question))
        quarter = (scale.high - scale.low) / 4
        left, right = st.columns(2)
        left.number_input("Good from", value=scale.high - quarter, step=0.5, key=_key(project, "good", question))
        right.number_input("Bad up to", value=scale.low + quarter, step=0.5, key=_key(project, "bad", question))


def _chosen_ratings(project: Project) -> Rated | None:
    state = st.session_state
    question = state[_key(project, "question")]
    if not question:
        return None
    return Rated(question, *(state[_key(project, bound, question)] for bound in ("good", "bad")))


def _key(project: Project, *field: str) -> str:
    return "-".join(("rated", str(project.id), *field))


def _split_fields() -> None:
    left, right = st.columns(2)
    left.text_input("Split", "0.8,0.1,0.1", key="split", help="Shares of train, validation and test.")
    right.number_input("Seed", 0, key="seed", help="Another seed is another split.")
    st.selectbox("Every split has its share of", list(_STRATA), key="stratify", format_func=_STRATA.__getitem__)
    st.caption(
        "Items with the same prompt, or from the same row, are never split apart, and an item stays in its split."
    )
