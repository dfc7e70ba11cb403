"""Signs in the data that mean something to a program: separators, role lines, the tokens of chat templates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from concord.conversion.findings import Finding, Level, Seen, Tally, agree, counted
from concord.conversion.names import target_columns
from concord.records.chat_token import CHAT_TOKEN
from concord.records.kinds import Json
from concord.records.template import Template

_BEFORE = 40
"""Characters before a sign that an excerpt shows."""
_SIGNS: Mapping[str, re.Pattern[str]] = {
    "separator": re.compile(r"\|\|\|"),
    "role-line": re.compile(r"^(?:system|user|assistant):[ \t]*$", re.MULTILINE),
    "chat-token": CHAT_TOKEN,
}
_HINTS: Mapping[str, tuple[str, ...]] = {
    "separator": ("|||",),
    "role-line": ("system:", "user:", "assistant:"),
    "chat-token": ("<", "[INST]", "[/INST]"),
}
"""One of these is in every text that has the sign; to look for them is many times quicker."""
_SAYS: Mapping[str, tuple[Level, str, str]] = {
    "separator": (
        "note",
        "|||",
        "Here it stays plain text; in PromptSource's files it divides prompt and target.",
    ),
    "role-line": (
        "note",
        "a line such as `user:`",
        "Here it stays plain text; a reader may still take it for the next turn.",
    ),
    "chat-token": (
        "warning",
        "a token of a chat template, such as <|im_end|> or </s>",
        "A tokenizer may take it for the end of a turn. Remove it from the rows, or make sure that it is plain text.",
    ),
}


class Markup:
    """See `concord.conversion.findings.Check`; only the columns that the template reads count."""

    def __init__(self, template: Template) -> None:
        self._columns = sorted(template.inputs.keys() | target_columns(template))
        self._tallies = {sign: Tally() for sign in _SIGNS}

    def see(self, seen: Seen) -> None:
        """Look through the values of a row."""
        text = "\n".join(text for name in self._columns for text in _texts(seen.row.data.get(name)))
        for sign, tally in self._tallies.items():
            if found := _found(sign, text):
                tally.add(seen.row, text, max(0, found.start() - _BEFORE))

    def findings(self, rows: int) -> Iterator[Finding]:
        """One for each kind of sign that is there."""
        for sign, tally in self._tallies.items():
            level, name, meaning = _SAYS[sign]
            if tally.count:
                says = f"{counted(tally.count, 'row')} {agree(tally.count, 'holds', 'hold')} {name}. {meaning}"
                yield tally.finding(sign, level, says, rows)


def _found(sign: str, text: str) -> re.Match[str] | None:
    return _SIGNS[sign].search(text) if any(hint in text for hint in _HINTS[sign]) else None


def _texts(value: Json) -> Iterator[str]:
    """All texts in a value, on every level."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case str() as text:
                yield text
            case list() as values:
                waiting.extend(reversed(values))
            case dict() as fields:
                waiting.extend(reversed(fields.values()))
            case _:
                pass
