"""How the report's names and numbers read on the screen: no adjectives, and an undefined value says why."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from typing import Any

import streamlit as st

from components.widgets.text import label_in_words
from concord.agreement.questions import Group
from concord.agreement.report import Report
from concord.agreement.statistic import Statistic
from concord.agreement.words import HEADS, word
from concord.records.kinds import Arm, Kind

_ARMS: dict[Arm, str] = {
    "undrafted": "control: written without a draft",
    "canary": "canary: a fault was planted",
    "repeat": "repeat: judged twice by the same annotator",
}
_KINDS: dict[Kind, str] = {
    "edit": "Edited answers",
    "ranking": "Rankings of drafts",
    "comparison": "Comparisons of two drafts",
    "rating": "Ratings",
    "label": "Labels",
    "factual": "Factual checks, each draft an item",
}


_ANSWERS: dict[Kind, dict[str, str]] = {
    "comparison": {"first": "the first draft", "second": "the second draft", "both_bad": "both bad"},
    "factual": {"cannot_tell": "cannot tell"},
}


def answer_in_words(kind: Kind, value: str) -> str:
    """An answer as people say it; those of ratings and labels are in the project's own words.

    >>> answer_in_words("comparison", "both_bad"), answer_in_words("label", '["price","both_bad"]')
    ('both bad', 'both_bad, price')
    """
    return label_in_words(value) if kind == "label" else _ANSWERS.get(kind, {}).get(value, value)


_COUNTS = ("Items", "Annotations", "Annotators", "Answers", "Duels", "Triples")


def helps(*columns: str) -> dict[str, Any]:
    """What columns of a table hold, shown where the pointer rests on their heads; counts are grouped by thousands."""
    return {
        name: st.column_config.NumberColumn(help=HEADS[name.lower()], format="localized")
        if name in _COUNTS
        else st.column_config.Column(help=HEADS[name.lower()])
        for name in columns
    }


def title_of(name: str, statistic: Statistic) -> str:
    """What a statistic is called, with its level where that is a choice."""
    title = word(name).name
    if statistic.pairs and "kappa" in name:  # whose value is no more than that
        title = f"{title}, mean of pairs"
    return f"{title} ({statistic.level})" if statistic.level else title


def number(value: float) -> str:
    """A value with two decimals, or that it is not defined.

    >>> number(0.714), number(-0.001), number(float("nan"))
    ('0.71', '0.00', 'not defined')
    """
    return "not defined" if isnan(value) else f"{value:z.2f}".replace("-", "−")


def or_nothing(value: float) -> str:
    """A value as `number` has it; empty where it is not defined, for tables in which that is no news."""
    return "" if isnan(value) else number(value)


def interval(statistic: Statistic) -> str:
    """The 95 % interval, or that there is none."""
    if isnan(statistic.low):
        return "no interval"
    return f"{number(statistic.low)} to {number(statistic.high)}"


def cells(statistic: Statistic) -> dict[str, object]:
    """A statistic in a line of a table, with what it rests on."""
    return {
        "Value": number(statistic.value),
        "95 % interval": interval(statistic),
        "Items": statistic.items,
        "Annotations": statistic.annotations,
        "Annotators": statistic.annotators,
    }


def counts(statistic: Statistic) -> str:
    """What a value rests on."""
    return (
        f"{statistic.items:,} items judged by two or more · {statistic.annotations:,} annotations · "
        f"{statistic.annotators:,} annotators"
    )


def notes_of(statistics: Mapping[str, Statistic]) -> list[str]:
    """Each reservation once, as a sentence; it begins with the statistics it is about, unless these are all."""
    titles = [title_of(name, statistic) for name, statistic in statistics.items()]
    about: dict[str, list[str]] = {}
    for title, statistic in zip(titles, statistics.values(), strict=True):
        for clause in (statistic.note or "").split("; "):
            if clause:
                about.setdefault(clause, []).append(title)
    return [
        _sentence(clause, names, [title for title in titles if title not in names]) for clause, names in about.items()
    ]


def _sentence(clause: str, names: list[str], others: list[str]) -> str:
    """A reservation, with the statistics that it is about or, where these are fewer, those that it is not about."""
    if not others:
        return f"{clause[:1].upper()}{clause[1:]}."
    return f"{', '.join(names)}: {clause}." if len(names) <= len(others) else f"All but {', '.join(others)}: {clause}."


def annotators_of(report: Report) -> list[str]:
    """Everyone whom the report names in a pair."""
    pairs = (pair for group in report.groups for one in group.statistics.values() for pair in one.pairs)
    return sorted({name for pair in pairs for name in pair.between or ()})


def heading_of(group: Group) -> str:
    """The question as a title."""
    return group.question[:1].upper() + group.question[1:]


def kind_of(group: Group) -> str:
    """What was judged, and in which arm if it is not the main one."""
    return _KINDS[group.kind] if group.arm == "drafted" else f"{_KINDS[group.kind]} · {_ARMS[group.arm]}"
