"""PromptSource's `templates.yaml` read into templates; nothing in it is executed, and one bad template is one problem.

A template keeps its Jinja as it stands, in the syntax `promptsource`, so that it renders as it does there and an export
gives the same text back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from unicodedata import normalize

import yaml
from jinja2 import TemplateSyntaxError

from concord.conversion.front_matter import CHOICES, SUFFIX, front_matter, shown
from concord.conversion.plain_jinja import PLAIN
from concord.conversion.template import parse_template
from concord.errors import InputError, TemplateProblem
from concord.records.row import Problem
from concord.records.template import PromptSourceFacts, Template

MAX_SIZE = 4_000_000
"""Bytes of a file, or characters; the largest of PromptSource's own has 17,000."""
MAX_DEPTH = 20
"""Lists and mappings inside each other; PromptSource's have five."""
TAGS = {"template": "!Template", "metadata": "!TemplateMetadata"}
_Mapping = dict[str, object]


class Collection(NamedTuple):
    """The templates of a file, and what is wrong with the others."""

    templates: tuple[Template, ...]
    problems: tuple[Problem, ...]


if TYPE_CHECKING:
    from yaml import SafeLoader as _SafeLoader
else:  # libyaml reads ten times as fast; PyYAML can be built without it
    _SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):
    """Texts, numbers, lists and mappings, and PromptSource's two classes as the mappings that they are."""


def _as_mapping(loader: Any, node: yaml.MappingNode) -> _Mapping:
    return loader.construct_mapping(node, deep=True)


for _tag in TAGS.values():
    _Loader.add_constructor(_tag, _as_mapping)


def read_collection(text: str, name: str) -> Collection:
    """The templates of a `templates.yaml`.

    Args:
        text: the file.
        name: what messages call it.

    Raises:
        InputError: the file as a whole is none of PromptSource's.
    """
    facts = _load(text, name)
    dataset, subset, listed = facts.get("dataset"), facts.get("subset"), facts.get("templates")
    if not isinstance(dataset, str) or not isinstance(subset, str | None) or not isinstance(listed, dict):
        raise InputError(
            f"{name}: it has no text 'dataset' beside a mapping 'templates', as a file of PromptSource has. "
            "Choose a templates.yaml."
        )
    templates: list[Template] = []
    problems: list[Problem] = []
    entries = cast("dict[object, object]", listed)
    slugs = _slugs(dataset, subset, entries)
    for key, entry in entries.items():
        try:
            templates.append(_template(dataset, subset, key, entry, slugs[key]))
        except TemplateProblem as exc:
            found = f"template {key} ({shown(_name(entry))}): {str(exc).rstrip('.')}"
            problems.append(Problem(name, 0, None, found, "Correct the template, or leave it out."))
    return Collection(tuple(templates), tuple(problems))


# ---- the file


def _load(text: str, name: str) -> _Mapping:
    refuse_large(len(text), name)
    try:
        _refuse_bombs(text, name)
        facts = yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as exc:
        line = f", line {exc.problem_mark.line + 1}" if exc.problem_mark else ""
        raise InputError(f"{name}{line}: it is not YAML of PromptSource: {exc.problem}. Correct the line.") from exc
    except (yaml.YAMLError, RecursionError, ValueError) as exc:
        raise InputError(f"{name}: it is not YAML of PromptSource. Choose a templates.yaml.") from exc
    if not isinstance(facts, dict):
        raise InputError(f"{name}: it holds no mapping. Choose a templates.yaml.")
    return cast("_Mapping", facts)


def refuse_large(size: int, name: str) -> None:
    """Stop before a file of such a size is read."""
    if size > MAX_SIZE:
        raise InputError(f"{name}: the file has {size:,} characters. Import files of at most {MAX_SIZE:,}.")


