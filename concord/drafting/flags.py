"""What is wrong with a draft before any person looks at it: by rule, so that it is the same every time.

refusal: the model declines, or the endpoint filtered the answer. truncated: it ran into the limit of tokens. echo: the
prompt comes back. boilerplate: it speaks of being a model, or announces itself. language: it is in another language.
The first three keep a draft from the desk as long as there are enough others (`concord.records.kinds.HIDDEN`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz.distance import Indel

from concord.drafting.completion import Completion
from concord.drafting.recipe import Parts, Recipe
from concord.drafting.request import Ask, Request
from concord.language import language_of
from concord.records.draft import Wanted
from concord.records.item import Message
from concord.records.kinds import Flag

_REFUSAL = re.compile(
    r"\bI(?: can(?:no|['’])t|(?: am|['’]m) (?:not able|unable) to| won['’]t| must decline to)\s+"
    r"(?:(?:assist|help)(?: you)? with (?:that|this)\b|comply\b|fulfil|provide (?:that|this|such)\b|"
    r"(?:answer|discuss|engage|continue)(?: with| in)? (?:that|this|such)\b|"
    r"(?:create|generate|write|produce) (?:that|this|such|content|explicit|harmful)\b)",
    re.IGNORECASE,
)
_BOILERPLATE = re.compile(
    r"\bas an? (?:AI|artificial intelligence|(?:large )?language model)\b|"
    r"\bI(?:['’]m| am) (?:just |only )?an? (?:AI|(?:large )?language model)\b|"
    r"\bmy (?:knowledge cut-?off|training data)\b|"
    r"\A\s*(?:sure|certainly|of course|absolutely)[!,.]\s+here(?:['’]s| is| are)\b|"
    r"\A\s*here(?:['’]s| is) (?:a|an|the|my|your) (?:\w+ ){0,2}(?:answer|draft|reply|response|summary)\b",
    re.IGNORECASE,
)
_HEAD = 300
_ECHO, _ECHOED_HEAD = 0.9, 80


def flags_of(
    text: str, prompt: Sequence[Message], *, finish_reason: str | None, language: str | None
) -> tuple[Flag, ...]:
    """What is wrong with a draft, in the order of `concord.records.kinds.Flag`.

    Args:
        text: the draft.
        prompt: what was asked.
        finish_reason: why the endpoint stopped writing.
        language: the ISO 639-1 code that the draft should have; None is the prompt's language. Short texts, and texts
            whose language is not clear, are not judged.

    >>> flags_of("As an AI, I cannot assist with that.", [Message("user", "Why?")], finish_reason="stop", language=None)
    ('refusal', 'boilerplate')
    """
    found: dict[Flag, bool] = {
        "refusal": finish_reason == "content_filter" or bool(_REFUSAL.search(text[:_HEAD])),
        "truncated": finish_reason == "length",
        "echo": _echoes(text, prompt),
        "boilerplate": bool(_BOILERPLATE.search(text)),
        "language": _is_foreign(text, prompt, language),
    }
    return tuple(flag for flag, is_so in found.items() if is_so)


def flagging(recipe: Recipe, *, language: str | None) -> Recipe:
    """The same recipe, with flags on what it makes."""

    async def flagged(ask: Ask, wanted: Wanted) -> Parts:
        finish_reason: str | None = None

        async def noting(request: Request) -> Completion:
            nonlocal finish_reason
            completion = await ask(request)
            if request.purpose == "draft":
                finish_reason = completion.finish_reason
            return completion

        parts = await recipe(noting, wanted)
        flags = flags_of(parts.text, wanted.item.messages, finish_reason=finish_reason, language=language)
        return replace(parts, flags=flags)

    return flagged


def _echoes(text: str, prompt: Sequence[Message]) -> bool:
    """Whether a draft is nearly the last message, or begins as a message does."""
    said = _folded(text)
    asked = [_folded(message.content) for message in prompt]
    if not said or not asked:
        return False
    begins = any(len(message) >= _ECHOED_HEAD and said.startswith(message[:_ECHOED_HEAD]) for message in asked)
    return begins or Indel.normalized_similarity(said, asked[-1], score_cutoff=_ECHO) > 0


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _is_foreign(text: str, prompt: Sequence[Message], language: str | None) -> bool:
    expected = language or language_of("\n".join(message.content for message in prompt if message.role != "system"))
    found = language_of(text) if expected else None
    return found is not None and found != expected
