"""The interchange format, written: items with their responses and annotations, one JSON object a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Protocol
from uuid import UUID

import orjson

from concord.errors import DiskFull
from concord.records.annotation import Annotation, Comparison, Edit, FactualChecks, Labels, Ranking, Ratings
from concord.records.draft import Draft
from concord.records.item import Item
from concord.records.kinds import Json
from concord.records.project import Project
from concord.turns import turn_of


class InterchangeStore(Protocol):
    """What writing the interchange format needs of the store."""

    def items(self, project_id: UUID, *, limit: int | None = None) -> list[Item]: ...
    def project_drafts(self, project_id: UUID) -> Iterator[Draft]: ...
    def annotations(self, project_id: UUID) -> Iterator[Annotation]: ...


def write_interchange(store: InterchangeStore, project: Project, target: Path, *, all_arms: bool = False) -> int:
    """Write the items of a project to `target`, whole or not at all.

    Args:
        store: where from.
        project: whose items.
        target: the file.
        all_arms: also those of control, canary and repeat, whose drafts and judgements are for measuring.

    Returns:
        How many items were written.
    """
    partial = target.with_name(f"{target.name}.partial")
    written = 0
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            for line in interchange_lines(store, project, all_arms=all_arms):
                file.write(line)
                written += 1
        partial.replace(target)
    except OSError as error:
        with suppress(OSError):  # it is not there, or its folder is none
            partial.unlink()
        raise DiskFull(f"{target}: {error.strerror}. Choose another place or free some space.") from error
    return written


def interchange_lines(store: InterchangeStore, project: Project, *, all_arms: bool = False) -> Iterator[bytes]:
    """The lines of the items in queue order; `concord annotations import` reads them back."""
    drafts: dict[UUID, list[Draft]] = {}
    for draft in store.project_drafts(project.id):
        drafts.setdefault(draft.item_id, []).append(draft)
    annotations: dict[UUID, list[Annotation]] = {}
    for annotation in store.annotations(project.id):
        annotations.setdefault(annotation.item_id, []).append(annotation)
    for item in store.items(project.id):
        if item.arm != "drafted" and not all_arms:
            continue
        line = _line(item, drafts.get(item.id, []), annotations.get(item.id, []))
        yield orjson.dumps(line) + b"\n"


def _line(item: Item, drafts: list[Draft], annotations: list[Annotation]) -> dict[str, Json]:
    names = {draft.id: draft.name for draft in drafts}
    return {
        "item_id": item.name,
        "messages": [turn_of(message) for message in item.messages],
        **({"tools": list(map(dict, item.tools))} if item.tools else {}),
        "responses": [{"id": draft.name, "text": draft.text, "model": draft.model} for draft in drafts],
        "annotations": [
            {"annotator": annotation.annotator, **_judgement(annotation, names), **_reason(annotation)}
            for annotation in annotations
        ],
    }


def _reason(annotation: Annotation) -> dict[str, Json]:
    return {"reason": annotation.reason} if annotation.reason else {}


def _judgement(annotation: Annotation, names: Mapping[UUID, str]) -> dict[str, Json]:
    match annotation.judgement:
        case Edit(draft_id, text):
            return {"kind": "edit", "draft": names[draft_id] if draft_id else None, "text": text}
        case Ranking(_, all_bad) if all_bad:
            return {"kind": "ranking", "all_bad": [*sorted(names[draft] for draft in all_bad)]}
        case FactualChecks(facts):
            return {"kind": "factual", "facts": dict(sorted((names[draft], fact) for draft, fact in facts.items()))}
        case Ranking(tiers):
            return {"kind": "ranking", "ranks": {names[d]: rank for rank, tier in enumerate(tiers, 1) for d in tier}}
        case Comparison(value, between, strength):
            line: dict[str, Json] = {"kind": "comparison", "value": names[value] if isinstance(value, UUID) else value}
            if between:
                line["between"] = [names[draft] for draft in between]
            return line | ({"strength": strength} if strength else {})
        case Ratings(values):
            return {"kind": "rating", "ratings": dict(values)}
        case Labels(values):
            return {"kind": "label", "labels": dict(values)}
