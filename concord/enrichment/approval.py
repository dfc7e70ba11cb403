"""What a reviewer approved becomes an item that wants an answer; only then does it count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from concord.enrichment.likeness import Known, KnownPrompts, compared_texts
from concord.enrichment.request import kept_turns, rewritten_text
from concord.errors import Conflict, InputError, NotFound
from concord.ids import derived_id
from concord.records.annotation import Adjudication
from concord.records.enrichment import Enrichment
from concord.records.item import Item, ItemOrigin, Message
from concord.records.project import Project


class PromptStore(Protocol):
    """What approval needs of the store."""

    def item(self, item_id: UUID) -> Item: ...
    def enrichment(self, enrichment_id: UUID) -> Enrichment: ...
    def prompts(self, project_id: UUID, *, candidates: bool = True) -> Iterable[tuple[UUID, tuple[Message, ...]]]: ...
    def approve_prompt(self, adjudication: Adjudication, item: Item, origin: ItemOrigin, *, overlap: int) -> None: ...


@dataclass(frozen=True)
class Approved:
    """A new item with where it came from."""

    item: Item
    origin: ItemOrigin


def approve_prompt(store: PromptStore, project: Project, adjudication: Adjudication, *, now: datetime) -> Item:
    """Store a decision for a new prompt, and with it, in one step, the item that it makes.

    Args:
        store: where to.
        project: whose item.
        adjudication: `pick` or `edit`, of an item of `kind = prompt`.
        now: when the item begins to count.

    Returns:
        The new item; it waits in the queue for drafts and annotators.

    Raises:
        InputError: the text repeats a prompt that is there.
        Conflict: another text was approved here before.
    """
    wish = store.item(adjudication.item_id)
    approved = _approved(store, wish, adjudication, now)
    _refuse_second(store, wish, approved.item)
    _refuse_repeat(store, project, wish, approved)
    store.approve_prompt(adjudication, approved.item, approved.origin, overlap=project.settings.overlap)
    return approved.item


def _approved(store: PromptStore, wish: Item, adjudication: Adjudication, now: datetime) -> Approved:
    if wish.kind != "prompt" or adjudication.decision not in ("pick", "edit") or adjudication.text is None:
        raise InputError(f"Item {wish.name!r}: there is no text of a new prompt. Pick or edit a candidate of it.")
    made = store.enrichment(wish.id)
    turns: tuple[Message, ...] = ()
    if made.method == "paraphrase":
        turns = kept_turns(store.item(made.sources[0]).messages)
    item = Item(
        derived_id(wish.id, "prompt"),
        wish.project_id,
        wish.name.removeprefix("prompt/"),
        (*turns, Message("user", adjudication.text.strip())),
        target=wish.target,
    )
    origin = ItemOrigin(
        item.id, wish.project_id, made.method, made.sources, adjudication.draft_id, adjudication.id, now
    )
    return Approved(item, origin)


def _refuse_second(store: PromptStore, wish: Item, new: Item) -> None:
    try:
        present = store.item(new.id)
    except NotFound:
        return
    if present.messages != new.messages:
        raise Conflict(f"Item {wish.name!r}: another text was approved before, as item {present.name!r}, which stays.")


def _refuse_repeat(store: PromptStore, project: Project, wish: Item, approved: Approved) -> None:
    """A reviewer's or an annotator's edit may have come close to a prompt that the candidate was not close to."""
    known = KnownPrompts(
        Known(item_id, text)
        for item_id, messages in store.prompts(project.id, candidates=False)
        if item_id != approved.item.id
        for text in compared_texts(messages)
    )
    sources: list[str] = []
    if approved.origin.method == "paraphrase":
        sources = [rewritten_text(store.item(approved.origin.sources[0]).messages)]
    if repeat := known.repeated_by(approved.item.messages[-1].content, sources):
        raise InputError(
            f"Item {wish.name!r}: this says what item {store.item(repeat.known.item_id).name!r} says (similarity "
            f"{repeat.similarity:.2f}; below 0.7 is new). Change it, or reject it."
        )
