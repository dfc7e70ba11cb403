"""Who judged an item how, and in what time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import streamlit as st

from concord.records.annotation import Annotation, Comparison, Edit, Judgement, Labels, Ranking, Ratings
from concord.records.draft import Draft


def judgements_table(annotations: Sequence[Annotation], drafts: Sequence[Draft]) -> None:
    """One line for each judgement of an item."""
    by_id = {draft.id: draft for draft in drafts}
    rows = [
        {
            "Annotator": one.annotator,
            "Judgement": in_words(one.judgement, by_id),
            "Seconds": one.seconds,
            "When": one.created_at,
        }
        for one in annotations
    ]
    seconds = st.column_config.NumberColumn(format="%.0f", help="active time at the desk; empty where it is not known")
    st.dataframe(rows, hide_index=True, alt="Judgements, oldest first", column_config={"Seconds": seconds})


def in_words(judgement: Judgement, drafts: Mapping[UUID, Draft]) -> str:
    """A judgement in a line; drafts are called by their names."""
    match judgement:
        case Ranking(tiers):
            return " > ".join(" = ".join(sorted(drafts[draft].name for draft in tier)) for tier in tiers)
        case Comparison():
            return _compared(judgement, drafts)
        case Ratings(ratings):
            return ", ".join(f"{question} {value:g}" for question, value in ratings.items())
        case Labels(labels):
            return ", ".join(f"{question}: {value}" for question, value in labels.items())
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
