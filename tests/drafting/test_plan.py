"""Plans and checks, step by step, over real connections to an endpoint that answers as told."""

import asyncio
from datetime import UTC, datetime

import pytest

from concord.drafting.asking import Asker
from concord.drafting.demo_steps import step_answer, task_of
from concord.drafting.endpoint import endpoint_for
from concord.drafting.instructions import ACTIONS, CHECK, EXECUTE, PLAN, REPAIR, REVISE
from concord.drafting.options import DraftOptions
from concord.drafting.plan import plan_then_answer, self_checking
from concord.drafting.recipe import Recipe, one_completion, seed_of
from concord.drafting.request import Request, unlogged
from concord.drafting.run import draft_items
from concord.ids import new_id
from concord.records.draft import Wanted
from concord.records.item import Item, Message
from concord.records.kinds import DEMO_MODEL
from concord.records.project import Settings

PROMPT = (Message("system", "Be kind."), Message("user", "Why is the sky blue?"))
ITEM = Item(new_id(), new_id(), "q1", PROMPT)


def run(endpoint, recipe_of, *, sent=unlogged, item: Item = ITEM):
    """The parts that a recipe makes at an endpoint."""

    def request_of(wanted: Wanted) -> Request:
        return Request(endpoint, wanted.item.messages, seed_of(wanted))

    async def all_of():
        recipe: Recipe = recipe_of(request_of)
        async with Asker(sent=sent) as ask:
            return await recipe(ask, Wanted(item, "d1"))

    return asyncio.run(all_of())


@pytest.fixture
def told(serve, scripted):
    """An endpoint with a queue of replies, and the object that remembers what it was asked."""

    def make(*replies):
        left = list(replies)
        script = scripted(lambda _: left.pop(0))
        return endpoint_for(Settings(model="m"), {}, base_url=serve(script)), script

    return make


def said(script) -> list[list[str]]:
    return [[message["content"] for message in body["messages"]] for body in script.asked]


def test_actions_and_plan_come_before_the_answer(told) -> None:
    endpoint, script = told("- explain", "1. explain", "Because of scattering.")
    parts = run(endpoint, plan_then_answer)
    assert (parts.text, parts.params) == ("Because of scattering.", {"recipe": "plan", "repaired": []})
    asked = ["Be kind.", "Why is the sky blue?"]
    assert said(script) == [
        [*asked, ACTIONS],
        [*asked, ACTIONS, "- explain", PLAN],
        [*asked, ACTIONS, "- explain", PLAN, "1. explain", EXECUTE],
    ]


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (("Because of", "length"), "it breaks off"),
        ("As an AI, I say: scattering.", "it speaks of itself or announces the answer"),
        ("1. explain\n\nScattering.", "it repeats the plan"),
    ],
)
def test_an_answer_of_the_wrong_form_is_asked_for_once_more(told, wrong, fault: str) -> None:
    endpoint, script = told("- explain", "1. explain", wrong, "Scattering, again as an AI.")
    parts = run(endpoint, plan_then_answer)
    assert (parts.text, parts.params["repaired"]) == ("Scattering, again as an AI.", [fault])
    assert said(script)[-1][-1] == REPAIR.format(faults=fault)
    assert len(script.asked) == 4


def checking(guidelines: str):
    return lambda request_of: self_checking(plan_then_answer(request_of), guidelines, request_of)


def test_a_draft_that_keeps_to_the_guidelines_stays(told) -> None:
    endpoint, script = told("- a", "1. a", "Scattering.", "OK.")
    parts = run(endpoint, checking("Name the cause."))
    assert (parts.text, parts.params["self_check"]) == ("Scattering.", "kept")
    question = said(script)[-1]
    assert question[0] == CHECK
    assert "Name the cause." in question[1]
    assert script.asked[-1]["temperature"] == 0


def test_a_draft_that_breaches_them_is_revised_once(told) -> None:
    endpoint, script = told("- a", "1. a", "It is.", "- no cause", "Scattering.")
    parts = run(endpoint, checking("Name the cause."))
    assert (parts.text, parts.params["self_check"], parts.params["breaches"]) == (
        "Scattering.",
        "revised",
        "- no cause",
    )
    assert said(script)[-1] == ["Be kind.", "Why is the sky blue?", "It is.", REVISE.format(breaches="- no cause")]


def test_without_guidelines_nothing_is_checked(told) -> None:
    endpoint, script = told("- a", "1. a", "It is.")
    assert run(endpoint, checking(" ")).text == "It is."
    assert len(script.asked) == 3


def test_the_steps_of_a_draft_are_its_provenance(world) -> None:
    store = world.store_of(1)
    demo = endpoint_for(Settings(), {})
    recipe = plan_then_answer(lambda wanted: Request(demo, wanted.item.messages, seed_of(wanted)))
    asyncio.run(draft_items(store, world.project, demo, DraftOptions(1, recipe=recipe)))
    [draft] = store.drafts.values()
    assert [step["purpose"] for step in draft.params["steps"]] == ["actions", "plan", "draft"]
    assert len({step["prompt_hash"] for step in draft.params["steps"]}) == 3
    assert draft.tokens_in == sum(step["tokens_in"] for step in draft.params["steps"])
    assert draft.created_at <= datetime.now(UTC)


# ---- the demo drafter in these steps


def test_the_demo_answers_with_the_draft_that_it_gives_without_a_plan() -> None:
    demo = endpoint_for(Settings(model=DEMO_MODEL), {})
    asked: list[Request] = []
    text = (
        "Summarise the text in one sentence.\n\nIt rains. The lid is open and the box is wet. Nobody came to close it."
    )
    item = Item(new_id(), new_id(), "q1", (Message("user", text),))
    planned = run(demo, plan_then_answer, sent=asked.append, item=item)
    assert [request.purpose for request in asked] == ["actions", "plan", "draft"]
    assert planned.text == run(demo, lambda _: one_completion(demo), item=item).text


def test_the_demo_knows_which_turns_ask_for_a_draft_again() -> None:
    again = Message("user", REVISE.format(breaches="- x"))
    assert task_of([*PROMPT, Message("assistant", "It is."), again]) == list(PROMPT)
    assert task_of(PROMPT) == list(PROMPT)


def test_the_demo_checks_and_judges_by_rule() -> None:
    assert step_answer([Message("system", CHECK), Message("user", "…")]) == "OK"
    assert step_answer(PROMPT) is None
