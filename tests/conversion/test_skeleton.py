"""Where a new template begins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.conversion.render import render
from concord.conversion.skeleton import MOST_COLUMNS, column_types, renamed, skeleton
from concord.conversion.trial import read_source
from concord.ids import new_id
from concord.records.kinds import Json
from concord.records.row import Row


def row(data: dict[str, Json]) -> Row:
    return Row(new_id(), new_id(), "rows.jsonl", 1, data)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["a", None], "string"),
        (["a", 1], "string"),
        ([1, 2.5], "number"),
        ([True, None], "boolean"),
        ([1, True], "string"),
        ([["a"], []], "list"),
        ([{"a": 1}], "object"),
        ([["a"], "b"], "any"),
        ([None], "string"),
    ],
)
def test_a_column_has_the_narrowest_type_that_fits(values: list[Json], kind: str) -> None:
    assert column_types([row({"x": value}) for value in values]) == {"x": kind}


def test_a_skeleton_shows_the_columns_and_is_a_template() -> None:
    columns = column_types(
        [row({"item_id": "q1", "id": 7, "the_question": "Why?", "names": ["a"], "not a name": 1, "range": 2})]
    )
    assert skeleton("ask", columns) == (
        "---\nid: ask\ndescription: Say in a line what the prompt is for\n"
        "inputs: {the_question: string, names: list}\n---\n"
        "user:\nThe question: {{ the_question }}\n\nNames: {{ names | tojson }}\n"
    )


def test_a_skeleton_of_no_columns_is_a_template() -> None:
    assert read_source(skeleton("ask", {})).inputs == {}


def test_a_skeleton_of_many_columns_shows_some() -> None:
    assert len(read_source(skeleton("ask", {f"c{n}": "string" for n in range(50)})).inputs) == MOST_COLUMNS


SCALARS = st.none() | st.booleans() | st.integers(-99, 99) | st.text(max_size=5)
NAMES = st.sampled_from(
    ["a", "_b", "class", "true", "none", "in", "yes", "null", "loop", "self", "é", "a b", "a:b", "range"]
)


@given(st.lists(st.dictionaries(NAMES | st.text(max_size=6), SCALARS | st.lists(SCALARS, max_size=2)), max_size=4))
def test_whatever_the_columns_are_the_skeleton_is_a_template(data: list[dict[str, Json]]) -> None:
    template = read_source(skeleton("ask", column_types([row(each) for each in data])))
    for each in data:
        if template.inputs.keys() <= each.keys():
            render(template, each)


def test_a_copy_has_another_id_and_the_same_text() -> None:
    source = "---\nid: ask\ndescription: d\ninputs: {x: any}\n---\nuser:\n{{ x }}\nid: ask\n"
    assert read_source(renamed(source, "ask-copy")).id == "ask-copy"
    assert renamed(renamed(source, "b"), "ask") == source
