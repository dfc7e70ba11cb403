"""Templates are proposed, listed, decided and applied by commands."""

from pathlib import Path

import pytest

TASK = ("--task", "Answer the review")


@pytest.fixture
def proposed(concord, write_lines, rows) -> str:
    """The name of a project with two rows and three proposed templates."""
    write_lines("reviews.jsonl", rows)
    concord("project", "create", "kettles")
    assert concord("import", "kettles", "reviews.jsonl").code == 0
    assert concord("template", "propose", "kettles", *TASK).code == 0
    return "kettles"


def test_proposals_are_told_with_what_failed(concord, proposed) -> None:
    said = concord("template", "propose", proposed, *TASK, "--candidates", "2", "--column", "text")
    assert "no language model" in said.out
    assert "2 templates proposed by concord-demo, 0 failed.\n" in said.out
    assert "They are the drafts of item 'kettles-2'" in said.out
    answer = concord("template", "propose", proposed, *TASK, "--json").json
    assert [draft["name"] for draft in answer["drafts"]] == ["d1", "d2", "d3"]
    assert (answer["item"], answer["failures"]) == ("kettles-3", [])


def test_what_waits_is_listed_with_its_candidates(concord, proposed) -> None:
    said = concord("review", proposed)
    assert said.out.startswith("kettles (conversion), judged by 0, wanted 2\ncandidate")
    [case] = concord("review", proposed, "--json").json
    assert [(one["draft"], one["mean_rank"], one["best"]) for one in case["candidates"]] == [
        ("d1", None, False),
        ("d2", None, False),
        ("d3", None, False),
    ]


def test_a_picked_template_is_saved_and_applied(concord, proposed) -> None:
    decision = ("--pick", "d2", "--reviewer", "rae", "--reason", "clear")
    said = concord("review", proposed, "kettles", *decision, "--apply")
    assert said.code == 0, said.err
    assert said.out.startswith("kettles: pick by rae.\nSaved as template kettles, version ")
    assert "2 items made" in said.out
    assert concord("review", proposed).out == "Nothing waits for a decision.\n"
    assert "kettles" in [template["id"] for template in concord("template", "list", "--json").json]
    assert concord("project", "show", proposed, "--json").json["counts"]["items"] == 2


def test_a_text_of_ones_own_counts_and_says_what_it_began_from(concord, proposed, tmp_path: Path) -> None:
    own = "---\nid: kettles\ndescription: d\ninputs: {text: string}\n---\nReview: {{ text }}\n"
    (tmp_path / "own.md").write_text(own, encoding="utf-8")
    words = ("--text", "own.md", "--from", "d1", "--reviewer", "rae", "--reason", "shorter", "--json")
    answer = concord("review", proposed, "kettles", *words).json
    assert (answer["decision"], answer["text"], answer["template"]) == ("edit", own, "kettles")


def test_what_is_sent_back_waits_again_with_the_reason(concord, proposed) -> None:
    words = ("--send-back", "--reviewer", "rae", "--reason", "look at the target")
    assert concord("review", proposed, "kettles", *words).out == "kettles: send_back by rae.\n"
    assert "send_back by rae: look at the target\n" in concord("review", proposed).out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--reviewer", "rae"), "Nothing was decided. Give --pick, --text, --reject or --send-back.\n"),
        (("--pick", "d9", "--reviewer", "rae", "--reason", "x"), "Item 'kettles' has no draft 'd9'"),
        (("--pick", "d1", "--reviewer", "rae"), "A decision needs a reason. Say in a line why.\n"),
        (("--text", "gone.md", "--reviewer", "rae", "--reason", "x"), "gone.md: No such file or directory. Check"),
        (("--text", "bad.md", "--reviewer", "rae", "--reason", "x"), "bad.md: byte 0 is not UTF-8. Save the file"),
    ],
)
def test_what_cannot_be_decided_is_refused(concord, proposed, tmp_path: Path, words, message: str) -> None:
    (tmp_path / "bad.md").write_bytes(b"\xff")
    said = concord("review", proposed, "kettles", *words)
    assert said.code == 1
    assert said.err.startswith(message)


def test_ranks_and_edits_are_told(concord, proposed, write_lines) -> None:
    judgements = [
        {"annotator": "ana", "kind": "ranking", "ranks": {"d2": 1, "d1": 2}},
        {"annotator": "ben", "kind": "edit", "draft": "d2", "text": "Own."},
    ]
    write_lines("judged.jsonl", [{"item_id": "kettles", "annotations": judgements}])
    assert concord("annotations", "import", proposed, "judged.jsonl").code == 0
    lines = concord("review", proposed).out.splitlines()
    assert lines[2].split() == ["edit", "of", "d2", "by", "ben", "1.25", "ana", "1.5,", "ben", "1", "best"]
    assert lines[3].split() == ["d2", "1.75", "ana", "1.5,", "ben", "2"]


@pytest.fixture
def disputed(concord, write_lines) -> str:
    """The name of a project in which two annotators disagree on two of three items."""
    concord("project", "create", "answers")
    orders = ({"a": 1, "b": 2}, {"a": 1, "b": 1}, {"a": 2, "b": 1})
    lines = [
        {
            "item_id": f"q{number}",
            "prompt": f"What is {number}?",
            "responses": [{"id": "a", "text": "One."}, {"id": "b", "text": "Two."}],
            "annotations": [
                {"annotator": "ana", "kind": "ranking", "ranks": {"a": 1, "b": 2}},
                {"annotator": "ben", "kind": "ranking", "ranks": ranks},
            ],
        }
        for number, ranks in enumerate(orders)
    ]
    write_lines("items.jsonl", lines)
    assert concord("import", "answers", "items.jsonl").code == 0
    return "answers"


def test_what_annotators_disagree_on_is_listed_most_first_and_in_pages(concord, disputed) -> None:
    lines = concord("review", disputed, "--disputed").out.splitlines()
    assert lines[0] == "q2 (response), judged by 2, wanted 2, disagreement 1.00 in rankings"
    assert "q1 (response), judged by 2, wanted 2, disagreement 0.50 in rankings" in lines
    [second] = concord("review", disputed, "--disputed", "--limit", "1", "--offset", "1", "--json").json
    assert (second["item"], second["disagreement"], second["by"]) == ("q1", 0.5, "rankings")
    assert concord("review", disputed).out == "Nothing waits for a decision.\n"


def test_a_disputed_item_that_is_decided_is_listed_no_more(concord, disputed) -> None:
    words = ("--pick", "b", "--reviewer", "rae", "--reason", "shorter")
    assert concord("review", disputed, "q2", *words).out == "q2: pick by rae.\n"
    assert [case["item"] for case in concord("review", disputed, "--disputed", "--json").json] == ["q1"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--limit", "0"), "limit is 0. Give a number from 1 to 1,000.\n"),
        (("--offset", "-1"), "offset is -1. Give a number from 0.\n"),
    ],
)
def test_a_page_that_cannot_be_is_refused(concord, disputed, words, message: str) -> None:
    said = concord("review", disputed, "--disputed", *words)
    assert (said.code, said.err) == (1, message)
