"""The weight of values."""

import re
from itertools import repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2.exceptions import SecurityError

from concord.conversion.meter import MAX_OUTPUT, MAX_VALUE, Meter, weight

DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("value", "expected"), [("", 1), ("abc", 3), (7, 1), (None, 1), (["ab", "c"], 4), ({"ab": [1, 2]}, 6), ((), 1)]
)
def test_a_value_weighs_its_characters_and_elements(value, expected):
    assert weight(value) == expected


@given(DATA)
def test_two_of_a_value_weigh_twice_as_much_and_one(value):
    assert weight([value, value]) == 2 * weight(value) + 1


def test_a_tower_of_lists_is_weighed_with_all_its_levels_and_no_further_than_the_limit():
    tower: list[object] = ["text"]
    for _ in range(200):
        tower = [tower, tower]
    with pytest.raises(SecurityError, match=f"more than {MAX_VALUE:,}"):
        weight(tower)


def test_what_is_no_data_cannot_be_in_a_list():
    with pytest.raises(SecurityError, match=re.escape("a list or an object cannot hold a builtin_function_or_method")):
        weight([len])


def test_a_lazy_value_is_read_when_it_is_kept():
    assert Meter().keep(n * 2 for n in range(3)) == [0, 2, 4]
    assert Meter().keep({"a": 1}.items()) == [("a", 1)]


def test_empty_output_counts_too():
    meter = Meter()
    assert meter.collect([""] * MAX_OUTPUT) == ""
    with pytest.raises(SecurityError, match="longer than"):
        meter.collect([""])


def test_output_without_end_is_stopped_as_it_comes():
    with pytest.raises(SecurityError, match="longer than"):
        Meter().collect(repeat("a text"))
