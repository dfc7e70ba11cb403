"""The front matter of a template file: YAML keys, read as texts, lists and mappings of texts."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import cast

import yaml

from concord.conversion.environment import FUNCTIONS
from concord.errors import TemplateProblem
from concord.records.kinds import Syntax
from concord.records.template import PromptSourceFacts

SUFFIX = ".prompt.md"
CHOICES = "answer_choices"
_SEPARATOR = "|||"
"""Stands between answer choices that are written as one text."""
TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str, int, float, bool),
    "number": (int, float),
    "boolean": (bool,),
    "list": (list,),
    "object": (dict,),
    "any": (object,),
}
"""What `inputs` may declare, and the values that fit; null fits each."""

_KEYS = ("id", "description", "inputs", "target", CHOICES, "tags", "languages", "reference", "syntax", "promptsource")
NEEDED = ("id", "description", "inputs")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class FrontMatter:
    """What a template says of itself; its fields are those of `concord.records.template.Template`.

    Attributes:
        target: the column that holds the answer.
        choices: the answer choices; in the syntax `promptsource`, the one text that renders to them.
    """

    id: str
    description: str
    inputs: Mapping[str, str]
    target: str | None
    choices: tuple[str, ...]
    tags: tuple[str, ...]
    languages: tuple[str, ...]
    reference: str | None
    syntax: Syntax
    promptsource: PromptSourceFacts | None


def read_front_matter(text: str, name: str) -> FrontMatter:
    """The front matter, checked.

    Args:
        text: YAML; its first line is the file's second.
        name: the file's name, for messages and against the id.
    """
    facts = _load_yaml(text, name)
    _check_keys(facts, name)
    syntax = _syntax(facts, name)
    return FrontMatter(
        id=_id(facts, name),
        description=_text(facts, "description", name) or "",
        inputs=_inputs(facts, name),
        target=_text(facts, "target", name),
        choices=_choices(facts, name) if syntax == "concord" else _choices_text(facts, name),
        tags=_texts(facts, "tags", name),
        languages=_texts(facts, "languages", name),
        reference=_text(facts, "reference", name),
        syntax=syntax,
        promptsource=_promptsource(facts, name),
    )


def front_matter(facts: Mapping[str, object]) -> str:
    """The head of a template file, up to where its text begins; keys without a value are left out.

    >>> print(front_matter({"id": "answer", "inputs": {"question": "string"}, "target": None}), end="")
    ---
    id: answer
    inputs: {question: string}
    ---
    """
    said = {key: _told(value) for key, value in facts.items() if value is not None}
    text = yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=10**9, default_flow_style=None)
    return f"---\n{text}---\n"


def _told(value: object) -> object:
    """What YAML knows to write."""
    if isinstance(value, dict):
        return {key: _told(part) for key, part in cast("dict[str, object]", value).items() if part is not None}
    return list(cast("tuple[object, ...]", value)) if isinstance(value, tuple) else value


def problem(name: str, found: str, cure: str, *, line: int | None = None) -> TemplateProblem:
    """The error that says where a template is wrong, what was found, and what to do."""
    where = name if line is None else f"{name}, line {line}"
    return TemplateProblem(f"{where}: {found}. {cure}", line)


def shown(value: object) -> str:
    """A value as a message shows it, however large it is."""
    text = reprlib.repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _load_yaml(text: str, name: str) -> dict[str, object]:
    # BaseLoader makes texts, lists and mappings only: `answer_choices: [yes, no]` are two texts, not True and False.
    try:
        facts = yaml.load(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as exc:
        line = 2 + (exc.problem_mark.line if exc.problem_mark else 0)
        raise problem(name, f"the front matter is not YAML: {exc.problem}", "Correct this line.", line=line) from exc
    except (yaml.YAMLError, RecursionError) as exc:
        cure = "Remove control characters and deep nesting."
        raise problem(name, "the front matter is not YAML", cure) from exc
    if not isinstance(facts, dict):
        raise problem(name, "the front matter is not a list of keys", "Write one `key: value` on each line.", line=2)
    return cast("dict[str, object]", facts)


def _check_keys(facts: Mapping[str, object], name: str) -> None:
    for key in facts:
        if key not in _KEYS:
            raise problem(name, f"{shown(key)} is no key of a template", f"The keys are {', '.join(_KEYS)}.")
    for key in NEEDED:
        if _given(facts, key) is None:
            raise problem(name, f"{key!r} is missing", "Add it to the front matter.")


def _syntax(facts: Mapping[str, object], name: str) -> Syntax:
    match _text(facts, "syntax", name):
        case None | "concord":
            return "concord"
        case "promptsource" if _given(facts, "target") is None:
            return "promptsource"
        case "promptsource":
            found = "there is a target, which the text holds itself in the syntax promptsource"
            raise problem(name, found, "Write the answer behind ||| and leave target out.")
        case other:
            found = f"syntax {shown(other)} is not read here"
            raise problem(name, found, "Write concord or promptsource, or leave syntax out.")


def _given(facts: Mapping[str, object], key: str) -> object:
    value = facts.get(key)
    return None if value in ("", "null", "~") else value


def _text(facts: Mapping[str, object], key: str, name: str) -> str | None:
    value = _given(facts, key)
    if value is None or isinstance(value, str):
        return value
    raise problem(name, f"{key} is {shown(value)}, which is not a text", f"Write `{key}: some text`.")


def _texts(facts: Mapping[str, object], key: str, name: str) -> tuple[str, ...]:
    value = _given(facts, key)
    if value is None:
        return ()
    texts = cast("list[object]", value) if isinstance(value, list) else [None]
    if not all(isinstance(text, str) for text in texts):
        found = f"{key} is {shown(facts[key])}, which is not a list of texts"
        raise problem(name, found, f"Write `{key}: [one, two]`.")
    return tuple(cast("list[str]", texts))


def _id(facts: Mapping[str, object], name: str) -> str:
    template_id = _text(facts, "id", name) or ""
    if not _ID.fullmatch(template_id):
        cure = "Use small letters, digits and single hyphens."
        raise problem(name, f"the id {shown(template_id)} is not a slug", cure)
    if name != template_id + SUFFIX:
        cure = f"Name the file '{template_id}{SUFFIX}', or correct the id."
        raise problem(name, f"the id {template_id!r} is not the file's name", cure)
    return template_id


def _inputs(facts: Mapping[str, object], name: str) -> dict[str, str]:
    given = facts["inputs"]
    types = ", ".join(TYPES)
    if not isinstance(given, dict):
        cure = f"Write `inputs: {{column: type}}`; the types are {types}."
        raise problem(name, f"inputs is {shown(given)}, which does not name columns", cure)
    inputs = cast("dict[str, object]", given)
    for column, kind in inputs.items():
        if not isinstance(kind, str) or kind not in TYPES:
            raise problem(name, f"inputs gives {column!r} the type {shown(kind)}", f"The types are {types}.")
        if column in FUNCTIONS or column == CHOICES:
            cure = "Rename the column when it is imported."
            raise problem(name, f"inputs names {column!r}, which means something else in a template", cure)
    return cast("dict[str, str]", inputs)


def _choices(facts: Mapping[str, object], name: str) -> tuple[str, ...]:
    given = _given(facts, CHOICES)
    texts = given.split(_SEPARATOR) if isinstance(given, str) else _texts(facts, CHOICES, name)
    choices = tuple(text.strip() for text in texts)
    if "" in choices or any(_SEPARATOR in choice for choice in choices):
        cure = f"Give each choice a text of its own, without {_SEPARATOR}."
        raise problem(name, f"{CHOICES} is {shown(given)}, with an empty or a double choice", cure)
    return choices


def _choices_text(facts: Mapping[str, object], name: str) -> tuple[str, ...]:
    """The text that renders to the choices."""
    given = _given(facts, CHOICES)
    if isinstance(given, list):
        return (f" {_SEPARATOR} ".join(_texts(facts, CHOICES, name)),)
    return () if given is None else (_text(facts, CHOICES, name) or "",)


_SAID = {"true": True, "false": False, "": None, "null": None}
_FACTS = tuple(field.name for field in fields(PromptSourceFacts))


def _promptsource(facts: Mapping[str, object], name: str) -> PromptSourceFacts | None:
    """What PromptSource says of the template; written by the import, so that only a person can have made it wrong."""
    given = _given(facts, "promptsource")
    if given is None:
        return None
    known = cast("dict[str, object]", given) if isinstance(given, dict) else {}
    texts = {key: value for key, value in known.items() if isinstance(value, str)}
    metrics = known.get("metrics")
    said = [_SAID.get(texts.get(key, ""), "") for key in ("original_task", "choices_in_prompt")]
    missing = [key for key in ("dataset", "uuid", "name") if key not in texts]
    if missing or known.keys() - set(_FACTS) or "" in said or not isinstance(metrics, list | None):
        cure = f"Give it the keys {', '.join(_FACTS)} as the import wrote them, or remove it."
        raise problem(
            name, f"promptsource is {shown(facts['promptsource'])}, which does not say where the template is from", cure
        )
    return PromptSourceFacts(
        dataset=texts["dataset"],
        subset=texts.get("subset"),
        uuid=texts["uuid"],
        name=texts["name"],
        reference=texts.get("reference", ""),
        metrics=None if metrics is None else _texts(known, "metrics", name),
        original_task=cast("bool | None", said[0]),
        choices_in_prompt=cast("bool | None", said[1]),
    )
