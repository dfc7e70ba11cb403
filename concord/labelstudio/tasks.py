"""An item as a task of Label Studio: what annotators see, and what brings their judgements back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from concord.ids import BLANK_KEY, folded_key
from concord.labelstudio.config import (
    ASKED,
    BEGUN,
    DRAFTS,
    EDIT,
    HEADING,
    ITEM,
    PREFILL,
    PROMPT,
    RESPONSE,
    RESPONSES,
)
from concord.records.draft import Draft
from concord.records.item import Item, Message
from concord.records.kinds import DRAFTS_SHOWN, HIDDEN, Task

Fields = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """An item with its drafts in the order shown; a text begins with the first by name, the same for everybody."""

    item: Item
    drafts: tuple[Draft, ...]

    @property
    def begun(self) -> Draft | None:
        """The draft that a text begins with."""
        return min(self.drafts, key=lambda draft: draft.name, default=None)


def drafts_to_show(drafts: Sequence[Draft], task: Task, seen: Sequence[Sequence[UUID]] = ()) -> list[Draft]:
    """The drafts that the desk would show, by name: of equal texts the first, blank ones not at all.

    Those with a flag of `HIDDEN` are shown only where without them there would be too few to judge. A task that shows
    no more than some shows those that were shown before, so that all judge the same.

    Args:
        drafts: of an item.
        task: what is done with it.
        seen: the drafts that were shown of it, the first time first.
    """
    least, most = DRAFTS_SHOWN[task]
    before = next((those for those in seen if most is not None and least <= len(those) <= most), None)
    if before is not None:
        return sorted((draft for draft in drafts if draft.id in before), key=lambda one: one.name)
    first: dict[UUID, Draft] = {}
    for draft in sorted(drafts, key=lambda one: one.name):
        first.setdefault(folded_key(draft.text), draft)
    distinct = [draft for key, draft in first.items() if key != BLANK_KEY]
    sound = [draft for draft in distinct if HIDDEN.isdisjoint(draft.flags)]
    return (sound if len(sound) >= max(1, least) else distinct)[:most]


def task_of(shown: Shown, task: Task, asked: Sequence[Fields]) -> Fields:
    """The task that shows an item, its drafts by number alone.

    Args:
        shown: the item with its drafts.
        task: what is done with it.
        asked: the controls that are shown with it.
    """
    begun = shown.begun if "edit" in task else None
    data = {
        ITEM: str(shown.item.id),
        PROMPT: prompt_text(shown.item.messages),
        **_responses(shown.drafts, task),
        DRAFTS: [str(draft.id) for draft in shown.drafts],
        PREFILL: begun.text if begun else "",
        BEGUN: str(begun.id) if begun else "",
        ASKED: list(asked),
    }
    return {"data": data, "predictions": [_prediction(begun)] if begun else []}


def _responses(drafts: Sequence[Draft], task: Task) -> Fields:
    """What the config shows of the drafts: a list, or as many as the task shows, each by itself."""
    texts = [draft.text for draft in drafts]
    _, most = DRAFTS_SHOWN[task]
    if most is not None:
        texts += [""] * (most - len(texts))
        shown = {f"{RESPONSE}{number}": text for number, text in enumerate(texts, 1)}
        return {**shown, HEADING: "Response" if drafts else ""}
    numbered = enumerate(texts, 1)
    return {RESPONSES: [{"id": str(n), "title": f"Response {n}", "body": text} for n, text in numbered]}


def prompt_text(messages: Sequence[Message]) -> str:
    r"""A prompt as one text; who speaks is said where more than the user does.

    >>> prompt_text((Message("system", "Be brief."), Message("user", "Why?")))
    'system:\nBe brief.\n\nuser:\nWhy?'
    """
    if len(messages) == 1:
        return messages[0].content
    return "\n\n".join(f"{message.role}:\n{message.content}" for message in messages)


def item_of(data: Mapping[str, Any]) -> UUID | None:
    """The id of the item that a task shows, when it was pushed from here."""
    return _id(data.get(ITEM))


def begun_of(data: Mapping[str, Any]) -> UUID | None:
    """The draft that the text of a pushed task begins with."""
    return _id(data.get(BEGUN))


def shown_ids(data: Mapping[str, Any]) -> tuple[UUID, ...]:
    """The drafts that a pushed task lists, in the order shown; none if somebody changed what stands there."""
    listed: Any = data.get(DRAFTS)
    ids = [_id(one) for one in cast("list[object]", listed)] if isinstance(listed, list) else []
    return tuple(one for one in ids if one) if all(ids) else ()


def objects(value: object) -> list[Fields]:
    """The objects of a list, or none of whatever else it is: a task holds what anybody put there."""
    found = cast("list[object]", value) if isinstance(value, list) else []
    return [cast("Fields", one) for one in found if isinstance(one, dict)]


def _id(value: object) -> UUID | None:
    """An id, or None for whatever else may stand in a task."""
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _prediction(draft: Draft) -> Fields:
    """The draft that the text begins with, under a name that tells nothing.

    Label Studio shows the version of every prediction to whoever opens a task from its list, and begins the annotation
    with one of them: the other drafts may not be there, nor the names of models.
    """
    result = {"from_name": EDIT, "to_name": "prompt", "type": "textarea", "value": {"text": [draft.text]}}
    return {"model_version": "draft", "result": [result]}
