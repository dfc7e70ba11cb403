"""What lies behind a question's numbers: people, items, course, consensus, how many more; and the league of models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan

import streamlit as st

from components import session
from components.widgets.agreement_charts import course_chart, interval_chart
from components.widgets.agreement_words import helps, interval, number
from components.widgets.text import counted, plain
from concord.agreement.consensus import Consensus
from concord.agreement.credit import Period
from concord.agreement.detail import Detail, Layer, Person
from concord.agreement.disputed import Disputed
from concord.agreement.evidence import Evidence
from concord.agreement.gold import Against
from concord.agreement.judges import PUBLISHED, Judge
from concord.agreement.league import League
from concord.agreement.planning import HALF_WIDTH, Plan
from concord.agreement.words import HEADS, word
from concord.records.item import NamedItem
from concord.records.remark import RemarkCount
from concord.records.report import Contradiction


def detail_tabs(detail: Detail, items: Mapping[int, NamedItem]) -> None:
    """Draw one tab for each part that has something to show."""
    parts = {
        "People": (detail.people, lambda: people(detail.people, detail.measure)),
        "Disputed items": (detail.disputed, lambda: disputed(detail.disputed, items)),
        "Over time": (detail.periods, lambda: course(detail.periods)),
        "By kind of item": (detail.layers, lambda: layers(detail.layers)),
        "Consensus": (detail.consensus, lambda: consensus(detail.consensus)),
        "How many more": (detail.plan.half_widths, lambda: plan(detail.plan)),
    }
    shown = {title: draw for title, (there, draw) in parts.items() if there}
    if shown:
        for tab, draw in zip(st.tabs(list(shown)), shown.values(), strict=True):
            with tab:
                draw()


def people(several: Sequence[Person], measure: str) -> None:
    """Each person's agreement with the others; no ranking, as intervals overlap."""
    what = word(measure)
    st.caption(f"{plain(what.what)} Intervals overlap: this is no ranking of people.")
    if len(several) <= 30:
        interval_chart({person.name: person.agreement for person in several})
    st.dataframe(
        [
            {
                "Annotator": person.name,
                "Answers": person.answers,
                what.name: number(person.agreement.value),
                "95 % interval": interval(person.agreement),
                "First half": _or_nothing(person.earlier.value),
                "Second half": _or_nothing(person.later.value),
                "s an item": None if isnan(person.seconds) else round(person.seconds),
                "Differs most": "; ".join(f"{given} for {most}: {times}" for most, given, times in person.confusions),
            }
            for person in several
        ],
        hide_index=True,
        column_config={
            what.name: st.column_config.Column(help=str(what)),
            **helps("Answers", "95 % interval", "First half", "Second half", "s an item", "Differs most"),
        },
        alt="People",
    )


def disputed(several: Sequence[Disputed], items: Mapping[int, NamedItem]) -> None:
    """The items with the least agreement."""
    what = word(several[0].measure)
    st.caption("The items on which judgements agree least.")
    st.dataframe(
        [
            {
                "Item": items[one.key].name if one.key in items else "",
                what.name: f"{one.agreement:.0%}" if one.answers else number(one.agreement),
                **({"Answers": ", ".join(f"{value}: {n}" for value, n in one.answers.items())} if one.answers else {}),
            }
            for one in several
        ],
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


def plan(one: Plan) -> None:
    """The interval's width against the number of items, and what overlap buys."""
    st.caption("Half of the headline’s 95 % interval, by the number of items judged by two or more.")
    st.dataframe(
        [{"Items": n, "Half-width": f"±{width:.3f}"} for n, width in one.half_widths.items()],
        hide_index=True,
        alt="Width of the interval by number of items",
    )
    if one.items_wanted:
        st.caption(f"±{HALF_WIDTH} wants about {one.items_wanted:,} items.")
    if one.overlap:
        st.caption(f"For ±{HALF_WIDTH} of percent agreement, with more annotators an item (approximate):")
        st.dataframe(
            [{"Annotators an item": m, "Items": n, "Answers": m * n} for m, n in one.overlap.items()],
            hide_index=True,
            alt="What overlap buys",
        )


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


def _or_nothing(value: float) -> str:
    return "" if isnan(value) else number(value)


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
                    "Share of hits": _or_nothing(one.share),
                    "95 % interval": f"{number(one.interval.low)} to {number(one.interval.high)}"
                    if one.choices
                    else "",
                    "τ-b": _or_nothing(one.tau_b),
                    "chrF": _or_nothing(one.chrf),
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
        st.subheader("Skips and flags", anchor=False)
        st.caption(
            "A skip is no answer and counts in no number. Judgements of flagged items count, though not in exports."
        )
        st.dataframe(
            [{"": one.kind, "Reason": one.reason, "Items": one.items, "Annotators": one.annotators} for one in remarks],
            hide_index=True,
            alt="Skips and flags by reason",
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


def judge_section(judge: Judge) -> None:
    """A judging model against people, with published figures of the same definition."""
    with st.container(border=True):
        st.subheader(plain(f"Judge {judge.model} against people"), anchor=False)
        st.caption(f"Apart from agreement between people. It contradicts itself on {judge.flipped:.0%} of the pairs.")
        interval_chart({"With ties (S1)": judge.with_ties, "Without ties (S2)": judge.without_ties})
        st.caption("  \n".join(map(plain, PUBLISHED)))


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
