"""Who judged an item how, and in what time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import streamlit as st

from components.widgets.fact_check import WORDS
from components.widgets.text import filled, label_in_words, moments
from concord.desk.change import change_of
from concord.records.annotation import Annotation, Comparison, Edit, FactualChecks, Judgement, Labels, Ranking, Ratings
from concord.records.draft import Draft


def judgements_table(annotations: Sequence[Annotation], drafts: Sequence[Draft]) -> None:
    """One line for each judgement of an item."""
    by_id = {draft.id: draft for draft in drafts}
    rows: list[dict[str, object]] = [
        {
            "Annotator": one.annotator,
            "Judgement": in_words(one.judgement, by_id),
            "Reason": one.reason,
            "Kept": _kept(one.judgement, by_id),
            "Seconds": one.seconds,
            "When": one.created_at,
        }
        for one in annotations
    ]
    seconds = st.column_config.NumberColumn(format="%.0f", help="active time at the desk; empty where it is not known")
    words = st.column_config.NumberColumn(format="percent", help="share of the draft's words that the edit keeps")
    columns = {"Seconds": seconds, "Kept": words, "When": moments("When")}
    st.dataframe(filled(rows), hide_index=True, placeholder="", alt="Judgements, oldest first", column_config=columns)


def _kept(judgement: Judgement, drafts: Mapping[UUID, Draft]) -> float | None:
    """The share of its draft's words that an edit keeps; measured here where it came from elsewhere."""
    if not isinstance(judgement, Edit) or judgement.draft_id is None or judgement.draft_id not in drafts:
        return None
    return (judgement.change or change_of(drafts[judgement.draft_id].text, judgement.text)).kept


def in_words(judgement: Judgement, drafts: Mapping[UUID, Draft]) -> str:
    """A judgement in a line; drafts are called by their names."""
    match judgement:
        case Ranking(_, all_bad) if all_bad:
            return "all drafts are bad"
        case FactualChecks(facts):
            return ", ".join(sorted(f"{drafts[draft].name} {WORDS[fact].lower()}" for draft, fact in facts.items()))
        case Ranking(tiers):
            return " > ".join(" = ".join(sorted(drafts[draft].name for draft in tier)) for tier in tiers)
        case Comparison():
            return _compared(judgement, drafts)
        case Ratings(ratings):
            return ", ".join(f"{question} {value:g}" for question, value in ratings.items())
        case Labels(labels):
            return "; ".join(f"{question}: {label_in_words(value)}" for question, value in labels.items())
        case Edit(draft_id, text):
            begun = drafts.get(draft_id) if draft_id else None
            if begun is None:
                return "an answer from nothing"
            return f"{begun.name} left as it is" if begun.text == text else f"an edit of {begun.name}"


def _compared(comparison: Comparison, drafts: Mapping[UUID, Draft]) -> str:
    names = sorted(drafts[draft].name for draft in comparison.between or ())
    if not isinstance(comparison.value, UUID):
        between = f" ({' and '.join(names)})" if names else ""
        return comparison.value.replace("_", " ") + between
    better = drafts[comparison.value].name
    than = "".join(f" than {name}" for name in names if name != better)
    return f"{better} is {f'{comparison.strength} ' if comparison.strength else ''}better{than}"
