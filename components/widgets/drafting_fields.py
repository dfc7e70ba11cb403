"""The settings of how drafts are made, of arms and of privacy, as fields of a form, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, cast

import streamlit as st

from concord.records.kinds import RecipeName, ScanPolicy, Similarity
from concord.records.project import Settings
from concord.settings import checked_settings

_RECIPES: dict[RecipeName, str] = {"answer": "Answer at once", "plan": "Plan, then answer"}
_SCANS: dict[ScanPolicy, str] = {"mask": "Mask", "block": "Block", "allow": "Allow"}
_SIMILARITIES: dict[Similarity, str] = {"bm25": "BM25", "jaccard": "Jaccard"}
_COLUMNS = ("name", "model", "base_url", "key_variable", "temperature", "system", "suffix")
_PERCENT = {"control": "Control", "canary": "Canary", "repeat": "Repeat", "gold": "Gold"}


def drafting_fields(settings: Settings, prefix: str) -> None:
    """Draw the fields, folded by what they are about."""
    with st.expander("Candidates that differ"):
        _variant_fields(settings, prefix)
    with st.expander("Examples from approved answers"):
        _example_fields(settings, prefix)
    with st.expander("Arms: control, canary, repeat, gold"):
        _arm_fields(settings, prefix)
    with st.expander("Privacy"):
        _privacy_fields(settings, prefix)
    with st.expander("Judge"):
        _judge_fields(settings, prefix)


def read_drafting(prefix: str, settings: Settings) -> Settings:
    """The settings as they were typed; what has no field here stays as it is in `settings`.

    Raises:
        InputError: something is out of its range.
    """
    values: dict[str, Any] = asdict(settings)

    def typed(name: str) -> Any:
        return st.session_state.get(f"{prefix}-{name}", values[name])

    for name in ("recipe", "self_check", "few_shot", "few_shot_reuse", "similarity", "scan", "seed", "training"):
        values[name] = typed(name)
    for name in ("language", "phone_region"):
        values[name] = str(typed(name) or "").strip() or None
    for name in _PERCENT:
        percent = st.session_state.get(f"{prefix}-{name}")
        values[name] = values[name] if percent is None else percent / 100
    columns = st.session_state.get(f"{prefix}-do_not_send")
    if columns is not None:
        values["do_not_send"] = [column.strip() for column in columns.split(",") if column.strip()]
    edits = st.session_state.get(f"{prefix}-variants")
    if edits is not None:
        values["variants"] = rows_after(_variant_rows(settings), edits, _COLUMNS)
    values["judge"] = _judge_typed(prefix, settings)
    return checked_settings(values)


def rows_after(
    rows: Sequence[Mapping[str, Any]], edits: Mapping[str, Any], columns: Sequence[str]
) -> list[dict[str, Any]]:
    """The rows of a data editor after what was done to them; empty cells and empty rows are left out.

    >>> added = [{"name": "c", "model": " "}, {}]
    >>> edits = {"edited_rows": {0: {"name": "b"}}, "added_rows": added, "deleted_rows": [1]}
    >>> rows_after([{"name": "a", "model": "m"}, {"name": "z"}], edits, ["name", "model"])
    [{'name': 'b', 'model': 'm'}, {'name': 'c'}]
    """
    edited = cast("dict[int, dict[str, Any]]", edits["edited_rows"])
    kept = [
        {**row, **edited.get(place, {})} for place, row in enumerate(rows) if place not in edits["deleted_rows"]
    ] + cast("list[dict[str, Any]]", edits["added_rows"])
    filled = [
        {name: value for name, value in row.items() if name in columns and str("" if value is None else value).strip()}
        for row in kept
    ]
    return [row for row in filled if row]


def _variant_rows(settings: Settings) -> list[dict[str, Any]]:
    """The rows of the editor; an empty one where there are none, to show where to type."""
    return [asdict(variant) for variant in settings.variants] or [dict.fromkeys(_COLUMNS)]


def _variant_fields(settings: Settings, prefix: str) -> None:
    st.caption(
        "The drafts of an item take these in turn. What is empty is as above; the system text takes the place of the "
        "prompt's, the suffix is put behind it."
    )
    st.data_editor(
        _variant_rows(settings),
        num_rows="dynamic",
        hide_index=True,
        key=f"{prefix}-variants",
        column_config={
            "name": st.column_config.TextColumn("Name", required=True),
            "model": st.column_config.TextColumn("Model"),
            "base_url": st.column_config.TextColumn("Base URL"),
            "key_variable": st.column_config.TextColumn("Variable with the key"),
            "temperature": st.column_config.NumberColumn("Temperature", min_value=0.0, max_value=2.0, step=0.1),
            "system": st.column_config.TextColumn("System text"),
            "suffix": st.column_config.TextColumn("Suffix"),
        },
    )
    st.segmented_control(
        "Recipe",
        list(_RECIPES),
        format_func=lambda name: _RECIPES[cast("RecipeName", name)],
        default=settings.recipe,
        required=True,
        key=f"{prefix}-recipe",
        help="A plan takes three completions, and one more when the form of the answer is wrong.",
    )
    st.checkbox("The model checks each draft against the guidelines", settings.self_check, key=f"{prefix}-self_check")
    st.text_input(
        "Language of the drafts",
        settings.language or "",
        placeholder="empty: the prompt's, else a code such as en",
        key=f"{prefix}-language",
        help="Drafts in another language are flagged.",
    )


def _example_fields(settings: Settings, prefix: str) -> None:
    left, middle, right = st.columns(3)
    left.number_input("Examples per prompt", 0, 20, settings.few_shot, key=f"{prefix}-few_shot", help="0: none.")
    middle.number_input(
        "Items per example",
        1,
        1_000_000,
        settings.few_shot_reuse,
        key=f"{prefix}-few_shot_reuse",
        help="For how many items of one run an answer may be an example.",
    )
    with right:
        st.segmented_control(
            "Similarity",
            list(_SIMILARITIES),
            format_func=lambda name: _SIMILARITIES[cast("Similarity", name)],
            default=settings.similarity,
            required=True,
            key=f"{prefix}-similarity",
        )


def _arm_fields(settings: Settings, prefix: str) -> None:
    st.caption(
        "Shares of the items that templates make from now on, in percent. Control: answered from nothing. Canary: one "
        "draft has a planted fault. Repeat: the annotator gets the item again, in the opposite order. Gold: share of "
        "what an annotator gets whose answer is known, mixed in unseen."
    )
    columns = [*st.columns(3), *st.columns(3)]
    for column, (name, label) in zip(columns, _PERCENT.items(), strict=False):
        share = round(100 * getattr(settings, name), 1)
        column.number_input(label, 0.0, 100.0, share, 1.0, format="%.1f", key=f"{prefix}-{name}")
    columns[4].number_input(
        "Training items",
        0,
        1_000,
        settings.training,
        key=f"{prefix}-training",
        help="With known answers and feedback, before a new annotator gets real work.",
    )
    columns[5].number_input("Seed", 0, 2**31, settings.seed, key=f"{prefix}-seed")


def _privacy_fields(settings: Settings, prefix: str) -> None:
    st.text_input(
        "Columns that are not sent",
        ", ".join(settings.do_not_send),
        placeholder="such as email, customer_name",
        key=f"{prefix}-do_not_send",
        help="Items of a template that reads one of them get no drafts.",
    )
    left, right = st.columns(2)
    with left:
        st.segmented_control(
            "Keys, e-mail, phone and card numbers",
            list(_SCANS),
            format_func=lambda name: _SCANS[cast("ScanPolicy", name)],
            default=settings.scan,
            required=True,
            key=f"{prefix}-scan",
            help="What happens with them before a prompt leaves this machine.",
        )
    right.text_input("Country of phone numbers", settings.phone_region or "", max_chars=2, key=f"{prefix}-phone_region")


def _judge_fields(settings: Settings, prefix: str) -> None:
    judge = settings.judge
    st.caption("A third opinion on pairs of drafts: `concord judge`. Empty: the project's own model.")
    left, middle, right = st.columns(3)
    left.text_input("Model ", (judge and judge.model) or "", key=f"{prefix}-judge-model")
    middle.text_input("Base URL ", (judge and judge.base_url) or "", key=f"{prefix}-judge-base_url")
    right.text_input("Variable with the key ", (judge and judge.key_variable) or "", key=f"{prefix}-judge-key_variable")


def _judge_typed(prefix: str, settings: Settings) -> dict[str, Any] | None:
    present: dict[str, Any] = asdict(settings.judge) if settings.judge else {"name": "judge"}
    for name in ("model", "base_url", "key_variable"):
        text = st.session_state.get(f"{prefix}-judge-{name}")
        present[name] = present.get(name) if text is None else text.strip() or None
    return present if any(value for name, value in present.items() if name != "name") else None
