"""What is entered on the page of a task: what it begins with, and how it is kept until it is submitted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, cast, get_args

import orjson

from concord.desk.autosave import State, make_token
from concord.desk.queue import Assignment
from concord.records.annotation import Comparison, Edit, Judgement, Labels, Ranking, Ratings
from concord.records.kinds import Fact

_URL = "/api/v1/autosave"
_PAUSE_MS = 800


class Unsaved(NamedTuple):
    """What a page begins with, and the right to keep what is entered on it.

    Attributes:
        state: as the browser sends it, so it is not trusted.
        token: from `concord.desk.autosave.make_token`.
    """

    state: State
    token: str

    @property
    def data(self) -> dict[str, Any]:
        """What `unsaved.js` asks for."""
        facts = {draft: fact for draft, fact in facts_in(self.state).items() if fact in get_args(Fact)}
        return {"url": _URL, "token": self.token, "pause_ms": _PAUSE_MS, "facts": facts}


def unsaved_of(task: Assignment, secret: str) -> Unsaved:
    """What the page of this task begins with, for its annotator to go on from."""
    shown = task.presentation
    return Unsaved(begun(task), make_token(secret, shown.annotator, shown.id, task.step))


def begun(task: Assignment) -> State:
    """What the page begins with: what was autosaved, else what is corrected or was taken back, else nothing."""
    facts = {str(draft): fact for draft, fact in task.said.values.items()}
    return {**_judged(task, task.entered), "reason": task.said.reason, "facts": facts, **task.unsaved}


def facts_in(state: State) -> Mapping[str, object]:
    """What a state says of the facts of drafts, by the draft's id; it is not trusted."""
    facts = state.get("facts")
    return cast("Mapping[str, object]", facts) if isinstance(facts, dict) else {}


def _judged(task: Assignment, judgement: Judgement | None) -> State:
    """A judgement as the page that makes it holds it."""
    match judgement:
        case Ranking(tiers, all_bad):
            drafts = [[str(draft) for draft in tier] for tier in tiers]
            return {"tiers": drafts, "rest": "all_bad" if all_bad else "unranked"}
        case Comparison(value, _, strength):
            return {"choice": {"value": str(value), "strength": strength}}
        case Ratings(values):
            return {"answers": {name: [f"{value:g}"] for name, value in values.items()}}
        case Labels(values):
            several = {question.name for question in task.presentation.questions if question.multi}
            return {"answers": {name: orjson.loads(v) if name in several else [v] for name, v in values.items()}}
        case Edit(_, text):
            return {"text": text}
        case _:
            return {}
