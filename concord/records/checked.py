"""What the check of a data set reads: items as they would leave, and counts of what people did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from concord.records.item import Message


class CheckedItem(NamedTuple):
    """An item of the main arm that no reviewer rejected.

    Attributes:
        name: unique in the project.
        answers: the text that a reviewer decided on, or else all current edits, oldest first.
        drafts: the texts of its drafts, by name.
    """

    id: UUID
    name: str
    messages: tuple[Message, ...]
    prompt_key: UUID
    template_id: str | None
    template_version: str | None
    answers: tuple[str, ...]
    drafts: tuple[str, ...]


@dataclass(frozen=True)
class InformationCheck:
    """What a model thinks that a response claims and its prompt does not support.

    Attributes:
        text_key: of the response (`concord.ids.folded_key`), which may be an answer or a draft.
        claims: as it quotes them; none when all is supported.
    """

    id: UUID
    project_id: UUID
    item_id: UUID
    text_key: UUID
    model: str
    claims: tuple[str, ...]
    created_at: datetime


class LabelCount(NamedTuple):
    """On how many items of a template a question was answered with a value; template None is ready-made items."""

    template: str | None
    question: str
    value: str
    items: int


class DraftUse(NamedTuple):
    """Edits that began from drafts made with examples, or without, and how many of them left the draft as it was."""

    few_shot: bool
    edits: int
    accepted: int


class Votes(NamedTuple):
    """Items that anybody judged, and those that two or more annotators did."""

    judged: int
    twice: int
