"""What the demo drafter says in the steps of a recipe that are no drafts: by rule, and the same every time."""

from __future__ import annotations

import re
from collections.abc import Sequence

import orjson

from concord.drafting.instructions import ACTIONS, CHECK, JUDGE, PLAN, REPAIR, REVISE, SUPPORT
from concord.drafting.prompt_reading import Reading, read_prompt
from concord.records.item import Message

_ASKS_AGAIN = tuple(text.partition("{")[0] for text in (REPAIR, REVISE))
_ANSWER = re.compile(r"\ATask:\n(.*)\n\nAnswer:\n(.*)\Z", re.DOTALL)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_LONG_WORD = re.compile(r"\w{4,}")
_ANSWERS = re.compile(r"\nAnswer A:\n(.*)\n\nAnswer B:\n(.*)\Z", re.DOTALL)


def step_answer(messages: Sequence[Message]) -> str | None:
    r"""The demo's answer where a step is asked for; None where a draft is.

    >>> step_answer([Message("user", "Summarise: It rains. It pours."), Message("user", ACTIONS)])
    '- read the text\n- write a summary'
    """
    first, last = messages[0].content, messages[-1].content
    if last == ACTIONS:
        return "\n".join(f"- {action}" for action in _actions(read_prompt(task_of(messages))))
    if last == PLAN:
        actions = _actions(read_prompt(task_of(messages)))
        return "\n".join(f"{number}. {action}" for number, action in enumerate(actions, 1))
    if first == CHECK:
        return "OK"
    if first == JUDGE and (answers := _ANSWERS.search(last)):
        return _better(answers[1].strip(), answers[2].strip())
    if first == SUPPORT and (asked := _ANSWER.search(last)):
        return orjson.dumps({"claims": _unsupported(asked[1], asked[2])}).decode()
    return None


def task_of(messages: Sequence[Message]) -> list[Message]:
    """The prompt without the turns that recipes put behind it."""
    places = (place for place, message in enumerate(messages) if message.content == ACTIONS)
    end = next(places, len(messages))
    if end == len(messages) and messages[-1].content.startswith(_ASKS_AGAIN):
        end -= 2  # the answer that is asked for again, and the question
    return list(messages[:end])


def _actions(reading: Reading) -> list[str]:
    return ["read the text", f"write {'an' if reading.want == 'answer' else 'a'} {reading.want}"]


def _unsupported(task: str, answer: str) -> list[str]:
    """The sentences of which more than half the words of four letters or more are not in the task."""
    known = set(_LONG_WORD.findall(task.casefold()))
    found: list[str] = []
    for sentence in _SENTENCE.split(answer):
        words = _LONG_WORD.findall(sentence.casefold())
        if 2 * sum(word not in known for word in words) > len(words):
            found.append(sentence.strip())
    return found


def _better(a: str, b: str) -> str:
    """The one with more different words, whatever its place."""
    words_a, words_b = (len(set(text.casefold().split())) for text in (a, b))
    if words_a == words_b:
        return "TIE"
    return "A" if words_a > words_b else "B"
