"""`concord check`: what it says, how it ends, and the same asked of a running app."""

import json
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from concord.api import create_api
from concord.api_service import Service
from concord.drafting.worker import Drafter
from concord.errors import NotFound
from concord.local import LocalVerbs
from concord.records.project import Served
from concord.remote import RemoteVerbs
from concord.verbs_check import InformationRequest

PROMPTS = Path(__file__).parents[2] / "prompts"
TOKEN = "only-for-its-owner"
TEXT = "the river that runs through the old town rises every spring when the snow melts"


@pytest.fixture
def rivers(concord: Callable[..., Any], write_lines: Callable[..., Path]) -> str:
    """The name of a project with two items, one of which a benchmark has too."""
    write_lines(
        "items.jsonl",
        [
            {"item_id": "a", "prompt": f"Is it so that {TEXT}?", "responses": [{"id": "d1", "text": "Yes.</s>"}]},
            {"item_id": "b", "prompt": "Why?", "responses": [{"id": "d1", "text": "So it is."}]},
        ],
    )
    write_lines("bench.jsonl", [{"question": ["What?", {"deep": TEXT}]}])
    concord("project", "create", "rivers")
    assert concord("import", "rivers", "items.jsonl").code == 0
    return "rivers"


def test_findings_come_first_and_readiness_last(concord, rivers: str) -> None:
    said = concord("check", rivers)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("rivers: 0 errors, 1 warning, 0 notes in 2 items with 2 responses.\n")
    assert (
        "\nwarning: A text holds a token of a chat template, such as <|im_end|> or </s>. 1 item, 50.0% (chat-token)\n"
        "  a: Yes.</s>\n"
    ) in said.out
    assert "(page Review)" in said.out
    assert said.out.index("(chat-token)") < said.out.index("\nReadiness\n- 0 items have an approved answer.\n")


def test_an_item_that_a_file_holds_is_an_error(concord, rivers: str) -> None:
    said = concord("check", rivers, "--json", "--against", "bench.jsonl")
    assert said.code == 1
    [finding] = [one for one in said.json["findings"] if one["code"] == "contamination"]
    assert finding["says"] == "13 words in a row, or a whole short text, stand in bench.jsonl too."
    assert [one["item"] for one in finding["shown"]] == ["a"]
    assert said.json["against"] == ["bench.jsonl"]


def test_json_names_the_items_that_the_text_leaves_out(concord, write_lines) -> None:
    concord("project", "create", "many")
    items = [{"item_id": f"q{n}", "prompt": "Why?", "responses": []} for n in range(9)]
    write_lines("items.jsonl", items)
    concord("import", "many", "items.jsonl")
    assert "  … and 6 more (--json names them).\n" in concord("check", "many").out
    [finding] = concord("check", "many", "--json").json["findings"]
    assert (finding["count"], len(finding["shown"])) == (9, 9)


def test_a_file_that_cannot_be_read_is_said(concord, rivers: str) -> None:
    said = concord("check", rivers, "--against", "missing.jsonl")
    assert (said.code, said.err) == (1, "missing.jsonl: No such file or directory. Check the path.\n")


def test_a_project_that_is_not_there_is_said(concord) -> None:
    said = concord("check", "none")
    assert said.code == 1
    assert said.err.startswith("There is no project 'none'")


@pytest.fixture
def address(campaign, serve) -> str:
    api = create_api()
    drafter = Drafter(campaign.store)
    api.state.service = Service(campaign.store, LocalVerbs(campaign.store, PROMPTS), drafter, TOKEN)
    yield serve(Starlette(routes=[Mount("/api", app=api)]))
    drafter.close()


def test_a_running_app_gives_the_same_report(campaign, address: str, write_lines) -> None:
    campaign.edit(campaign.item("q1"), "ana", f"Well, {TEXT}.")
    path = write_lines("bench.jsonl", [{"text": TEXT}])
    steps: list[dict[str, Any]] = []
    remote = RemoteVerbs(Served(address, TOKEN)).check(campaign.project.name, [path], steps.append)
    local = LocalVerbs(campaign.store, PROMPTS).check(campaign.project.name, [path])
    assert remote == json.loads(json.dumps(local))
    assert [one["code"] for one in remote["findings"]] == ["contamination"]
    assert steps == [{"done": 1, "items": 1}]


def test_a_running_app_says_that_there_is_no_such_project(address: str) -> None:
    with pytest.raises(NotFound, match="There is no project 'none'"):
        RemoteVerbs(Served(address, TOKEN)).check("none")


def test_runs_that_are_no_base64_are_refused(campaign, address: str) -> None:
    body = json.dumps({"against": [{"name": "x", "runs": "?"}]}).encode()
    url = f"{address}/api/v1/projects/{campaign.project.name}/check"
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    with pytest.raises(HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(url, body, headers))
    with refused.value as answer:
        assert (answer.code, json.load(answer)["detail"].split(" (")[0]) == (400, "against 'x': the runs are no base64")


def test_the_demo_is_asked_about_missing_information_and_what_it_says_is_found(concord, rivers: str) -> None:
    said = concord("check", rivers, "--missing-information", "--limit", "1", "--json").json
    assert (said["information"]["model"], said["information"]["asked"]) == ("concord-demo", 1)
    said = concord("check", rivers, "--missing-information")
    assert "concord-demo was asked about 1 response ($0.00).\n" in said.out
    assert concord("check", rivers, "--json").json["information"] is None
    assert [one["requests"] for one in concord("sent", rivers, "--json").json] == [2]


def test_a_running_app_asks_about_missing_information(campaign, address: str) -> None:
    item = campaign.item("q1")
    campaign.edit(item, "ana", "Refunds arrive within fourteen days.")
    remote = RemoteVerbs(Served(address, TOKEN))
    asked = remote.check_information(campaign.project.name, InformationRequest(limit=5))
    assert (asked["model"], asked["asked"], asked["failures"]) == ("concord-demo", 1, {})
    [finding] = remote.check(campaign.project.name)["findings"]
    assert (finding["code"], finding["shown"][0]["text"]) == (
        "missing-information",
        "Refunds arrive within fourteen days.",
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--limit", "0"), "limit is 0. Give a number from 1 to 1,000,000,000.\n"),
        (("--max-cost", "0"), "max-cost is 0.0. Give US dollars, more than 0.\n"),
    ],
)
def test_numbers_out_of_their_range_are_refused(concord, rivers: str, words, says: str) -> None:
    said = concord("check", rivers, "--missing-information", *words)
    assert (said.code, said.err) == (1, says)


def test_a_file_with_a_line_that_cannot_be_read_is_refused(concord, rivers: str, write_lines) -> None:
    write_lines("bad.jsonl", [{"q": TEXT}, "{nonsense"])
    said = concord("check", rivers, "--against", "bad.jsonl")
    assert said.code == 1
    assert said.err.startswith("bad.jsonl, line 2: ")
