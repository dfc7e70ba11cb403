"""The form of texts, by stated rules. What breaks a rule is a finding; no text is changed.

A rule is about signs that look like nothing and train as something: what a tokenizer sees differs, what people see does
not. The table of edge cases that exporters have to mind is where they come from: chat tokens, NUL, characters that an
import replaced, blanks at the border of prompt and answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple
from unicodedata import is_normalized

from concord.curation.findings import Concern, Finding, Look, Tally
from concord.records.chat_token import CHAT_TOKEN

Place = Callable[[str], int | None]
"""Where in a text a rule is broken; None where it is kept."""

_BEFORE = 20
_LONG = 4_000
_CLEAN = "Import it with --tidy (Tidy texts on the page), correct the source, or edit the answers at the desk."
_NUMBER_OR_DATE = re.compile(r"\s*(?:[+-]?\d[\d.,]*|\d{4}-\d\d-\d\d(?:[T ][\d:.]+Z?)?)\s*")


def _found(pattern: str) -> Place:
    compiled = re.compile(pattern)

    def place(text: str) -> int | None:
        found = compiled.search(text)
        return found.start() if found else None

    return place


def _chat_token(text: str) -> int | None:
    found = CHAT_TOKEN.search(text) if "<" in text or "[" in text else None
    return found.start() if found else None


def _uncomposed(text: str) -> int | None:
    return None if text.isascii() or is_normalized("NFC", text) else 0


class Rule(NamedTuple):
    """One rule for the form of texts."""

    concern: Concern
    place: Place


RULES = (
    Rule(
        Concern(
            "chat-token",
            "warning",
            "A text holds a token of a chat template, such as <|im_end|> or </s>.",
            "A tokenizer may take it for the end of a turn. Remove it, or tell the trainer not to parse it.",
            "review",
        ),
        _chat_token,
    ),
    Rule(
        Concern("nul", "warning", "A text holds the sign NUL.", f"Some readers end a text there. {_CLEAN}", "imports"),
        _found("\x00"),
    ),
    Rule(
        Concern(
            "replaced",
            "warning",
            "A text holds the sign that stands for one that could not be read (U+FFFD).",
            "The file was read in the wrong encoding, or held half a character. Import it again in the right one.",
            "imports",
        ),
        _found("\ufffd"),
    ),
    Rule(
        Concern("control", "note", "A text holds control characters.", _CLEAN, "imports"),
        _found(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]"),
    ),
    Rule(
        Concern(
            "invisible",
            "note",
            "A text holds signs of no width (zero-width space, byte order mark).",
            _CLEAN,
            "imports",
        ),
        _found("[\u200b\u2060\ufeff\u00ad]"),
    ),
    Rule(
        Concern(
            "separator",
            "note",
            "A text holds one of the line ends that JSONL readers may break at (U+2028, U+2029, U+0085).",
            "Exports escape them in JSONL. Readers that unescape before they cut lines break there: load the Parquet.",
            "exports",
        ),
        _found("[\u2028\u2029\x85]"),
    ),
    Rule(
        Concern("line-ends", "note", "Lines end with carriage returns.", _CLEAN, "imports"),
        _found("\r"),
    ),
    Rule(
        Concern("uncomposed", "note", "Letters and their accents are apart (not NFC).", _CLEAN, "imports"),
        _uncomposed,
    ),
    Rule(
        Concern("blank-lines", "note", "Two or more blank lines follow each other.", _CLEAN, "review"),
        _found(r"\n[ \t]*\n[ \t]*\n"),
    ),
)
"""Each is looked for in the prompt and in every response."""

_EDGES = Concern(
    "blank-edges",
    "note",
    "A response begins or ends with blanks.",
    "A model learns to begin or end so. Edit it at the desk, or take the blanks out of the template's target.",
    "review",
)
_EMPTY = Concern(
    "empty",
    "error",
    "A response is empty or blank.",
    "A model would learn to say nothing. Reject the item in Review, or let somebody answer it.",
    "review",
)
_ENDS = Concern(
    "prompt-end",
    "error",
    "The prompt ends with a message of the system or the assistant.",
    "Trainers refuse it or answer twice. Correct the template, or the imported items.",
    "templates",
)
_USERLESS = Concern(
    "no-user",
    "warning",
    "The prompt has no message of the user.",
    "Many chat templates refuse it. Correct the template, or the imported items.",
    "templates",
)
_TOO_LONG = Concern(
    "long",
    "warning",
    f"Prompt and response have more than {_LONG:,} signs together, about 1,024 tokens, TRL's default `max_length`.",
    "TRL drops or cuts such rows without a word. Raise `max_length`, or leave long items out.",
    "exports",
)
_TYPED = Concern(
    "number-like",
    "note",
    "Every response looks like a number or a date.",
    "Readers of JSONL may turn them into numbers and times. Load the Parquet, in which they are text.",
    "exports",
)


class Forms:
    """See `concord.curation.findings.Check`."""

    def __init__(self) -> None:
        self._rules = [(rule.place, Tally(rule.concern)) for rule in RULES]
        self._edges, self._empty, self._long = Tally(_EDGES), Tally(_EMPTY), Tally(_TOO_LONG)
        self._ends, self._userless, self._typed = Tally(_ENDS), Tally(_USERLESS), Tally(_TYPED)
        self._untyped = False

    def see(self, look: Look) -> None:
        """Hold an item against all rules; it counts once for each that one of its texts breaks."""
        name = look.item.name
        for place, tally in self._rules:
            for text in (look.prompt, *look.responses):
                if (at := place(text)) is not None:
                    tally.add(name, text, max(0, at - _BEFORE))
                    break
        self._see_prompt(look)
        self._see_responses(look)

    def _see_prompt(self, look: Look) -> None:
        roles = [message.role for message in look.item.messages]
        if roles and roles[-1] in ("system", "assistant"):
            self._ends.add(look.item.name, look.item.messages[-1].content)
        if "user" not in roles:
            self._userless.add(look.item.name, look.prompt)

    def _see_responses(self, look: Look) -> None:
        name, texts = look.item.name, look.responses
        blank = [text for text in texts if not text.strip()]
        edged = [text for text in texts if text.strip() and text != text.strip()]
        if blank:
            self._empty.add(name, look.prompt)
        if edged:
            self._edges.add(name, edged[0])
        if texts and len(look.prompt) + max(map(len, texts)) > _LONG:
            self._long.add(name, look.prompt)
        if texts and all(map(_NUMBER_OR_DATE.fullmatch, texts)):
            self._typed.add(name, texts[0])
        elif texts:
            self._untyped = True

    def findings(self, items: int) -> Iterable[Finding]:
        """One for each rule that is broken."""
        tallies = [self._empty, self._ends, self._userless, self._long, *(tally for _, tally in self._rules)]
        for tally in (*tallies, self._edges, *(() if self._untyped else (self._typed,))):
            yield from tally.findings(items)
