"""What each annotator did, and how near they came to known answers."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from concord.agreement.gold import Against, against
from concord.records.gold import Given, Workload


def annotators_table(workloads: Sequence[Workload], answers: Sequence[Given]) -> None:
    """One line for each annotator; what rests on nothing is empty."""
    st.dataframe(
        [_line(one, [answer for answer in answers if answer.annotator == one.annotator]) for one in workloads],
        hide_index=True,
        alt="Annotators: what they did, and their known answers",
    )
    st.caption(
        "*Gold* is mixed in unseen; *training* comes with feedback. A hit is the known choice (the draft that is put "
        "first, the answer to a question); the interval is Wilson's, 95 %. *Tau-b* is that of rankings and the known "
        "ones, from -1 to 1; *chrF* the likeness of texts, from 0 to 1. Both are means over gold."
    )


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
