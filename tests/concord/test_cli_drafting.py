"""The commands around drafting: what is sent, which arms there are, what the judge thinks."""

import json
from pathlib import Path

import pytest

SETTINGS = """
task: rank
overlap: 1
variants:
  - {name: plain}
  - {name: brief, system: "Be brief."}
control: 0.3
canary: 0.3
"""


@pytest.fixture
def drafted(concord, write_lines, tmp_path: Path) -> str:
    """A project with arms and variants, drafted by the demo."""
    (tmp_path / "settings.yaml").write_text(SETTINGS)
    rows = [
        {"item_id": f"r{n}", "product": "Fan", "stars": n % 5, "text": f"It broke on day {n}. It is loud. Ann is sad."}
        for n in range(1, 31)
    ]
    write_lines("rows.jsonl", rows)
    for words in (
        "project create fans --settings settings.yaml",
        "import fans rows.jsonl --template review-reply",
        "draft fans",
    ):
        said = concord(*words.split())
        assert said.code == 0, said.err
    return "fans"


def test_arms_are_counted_and_control_items_have_no_drafts(concord, drafted: str) -> None:
    said = concord("arms", drafted, "--json").json
    counts = {one["arm"]: one["items"] for one in said["arms"]}
    assert sum(counts.values()) == 30
    assert set(counts) == {"drafted", "undrafted", "canary"}
    assert (said["canaries"], said["repeats"]) == ([], [])
    drafts = concord("project", "show", drafted, "--json").json["counts"]["drafts"]
    assert drafts == 3 * (30 - counts["undrafted"])
    assert concord("arms", drafted).out.startswith("arm        items  finished\ncanary ")


def test_what_was_sent_is_said_by_endpoint_and_purpose(concord, drafted: str) -> None:
    [row] = concord("sent", drafted, "--json").json
    assert (row["endpoint"], row["model"], row["purpose"]) == ("the demo drafter", "concord-demo", "draft")
    assert row["requests"] >= row["prompts"] > 1
    assert concord("judge", drafted, "--limit", "2").code == 0
    assert [line.split("  ")[0] for line in concord("sent", drafted).out.splitlines()] == [
        "endpoint", "the demo drafter", "the demo drafter",
    ]  # fmt: skip


def test_nothing_sent_is_said_so(concord, reviews: str) -> None:
    assert concord("sent", reviews).out == "Nothing was sent to any endpoint yet.\n"


def test_the_judge_goes_on_where_it_was_and_can_order_the_queue(concord, drafted: str) -> None:
    first = concord("judge", drafted, "--limit", "3", "--json").json
    assert (first["judged"], first["failures"], first["ordered"]) == (3, {}, False)
    second = concord("judge", drafted, "--order")
    assert second.code == 0
    assert second.out.endswith("Items in which the judge contradicted itself come first in the queue.\n")
    assert concord("judge", drafted, "--json").json["judged"] == 0


def test_a_limit_that_is_none_is_refused(concord, drafted: str) -> None:
    said = concord("judge", drafted, "--limit", "0")
    assert (said.code, said.err) == (1, "limit is 0. Give a number from 1 to 1,000,000,000.\n")


def test_a_run_reports_flags_and_examples(concord, reviews: str, serve, scripted) -> None:
    script = scripted(lambda _: "As an AI, I cannot assist with that.")
    said = concord("draft", reviews, "--base-url", serve(script) + "/v1", "--model", "m", "--json")
    assert (said.json["flags"], said.json["examples"]) == ({"refusal": 6, "boilerplate": 6}, {})


def test_flags_are_told_in_words(concord, reviews: str, serve, scripted) -> None:
    script = scripted(lambda _: ("It breaks", "length"))
    said = concord("draft", reviews, "--base-url", serve(script) + "/v1", "--model", "m", "--candidates", "1")
    assert said.out.endswith("Flagged: 2 truncated.\n")


def test_a_plan_can_be_asked_for_once(concord, reviews: str) -> None:
    assert concord("draft", reviews, "--recipe", "plan", "--candidates", "1").code == 0
    assert {row["purpose"] for row in concord("sent", reviews, "--json").json} >= {"actions", "plan", "draft"}


def test_other_arms_leave_only_when_asked_for(concord, drafted: str, tmp_path: Path) -> None:
    main = concord("annotations", "export", drafted, "main.jsonl", "--json").json["items"]
    every = concord("annotations", "export", drafted, "every.jsonl", "--all-arms", "--json").json["items"]
    assert (main < every, every) == (True, 30)
    assert len([json.loads(line) for line in (tmp_path / "main.jsonl").read_text().splitlines()]) == main


def test_a_ceiling_needs_the_price_of_every_variant(concord, drafted: str, tmp_path: Path) -> None:
    (tmp_path / "priced.yaml").write_text(
        "model: known\nbase_url: http://127.0.0.1:9/v1\nprices: {known: [1, 2]}\n"
        "variants: [{name: a}, {name: b, model: unknown}]\n"
    )
    concord("project", "create", "priced", "--settings", "priced.yaml")
    said = concord("draft", "priced", "--max-cost", "1")
    assert said.code == 1
    assert said.err == (
        "max-cost: the price of 'unknown' is unknown, so that no ceiling can be kept. Set it in the project's prices.\n"
    )
