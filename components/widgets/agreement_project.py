"""What concerns all questions of a project: models, a judge, reviewers, signs of bias, consistency, skips and flags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from components.widgets.agreement_charts import interval_chart
from components.widgets.agreement_words import cells, helps, interval, number, or_nothing
from components.widgets.remark_counts import remark_counts
from components.widgets.text import counted, plain
from concord.agreement.evidence import Evidence
from concord.agreement.gold import Against
from concord.agreement.judges import PUBLISHED, Judge
from concord.agreement.league import League
from concord.agreement.statistic import Statistic
from concord.agreement.words import word
from concord.records.remark import RemarkCount
from concord.records.report import Contradiction


def league_section(league: League) -> None:
    """The models, the strongest first."""
    with st.container(border=True):
        st.subheader("Models", anchor=False)
        st.caption(
            f"Who was preferred: Bradley and Terry’s strengths, ties half a win each · {counted(league.items, 'item')}"
        )
        interval_chart({one.model: one.strength for one in league.standings})
        st.dataframe(
            [
                {
                    "Model": one.model,
                    "Strength": number(one.strength.value),
                    "95 % interval": interval(one.strength),
                    "Won": f"{one.win_rate:.0%}",
                    "Duels": one.duels,
                }
                for one in league.standings
            ],
            hide_index=True,
            column_config={
                "Strength": st.column_config.Column(help=str(word("strength"))),
                **helps("95 % interval", "Won", "Duels"),
            },
            alt="League of models",
        )
        if note := league.standings[0].strength.note:
            st.caption(plain(f"{note[:1].upper()}{note[1:]}."))


def evidence_section(evidence: Sequence[Evidence]) -> None:
    """What other than substance may have moved the judgements."""
    _sentences(
        "Signs of bias",
        "Questions to ask, not faults of a person: a longer draft may well be the better one.",
        evidence,
    )


def adjudicated_section(several: Sequence[Evidence]) -> None:
    """People beside the reviewers' decisions."""
    _sentences(
        "People beside reviewers",
        "Reviewers see what was judged before they decide: this is no measure of who is right.",
        several,
    )


def known_section(people: Mapping[str, Against]) -> None:
    """Each annotator beside known answers."""
    with st.container(border=True):
        st.subheader("People against known answers", anchor=False)
        st.caption("Answers to items whose answer is known, mixed in unseen. The interval of a share is Wilson’s.")
        st.dataframe(
            [
                {
                    "Annotator": who,
                    "Hits": one.hits,
                    "Of": one.choices,
                    "Share of hits": or_nothing(one.share),
                    "95 % interval": f"{number(one.interval.low)} to {number(one.interval.high)}"
                    if one.choices
                    else "",
                    "τ-b": or_nothing(one.tau_b),
                    "chrF": or_nothing(one.chrf),
                }
                for who, one in people.items()
            ],
            hide_index=True,
            column_config={
                "Share of hits": st.column_config.Column(help=str(word("known_answers"))),
                **helps("Hits", "Of", "τ-b", "chrF"),
            },
            alt="People against known answers",
        )


def remarks_section(remarks: Sequence[RemarkCount]) -> None:
    """What was skipped or flagged, and why."""
    with st.container(border=True):
        remark_counts(remarks)
        st.caption(
            "A skip is no answer and counts in no number. Judgements of flagged items count, though not in exports."
        )


def _sentences(title: str, caption: str, several: Sequence[Evidence]) -> None:
    with st.container(border=True):
        st.subheader(title, anchor=False)
        st.caption(caption)
        for one in several:
            _sentence(one)


def _sentence(one: Evidence) -> None:
    st.markdown(plain(one.sentence), help=str(word(one.name)))
    if 1 < len(one.people) <= 30:
        with st.expander("By annotator"):
            interval_chart(one.people)
            _values_table("Annotator", one.people)


def judge_section(judge: Judge) -> None:
    """A judging model against people, with published figures of the same definition."""
    with st.container(border=True):
        st.subheader(plain(f"Judge {judge.model} against people"), anchor=False)
        st.caption(
            "How often it says of two drafts what a person said; in no number of agreement between people. "
            f"It contradicts itself on {100 * judge.flipped:.0f} % of the pairs when the drafts change places."
        )
        shares = {"With ties (S1)": judge.with_ties, "Without ties (S2)": judge.without_ties}
        interval_chart(shares)
        _values_table("Agreement with people", shares)
        st.caption("  \n".join(map(plain, PUBLISHED)))


def _values_table(title: str, values: Mapping[str, Statistic]) -> None:
    """The numbers of a chart, with what they rest on."""
    st.dataframe(
        [{title: name, **cells(one)} for name, one in values.items()],
        hide_index=True,
        column_config={
            "Items": st.column_config.NumberColumn(format="localized"),
            **helps("95 % interval", "Annotations", "Annotators"),
        },
        alt=f"Values by {title.lower()}",
    )


def consistency_section(people: Sequence[Contradiction]) -> None:
    """Contradictions and cycles in each person's preferences."""
    with st.container(border=True):
        st.subheader("Consistency of preferences", anchor=False)
        st.caption("The same two texts judged both ways round, and three texts that beat each other in turn.")
        st.dataframe(
            [
                {
                    "Annotator": one.annotator,
                    "Judged again": one.again,
                    "Reversed": one.reversed,
                    "Triples": one.triples,
                    "In a circle": one.cyclic,
                }
                for one in people
            ],
            hide_index=True,
            column_config=helps("Judged again", "Reversed", "Triples", "In a circle"),
            alt="Consistency of preferences",
        )
