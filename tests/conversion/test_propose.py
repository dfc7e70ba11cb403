"""Several templates are asked for at once; what is faulty is repaired once, and what stays faulty is counted."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from concord.conversion.column_profile import profile
from concord.conversion.proposal_prompt import ANGLES, Brief
from concord.conversion.propose import MOST, propose
from concord.errors import EndpointError, InputError, TemplateProblem
from concord.ids import new_id
from concord.records.item import Message
from concord.records.row import Row

ROWS = tuple(Row(new_id(), new_id(), "rows.jsonl", n, {"text": text}) for n, text in enumerate(("It hums.", ""), 1))
BRIEF = Brief("tickets", "Say what it is", profile(ROWS, ["text"]), ROWS)


@dataclass(frozen=True)
class Answer:
    """A model's answer."""

    text: str
    model: str = "m"
    tokens_in: int | None = 5
    tokens_out: int | None = 2
    latency: float = 0.1
    finish_reason: str | None = "stop"


def template(user: str) -> str:
    return json.dumps({"description": "d", "system": "", "user": user, "answer": "", "answer_choices": []})


class Model:
    """A model that answers each proposal with the next of the answers that it has for it."""

    def __init__(self, *answers: Sequence[str | EndpointError]) -> None:
        self.answers = {ANGLES[number]: list(own) for number, own in enumerate(answers)}
        self.asked: list[tuple[tuple[Message, ...], int]] = []

    async def __call__(self, messages: Sequence[Message], seed: int) -> Answer:
        self.asked.append((tuple(messages), seed))
        own = next(own for angle, own in self.answers.items() if angle in messages[1].content)
        answer = own.pop(0)
        if isinstance(answer, EndpointError):
            raise answer
        return Answer(answer)


def proposals(*answers: Sequence[str | EndpointError]):
    model, settled = Model(*answers), list[int]()
    found, failed = asyncio.run(propose(BRIEF, model, candidates=len(answers), seed=10, on_settled=settled.append))
    assert settled == list(range(1, len(answers) + 1))
    return model, found, failed


def test_each_is_asked_for_from_another_side_with_another_seed() -> None:
    model, found, failed = proposals([template("A {{ text }}")], [template("B {{ text }}")])
    assert [(one.name, one.angle, one.seed) for one in found] == [("d1", ANGLES[0], 11), ("d2", ANGLES[1], 12)]
    assert [one.sent for one in found] == [messages for messages, _ in model.asked]
    assert failed == []
    assert "A {{ text }}" in found[0].source


@pytest.mark.parametrize("faulty", ["I would rather not.", template("{{ body }}"), template("{% include 'x' %}")])
def test_a_faulty_answer_is_sent_back_with_its_fault_and_repaired(faulty: str) -> None:
    model, [one], failed = proposals([faulty, template("A {{ text }}")])
    assert failed == []
    assert len(one.answers) == 2
    repair = model.asked[1][0]
    assert [message.role for message in repair] == ["system", "user", "assistant", "user"]
    assert repair[2].content == faulty
    assert "cannot be used: " in repair[3].content
    assert one.sent == repair


def test_what_is_faulty_twice_is_a_failure_with_the_last_reason() -> None:
    model, found, [failed] = proposals([template("{{ body }}"), template("{{ title }}")])
    assert found == []
    assert len(model.asked) == 2
    assert isinstance(failed.error, TemplateProblem)
    assert str(failed.error) == "The template uses ['title'], which are no columns. The columns are ['text']."


def test_a_proposal_that_gives_the_same_prompts_as_another_is_written_anew() -> None:
    same = template("A {{ text }}")
    _, found, failed = proposals([same], [template("A {{ text | trim }}"), template("B {{ text }}")])
    assert ([one.name for one in found], failed) == (["d1", "d2"], [])
    _, [kept], [doubled] = proposals([same], [same, same])
    assert (kept.name, doubled.name) == ("d1", "d2")
    assert str(doubled.error) == "It gives the same prompts as another proposal, d1. Write one that differs."


def test_an_endpoint_that_fails_for_one_fails_for_that_one_alone() -> None:
    gone = EndpointError("timeout", "no answer within 60 seconds.")
    _, [one], [failed] = proposals([template("A {{ text }}")], [gone])
    assert (one.name, failed.name, failed.error) == ("d1", "d2", gone)


@pytest.mark.parametrize("candidates", [0, MOST + 1])
def test_a_number_out_of_range_is_refused(candidates: int) -> None:
    with pytest.raises(InputError, match=rf"candidates is {candidates}\. Give a number from 1 to 9\."):
        asyncio.run(propose(BRIEF, Model(), candidates=candidates, seed=0))
