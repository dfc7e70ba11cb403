"""`concord enrich`: on the workspace itself, and asked of the app that has it open."""

import json
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from concord.api import create_api
from concord.api_service import Service
from concord.drafting.demo import Fault, demo_app
from concord.drafting.worker import Drafter
from concord.enrichment.options import EnrichOptions
from concord.local import LocalVerbs
from concord.records.item import Message
from concord.records.project import Served
from concord.remote import RemoteVerbs

PROMPTS = Path(__file__).parents[2] / "prompts"


def test_new_prompts_wait_for_people_and_a_second_time_nothing_is_left(concord, reviews: str) -> None:
    said = concord("enrich", reviews, "--method", "paraphrase", "--candidates", "2", "--json").json
    assert (said["asked"], said["items"], said["model"]) == (2, 2, "concord-demo")
    assert "is no language model" in said["notice"]
    assert concord("project", "show", reviews, "--json").json["counts"]["items"] == 2
    again = concord("enrich", reviews, "--method", "paraphrase", "--candidates", "2")
    assert (again.code, again.out) == (
        0,
        "Nothing is left to ask for with this seed. Choose another --seed, or another --method.\n",
    )


def test_a_refusal_is_said_with_what_it_repeats(concord, write_lines) -> None:
    prompts = ["Name the capital of France.", "Of France: name the capital."]
    write_lines("items.jsonl", [{"item_id": f"q{n}", "prompt": prompt} for n, prompt in enumerate(prompts)])
    concord("project", "create", "p")
    concord("annotations", "import", "p", "items.jsonl")
    said = concord("enrich", "p", "--method", "paraphrase", "--items", "1", "--candidates", "2")
    assert "Refused: Of France: name the capital.\n  repeats q1 (1.00): Of France: name the capital.\n" in said.out
    assert said.out.endswith("None counts yet: people rank and edit them at the desk, and a reviewer approves them.\n")


def test_what_cannot_be_asked_for_is_said(concord, reviews: str) -> None:
    said = concord("enrich", reviews, "--method", "self-instruct")
    assert (said.code, said.err) == (
        1,
        "Project 'reviews' has no approved example to write new prompts after. Finish some items at the desk first.\n",
    )
    assert concord("enrich", reviews, "--method", "copy").code == 2
    assert concord("enrich", reviews, "--method", "reverse", "--seed", "-1").code == 1


def test_an_endpoint_that_refuses_the_form_is_asked_without(concord, reviews: str, serve) -> None:
    seen: list[bool] = []

    async def complete(request) -> JSONResponse:
        body = json.loads(await request.body())
        seen.append("response_format" in body)
        if seen[-1]:
            return JSONResponse({"error": {"message": "response_format is not supported"}}, 400)
        text = json.dumps({"prompts": [f"What about {len(seen)} birds?", f"Draw {len(seen)} maps of the moon."]})
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
        return JSONResponse({"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]})

    address = serve(Starlette(routes=[Route("/v1/chat/completions", complete, methods=["POST"])])) + "/v1"
    said = concord("enrich", reviews, "--method", "paraphrase", "--base-url", address, "--items", "1", "--json").json
    assert (said["items"], said["candidates"], seen) == (1, 2, [True, False])


def test_an_endpoint_that_fails_ends_it_and_nothing_is_marked_as_asked(concord, reviews: str, serve) -> None:
    address = serve(demo_app(lambda _: Fault("unauthorized"))) + "/v1"
    words = ("enrich", reviews, "--method", "paraphrase", "--model", "concord-demo")
    said = concord(*words, "--base-url", address)
    assert said.code == 1
    assert "2 failed (unauthorized): " in said.err
    assert concord(*words, "--json").json["asked"] == 2


@pytest.mark.parametrize("method", ["paraphrase", "reverse"])
def test_the_app_does_what_the_command_line_does_by_itself(campaign, new_campaign, store, serve, method) -> None:
    drafter, verbs = Drafter(store), LocalVerbs(store, PROMPTS)
    api = create_api()
    api.state.service = Service(store, verbs, drafter, "token")
    remote = RemoteVerbs(Served(serve(Starlette(routes=[Mount("/api", api)])), "token"))
    other = new_campaign()
    for one in (campaign, other):
        for number in range(12):
            text = f"Tell me about river {number} and its {number} bridges."
            one.item(f"q{number}", messages=(Message("user", text),), target=text)
    batches: list[int] = []
    options = EnrichOptions(method, items=11)
    asked = remote.enrich(campaign.project.name, options, lambda so_far: batches.append(so_far["asked"]))
    assert batches == [8]
    assert asked == verbs.enrich(other.project.name, options)
    assert asked["asked"] == 11
    drafter.close()


def test_from_a_prompt_to_an_approved_paraphrase_that_is_drafted(concord, reviews: str) -> None:
    concord("enrich", reviews, "--method", "paraphrase", "--items", "1")
    [case] = concord("review", reviews, "--json").json
    words = ("review", reviews, case["item"], "--reviewer", "rae", "--reason", "good")
    said = concord(*words, "--pick", "d1")
    assert said.out == (
        "prompt/paraphrase/0/r1: pick by rae.\n"
        "Item paraphrase/0/r1 is in the queue now. Draft answers to it: concord draft NAME\n"
    )
    assert concord("review", reviews).out == "Nothing waits for a decision.\n"
    drafted = concord("draft", reviews, "--candidates", "1", "--json").json
    assert (drafted["done"], drafted["total"]) == (3, 3)
    assert concord("verify").code == 0


def test_a_rejected_prompt_makes_no_item(concord, reviews: str) -> None:
    concord("enrich", reviews, "--method", "paraphrase", "--items", "1")
    [case] = concord("review", reviews, "--json").json
    assert concord("review", reviews, case["item"], "--reviewer", "rae", "--reason", "no", "--reject").code == 0
    assert concord("project", "show", reviews, "--json").json["counts"]["items"] == 2
