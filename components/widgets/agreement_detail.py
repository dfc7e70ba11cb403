"""What lies behind a question's numbers: people, items, course, consensus, how many more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan

import streamlit as st

from components import session
from components.widgets.agreement_charts import course_chart, interval_chart
from components.widgets.agreement_words import answer_in_words, helps, interval, number, or_nothing
from components.widgets.text import counted, filled, plain
from concord.agreement.consensus import Consensus
from concord.agreement.credit import Period
from concord.agreement.detail import Detail, Layer, Person
from concord.agreement.disputed import Disputed
from concord.agreement.planning import HALF_WIDTH, Plan
from concord.agreement.questions import Group
from concord.agreement.words import HEADS, word
from concord.records.item import NamedItem
from concord.records.kinds import Kind


def detail_tabs(detail: Detail, group: Group, items: Mapping[int, NamedItem]) -> None:
    """Draw one tab for each part that has something to show."""
    parts = {
        "People": (detail.people, lambda: people(detail.people, detail.measure, group.kind)),
        "Disputed items": (detail.disputed, lambda: disputed(detail.disputed, group.kind, items)),
        "Over time": (detail.periods, lambda: course(detail.periods)),
        "By kind of item": (detail.layers, lambda: layers(detail.layers)),
        "Consensus": (detail.consensus, lambda: consensus(detail.consensus)),
        "How many more": (
            detail.plan.half_widths,
            lambda: plan(detail.plan, next(iter(group.statistics.values())).items),
        ),
    }
    shown = {title: draw for title, (there, draw) in parts.items() if there}
    if shown:
        for tab, draw in zip(st.tabs(list(shown)), shown.values(), strict=True):
            with tab:
                draw()


def people(several: Sequence[Person], measure: str, kind: Kind) -> None:
    """Each person's agreement with the others; no ranking, as intervals overlap."""
    what = word(measure)
    st.caption(f"{plain(what.what)} Intervals overlap: this is no ranking of people.")
    if len(several) <= 30:
        interval_chart({person.name: person.agreement for person in several})
    rows = filled(
        [
            {
                "Annotator": person.name,
                "Answers": person.answers,
                what.name: number(person.agreement.value),
                "95 % interval": interval(person.agreement),
                "First half": or_nothing(person.earlier.value),
                "Second half": or_nothing(person.later.value),
                "s an item": None if isnan(person.seconds) else round(person.seconds),
                "Differs most": "; ".join(
                    f"{answer_in_words(kind, given)} for {answer_in_words(kind, most)}: {times}"
                    for most, given, times in person.confusions
                ),
            }
            for person in several
        ]
    )
    st.dataframe(
        rows,
        hide_index=True,
        placeholder="",
        column_config={
            what.name: st.column_config.Column(help=str(what)),
            **helps("Answers", "95 % interval", "First half", "Second half", "s an item", "Differs most"),
        },
        alt="People",
    )


def disputed(several: Sequence[Disputed], kind: Kind, items: Mapping[int, NamedItem]) -> None:
    """The items with the least agreement."""
    what = word(several[0].measure)
    st.caption("The items on which judgements agree least.")
    rows = filled(
        [
            {
                "Item": items[one.key].name if one.key in items else "",
                what.name: f"{one.agreement:.0%}" if one.answers else number(one.agreement),
                "Answers": ", ".join(f"{answer_in_words(kind, value)}: {n}" for value, n in one.answers.items()),
            }
            for one in several
        ]
    )
    st.dataframe(
        rows,
        hide_index=True,
        column_config={what.name: st.column_config.Column(help=str(what))},
        alt="Disputed items",
    )
    st.caption("See in Review what was written and judged, and decide:")
    with st.container(horizontal=True):
        for name in dict.fromkeys(items[one.key].name for one in several if one.key in items):
            address = {session.PROJECT: session.view().project or "", session.ITEM: name}
            st.page_link("screens/review.py", label=plain(name), icon=":material/gavel:", query_params=address)


def course(periods: Sequence[Period]) -> None:
    """Agreement with the others in each stretch of days."""
    st.caption("How far judgements of these days go with the others’, with 95 % intervals. Dates are in UTC.")
    course_chart(periods)


def layers(several: Sequence[Layer]) -> None:
    """Agreement by template, version, model, cluster and guidelines."""
    names = dict.fromkeys(name for layer in several for name in layer.statistics)
    st.dataframe(
        [
            {
                "By": layer.by,
                "": layer.name,
                **{
                    column: text
                    for name, one in layer.statistics.items()
                    for column, text in ((word(name).name, number(one.value)), (_range_of(name), interval(one)))
                },
                "Items": next(reversed(layer.statistics.values())).items,
            }
            for layer in several
        ],
        hide_index=True,
        column_config={
            **{word(name).name: st.column_config.Column(help=str(word(name))) for name in names},
            **{
                _range_of(name): st.column_config.Column("95 % interval", help=HEADS["95 % interval"]) for name in names
            },
            **helps("Items"),
        },
        alt="Agreement by kind of item",
    )


def _range_of(name: str) -> str:
    """The column of a statistic's interval; each wants a name of its own."""
    return f"interval of {name}"


def consensus(one: Consensus | None) -> None:
    """What majority and Dawid-Skene make of the items."""
    if one is None:
        return
    st.markdown(
        f"Of {counted(one.items, 'item')}, **{one.tied:,}** have no majority. Dawid and Skene’s rule, which weighs "
        f"annotators by their accuracy, gives another answer than the majority on **{one.changed:,}**, and decides "
        f"**{one.settled:,}** of those without one (p ≥ .9)."
    )
    if one.accuracy:
        st.dataframe(
            [
                {
                    "Annotator": name,
                    "Accuracy": number(value),
                    "With the majority": number(one.with_majority.get(name, float("nan"))),
                }
                for name, value in one.accuracy.items()
            ],
            hide_index=True,
            column_config={
                "Accuracy": st.column_config.Column(help=HEADS["accuracy"]),
                "With the majority": st.column_config.Column(help=HEADS["majority"]),
            },
            alt="Accuracy of each annotator by Dawid and Skene",
        )


def plan(one: Plan, present: int) -> None:
    """The interval's width against the number of items, of which some are present, and what overlap buys."""
    st.caption("Half of the headline’s 95 % interval, by the number of items judged by two or more.")
    st.dataframe(
        [{"Items": f"{n:,}", "Half-width": f"±{width:.3f}"} for n, width in one.half_widths.items()],
        hide_index=True,
        column_config={"Items": st.column_config.Column(alignment="right"), **helps("Half-width")},
        alt="Width of the interval by number of items",
    )
    if one.items_wanted:
        missing = max(one.items_wanted - present, 0)
        more = f"about {missing:,} more" if missing else "no more"
        st.caption(f"±{HALF_WIDTH} wants about {one.items_wanted:,} items; {present:,} are there, so {more}.")
    if one.overlap:
        st.caption(f"For ±{HALF_WIDTH} of percent agreement, with more annotators an item (approximate):")
        st.dataframe(
            [{"Annotators an item": m, "Items": n, "Answers": m * n} for m, n in one.overlap.items()],
            hide_index=True,
            alt="What overlap buys",
        )
