"""Recipes of several steps: actions, plan, answer, a check of the form with one repair; and a check by the guidelines.

Each step is a request of its own purpose (`actions`, `plan`, `draft`, `check`), which the draft keeps as provenance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from concord.drafting.completion import Completion
from concord.drafting.flags import flags_of
from concord.drafting.instructions import ACTIONS, CHECK, EXECUTE, PLAN, REPAIR, REVISE
from concord.drafting.recipe import Parts, Recipe
from concord.drafting.request import Ask, Request
from concord.records.draft import Wanted
from concord.records.item import Message
from concord.records.kinds import Flag

FAULTS: dict[Flag, str] = {
    "truncated": "it breaks off",
    "echo": "it repeats the task",
    "boilerplate": "it speaks of itself or announces the answer",
}
"""Faults of the form, in words for the model; a refusal or another language is no matter of form."""

_REPEATS_PLAN = "it repeats the plan"

RequestOf = Callable[[Wanted], Request]


def plan_then_answer(request_of: RequestOf) -> Recipe:
    """List the actions, plan, answer; where the form of the answer is wrong, ask for it once more.

    Args:
        request_of: the plain request for a draft.
    """

    async def recipe(ask: Ask, wanted: Wanted) -> Parts:
        asked = request_of(wanted)

        async def step(purpose: str, messages: Sequence[Message]) -> Completion:
            return await ask(replace(asked, purpose=purpose, messages=tuple(messages)))

        turns = [*asked.messages, Message("user", ACTIONS)]
        turns += [Message("assistant", (await step("actions", turns)).text), Message("user", PLAN)]
        plan = (await step("plan", turns)).text
        turns += [Message("assistant", plan), Message("user", EXECUTE)]
        answer = await step("draft", turns)
        if faults := faults_of(answer, plan, asked.messages):
            told = REPAIR.format(faults="; ".join(faults))
            answer = await step("draft", [*turns, Message("assistant", answer.text), Message("user", told)])
        return Parts(answer.text, params={"recipe": "plan", "repaired": list(faults)})

    return recipe


def faults_of(answer: Completion, plan: str, prompt: Sequence[Message]) -> list[str]:
    """What is wrong with the form of an answer, in words for the model."""
    flags = flags_of(answer.text, prompt, finish_reason=answer.finish_reason, language=None)
    faults = [FAULTS[flag] for flag in flags if flag in FAULTS]
    return faults + ([_REPEATS_PLAN] if plan.strip() and plan.strip() in answer.text else [])


def self_checking(recipe: Recipe, guidelines: str, request_of: RequestOf) -> Recipe:
    """The same recipe, whose draft the model checks against the guidelines and revises once where it breaches them.

    Args:
        recipe: makes the draft.
        guidelines: what annotators read; without any, nothing is checked.
        request_of: the plain request for a draft, to which the revision belongs.
    """
    if not guidelines.strip():
        return recipe

    async def checked(ask: Ask, wanted: Wanted) -> Parts:
        parts = await recipe(ask, wanted)
        asked = request_of(wanted)
        about = f"Guidelines:\n{guidelines}\n\nTask:\n{_shown(asked.messages)}\n\nAnswer:\n{parts.text}"
        question = (Message("system", CHECK), Message("user", about))
        verdict = (await ask(replace(asked, purpose="check", messages=question, temperature=0.0))).text.strip()
        if verdict.strip(" .*!").upper() == "OK":
            return replace(parts, params={**parts.params, "self_check": "kept"})
        told = Message("user", REVISE.format(breaches=verdict))
        revised = await ask(replace(asked, messages=(*asked.messages, Message("assistant", parts.text), told)))
        return replace(parts, text=revised.text, params={**parts.params, "self_check": "revised", "breaches": verdict})

    return checked


def _shown(messages: Sequence[Message]) -> str:
    return "\n\n".join(message.content for message in messages)
