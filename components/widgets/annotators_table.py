"""What each annotator did, and how near they came to known answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from components.widgets.text import filled
from concord.agreement.arms import Constancy, Watch
from concord.agreement.gold import Against, against
from concord.records.gold import Given, Workload

_OF_GOLD = (
    "*Gold* is mixed in unseen; *training* comes with feedback. A hit is the known choice (the draft that is put "
    "first, the answer to a question); the interval is Wilson's, 95 %. *Tau-b* is that of rankings and the known "
    "ones, from -1 to 1; *chrF* the likeness of texts, from 0 to 1. Both are means over gold."
)
_OF_CARE = (
    "*Faults seen*: planted faults that were ranked below the sound draft, or edited away. *Alike again*: pairs of "
    "drafts that were ranked alike at second sight. *Agreement* has the intervals of both, under *Signs of bias*."
)
_NAME_PX, _NUMBER_PX = 210, 76
_NUMBERS = ("Finished", "Assigned", "Skipped", "Flagged", "Training", "Gold", "Tau-b", "chrF")


class Care(NamedTuple):
    """How carefully people read, as far as planted faults and repeated items tell."""

    watches: Sequence[Watch]
    constancies: Sequence[Constancy]


def annotators_table(workloads: Sequence[Workload], answers: Sequence[Given], care: Care) -> None:
    """One line for each annotator, and what its columns mean; a column that rests on nothing is left out."""
    seen = {one.annotator: f"{one.seen} of {one.met}" for one in care.watches}
    alike = {one.annotator: f"{one.same} of {one.pairs}" for one in care.constancies}
    rows = [
        _line(one, [answer for answer in answers if answer.annotator == one.annotator])
        | {"Faults seen": seen.get(one.annotator, ""), "Alike again": alike.get(one.annotator, "")}
        for one in workloads
    ]
    st.dataframe(
        filled(rows),
        hide_index=True,
        column_config={"Annotator": st.column_config.Column(width=_NAME_PX)}
        | {name: st.column_config.Column(width=_NUMBER_PX) for name in _NUMBERS},
        alt="Annotators: what they did, their known answers, and their care",
    )
    if answers:
        st.caption(_OF_GOLD)
    if seen or alike:
        st.caption(_OF_CARE)


def _line(one: Workload, answers: Sequence[Given]) -> dict[str, object]:
    gold, training = (against([answer for answer in answers if answer.purpose == of]) for of in ("gold", "training"))
    return {
        "Annotator": one.annotator,
        "Finished": one.finished,
        "Assigned": one.assigned,
        "Skipped": one.skipped,
        "Flagged": one.flagged,
        "Training": _hits(training),
        "Gold": _hits(gold),
        "95 %": f"{gold.interval.low:.2f} to {gold.interval.high:.2f}" if gold.choices else "",
        "Tau-b": f"{gold.tau_b:.2f}" if gold.rankings else "",
        "chrF": f"{gold.chrf:.2f}" if gold.edits else "",
    }


def _hits(found: Against) -> str:
    return f"{found.hits} of {found.choices}" if found.choices else ""
