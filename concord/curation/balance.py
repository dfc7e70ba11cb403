"""How a data set is composed: lengths, languages, templates, labels, short answers."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from concord.curation.findings import Concern, Finding, Look
from concord.records.checked import LabelCount
from concord.records.kinds import Json

UNEVEN = 10
"""So many times as often as the rarest, the most frequent is said to outweigh it."""

_CLASS_SIGNS = 60
_MOST_CLASSES = 30
_FEWEST = 50
READY_MADE = "ready-made items"


@dataclass(frozen=True)
class Composition:
    """What a data set is made of.

    Attributes:
        prompt_signs: quartiles of the prompts' lengths, from least to most; empty without items.
        response_signs: the same of responses.
        languages: prompts by ISO 639-1 code, where the language is clear.
        templates: items by template.
        answered: items with an approved answer, by template.
        labels: by question, on how many items each value was given.
        template_labels: the same for each template.
        answers: items by their answer, where there are few different ones, each short: a class each.
    """

    prompt_signs: tuple[int, ...]
    response_signs: tuple[int, ...]
    languages: Mapping[str, int]
    templates: Mapping[str, int]
    answered: Mapping[str, int]
    labels: Mapping[str, Mapping[str, int]]
    template_labels: Mapping[str, Mapping[str, Mapping[str, int]]]
    answers: Mapping[str, int]


class Balance:
    """See `concord.curation.findings.Check`."""

    def __init__(self, labels: Sequence[LabelCount]) -> None:
        self._labels = labels
        self._prompt_signs, self._response_signs = array("q"), array("q")
        self._templates: Counter[str] = Counter()
        self._answered: Counter[str] = Counter()
        self._answers: Counter[str] | None = Counter()

    def see(self, look: Look) -> None:
        """Count an item."""
        template = look.item.template_id or READY_MADE
        self._templates[template] += 1
        self._prompt_signs.append(len(look.prompt))
        self._response_signs.extend(map(len, look.responses))
        if look.item.answers:
            self._answered[template] += 1
            self._see_answer(look.item.answers[-1].strip())

    def _see_answer(self, answer: str) -> None:
        if self._answers is None:
            return
        self._answers[answer] += 1
        if len(answer) > _CLASS_SIGNS or len(self._answers) > _MOST_CLASSES:
            self._answers = None  # free text, of which there are no classes

    def composition(self, languages: Mapping[str, int]) -> Composition:
        """What all items together are made of."""
        labels: dict[str, Counter[str]] = {}
        by_template: dict[str, dict[str, Counter[str]]] = {}
        for template, question, value, count in self._labels:
            labels.setdefault(question, Counter())[value] += count
            of = by_template.setdefault(template or READY_MADE, {})
            of.setdefault(question, Counter())[value] += count
        return Composition(
            _quartiles(self._prompt_signs),
            _quartiles(self._response_signs),
            _ordered(languages),
            _ordered(self._templates),
            _ordered(self._answered),
            {question: _ordered(values) for question, values in labels.items()},
            {
                template: {question: _ordered(values) for question, values in of.items()}
                for template, of in by_template.items()
            },
            _ordered(self._answers or {}) if sum((self._answers or {}).values()) >= _FEWEST else {},
        )

    def findings(self, items: int) -> Iterable[Finding]:
        """Where one kind outweighs another."""
        made = self.composition({})
        yield from _uneven("templates", made.templates, items)
        for question, values in made.labels.items():
            yield from _uneven(f"labels of {question!r}", values, items)
        yield from _uneven("answers", made.answers, items)


def composition_json(made: Composition) -> dict[str, Json]:
    """The composition as plain data."""
    names = ("least", "quarter", "half", "three_quarters", "most")
    return {
        "prompt_signs": dict(zip(names, made.prompt_signs, strict=False)),
        "response_signs": dict(zip(names, made.response_signs, strict=False)),
        "languages": dict(made.languages),
        "templates": dict(made.templates),
        "answered": dict(made.answered),
        "labels": {question: dict(values) for question, values in made.labels.items()},
        "template_labels": {
            template: {question: dict(values) for question, values in of.items()}
            for template, of in made.template_labels.items()
        },
        "answers": dict(made.answers),
    }


def _uneven(what: str, counts: Mapping[str, int], items: int) -> Iterator[Finding]:
    if len(counts) < 2 or sum(counts.values()) < _FEWEST:
        return
    most, rarest = max(counts, key=lambda name: counts[name]), min(counts, key=lambda name: counts[name])
    if counts[most] >= UNEVEN * counts[rarest]:
        concern = Concern(
            "uneven",
            "note",
            f"Of the {what}, {most!r} is {counts[most] / counts[rarest]:.0f} times as frequent as {rarest!r} "
            f"({counts[most]:,} and {counts[rarest]:,} items).",
            "A model learns the frequencies too. Take more rows of the rare kind, or weigh them in training.",
            "imports",
        )
        yield concern.finding(counts[most], items, ())


def _quartiles(lengths: array[int]) -> tuple[int, ...]:
    if not lengths:
        return ()
    return tuple(int(one) for one in np.quantile(np.frombuffer(lengths, np.int64), (0, 0.25, 0.5, 0.75, 1)))


def _ordered(counts: Mapping[str, int]) -> dict[str, int]:
    """The most frequent first."""
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
