"""Prompt templates, their versions, and what was made with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from concord.records.item import Item
from concord.records.kinds import Role, Syntax, TemplateOrigin


@dataclass(frozen=True)
class Section:
    """One role section of a template, still in Jinja."""

    role: Role
    body: str


@dataclass(frozen=True)
class PromptSourceFacts:
    """What PromptSource says of a template beside its text, so that an export can give it back.

    Attributes:
        dataset: the data set that it was written for; `subset` is a part of it.
        uuid: its key in `templates.yaml`.
        name: unique in the data set as a rule.
        reference: who wrote it, or after what.
        metrics: what answers are to be measured by; None when nothing was said, as in the next two.
        original_task: whether it asks what the data set was made for.
        choices_in_prompt: whether the prompt shows the answer choices.
    """

    dataset: str
    subset: str | None
    uuid: str
    name: str
    reference: str = ""
    metrics: tuple[str, ...] | None = None
    original_task: bool | None = None
    choices_in_prompt: bool | None = None


@dataclass(frozen=True)
class Template:
    """A prompt template, versioned by the hash of its source.

    In the syntax `promptsource` the one section, `user`, is PromptSource's Jinja: it renders to the prompt, `|||` and
    the target. `target` is None then, `inputs` are the columns that it reads (none of them must be there), and
    `answer_choices` is at most one text, which renders to the choices with `|||` between them.

    Attributes:
        id: stable slug, the file's name without `.prompt.md`.
        version: sha256 (hex) of the source with line ends normalised to LF.
        source: the whole file.
        inputs: the columns that it needs, with their declared types.
        sections: role sections in order, without the assistant's.
        target: the Jinja source of the answer, or None when a person writes it.
        answer_choices: each a text in Jinja of its own, so that no column can add a choice.
    """

    id: str
    version: str
    source: str
    description: str
    inputs: Mapping[str, str]
    sections: tuple[Section, ...]
    target: str | None
    answer_choices: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    reference: str | None = None
    syntax: Syntax = "concord"
    promptsource: PromptSourceFacts | None = None


@dataclass(frozen=True)
class SavedTemplate:
    """A version of a template that somebody saved in the workspace.

    Attributes:
        note: what the version changes, in the words of who saved it.
        author: who saved it; empty when nobody is named.
        origin: where the text came from.
    """

    id: UUID
    template_id: str
    version: str
    note: str
    author: str
    origin: TemplateOrigin
    saved_at: datetime


@dataclass(frozen=True)
class Application:
    """A template's version that was applied to all rows of a project; the newest for a template is its current one."""

    id: UUID
    project_id: UUID
    template_id: str
    version: str
    applied_at: datetime


class RenderedRows(NamedTuple):
    """What a version of a template makes of some rows: items, and rows of which it asks nothing."""

    items: Sequence[Item]
    empty: Sequence[UUID]


class Placed(NamedTuple):
    """What became of rows that were rendered.

    Attributes:
        new: items that are new in the queue.
        present: items that were there.
        kept: rows that keep an item of an older version.
        retired: items of older versions that left the queue.
    """

    new: int
    present: int
    kept: int
    retired: int


@dataclass(frozen=True)
class Stale:
    """What a project holds that was made with an older version of a template.

    Attributes:
        version: the current version, which was applied last.
        items: items of older versions.
        answers: current annotations of these items.
        replaceable: those of the items that nobody has worked on or holds.
    """

    template_id: str
    version: str
    items: int
    answers: int
    replaceable: int
