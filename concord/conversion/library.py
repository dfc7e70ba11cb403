"""The templates of a workspace: the files of a folder, and before them the versions that were saved here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, Protocol

from concord.conversion.front_matter import SUFFIX
from concord.conversion.template import load_template, load_templates, parse_template
from concord.ids import new_id
from concord.records.kinds import TemplateOrigin
from concord.records.template import SavedTemplate, Template


class LibraryStore(Protocol):
    """What the library needs of the store."""

    def save_templates(self, templates: Sequence[Template], saved: Sequence[SavedTemplate]) -> None: ...
    def standing_sources(self) -> dict[str, str]: ...
    def template_source(self, version: str) -> str: ...
    def saved_templates(self, template_id: str | None = None) -> list[SavedTemplate]: ...


class By(NamedTuple):
    """Who saves a version of a template, what it changes, and where its text comes from."""

    author: str = ""
    note: str = ""
    origin: TemplateOrigin = "studio"


def templates_of(store: LibraryStore, folder: Path) -> list[Template]:
    """All templates by id; a version that was saved in the workspace stands before the file of the same id.

    Raises:
        NotFound: there is no such folder.
        TemplateProblem: all files of the folder that cannot be read, a line each.
    """
    files = {template.id: template for template in load_templates(folder)}
    saved = {name: _parsed(source, f"{name}{SUFFIX}") for name, source in store.standing_sources().items()}
    return [template for _, template in sorted((files | saved).items())]


def template_of(store: LibraryStore, folder: Path, template_id: str) -> Template:
    """The template of that id, as it stands.

    Raises:
        NotFound: no template has that id.
    """
    saved = store.standing_sources()
    if template_id in saved:
        return _parsed(saved[template_id], f"{template_id}{SUFFIX}")
    return load_template(folder, template_id, also=saved)


# A workspace may hold thousands, and a template takes milliseconds to read.
_parsed = lru_cache(maxsize=4_096)(parse_template)


def template_version(store: LibraryStore, template_id: str, version: str) -> Template:
    """A version that was saved or applied, whatever stands now.

    Raises:
        NotFound: it was neither.
    """
    return parse_template(store.template_source(version), f"{template_id}{SUFFIX}")


def save_template(store: LibraryStore, template: Template, by: By, *, now: datetime) -> SavedTemplate:
    """Save a version, which from now on stands for its id in this workspace."""
    saved = SavedTemplate(new_id(), template.id, template.version, by.note.strip(), by.author, by.origin, now)
    store.save_templates([template], [saved])
    return saved
