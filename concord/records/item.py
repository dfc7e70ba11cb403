"""Items: prompts that want an answer, and other things to judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from concord.records.kinds import Arm, ItemKind, ItemMethod, Json, Role


@dataclass(frozen=True)
class ToolCall:
    """One call of a tool by the assistant.

    Attributes:
        id: by which a result names the call; None where the file had none.
    """

    name: str
    arguments: Mapping[str, Json]
    id: str | None = None


@dataclass(frozen=True)
class Message:
    """One turn of a prompt.

    Attributes:
        content: what is said; may be empty beside tool calls.
        tool_calls: of the assistant.
        name: of the tool whose result this is.
        tool_call_id: the call that this is the result of.
    """

    role: Role
    content: str
    tool_calls: tuple[ToolCall, ...] = ()
    name: str | None = None
    tool_call_id: str | None = None


@dataclass(frozen=True)
class ItemOrigin:
    """Where an item came from that no row made: how its prompt was written, and from what.

    Attributes:
        item_id: the item.
        sources: the items it was made from.
        draft_id: the draft that was approved, as a model wrote it.
        adjudication_id: the decision that let it count.
    """

    item_id: UUID
    project_id: UUID
    method: ItemMethod
    sources: tuple[UUID, ...]
    draft_id: UUID | None
    adjudication_id: UUID
    created_at: datetime


@dataclass(frozen=True)
class Item:
    """One thing to judge; for `kind = response`, a prompt that wants an answer.

    An item of `kind = prompt` wants a new prompt: its messages are the request that a model was sent, its drafts are
    what came back.

    Attributes:
        name: unique in the project; the id that files use (`item_id` of the interchange format).
        tools: that the assistant may call, described as in the chat completions protocol.
        target: the answer that the template took from the row, if it names one, or that the prompt was written for.
    """

    id: UUID
    project_id: UUID
    name: str
    messages: tuple[Message, ...]
    kind: ItemKind = "response"
    arm: Arm = "drafted"
    target: str | None = None
    row_id: UUID | None = None
    template_id: str | None = None
    template_version: str | None = None
    tools: tuple[Mapping[str, Json], ...] = ()


class ItemPlace(NamedTuple):
    """Where an item belongs: its arm, and what it shares with its near-duplicates."""

    id: UUID
    name: str
    arm: Arm
    prompt_key: UUID
    row_id: UUID | None
    template_id: str | None = None


class NamedItem(NamedTuple):
    """An item's id and name."""

    id: UUID
    name: str
