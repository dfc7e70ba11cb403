"""A fine-tuned model's answers to the test split, beside a base model's and people's; its failures go back to the desk.

Each measure compares an answer with the one that an export gives, from 0 to 1. What people score is the likeness of
what others wrote for the same item: a model that reaches it differs from the reference no more than people do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, cast
from uuid import UUID

import numpy as np
import orjson

from concord.agreement.means import mean_over_items
from concord.agreement.report_json import statistic_as_json
from concord.agreement.similarity import Pairs, bleu, chrf, rouge_l
from concord.agreement.statistic import Extent
from concord.errors import InputError
from concord.export.references import Reference, references
from concord.export.source import ExportStore
from concord.ids import derived_id, folded_key
from concord.records.draft import Draft
from concord.records.item import Item
from concord.records.kinds import Floats, Ints
from concord.records.project import Project

_FIELDS = ("answer", "text", "completion")
_WORST_SHOWN = 10
_AGAIN = "sent back"


class EvaluationStore(ExportStore, Protocol):
    """What evaluating needs of the store."""

    def projects(self) -> list[Project]: ...
    def named_item(self, project_id: UUID, name: str) -> Item: ...
    def item_ids(self, project_id: UUID) -> dict[str, UUID]: ...
    def add_items(self, items: Sequence[Item], *, overlap: int) -> int: ...
    def add_drafts(self, drafts: Sequence[Draft]) -> int: ...


@dataclass(frozen=True)
class Evaluation:
    """What is measured.

    Attributes:
        answers: the model's answer to each item, by its name, or as `project/item`, as a mixture calls it.
        baseline: another model's, such as the one that was fine-tuned; empty for none.
        model: what the answers' author is called on drafts that are sent back.
        send_back: how many of the answers that are least like people's become items at the desk again.
        judge: whether a model says, too, which of two answers is better.
    """

    answers: Mapping[str, str]
    baseline: Mapping[str, str] = field(default_factory=dict[str, str])
    model: str = "fine-tuned"
    send_back: int = 0
    judge: bool = False


Judging = Callable[[Sequence[Item], Pairs], Sequence[float]]
"""For each item and its two texts: 1 where the first is better, 0 where the second, 0.5 for a tie, NaN: no verdict."""
_Measure = Callable[[Sequence[Reference], Sequence[str]], Floats]
"""For each reference and text: how good the text is, from 0 to 1."""


def exact(texts: Pairs) -> Floats:
    """1 where both texts are the same after NFC and blank folding, else 0.

    >>> exact([("Yes. ", "Yes."), ("Yes.", "yes.")]).tolist()
    [1.0, 0.0]
    """
    return np.array([folded_key(one) == folded_key(other) for one, other in texts], dtype=np.float64)


MEASURES: Mapping[str, Callable[[Pairs], Floats]] = {
    "exact_match": exact,
    "rouge_l": rouge_l,
    "bleu": bleu,
    "chrf": chrf,
}


def read_answers(path: Path) -> dict[str, str]:
    """The answers of a JSON Lines file: `item_id`, and `answer`, `text` or `completion` (text, or messages).

    Raises:
        InputError: the file cannot be read, or a line is no answer.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}. Check the path.") from error
    found: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if line.strip():
            item, text = _answer(line, f"{path.name}, line {number}")
            found[item] = text
    return found


def evaluate(
    store: EvaluationStore, project: Project, asked: Evaluation, *, now: datetime, judge: Judging | None = None
) -> dict[str, Any]:
    """Measure a model's answers to the items that were held out for testing.

    Args:
        store: where the answers of people are.
        project: whose test split it is.
        asked: the answers, and what is done with them.
        now: of the drafts that are sent back.
        judge: says which of two texts is better; with it there is a measure `judge`: a win over the answer that an
            export gives counts 1, a tie 0.5. Of people, one other answer an item is judged.

    Returns:
        For each measure `model`, and where there are such, `baseline`, `difference` (model - baseline, item by item)
        and `people`, each with its interval over items; the answers that are least like people's by chrF, the items of
        the split that nobody answered, the names that are of no such item, how many answers are to items of other
        projects of a mixture, and the items that were sent back.

    Raises:
        InputError: there is no test split, or none of its items is answered.
    """
    held_out = references(store, project)
    known = {one.item for one in held_out}
    answers, baseline = (_by_item(texts, project, known) for texts in (asked.answers, asked.baseline))
    asked = replace(asked, answers=answers, baseline=baseline)
    answered = [one for one in held_out if one.item in asked.answers]
    if not answered:
        raise InputError(
            f"None of the {len(asked.answers):,} answers is to one of the {len(held_out):,} items held out for "
            "testing. Answer the rows of test.jsonl, and keep their item_id."
        )
    likeness = chrf([(asked.answers[one.item], one.answer) for one in answered])
    order: list[int] = np.argsort(likeness, kind="stable").tolist()
    worst = [answered[place] for place in order]
    others = tuple(f"{one.name}/" for one in store.projects() if one.id != project.id)
    strange = sorted(set(asked.answers) - known)
    unknown = [name for name in strange if not name.startswith(others)]
    measures = {name: _compared(_of_texts(measure), answered, asked) for name, measure in MEASURES.items()}
    if judge:
        measures["judge"] = _compared(_by_judge(store, project, judge), answered, asked, most_others=1)
    sent = _send_back(store, project, worst[: asked.send_back], asked, now)
    return {
        "project": project.name,
        "items": len(answered),
        "unanswered": [one.item for one in held_out if one.item not in asked.answers],
        "unknown": unknown,
        "of_other_projects": len(strange) - len(unknown),
        "measures": measures,
        "worst": [
            {"item": one.item, "chrf": float(value), "answer": asked.answers[one.item], "reference": one.answer}
            for one, value in zip(worst[:_WORST_SHOWN], likeness[order].tolist(), strict=False)
        ],
        "sent_back": sent,
    }


