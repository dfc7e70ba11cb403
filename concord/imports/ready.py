"""Importing ready-made items in the interchange format, with or without responses and annotations.

A line about an item that the project has already adds to it; so the same function brings in new items, other people's
drafts, and judgements made elsewhere. A line that was imported before changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Protocol
from uuid import UUID

import orjson

from concord.errors import InputError
from concord.ids import derived_id, folded_key
from concord.imports.files import open_source, read
from concord.imports.judgements import Refused, fingerprint, judgements_of, reasons_of
from concord.imports.prompts import listed, messages_of, tools_of
from concord.imports.reading import Bad, Record, Source
from concord.imports.sieve import ImportOptions, Progress, batches, is_blank, sieve
from concord.records.annotation import Annotation
from concord.records.draft import Draft
from concord.records.item import Item, Message
from concord.records.kinds import Json, Origin
from concord.records.project import Project
from concord.records.row import ImportReport, Problem
from concord.turns import prompt_key


class Adding(Protocol):
    """Items, drafts and annotations on their way into a project."""

    def items(self, items: Sequence[Item], *, overlap: int) -> int: ...
    def drafts(self, drafts: Sequence[Draft]) -> int: ...
    def annotations(self, annotations: Sequence[Annotation]) -> int: ...
    def discard(self) -> None: ...


class ReadyStore(Protocol):
    """What an import of items needs of the store."""

    def item_keys(self, project_id: UUID) -> dict[str, tuple[UUID, UUID]]: ...
    def draft_keys(self, project_id: UUID) -> dict[UUID, dict[str, UUID]]: ...
    def adding(self) -> AbstractContextManager[Adding]: ...


@dataclass(frozen=True)
class _Line:
    """What one line brings, and how long it is."""

    item: Item | None
    drafts: tuple[Draft, ...]
    annotations: tuple[Annotation, ...]
    size: int


class _Added(NamedTuple):
    """How much is new."""

    items: int = 0
    drafts: int = 0
    annotations: int = 0


def import_items(
    store: ReadyStore,
    project: Project,
    path: Path,
    *,
    options: ImportOptions | None = None,
    on_progress: Progress | None = None,
) -> ImportReport:
    """Import items, responses and annotations; all or nothing, in one transaction.

    Args:
        store: where to.
        project: whose items.
        path: JSONL or JSON in the interchange format.
        options: `rejects`, `dry_run`, `origin` and `tidy` count here.
        on_progress: called now and then with the share that is done, 0 to 1.

    Returns:
        What was done; `stored` counts new items, `duplicates` lines about items that were there.

    Raises:
        InputError: the file as a whole cannot be used.
    """
    options = options or ImportOptions()
    # The rejects are whole before anything is stored: without room for them, nothing is.
    with open_source(path) as source, store.adding() as adding, sieve(source, options) as account:
        reader = _Reader(project, options.origin, store.item_keys(project.id), store.draft_keys(project.id))
        seen, added = 0, _Added()
        lines = account.good(reader.lines(account.records(_records(source)), source.name), on_progress)
        for batch in batches(lines, lambda line: line.size):
            seen += len(batch)
            added = _Added(*map(sum, zip(added, _add(adding, batch, project), strict=True)))
        account.notes.extend(reader.notes())
        if account.blocked or options.dry_run:
            adding.discard()
        if account.blocked:
            return account.report()
        report = account.report(added.items, seen - added.items)
        return replace(report, drafts=added.drafts, annotations=added.annotations)


def _records(source: Source) -> Iterable[Record | Bad]:
    if source.format not in ("jsonl", "json"):
        raise InputError(f"{source.name}: ready-made items come as JSONL or JSON. Convert the file.")
    return read(source)


def _add(adding: Adding, lines: Sequence[_Line], project: Project) -> _Added:
    return _Added(
        adding.items([line.item for line in lines if line.item], overlap=project.settings.overlap),
        adding.drafts([draft for line in lines for draft in line.drafts]),
        adding.annotations([annotation for line in lines for annotation in line.annotations]),
    )


@dataclass
class _Reader:
    """Turns lines into records, knowing what the project has and what the file brought so far."""

    project: Project
    origin: Origin
    items: dict[str, tuple[UUID, UUID]]
    drafts: dict[UUID, dict[str, UUID]]
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    coerced: int = 0
    seen: set[str] = field(default_factory=set[str])

    def lines(self, records: Iterable[Record | Bad], source: str) -> Iterator[_Line | Bad]:
        """What each record brings; what is wrong with a record makes it bad."""
        for record in records:
            if isinstance(record, Bad):
                yield record
                continue
            try:
                yield self._line(record)
            except Refused as refused:
                problem = Problem(source, record.line, refused.field, refused.found, refused.cure)
                yield Bad(problem, record.text.decode())

    def notes(self) -> list[str]:
        """What was changed on the way in."""
        if not self.coerced:
            return []
        return [f"{self.coerced} responses were not text and are kept as their JSON text."]

    def _line(self, record: Record) -> _Line:
        data = record.data
        name = _name(data)
        if name in self.seen:
            raise Refused("item_id", f"the item {name!r} stands in the file twice", "Join the two lines.")
        messages = messages_of(data)
        item_id, item = self._item(name, messages, tools_of(data))
        drafts = self._drafts(item_id, data)
        names = {draft.name: draft.id for draft in drafts} | {
            draft: derived_id(item_id, f"draft/{draft}") for draft in self.drafts.get(item_id, ())
        }
        annotations = self._annotations(item_id, listed(data, "annotations"), names)
        self.seen.add(name)
        return _Line(item, drafts, annotations, len(record.text))

    def _item(
        self, name: str, messages: tuple[Message, ...], tools: tuple[dict[str, Json], ...]
    ) -> tuple[UUID, Item | None]:
        """The id of the line's item, and the item itself if it is new."""
        present = self.items.get(name)
        if present is None and not messages:
            raise Refused("item_id", f"the project has no item {name!r}, and the line has no prompt", "Correct the id.")
        if present is None:
            item_id = derived_id(self.project.id, f"item/{name}")
            return item_id, Item(item_id, self.project.id, name, messages, tools=tools)
        if messages and prompt_key(messages) != present[1]:
            raise Refused("prompt", f"the item {name!r} has another prompt in the project", "Give it another item_id.")
        return present[0], None

    def _drafts(self, item_id: UUID, data: dict[str, Json]) -> tuple[Draft, ...]:
        drafts: dict[str, Draft] = {}
        for response in listed(data, "responses"):
            name, text, model = self._response(response)
            if name in drafts:
                raise Refused("responses", f"two responses have the id {name!r}", "Give each its own id.")
            present = self.drafts.get(item_id, {}).get(name)
            if present and present != folded_key(text):
                raise Refused(
                    "responses", f"the response {name!r} has another text in the project", "Give it a new id."
                )
            drafts[name] = Draft(
                derived_id(item_id, f"draft/{name}"),
                self.project.id,
                item_id,
                name,
                text,
                "file",
                self.now,
                model=model,
            )
        return tuple(drafts.values())

    def _response(self, response: Json) -> tuple[str, str, str | None]:
        """Name, text and model."""
        if not isinstance(response, dict) or not _is_name(response.get("id")) or "text" not in response:
            raise Refused("responses", "a response lacks its id or its text", 'Write {"id": …, "text": …}.')
        model = response.get("model")
        return str(response["id"]), self._text(response["text"]), model if isinstance(model, str) else None

    def _text(self, value: Json) -> str:
        if isinstance(value, str):
            return value
        self.coerced += value is not None
        return "" if value is None else orjson.dumps(value).decode()

    def _annotations(self, item_id: UUID, entries: list[Json], drafts: dict[str, UUID]) -> tuple[Annotation, ...]:
        reasons = reasons_of(entries)
        return tuple(
            Annotation(
                derived_id(item_id, f"annotation/{annotator}/{kind}/{fingerprint(judgement)}"),
                self.project.id,
                item_id,
                annotator,
                judgement,
                self.origin,
                self.now,
                reason=reasons.get((annotator, kind), ""),
            )
            for (annotator, kind), judgement in judgements_of(entries, drafts).items()
        )


def _name(data: dict[str, Json]) -> str:
    name = data.get("item_id")
    if not _is_name(name):
        raise Refused("item_id", "the line has no item_id", "Give every item an id of its own.")
    return str(name)


def _is_name(value: Json) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and not is_blank(value)
