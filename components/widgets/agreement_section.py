"""The agreement on all questions at a glance, and on one: headline, all statistics, pairs as a matrix, details."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from components.widgets.agreement_charts import interval_chart, pair_matrix
from components.widgets.agreement_detail import detail_tabs
from components.widgets.agreement_words import (
    answer_in_words,
    cells,
    counts,
    heading_of,
    helps,
    interval,
    kind_of,
    notes_of,
    number,
    title_of,
)
from components.widgets.text import plain
from concord.agreement.detail import Detail
from concord.agreement.questions import Group
from concord.agreement.words import word
from concord.records.item import NamedItem


def overview(groups: Sequence[Group]) -> None:
    """One line for each question: its headline, with what it rests on."""
    headlines = [(group, *next(iter(group.statistics.items()))) for group in groups]
    st.dataframe(
        [
            {"Question": heading_of(group), "Statistic": title_of(name, one), **cells(one)}
            for group, name, one in headlines
        ],
        hide_index=True,
        column_config={
            "Statistic": st.column_config.Column(help="The first number to read for such a question; more below."),
            **helps("Value", "95 % interval", "Items", "Annotations", "Annotators"),
        },
        alt="The headline of each question",
    )


def agreement_section(group: Group, detail: Detail | None, items: Mapping[int, NamedItem]) -> None:
    """Draw the section; the detail is there for questions of the main arm."""
    name, headline = next(iter(group.statistics.items()))
    with st.container(border=True):
        st.subheader(plain(heading_of(group)), anchor=False)
        st.caption(f"{kind_of(group)} · {counts(headline)}")
        left, right = st.columns([1, 3], gap="medium")
        with left:
            st.metric(title_of(name, headline), number(headline.value), help=str(word(name)))
            st.caption(f"95 % interval: {interval(headline)}")
        with right:
            interval_chart(group.statistics)
        statistics_table(group)
        explanations(group)
        if notes := notes_of(group.statistics):
            st.caption("  \n".join(map(plain, notes)))
        details(group)
        if detail:
            detail_tabs(detail, group, items)


def statistics_table(group: Group) -> None:
    """Every statistic with its interval and counts."""
    st.dataframe(
        [{"Statistic": title_of(name, one), **cells(one)} for name, one in group.statistics.items()],
        hide_index=True,
        column_config={
            "Statistic": st.column_config.TextColumn(width="large"),
            **helps("Value", "95 % interval", "Items", "Annotations", "Annotators"),
        },
        alt=f"Statistics of {group.question}",
    )


def explanations(group: Group) -> None:
    """What each statistic is, its range, and when to trust it."""
    with st.popover("What these numbers are", icon=":material/help:", type="tertiary"):
        for name, one in group.statistics.items():
            st.markdown(f"**{plain(title_of(name, one))}** {plain(str(word(name)))}")


def details(group: Group) -> None:
    """The matrix of pairs and the share of each value, where there are any."""
    paired = [(name, one) for name, one in group.statistics.items() if one.pairs]
    columns = iter(st.columns(2, gap="large"))
    for name, one in paired:
        with next(columns):
            st.markdown(f"**{word(name).name} of each pair**")
            pair_matrix(name, one)
    if group.prevalence:
        with next(columns):
            st.markdown("**Share of the answers**")
            prevalence_table(group)


def prevalence_table(group: Group) -> None:
    """How often each value was given."""
    st.dataframe(
        [
            {"Value": answer_in_words(group.kind, value), "Share": 100 * share}
            for value, share in group.prevalence.items()
        ],
        hide_index=True,
        column_config={"Share": st.column_config.ProgressColumn(format="%.0f %%", min_value=0, max_value=100)},
        alt=f"Share of each value of {group.question}",
    )
