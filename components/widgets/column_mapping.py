"""Which column of a file becomes which field, and which fields must be filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

import streamlit as st

from concord.errors import InputError

_COLUMN, _FIELD, _REQUIRED = "Column", "Field", "Must be filled"


class Fields(NamedTuple):
    """The choice made: `mapping` is field <- column, for renamed columns only."""

    mapping: dict[str, str]
    required: frozenset[str]


def column_mapping(columns: Sequence[str], *, key: str) -> Fields:
    """Let the person rename columns and say which fields every row must fill.

    Raises:
        InputError: a field has no name, or two columns have the same.
    """
    table = [{_COLUMN: column, _FIELD: column, _REQUIRED: False} for column in columns]
    st.data_editor(
        table,
        key=key,
        disabled=[_COLUMN],
        hide_index=True,
        column_config={_FIELD: st.column_config.TextColumn(help="The name that templates use.")},
        alt="Columns of the file and the fields they become",
    )
    edited = cast("Mapping[int, Mapping[str, Any]]", st.session_state[key]["edited_rows"])
    return fields_of(columns, edited)


def fields_of(columns: Sequence[str], edited: Mapping[int, Mapping[str, Any]]) -> Fields:
    """The fields, from what was changed in the table, by the column's number.

    >>> fields_of(["id", "q"], {1: {"Field": "question", "Must be filled": True}})
    Fields(mapping={'question': 'q'}, required=frozenset({'question'}))
    """
    names = [str(edited.get(number, {}).get(_FIELD, column) or "").strip() for number, column in enumerate(columns)]
    for number, name in enumerate(names):
        if not name:
            raise InputError(f"Column {columns[number]!r} has no field name. Type one.")
        if name in names[:number]:
            raise InputError(f"Two columns would become field {name!r}. Rename one of them.")
    mapping = {name: column for name, column in zip(names, columns, strict=True) if name != column}
    required = frozenset(name for number, name in enumerate(names) if edited.get(number, {}).get(_REQUIRED))
    return Fields(mapping, required)
