"""A project's settings as a form's fields, and back."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import streamlit as st

from components.widgets.rubric_fields import rubric_fields, typed_questions
from components.widgets.text import plain
from concord.errors import InputError
from concord.records.kinds import DRAFTS_SHOWN, Order, Task
from concord.records.project import Settings, criteria_of, questions_of
from concord.rubric import check_questions, check_rubric

TASKS: dict[Task, str] = {
    "rank+edit": "Rank, then edit the best",
    "rank": "Rank the drafts",
    "compare+edit": "Compare two, then edit the better",
    "compare": "Compare two drafts",
    "edit": "Edit the draft",
    "rate": "Rate the draft by a rubric",
    "rate+edit": "Rate the draft, then edit it",
    "label": "Label prompts or answers",
}
ORDERS: dict[Order, str] = {
    "oldest": "As they came",
    "random": "At random, by the seed",
    "disagreement": "Disagreement first",
}
_PRICE = re.compile(r"\d{1,6}(\.\d+)?")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def task_fields(settings: Settings, prefix: str) -> None:
    """What annotators do, and how often."""
    st.selectbox(
        "Task",
        list(TASKS),
        list(TASKS).index(settings.task),
        format_func=TASKS.__getitem__,
        key=f"{prefix}-task",
        help="What an annotator does with each item at the desk.",
    )
    left, right = st.columns(2)
    left.number_input(
        "Annotators per item",
        1,
        20,
        settings.overlap,
        key=f"{prefix}-overlap",
        help="Two or more make agreement measurable.",
    )
    right.number_input(
        "Drafts per item",
        1,
        9,
        settings.candidates,
        key=f"{prefix}-candidates",
        help="A ranking or a comparison needs two.",
    )
    st.selectbox(
        "Order of the queue",
        list(ORDERS),
        list(ORDERS).index(settings.order),
        format_func=lambda order: ORDERS[cast("Order", order)],
        key=f"{prefix}-order",
        help="Which items the desk gives out first. Disagreement is that of annotators, or of a judging model.",
    )
    st.checkbox(
        "Factual checks before preference",
        settings.factual_checks,
        key=f"{prefix}-factual_checks",
        help="Each draft is first said to be factually right or wrong; a wrong one then beats a right one only with a "
        "written reason.",
    )
    rubric_fields(settings, prefix)


def model_fields(settings: Settings, prefix: str) -> None:
    """Which model drafts, and where."""
    st.text_input(
        "Model",
        settings.model or "",
        placeholder="empty: the default model, or without a key the demo drafter",
        key=f"{prefix}-model",
    )
    st.text_input(
        "Base URL",
        settings.base_url or "",
        placeholder="empty: the client's own default",
        key=f"{prefix}-base_url",
        help="Any OpenAI-compatible endpoint, for instance http://127.0.0.1:8000/v1.",
    )
    st.text_input(
        "Variable with the key",
        settings.key_variable,
        key=f"{prefix}-key_variable",
        help="Name of an environment variable of this app. The key itself is never stored.",
    )
    known = "is set" if os.environ.get(settings.key_variable) else "is not set"
    st.caption(f"{plain(settings.key_variable)} {known} where this app runs.")
    left, right = st.columns(2)
    left.number_input("Temperature", 0.0, 2.0, settings.temperature, 0.1, key=f"{prefix}-temperature")
    right.number_input(
        "Lease, minutes",
        1,
        1440,
        settings.lease_minutes,
        key=f"{prefix}-lease_minutes",
        help="How long an untouched item stays with one annotator.",
    )
    with st.expander("Limits and prices"):
        limit_fields(settings, prefix)


def limit_fields(settings: Settings, prefix: str) -> None:
    """How much may be asked of the endpoint, and what it costs."""
    left, right = st.columns(2)
    left.number_input(
        "Requests at once",
        1,
        1_000,
        settings.concurrency,
        key=f"{prefix}-concurrency",
        help="At most; fewer when the endpoint says that it is too much, or slows down.",
    )
    right.number_input(
        "Timeout, seconds",
        1,
        86_400,
        settings.timeout,
        key=f"{prefix}-timeout",
        help="Of silence, after which a request is given up.",
    )
    left.number_input(
        "Requests a minute",
        1,
        value=settings.requests_per_minute,
        placeholder="no limit",
        key=f"{prefix}-requests_per_minute",
    )
    right.number_input(
        "Tokens a minute",
        1,
        value=settings.tokens_per_minute,
        placeholder="no limit",
        key=f"{prefix}-tokens_per_minute",
    )
    st.text_area(
        "Prices",
        prices_text(settings.prices),
        placeholder="some-model 0.25 2.00",
        key=f"{prefix}-prices",
        height=80,
        help="A line for each model: its name, then US dollars for a million tokens of prompt and of answer.",
    )


def prices_text(prices: Mapping[str, Sequence[float]]) -> str:
    """Prices as lines.

    >>> prices_text({"some-model": [0.25, 2.0]})
    'some-model 0.25 2'
    """
    return "\n".join(f"{model} {pair[0]:g} {pair[1]:g}" for model, pair in prices.items())


def typed_prices(text: str) -> dict[str, list[float]]:
    """Lines as prices.

    Raises:
        InputError: a line is not a name and two numbers.

    >>> typed_prices("some-model 0.25 $2")
    {'some-model': [0.25, 2.0]}
    """
    prices: dict[str, list[float]] = {}
    for line in filter(str.strip, text.split("\n")):
        match line.replace("$", "").rsplit(maxsplit=2):
            case [model, tokens_in, tokens_out] if _PRICE.fullmatch(tokens_in) and _PRICE.fullmatch(tokens_out):
                prices[model] = [float(tokens_in), float(tokens_out)]
            case _:
                raise InputError(f"Prices, {line.strip()!r}: write the model, then two numbers: some-model 0.25 2.00.")
    return prices


def read_settings(prefix: str, settings: Settings) -> Settings:
    """The settings as they were typed; what has no field on this form stays as it is in `settings`.

    Raises:
        InputError: the task needs more drafts, or the key's variable, a price or a question is none.
    """

    def typed(name: str) -> Any:
        return st.session_state.get(f"{prefix}-{name}", getattr(settings, name))

    prices = typed("prices")
    task, candidates, key_variable = typed("task"), typed("candidates"), str(typed("key_variable")).strip()
    if candidates < DRAFTS_SHOWN[task][0]:
        raise InputError("To rank or compare needs two drafts per item. Ask for more drafts or choose another task.")
    if not _VARIABLE.fullmatch(key_variable):
        raise InputError("The key's variable is not a name. Type the variable's name, never the key itself.")
    asked = typed_questions(prefix, settings)
    check_rubric(asked["rubric"])
    check_questions(asked["questions"])
    return replace(
        settings,
        task=task,
        rubric=criteria_of(asked["rubric"]),
        questions=questions_of(asked["questions"]),
        overlap=typed("overlap"),
        order=typed("order"),
        candidates=candidates,
        model=(typed("model") or "").strip() or None,
        base_url=(typed("base_url") or "").strip() or None,
        key_variable=key_variable,
        temperature=typed("temperature"),
        lease_minutes=typed("lease_minutes"),
        factual_checks=typed("factual_checks"),
        concurrency=typed("concurrency"),
        requests_per_minute=typed("requests_per_minute"),
        tokens_per_minute=typed("tokens_per_minute"),
        timeout=typed("timeout"),
        prices=typed_prices(prices) if isinstance(prices, str) else settings.prices,
    )
