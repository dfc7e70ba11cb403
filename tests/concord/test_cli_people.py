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


def gold(item: str, best: str, **fields) -> dict:
    """A line that says which response is best."""
    ranks = {name: 1 if name == best else 2 for name in "ab"}
    return {
        "item_id": item,
        "annotations": [{"annotator": "expert", "kind": "ranking", "ranks": ranks}],
        **fields,
    }


def test_known_answers_come_from_a_file_and_annotators_are_held_against_them(concord, crew, write_lines) -> None:
    judged = [
        {"item_id": f"q{n}", "annotations": [{"annotator": who, "kind": "ranking", "ranks": {"a": 1, "b": 2}}]}
        for n, who in ((1, "ann"), (2, "ann"), (3, "ann"), (4, "bob"))
    ]
    write_lines("judged.jsonl", judged)
    assert concord("annotations", "import", crew, "judged.jsonl").code == 0
    write_lines("gold.jsonl", [gold("q1", "a"), gold("q2", "b"), gold("g1", "a", **{**ITEMS[0], "item_id": "g1"})])
    said = concord("gold", crew, "gold.jsonl")
    assert (said.code, said.out) == (0, "3 known answers. 1 items and 2 drafts are new.\n"), said.err
    assert concord("gold", crew, "gold.jsonl").out == "0 known answers.\n"
    ann, bob = concord("annotators", crew, "--json").json
    assert (ann["annotator"], ann["finished"], ann["gold"]["hits"], ann["gold"]["choices"]) == ("ann", 1, 1, 2)
    assert (ann["gold"]["tau_b"], ann["gold"]["chrf"], ann["training"]["choices"]) == (0.0, None, 0)
    assert (bob["gold"]["low"], bob["gold"]["note"]) == (None, "nothing was answered yet")
    assert concord("annotators", crew).out.splitlines()[1].split() == [
        *("ann", "1", "0", "0", "0", "0", "of", "0", "1", "of", "2", "0.09", "to", "0.91", "0.00")
    ]


def test_a_bad_line_of_known_answers_stores_none(concord, crew, write_lines) -> None:
    write_lines("gold.jsonl", [gold("q1", "a"), gold("q9", "a")])
    said = concord("gold", crew, "gold.jsonl")
    assert said.code == 1
    assert said.err.startswith("Nothing was stored: 1 lines cannot be used.\ngold.jsonl, line 2")
    assert concord("annotators", crew).out == "Nobody has judged anything yet.\n"


def test_what_a_reviewer_approved_becomes_known(concord, crew) -> None:
    said = concord("gold", crew, "--item", "q1")
    assert (said.code, said.err) == (
        1,
        "No draft and no text was approved for this item. Approve one, then use it as gold.\n",
    )
    concord("review", crew, "q1", "--pick", "a", "--reason", "clear", "--reviewer", "rae")
    assert concord("gold", crew, "--item", "q1", "--json").json == {"item": "q1", "answers": 3}
    arms = concord("arms", crew, "--json").json["arms"]
    assert [(one["arm"], one["items"]) for one in arms] == [("drafted", 3), ("gold", 1)]
