"""The two charts of the agreement report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import floor, isnan
from typing import NamedTuple

import altair as alt
import streamlit as st

from components.widgets.agreement_words import interval, number, title_of
from concord.agreement.credit import Period
from concord.agreement.statistic import Statistic

_CELL_PX, _ROW_PX, _AXIS_PX = 56, 34, 40
_NAME_PX, _SIGN_PX = 140, 6
_FLAT_SIGNS = 48
"""Names as long as this together stand side by side below a matrix; longer ones are turned."""


class _Colors(NamedTuple):
    """What the charts add to Streamlit's own theme, which has no accent and leaves text in marks black."""

    accent: str
    text: str


def interval_chart(statistics: Mapping[str, Statistic]) -> None:
    """Each defined value with its interval, one below the other on one scale."""
    defined = {title_of(name, one): one for name, one in statistics.items() if not isnan(one.value)}
    if not defined:
        return
    rows = [
        {"statistic": title, "value": one.value, "low": one.low, "high": one.high, "interval": interval(one)}
        for title, one in defined.items()
    ]
    color = alt.value(_colors().accent)
    scale = alt.Scale(domain=[_lowest(defined.values()), _highest(defined.values())], nice=False)
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("statistic:N", sort=list(defined), title=None, axis=_names_axis(260)),
        color=color,
        tooltip=["statistic:N", alt.Tooltip("value:Q", format=".2f"), "interval:N"],
    )
    axis = alt.Axis(tickCount=6, format=".1f", labelFlush=False)
    ranges = base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", scale=scale, title=None, axis=axis), x2="high:Q")
    points = base.mark_point(filled=True, size=80, opacity=1).encode(x=alt.X("value:Q", scale=scale, title=None))
    st.altair_chart(ranges + points, height=_ROW_PX * len(rows) + _AXIS_PX, alt="Values with their 95 % intervals")


def course_chart(periods: Sequence[Period]) -> None:
    """Agreement in each stretch of days, with its interval."""
    rows = [
        {
            "days": period.first if period.first == period.last else f"{period.first} to {period.last}",
            "value": period.agreement.value,
            "low": None if isnan(period.agreement.low) else period.agreement.low,
            "high": None if isnan(period.agreement.high) else period.agreement.high,
            "interval": interval(period.agreement),
            "answers": period.agreement.annotations,
        }
        for period in periods
    ]
    axis = alt.Axis(title=None, labelAngle=-30, labelLimit=180)
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("days:N", sort=None, axis=axis),
        color=alt.value(_colors().accent),
        tooltip=["days:N", alt.Tooltip("value:Q", format=".2f"), "interval:N", "answers:Q"],
    )
    agreements = [period.agreement for period in periods if not isnan(period.agreement.value)]
    scale = alt.Scale(domain=[_lowest(agreements), 1])
    ranges = base.mark_rule(strokeWidth=2).encode(y=alt.Y("low:Q", scale=scale, title=None), y2="high:Q")
    line = base.mark_line(point=alt.OverlayMarkDef(size=60, filled=True)).encode(
        y=alt.Y("value:Q", scale=scale, title=None)
    )
    st.altair_chart(ranges + line, height=280, alt="Agreement over time, with 95 % intervals")


def pair_matrix(name: str, statistic: Statistic) -> None:
    """One statistic for each pair of annotators: the stronger the colour, the higher the value."""
    cells = [
        {
            "one": one,
            "other": other,
            "value": pair.value,
            "shown": "–" if isnan(pair.value) else number(pair.value),
            "said": number(pair.value),
            "interval": interval(pair),
        }
        for pair in statistic.pairs
        for one, other in (pair.between or ("", ""), (pair.between or ("", ""))[::-1])
    ]
    names = sorted({name for pair in statistic.pairs for name in pair.between or ()})
    longest = max(map(len, names), default=0)
    angle = 0 if longest * len(names) <= _FLAT_SIGNS else -60
    below = min(longest * _SIGN_PX, _NAME_PX) if angle else 0
    base = alt.Chart(alt.Data(values=cells)).encode(
        x=alt.X("one:N", sort=names, title=None, axis=_names_axis(_NAME_PX, angle)),
        y=alt.Y("other:N", sort=names, title=None, axis=_names_axis(_NAME_PX)),
        tooltip=["one:N", "other:N", alt.Tooltip("said:N", title="value"), "interval:N"],
    )
    strength = alt.Opacity("value:Q", scale=alt.Scale(domain=[0, 1], range=[0.08, 0.6], clamp=True), legend=None)
    boxes = base.mark_rect(cornerRadius=4).encode(opacity=strength, color=alt.value(_colors().accent))
    values = base.mark_text(fontSize=13).encode(text="shown:N", color=alt.value(_colors().text))
    height = _CELL_PX * len(names) + _AXIS_PX + below
    st.altair_chart(boxes + values, height=height, alt=f"{title_of(name, statistic)}, for each pair of annotators")


def _names_axis(limit_px: int, angle: int = 0) -> alt.Axis:
    """Names beside their marks: each of them, where Vega would leave out some or push the outer ones inwards."""
    return alt.Axis(
        labelLimit=limit_px, labelAngle=angle, labelOverlap=False, labelFlush=False, ticks=False, domain=False
    )


def _lowest(statistics: Iterable[Statistic]) -> float:
    """Where the scale begins: at 0, or further down for what lies below it."""
    lowest = min(one.value if isnan(one.low) else one.low for one in statistics)
    return 0.0 if lowest >= 0 else -0.5 if lowest >= -0.5 else min(-1.0, floor(lowest))


def _highest(statistics: Iterable[Statistic]) -> float:
    """Where the scale ends: at 1, or further up for strengths that lie above it."""
    return max(1.0, *(one.value if isnan(one.high) else one.high for one in statistics))


def _colors() -> _Colors:
    return _Colors("#8c9eff", "#fafafa") if st.context.theme.type == "dark" else _Colors("#3d5afe", "#31333f")
