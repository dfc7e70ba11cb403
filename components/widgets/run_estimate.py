"""What the next run would take, and what the drafts so far have cost."""

from __future__ import annotations

import streamlit as st

from components.widgets.text import counted, plain
from concord.drafting.cost import dollars
from concord.drafting.estimate import Estimate
from concord.records.project import Counts
from concord.records.run import Costs


def run_estimate(estimate: Estimate, model: str) -> None:
    """Say it in one line."""
    st.caption(estimate_line(estimate, model), help=_HOW if estimate.drafts else None)


_HOW = (
    "Tokens are measured on what this model wrote in this project before, if it did; else four characters count as one "
    "and an answer as 300. Prices are set under Projects, Settings."
)


def estimate_line(estimate: Estimate, model: str) -> str:
    """What is missing, and what it takes."""
    if not estimate.drafts:
        return "Nothing is missing: every item has its drafts."
    cost = f"the price of {model} is not set" if estimate.cost is None else f"about {dollars(estimate.cost)}"
    parts = [
        f"Missing: {counted(estimate.drafts, 'draft')} for {counted(estimate.items, 'item')}",
        f"about {estimate.tokens_in:,} tokens in, {estimate.tokens_out:,} out",
        cost,
    ]
    return plain(" · ".join(parts))


def so_far(counts: Counts, costs: Costs) -> str:
    """What there is, and what it cost."""
    drafts = f"{counted(counts.items, 'item')}, {counted(counts.drafts, 'draft')} so far"
    spent = costs_line(costs)
    return f"{drafts} · {spent}" if spent else drafts


def costs_line(costs: Costs) -> str:
    """What the drafts cost, and each accepted one: ranked best, or the beginning of an edit."""
    if not costs.drafts:
        return ""
    if costs.unknown == costs.drafts:
        return "cost unknown"
    parts = [dollars(costs.cost)]
    if costs.unknown:
        parts[0] += f" (unknown for {costs.unknown:,})"
    elif costs.accepted:
        each = dollars(costs.cost / costs.accepted)
        parts.append(f"{each} for each of {counted(costs.accepted, 'item')} with an accepted draft")
    return plain(" · ".join(parts))