def _by_item(answers: Mapping[str, str], project: Project, known: Set[str]) -> dict[str, str]:
    """The same answers, those to this project's items in a mixture by the items' own names."""
    own = f"{project.name}/"
    return {name if name in known else name.removeprefix(own): text for name, text in answers.items()}


def _answer(line: bytes, where: str) -> tuple[str, str]:
    try:
        row: object = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise InputError(f"{where}: no JSON ({error}). Correct it.") from error
    values = cast("dict[str, Any]", row) if isinstance(row, dict) else {}
    item, text = values.get("item_id"), next((values[name] for name in _FIELDS if name in values), None)
    if isinstance(text, list) and text and isinstance(turn := cast("list[Any]", text)[-1], dict):
        text = cast("dict[str, Any]", turn).get("content")
    if not isinstance(item, str) or not isinstance(text, str):
        raise InputError(f"{where}: it has no item_id with an answer. Write item_id and answer, both as text.")
    return item, text


def _of_texts(measure: Callable[[Pairs], Floats]) -> _Measure:
    return lambda held_out, texts: measure([(text, one.answer) for one, text in zip(held_out, texts, strict=True)])


def _by_judge(store: EvaluationStore, project: Project, judge: Judging) -> _Measure:
    def measure(held_out: Sequence[Reference], texts: Sequence[str]) -> Floats:
        items = [store.named_item(project.id, one.item) for one in held_out]
        return np.array(judge(items, [(text, one.answer) for one, text in zip(held_out, texts, strict=True)]))

    return measure


def _compared(
    measure: _Measure, answered: Sequence[Reference], asked: Evaluation, *, most_others: int | None = None
) -> dict[str, Any]:
    model = measure(answered, [asked.answers[one.item] for one in answered])
    found = {"model": _mean(model)}
    both = [place for place, one in enumerate(answered) if one.item in asked.baseline]
    if both:
        paired = [answered[place] for place in both]
        base = measure(paired, [asked.baseline[one.item] for one in paired])
        found |= {"baseline": _mean(base), "difference": _mean(model[both] - base)}
    others = [(place, text) for place, one in enumerate(answered) for text in one.others[:most_others]]
    if others:
        values = measure([answered[place] for place, _ in others], [text for _, text in others])
        found["people"] = _mean(_mean_of_each(np.array([place for place, _ in others]), values))
    return found


def _mean_of_each(places: Ints, values: Floats) -> Floats:
    """The mean of the values of each place that has one; NaN is none."""
    known = ~np.isnan(values)
    number = np.bincount(places[known])
    return (np.bincount(places[known], values[known]) / np.maximum(number, 1))[number > 0]


def _mean(values: Floats) -> dict[str, Any]:
    """The mean over the items that have a value; NaN is none."""
    known = values[~np.isnan(values)]
    return statistic_as_json(mean_over_items(known, Extent(len(known), len(known), 1), seed=0, notes=_notes(known)))


def _notes(known: Floats) -> Sequence[str]:
    return () if len(known) else ("not defined: there is no verdict",)


def _send_back(
    store: EvaluationStore, project: Project, failed: Sequence[Reference], asked: Evaluation, now: datetime
) -> list[str]:
    """Make items of answers, with both models' drafts; an item that was sent back before is left as it is.

    The new item has the prompt of the old one, and so shares its cluster and its split.
    """
    present = store.item_ids(project.id)
    sent: list[str] = []
    for one in failed:
        old = store.named_item(project.id, one.item)
        name = f"{one.item} / {_AGAIN}"
        if name in present:
            continue
        item = Item(
            derived_id(old.id, _AGAIN),
            project.id,
            name,
            old.messages,
            row_id=old.row_id,
            template_id=old.template_id,
            template_version=old.template_version,
        )
        texts = [(asked.model, asked.answers[one.item])]
        if one.item in asked.baseline:
            texts.append((f"base of {asked.model}", asked.baseline[one.item]))
        store.add_items([item], overlap=project.settings.overlap)
        store.add_drafts(
            [
                Draft(derived_id(item.id, f"d{n}"), project.id, item.id, f"d{n}", text, "file", now, model=model)
                for n, (model, text) in enumerate(texts, 1)
            ]
        )
        sent.append(name)
    return sent
