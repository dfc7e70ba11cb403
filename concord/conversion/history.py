"""The versions that a template has had, which of them stands, and what changed between two."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Protocol

from concord.conversion.library import LibraryStore, template_of, template_version
from concord.errors import NotFound
from concord.records.kinds import TemplateOrigin
from concord.records.template import SavedTemplate, Template

SHORT = 12
"""Signs of a version that are shown."""


class HistoryStore(LibraryStore, Protocol):
    """What the history needs of the store."""

    def saved_templates(self, template_id: str | None = None) -> list[SavedTemplate]: ...
    def kept_versions(self, template_id: str) -> list[tuple[str, datetime]]: ...


class Version(NamedTuple):
    """One version of a template, each time that it was saved.

    Attributes:
        note: what it changes; empty when nobody said.
        author: who saved it; empty when nobody is named.
        time: when it was saved or, if it came from a file, first applied; None when it is only in the file.
        stands: it is what the workspace uses now.
    """

    version: str
    note: str
    author: str
    origin: TemplateOrigin
    time: datetime | None
    stands: bool = False


def versions_of(store: HistoryStore, folder: Path, template_id: str) -> list[Version]:
    """All versions of a template, newest first.

    Raises:
        NotFound: no template has that id.
    """
    standing = template_of(store, folder, template_id).version
    saved = store.saved_templates(template_id)
    found = [Version(one.version, one.note, one.author, one.origin, one.saved_at) for one in saved]
    known = {one.version for one in saved}
    found += [_from_file(version, time) for version, time in store.kept_versions(template_id) if version not in known]
    if standing not in {one.version for one in found}:
        found.insert(0, _from_file(standing, None))
    first = next(number for number, one in enumerate(found) if one.version == standing)
    return [one._replace(stands=number == first) for number, one in enumerate(found)]


def _from_file(version: str, time: datetime | None) -> Version:
    return Version(version, "", "", "file", time)


def named_version(versions: Sequence[Version], template_id: str, beginning: str) -> str:
    """The one version that begins with these signs.

    Raises:
        NotFound: none does, or several do.
    """
    found = sorted({one.version for one in versions if one.version.startswith(beginning)})
    if len(found) == 1 and beginning:
        return found[0]
    there = ", ".join(dict.fromkeys(one.version[:SHORT] for one in versions))
    few = "is no version" if not found else "is the beginning of several versions"
    raise NotFound(f"{beginning!r} {few} of {template_id!r} (there are: {there}). Check it, or give more of it.")


def text_of(store: HistoryStore, folder: Path, template_id: str, version: str) -> Template:
    """The template as it was in one of its versions."""
    standing = template_of(store, folder, template_id)
    if standing.version == version:
        return standing
    return template_version(store, template_id, version)


def changes(old: Template, new: Template) -> str:
    """What changed from one version to another, as a unified diff; empty when nothing did."""
    before, after = (template.source.split("\n") for template in (old, new))
    was, now = (f"{template.id} {template.version[:SHORT]}" for template in (old, new))
    return "\n".join(difflib.unified_diff(before, after, was, now, lineterm=""))
