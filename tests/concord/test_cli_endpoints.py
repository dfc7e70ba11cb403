"""An endpoint that fails: the command says which, what happened and what to do, and never the key."""

import itertools
import logging
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse

from concord.drafting.demo import Fault, demo_app
from concord.ids import new_id
from concord.records.annotation import Annotation, Edit
from storage.workspace import open_workspace

KEY = "sk-not-a-real-key-4711"
AT_ONCE = 0.001  # seconds to wait before the client asks again


@pytest.fixture
def serve_faults(serve):
    """Serve an endpoint where each request meets the same fault; gives its base URL."""
    return lambda fault: serve(demo_app(fault if callable(fault) else lambda _: fault)) + "/v1"


@pytest.fixture
def draft(concord, reviews: str, monkeypatch: pytest.MonkeyPatch):
    """Draft once for each of the two items at an endpoint, with a key."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)

    def run(address: str, *words: str):
        said = concord("draft", reviews, "--base-url", address, "--model", "concord-demo", "--candidates", "1", *words)
        assert KEY not in said.out + said.err
        assert "Traceback" not in said.err
        return said

    return run


def test_an_endpoint_that_is_down(draft, closed_port: str) -> None:
    address = f"{closed_port}/v1"
    said = draft(address)
    assert (said.code, said.out) == (1, "")
    assert said.err.endswith(
        f"{address}: it cannot be reached. Check that it runs, the base URL, the network and the proxy. "
        "Then start again: finished drafts are kept.\n"
        "0 tokens in, 0 out: $0.00; 4 requests had to be repeated.\n0 of 2 drafts made by concord-demo, 2 failed.\n"
    )


def test_a_key_that_is_not_accepted(draft, serve_faults) -> None:
    address = serve_faults(Fault("unauthorized"))
    said = draft(address)
    assert (said.code, said.out) == (1, "")
    assert f"{address}: the key in OPENAI_API_KEY is not accepted (401). Set a valid one." in said.err


def test_a_key_that_is_missing(draft, serve_faults, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    address = serve_faults(Fault("unauthorized"))
    assert f"{address}: it wants a key, and OPENAI_API_KEY is not set (401). Set it." in draft(address).err


def test_too_many_requests(draft, serve_faults) -> None:
    address = serve_faults(Fault("rate_limited", AT_ONCE))
    said = draft(address)
    message = (
        f"{address}: too many requests, or the account is used up (429: Rate limit reached.). Wait, or raise the limit."
    )
    assert (said.code, said.out) == (1, "")
    assert f"{message} Then start again: finished drafts are kept." in said.err
    assert said.err.endswith("0 of 2 drafts made by concord-demo, 2 failed.\n")


def test_a_web_page_in_place_of_an_answer(draft, serve_faults) -> None:
    address = serve_faults(Fault("html"))
    said = draft(address)
    assert (said.code, said.out) == (1, "")
    assert (
        f"{address}: the answer is not JSON: '<html><body><h1>It works!</h1></body></html>'. "
        "Check that the base URL is an OpenAI-compatible endpoint, and that the model writes text."
    ) in said.err


def test_some_drafts_are_more_than_none(draft, serve_faults) -> None:
    address = serve_faults(lambda number: Fault("no_text") if number == 1 else None)
    said = draft(address)
    assert (said.code, said.err) == (0, "")
    assert "1 failed (nonsense): " in said.out
    assert said.out.endswith("1 of 2 drafts made by concord-demo, 1 failed.\n")
    assert draft(address).out.endswith("1 of 1 drafts made by concord-demo, 0 failed.\n")


def test_a_failed_run_in_json(draft, serve_faults) -> None:
    said = draft(serve_faults(Fault("unauthorized")), "--json")
    run = said.json
    assert (said.code, said.err, run["state"], run["failed"]) == (1, "", "failed", 2)
    assert run["failures"]["unauthorized"]["count"] == 2


async def repeating_the_key(scope, receive, send) -> None:
    """Say the key in every way in which an endpoint can: refusals first, then answers."""
    key = Request(scope).headers["authorization"]
    status = next(STATUSES, 200)
    said = {"choices": [{"message": {"content": f"It is lost. {key}"}, "finish_reason": key}], "model": key}
    content = said if status == 200 else {"error": {"message": f"bad {key}", "code": key}}
    await JSONResponse(content, status, {"x-key": key, "retry-after": "0"})(scope, receive, send)


STATUSES = itertools.chain((500, 429, 400, 422))


def everything_stored(workspace: Path) -> str:
    """All that the database holds, as text."""
    store = open_workspace(workspace)
    tables = store.engine.read("select table_name from information_schema.tables where table_type = 'BASE TABLE'")
    found = "\n".join(str(store.engine.read(f'from "{table}"')) for (table,) in tables)
    store.close()
    return found


def accept_all(workspace: Path) -> None:
    """Let somebody take each draft as it is."""
    store = open_workspace(workspace)
    [project] = store.projects()
    for draft in store.project_drafts(project.id):
        edit = Edit(draft.id, draft.text)
        made = Annotation(new_id(), project.id, draft.item_id, "ann", edit, "file", draft.created_at)
        store.add_annotations([made])
    store.close()


def test_a_key_that_an_endpoint_repeats_is_nowhere(
    draft, concord, serve, reviews: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    address = serve(repeating_the_key) + "/v1"
    heard = [draft(address), draft(address, "--json"), concord("project", "show", reviews, "--json")]
    accept_all(tmp_path / "workspace")
    heard.append(concord("export", reviews, "--format", "trl-sft", "--out", "out"))
    heard.append(concord("annotations", "export", reviews, "out/annotations.jsonl"))
    heard.append(concord("backup", "out/backup.duckdb"))
    assert [said.code for said in heard[1:]] == [0] * 5
    stored = everything_stored(tmp_path / "workspace")
    assert "It is lost. Bearer [key]" in stored
    assert "refused" in stored
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) >= 5
    assert KEY not in stored + caplog.text + str(heard)
    assert [path for path in files if KEY.encode() in path.read_bytes()] == []


def test_a_plan_says_what_a_run_would_take_and_asks_for_nothing(concord, serve, reviews: str, tmp_path: Path) -> None:
    asked: list[int] = []
    address = serve(demo_app(asked.append)) + "/v1"
    words = ("draft", reviews, "--base-url", address, "--model", "concord-demo", "--plan")
    said = concord(*words)
    assert (said.code, asked) == (0, [])
    assert said.out.startswith("6 drafts for 2 items by concord-demo: about ")
    assert said.out.endswith(
        "(guessed from lengths), cost unknown. Set the price of concord-demo in the project's prices.\n"
    )
    plan = concord(*words, "--candidates", "1", "--limit", "1", "--json").json
    assert (plan["items"], plan["drafts"], plan["tokens_out"], plan["cost"]) == (1, 1, 300, None)


def test_a_ceiling_without_a_price_is_refused(concord, serve, reviews: str) -> None:
    address = serve(demo_app()) + "/v1"
    said = concord("draft", reviews, "--base-url", address, "--model", "concord-demo", "--max-cost", "1")
    assert (said.code, said.out) == (1, "")
    assert said.err == (
        "max-cost: the price of 'concord-demo' is unknown, so that no ceiling can be kept. "
        "Set it in the project's prices.\n"
    )


def test_a_ceiling_stops_the_run_and_the_cost_is_said(concord, serve, write_lines, tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text("prices: {concord-demo: [10000, 10]}\n")
    concord("project", "create", "dear", "--settings", "settings.yaml")
    write_lines("ready.jsonl", [{"item_id": f"q{n}", "prompt": f"Why is {n} odd? I ask you."} for n in range(9)])
    concord("annotations", "import", "dear", "ready.jsonl")
    address = serve(demo_app()) + "/v1"
    words = ("draft", "dear", "--base-url", address, "--model", "concord-demo", "--concurrency", "1")
    said = concord(*words, "--max-cost", "0.4", "--json")
    run = said.json
    assert (said.code, run["state"], run["max_cost"]) == (1, "cancelled", 0.4)
    assert 0 < run["cost"] <= 0.4
    assert run["message"].endswith("The next request would pass the cost ceiling of $0.40. Raise it to go on.")
    costs = concord("project", "show", "dear", "--json").json["costs"]
    assert costs == {
        "cost": pytest.approx(run["cost"]), "drafts": run["done"], "unknown": 0, "accepted": 0, "per_accepted": None
    }  # fmt: skip
    assert "cost of drafts  $0." in concord("project", "show", "dear").out
