"""The report of a check: a verdict, each finding with the items that show it, what the data is made of, readiness."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import streamlit as st

from components import session
from components.widgets.text import counted, plain
from concord.curation.findings import PAGES

Object = Mapping[str, Any]

_BADGES: Mapping[str, str] = {
    "error": ":red-badge[Error]",
    "warning": ":orange-badge[Warning]",
    "note": ":gray-badge[Note]",
}
_FEW, _TABLE_PX, _CHART_PX = 10, 320, 300


@st.fragment
def check_report(report: Object) -> None:
    """Draw the report, as `concord check --json` has it."""
    _verdict(report)
    findings, made, ready = st.tabs(["Findings", "What it is made of", "Readiness"])
    with findings:
        if not report["findings"]:
            st.caption("Nothing was found.")
        for number, finding in enumerate(report["findings"]):
            _finding(finding, f"check-{number}-{finding['code']}")
    with made:
        _composition(report)
    with ready:
        _readiness(report["readiness"])


def verdict(report: Object) -> str:
    """The outcome in a sentence.

    >>> verdict({"levels": {"error": 1, "warning": 0, "note": 2}, "items": 9, "responses": 18})
    '1 error, 0 warnings, 2 notes in 9 items with 18 responses.'
    """
    levels = ", ".join(counted(count, level) for level, count in report["levels"].items())
    return f"{levels} in {counted(report['items'], 'item')} with {counted(report['responses'], 'response')}."


def _verdict(report: Object) -> None:
    text, levels = plain(verdict(report)), report["levels"]
    if levels["error"]:
        st.error(text, icon=":material/error:")
    elif levels["warning"]:
        st.warning(text, icon=":material/warning:")
    else:
        st.success(text, icon=":material/check_circle:")


def _finding(finding: Object, key: str) -> None:
    count = f"{counted(finding['count'], 'item')}, {finding['share']:.1%}"
    with st.expander(f"{_BADGES[finding['level']]} {plain(finding['says'])} · {plain(count)}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(plain(finding["todo"]), width="content")
            st.page_link(
                f"screens/{finding['page']}.py",
                label=PAGES[finding["page"]],
                icon=":material/arrow_forward:",
                query_params=_address(finding),
            )
        if finding["shown"]:
            _items(finding, key)


def _address(finding: Object) -> dict[str, str]:
    """Review opens the first item that shows the finding; the other pages are about the whole project."""
    address = {session.PROJECT: session.view().project or ""}
    if finding["page"] == "review" and finding["shown"]:
        address[session.ITEM] = finding["shown"][0]["item"]
    return address


def _items(finding: Object, key: str) -> None:
    grouped = finding["shown"][0]["group"] is not None
    rows = [
        {**({"Group": one["group"]} if grouped else {}), "Item": one["item"], "Text": one["text"]}
        for one in finding["shown"]
    ]
    st.dataframe(
        rows,
        hide_index=True,
        key=key,
        height="content" if len(rows) < _FEW else _TABLE_PX,
        column_config={
            "Group": st.column_config.NumberColumn(width=60),
            "Item": st.column_config.TextColumn(width=220),
            "Text": st.column_config.TextColumn(width="large"),
        },
        alt=f"Items that show it: {finding['says']}",
    )


def _composition(report: Object) -> None:
    made = report["composition"]
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**Length in characters**")
        lengths = {"Prompt": made["prompt_signs"], "Response": made["response_signs"]}
        heads = {
            "least": "Shortest",
            "quarter": "25 %",
            "half": "Median",
            "three_quarters": "75 %",
            "most": "Longest",
        }
        st.dataframe(
            [
                {"": name, **{head: signs[part] for part, head in heads.items()}}
                for name, signs in lengths.items()
                if signs
            ],
            hide_index=True,
            alt="Quartiles of lengths",
        )
        _novelty(report["novelty"])
    with right:
        kinds = {"Templates": made["templates"], "Languages of prompts": made["languages"], "Answers": made["answers"]}
        for name, counts in (kinds | {f"Labels: {name}": counts for name, counts in made["labels"].items()}).items():
            if counts:
                st.markdown(f"**{plain(name)}**")
                rows = [{"": value, "Items": count} for value, count in counts.items()]
                st.dataframe(rows, hide_index=True, height="content" if len(rows) < _FEW else _TABLE_PX, alt=name)


def _novelty(curves: Object) -> None:
    rows = [
        {"of": what, "items": (place + 1) / len(curve), "new": share}
        for what, curve in curves.items()
        for place, share in enumerate(curve)
    ]
    st.markdown("**Novelty**")
    if not rows:
        st.caption("Under 20 texts there is no curve.")
        return
    st.caption("How much of each further twentieth of the items is new: three-word runs that none before them has.")
    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_line(point=True)
        .encode(
            x=alt.X("items:Q", title="share of the items", axis=alt.Axis(format="%")),
            y=alt.Y("new:Q", title="new", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])),
            color=alt.Color("of:N", title=None, legend=alt.Legend(orient="top")),
            tooltip=["of:N", alt.Tooltip("items:Q", format=".0%"), alt.Tooltip("new:Q", format=".0%")],
        )
    )
    st.altair_chart(chart, height=_CHART_PX, alt="Share of new three-word runs as items are added")


def _readiness(evidence: list[Object]) -> None:
    st.caption("No number says that a data set is ready. This is what speaks for and against it.")
    for one in evidence:
        if not one["source"]:
            st.markdown(f"- {plain(one['says'])}")
    st.markdown("**What others used**")
    for one in evidence:
        if one["source"]:
            st.markdown(f"- {plain(one['says'])} :gray[({plain(one['source'])})]")
