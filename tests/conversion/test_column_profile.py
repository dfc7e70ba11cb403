"""What is known of a data set's columns, and which rows are shown of it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.conversion.column_profile import Column, profile, varied_rows
from concord.ids import new_id
from concord.records.row import Row


def rows(*data: dict[str, Any]) -> list[Row]:
    return [Row(new_id(), new_id(), "rows.jsonl", line, each) for line, each in enumerate(data, 1)]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["a", "b"], "string"),
        (["a", 1, True], "string"),
        ([1, 2.5], "number"),
        ([1, True], "string"),
        ([True, False], "boolean"),
        ([["a"], []], "list"),
        ([{"a": 1}], "object"),
        (["a", ["b"]], "any"),
        ([None], "any"),
    ],
    ids=str,
)
def test_a_column_has_the_narrowest_type_that_fits_all_its_values(values: list[Any], kind: str) -> None:
    [column] = profile(rows(*({"x": value} for value in values)), ["x"])
    assert column.kind == kind


def test_a_missing_value_is_one_that_is_not_there_null_or_blank() -> None:
    [column] = profile(rows({"x": "abcd"}, {"x": None}, {"x": " "}, {}, {"x": 0}), ["x"])
    assert column == Column("x", "string", missing=3, characters=2, values=())


def test_few_short_values_that_repeat_are_labels() -> None:
    found = profile(
        rows(*({"label": n % 3, "text": f"text {n}", "same": "x"} for n in range(6))), ["label", "text", "same"]
    )
    assert [column.values for column in found] == [("0", "1", "2"), (), ()]


def test_columns_that_a_template_cannot_name_are_left_out() -> None:
    names = ["a b", "größe", "range", "answer_choices", "none", "ok"]
    assert [column.name for column in profile(rows(dict.fromkeys(names, "x")), names)] == ["ok"]


def test_the_sample_has_the_longest_the_shortest_and_a_missing_value() -> None:
    data = rows(*({"x": "a" * n, "y": "z"} for n in range(5, 60)))
    data[2] = replace(data[2], data={"x": None, "y": "z" * 20})
    for seed in range(5):
        chosen = varied_rows(data, ["x", "y"], count=4, seed=seed)
        assert {data[0].id, data[2].id, data[-1].id} < {row.id for row in chosen}


@given(st.lists(st.text(max_size=9), max_size=12), st.integers(1, 5), st.integers(0, 99))
def test_a_sample_is_the_same_for_the_same_seed_in_order_and_never_too_large(texts, count, seed) -> None:
    data = rows(*({"x": text} for text in texts))
    chosen = varied_rows(data, ["x"], count=count, seed=seed)
    assert chosen == varied_rows(data, ["x"], count=count, seed=seed)
    assert len(chosen) == min(count, len(data))
    assert [row.line for row in chosen] == sorted({row.line for row in chosen})
