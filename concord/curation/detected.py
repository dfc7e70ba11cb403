"""What detectors find in single items: refusals, boilerplate, echoes, the wrong language, private data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from concord.curation.findings import Concern, Finding, Look, Tally
from concord.records.item import Message
from concord.records.kinds import Flag

_ANSWER = "Answer it in Review, or reject the item; a model learns what it is shown."


@dataclass(frozen=True)
class Detectors:
    """What looks at a text; they belong to drafting, and whoever checks hands them in.

    Attributes:
        flags: what is wrong with a response to a prompt.
        language: the language of a text, or None where it is short or not clear.
        private: the kinds of private data in a text: `key`, `e-mail`, `card`, `phone`.
    """

    flags: Callable[[str, Sequence[Message]], Sequence[Flag]]
    language: Callable[[str], str | None]
    private: Callable[[str], Sequence[str]]


_FLAGS: dict[Flag, Concern] = {
    "refusal": Concern("refusal", "warning", "A response declines to answer.", _ANSWER, "review"),
    "boilerplate": Concern(
        "boilerplate", "warning", "A response speaks of being a model, or announces itself.", _ANSWER, "review"
    ),
    "echo": Concern("echo", "warning", "A response is nearly the prompt, or begins as it does.", _ANSWER, "review"),
    "language": Concern("language", "warning", "A response is in another language than its prompt.", _ANSWER, "review"),
}
_SECRET = Concern(
    "secret",
    "error",
    "A text holds a key or a password.",
    "A model may repeat it. Revoke it, take it out of the rows and import them again.",
    "imports",
)
_PERSONAL = Concern(
    "personal-data",
    "warning",
    "A text holds an e-mail address, or a phone or card number.",
    "A model may repeat it. Mask it in the rows, or see that it is invented.",
    "imports",
)


class Detected:
    """See `concord.curation.findings.Check`.

    Attributes:
        languages: in which language how many prompts are, where it is clear.
    """

    def __init__(self, detectors: Detectors) -> None:
        self._detectors = detectors
        self._tallies = {flag: Tally(concern) for flag, concern in _FLAGS.items()}
        self._secret, self._personal = Tally(_SECRET), Tally(_PERSONAL)
        self.languages: Counter[str] = Counter()

    def see(self, look: Look) -> None:
        """An item counts once for each kind of thing that one of its texts shows."""
        name, detectors = look.item.name, self._detectors
        if language := detectors.language(look.prompt):
            self.languages[language] += 1
        shown: dict[Flag, str] = {}
        for text in look.responses:
            shown = dict.fromkeys(detectors.flags(text, look.item.messages), text) | shown
        for flag, text in shown.items():
            if flag in self._tallies:
                self._tallies[flag].add(name, text)
        kinds = [(kind, text) for text in (look.prompt, *look.responses) for kind in detectors.private(text)]
        for tally, found in (
            (self._secret, [kind for kind, _ in kinds if kind == "key"]),
            (self._personal, [kind for kind, _ in kinds if kind != "key"]),
        ):
            if found:  # which kinds, never the text: a report goes where the data must not
                tally.add(name, ", ".join(f"[{kind}]" for kind in dict.fromkeys(found)))

    def findings(self, items: int) -> Iterable[Finding]:
        """One for each kind of thing that was found."""
        for tally in (self._secret, self._personal, *self._tallies.values()):
            yield from tally.findings(items)
