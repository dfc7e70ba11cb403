"""A few rows out of a data set, to try a template on."""

from typing import Any

import orjson
import pytest

from concord.records.kinds import Pick
from concord.records.row import Row


@pytest.fixture
def rows(campaign) -> Any:
    def add(*data: dict[str, Any]) -> Any:
        with campaign.store.staging(campaign.project.id, "rows.jsonl", campaign.project.created_at) as stage:
            stage.add(range(1, len(data) + 1), [orjson.dumps(each) for each in data])
            stage.commit()
        return campaign

    return add


def picked(campaign, pick: Pick, limit: int = 2, seed: int = 0) -> list[int]:
    return lines(campaign.store.sample_rows(campaign.project.id, pick, limit=limit, seed=seed))


def lines(rows: list[Row]) -> list[int]:
    return [row.line for row in rows]


def test_rows_are_picked_by_their_place_and_their_length(rows) -> None:
    filled = rows(*({"text": text} for text in ("abc", "a", "abcde", "ab", "é" * 4)))
    assert picked(filled, "first") == [1, 2]
    assert picked(filled, "longest") == [3, 5]
    assert picked(filled, "shortest") == [2, 4]


def test_random_rows_are_the_same_for_the_same_seed(rows) -> None:
    filled = rows(*({"n": n} for n in range(50)))
    assert picked(filled, "random", 10) == picked(filled, "random", 10)
    assert picked(filled, "random", 10) != picked(filled, "random", 10, seed=1)
    assert sorted(picked(filled, "random", 99)) == list(range(1, 51))


def test_rows_with_a_missing_value_are_found(rows) -> None:
    whole = {"a": "x", 'b "c"': 1}
    filled = rows(whole, {"a": None, 'b "c"': 1}, {'b "c"': 1}, {"a": "", 'b "c"': 1}, {"a": "x"}, {**whole, "d": None})
    found = filled.store.rows_missing(filled.project.id, ["a", 'b "c"'], limit=9)
    assert lines(found) == [2, 3, 4, 5]
    assert lines(filled.store.rows_missing(filled.project.id, ["a"], limit=2)) == [2, 3]


def test_a_text_that_only_looks_like_a_missing_value_is_none(rows) -> None:
    filled = rows({"a": 'says {"b":null} and {"c":""}'}, {"a": None})
    assert lines(filled.store.rows_missing(filled.project.id, ["a"], limit=9)) == [2]


def test_rows_of_other_projects_are_not_picked(rows, new_campaign) -> None:
    rows({"a": None})
    other = new_campaign()
    assert picked(other, "first") == picked(other, "random") == []
    assert other.store.rows_missing(other.project.id, ["a"], limit=1) == []
