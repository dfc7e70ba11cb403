"""The commands about annotators: who gets what, and what they flagged and skipped."""

import pytest

ITEMS = [
    {"item_id": f"q{n}", "prompt": f"Why {n}?", "responses": [{"id": "a", "text": "one"}, {"id": "b", "text": "two"}]}
    for n in range(1, 5)
]


@pytest.fixture
def crew(concord, write_lines) -> str:
    """The name of a project with four items of two drafts each."""
    write_lines("items.jsonl", ITEMS)
    concord("project", "create", "crew")
    assert concord("import", "crew", "items.jsonl").code == 0
    return "crew"


def test_items_are_assigned_by_number_and_by_file_and_taken_back(concord, crew, write_lines) -> None:
    write_lines("ids.txt", ["q3", "", "q4"])
    assert concord("assign", crew, "--to", "ann,bob", "--items", "ids.txt").out == "2 items assigned.\n"
    said = concord("assign", crew, "--to", "cid", "--limit", "9")
    assert said.out == ("2 items assigned. 2 of them want more annotators than are named, and wait for them.\n")
    assert concord("unassign", crew, "--items", "ids.txt").out == "2 items are everybody's again.\n"
    assert concord("unassign", crew, "--json").json == {"items": 2}


def test_an_unknown_item_assigns_none(concord, crew, write_lines) -> None:
    write_lines("ids.txt", ["q3", "q9"])
    said = concord("assign", crew, "--to", "ann", "--items", "ids.txt")
    assert (said.code, said.err) == (1, "Project 'crew' has no item 'q9'. Correct the list.\n")
    assert concord("unassign", crew, "--json").json == {"items": 0}


def test_a_list_that_cannot_be_read_is_said(concord, crew, tmp_path) -> None:
    said = concord("assign", crew, "--to", "ann", "--items", "none.txt")
    assert (said.code, said.err) == (1, "none.txt: No such file or directory. Check the path.\n")
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9\n")
    said = concord("assign", crew, "--to", "ann", "--items", "latin.txt")
    assert said.err == "latin.txt: not text in UTF-8. Save it as UTF-8, an id a line.\n"


def test_either_items_or_a_number_is_wanted(concord, crew) -> None:
    assert concord("assign", crew, "--to", "ann").code == 2


def test_where_nothing_was_said_there_are_no_remarks(concord, crew) -> None:
    assert concord("remarks", crew).out == "Nothing is flagged, and nothing was skipped.\n"
    assert concord("remarks", crew, "--json").json == []
