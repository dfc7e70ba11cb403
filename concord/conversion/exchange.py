"""PromptSource's files into a workspace, and out of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from concord.conversion.library import LibraryStore, templates_of
from concord.conversion.promptsource import read_collection, refuse_large
from concord.conversion.promptsource_writer import dataset_of
from concord.errors import InputError, NotFound
from concord.ids import new_id
from concord.records.row import Problem
from concord.records.template import SavedTemplate, Template


class Imported(NamedTuple):
    """What an import did.

    Attributes:
        added: templates that are new here.
        present: how many are here already, as they are in the file.
        problems: templates that cannot be read; where they kept the others from being stored, `refused` says so.
    """

    added: tuple[Template, ...]
    present: int
    problems: tuple[Problem, ...]
    refused: bool = False


class File(NamedTuple):
    """A file by name, and what it holds."""

    name: str
    text: str


def read_file(path: Path) -> File:
    """The text of a file.

    Raises:
        InputError: it cannot be read, is too large, or is no UTF-8.
    """
    try:
        refuse_large(path.stat().st_size, path.name)
        return File(path.name, path.read_bytes().decode())
    except OSError as exc:
        raise InputError(f"{path}: {exc.strerror}. Check the path.") from exc
    except UnicodeDecodeError as exc:
        raise InputError(f"{path.name}: byte {exc.start} is not UTF-8. Save the file as UTF-8.") from exc


def import_collection(store: LibraryStore, folder: Path, file: File, *, skip_bad: bool, now: datetime) -> Imported:
    """Save the templates of a `templates.yaml`: all of them, or none unless the bad ones are to be skipped.

    What was imported before is left alone, also where somebody has changed it since.

    Args:
        store: where they go.
        folder: the folder of template files, whose ids are taken.
        file: the file.
        skip_bad: leave out what cannot be read.
        now: when it is.
    """
    templates, problems = read_collection(file.text, file.name)
    others = {template.id: template.reference for template in templates_of(store, folder)}
    taken = [one for one in templates if others.get(one.id, one.reference) != one.reference]
    problems += tuple(_taken(template, file.name) for template in taken)
    if problems and not skip_bad:
        return Imported((), 0, problems, refused=True)
    usable = [template for template in templates if template not in taken]
    here = {(saved.template_id, saved.version) for saved in store.saved_templates()}
    added = [template for template in usable if (template.id, template.version) not in here]
    note = f"Imported from {file.name}"
    saved = [SavedTemplate(new_id(), one.id, one.version, note, "", "promptsource", now) for one in added]
    store.save_templates(added, saved)
    return Imported(tuple(added), len(usable) - len(added), problems)


def _taken(template: Template, name: str) -> Problem:
    found = f"template {template.reference}: another template has the id {template.id!r}"
    return Problem(name, 0, None, found, "Rename one of them.")


def chosen(
    store: LibraryStore, folder: Path, ids: tuple[str, ...], *, tag: str | None, dataset: str | None
) -> list[Template]:
    """The templates of these ids; without ids, those that have the tag and are for the data set.

    Raises:
        NotFound: no template has one of the ids.
    """
    templates = {template.id: template for template in templates_of(store, folder)}
    if missing := [name for name in ids if name not in templates]:
        raise NotFound(f"There is no template {missing[0]!r}. See `concord template list` for those there are.")
    if ids:
        return [templates[name] for name in ids]
    fits = [one for one in templates.values() if tag is None or tag in one.tags]
    return [one for one in fits if (dataset is None and tag) or (dataset and dataset_of(one) == dataset)]