def _refuse_bombs(text: str, name: str) -> None:
    """Look at the file before anything is built of it: depth, and aliases inside of what has an anchor."""
    anchored: list[bool] = []
    for event in cast("Iterable[yaml.Event]", yaml.parse(text, Loader=_Loader)):
        if isinstance(event, yaml.CollectionStartEvent):
            anchored.append(event.anchor is not None)
        elif isinstance(event, yaml.CollectionEndEvent):
            anchored.pop()
        elif isinstance(event, yaml.AliasEvent) and any(anchored):
            line = event.start_mark.line + 1
            raise InputError(f"{name}, line {line}: an alias stands inside an anchor. Write it out.")
        if len(anchored) > MAX_DEPTH:
            raise InputError(f"{name}: it is nested deeper than {MAX_DEPTH} levels. Choose a templates.yaml.")


# ---- a template


def _template(dataset: str, subset: str | None, key: object, entry: object, slug: str) -> Template:
    if not isinstance(entry, dict):
        raise TemplateProblem("it is not a template")
    told = cast("_Mapping", entry)
    metadata = told.get("metadata")
    known = cast("_Mapping", metadata) if isinstance(metadata, dict) else {}
    jinja, choices = _text(told, "jinja"), _optional_text(told, CHOICES)
    facts = PromptSourceFacts(
        dataset=dataset,
        subset=subset,
        uuid=_optional_text(told, "id") or str(key),
        name=_text(told, "name"),
        reference=_optional_text(told, "reference") or "",
        metrics=_optional_texts(known, "metrics"),
        original_task=_optional_truth(known, "original_task"),
        choices_in_prompt=_optional_truth(known, "choices_in_prompt"),
    )
    place = "/".join(filter(None, (dataset, subset)))
    front: dict[str, object] = {
        "id": slug,
        "description": f"{facts.name.strip() or facts.uuid} (PromptSource, {place})",
        "inputs": dict.fromkeys(_columns(jinja, choices), "any"),
        CHOICES: choices,
        "languages": _optional_texts(known, "languages") or None,
        "reference": f"{place}/{facts.uuid}",
        "syntax": "promptsource",
        "promptsource": asdict(facts),
    }
    return parse_template(front_matter(front) + jinja, f"{slug}{SUFFIX}")


def _columns(jinja: str, choices: str | None) -> list[str]:
    try:
        return sorted((PLAIN.variables(jinja) | PLAIN.variables(choices or "")) - {CHOICES})
    except TemplateSyntaxError as exc:
        raise TemplateProblem(f"line {exc.lineno} of its Jinja: {exc.message}") from exc


def _text(told: _Mapping, key: str) -> str:
    value = told.get(key)
    if not isinstance(value, str):
        raise TemplateProblem(f"{key} is {shown(value)}, which is no text")
    return value


def _optional_text(told: _Mapping, key: str) -> str | None:
    return None if told.get(key) is None else _text(told, key)


def _optional_texts(told: _Mapping, key: str) -> tuple[str, ...] | None:
    value = told.get(key)
    if value is None:
        return None
    texts = cast("list[object]", value) if isinstance(value, list) else [None]
    if not all(isinstance(text, str) for text in texts):
        raise TemplateProblem(f"{key} is {shown(told[key])}, which is no list of texts")
    return tuple(cast("list[str]", texts))


def _optional_truth(told: _Mapping, key: str) -> bool | None:
    value = told.get(key)
    if not isinstance(value, bool | None):
        raise TemplateProblem(f"{key} is {shown(value)}, which is neither true nor false")
    return value


# ---- names


def _slugs(dataset: str, subset: str | None, entries: Mapping[object, object]) -> dict[object, str]:
    """An id for each template; those whose names make the same one have their key behind it."""
    made = {
        key: _slug(dataset, subset or "", _name(entry)) or _slug("template", str(key)) for key, entry in entries.items()
    }
    counts = Counter(made.values())
    return {key: slug if counts[slug] == 1 else _slug(slug, str(key)) for key, slug in made.items()}


def _slug(*words: str) -> str:
    """Small letters, digits and hyphens of words in any script.

    >>> _slug("ag_news", "", "Which section? (café)")
    'ag-news-which-section-cafe'
    """
    plain = normalize("NFKD", " ".join(words)).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall("[a-z0-9]+", plain))


def _name(entry: object) -> str:
    return str(cast("_Mapping", entry).get("name")) if isinstance(entry, dict) else ""
