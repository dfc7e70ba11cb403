"""Template files: front matter in YAML, then role sections in Jinja. `prompts/README.md` describes them for authors.

The body is split into sections before anything is rendered, so nothing in a row can begin a section.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, cast

from jinja2 import TemplateSyntaxError

from concord.conversion.front_matter import CHOICES, NEEDED, SUFFIX, FrontMatter, problem, read_front_matter
from concord.conversion.plain_jinja import PLAIN
from concord.conversion.sandbox import CONCORD, Language
from concord.errors import NotFound, TemplateProblem
from concord.records.kinds import Role, Syntax
from concord.records.template import Section, Template

LANGUAGES: Mapping[Syntax, Language] = {"concord": CONCORD, "promptsource": PLAIN}
MAX_SOURCE = 100_000
"""Characters of a template."""
_MOST_NAMED = 40

_MARKER = re.compile(r"^(system|user|assistant):[ \t]*$", re.MULTILINE)
_ESCAPED = re.compile(r"^\\(\\*(?:system|user|assistant):[ \t]*)$", re.MULTILINE)


class _Part(NamedTuple):
    """A role section and the line of the file where its text begins."""

    role: Role
    text: str
    line: int


def load_templates(folder: Path) -> list[Template]:
    """The templates of a folder, in the order of their names.

    Raises:
        NotFound: there is no such folder.
        TemplateProblem: all templates of the folder that cannot be read, a line each.
    """
    if not folder.is_dir():
        raise NotFound(f"There is no folder {str(folder)!r}. Name the folder that holds the templates.")
    templates: list[Template] = []
    problems: list[str] = []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            templates.append(read_template(path))
        except TemplateProblem as exc:
            problems.append(str(exc))
    if problems:
        raise TemplateProblem("\n".join(problems))
    return templates


def load_template(folder: Path, template_id: str, *, also: Iterable[str] = ()) -> Template:
    """One template of a folder.

    Args:
        folder: the folder.
        template_id: the template.
        also: ids of templates that are elsewhere, for the message.

    Raises:
        NotFound: the folder, or a template of that id in it, is not there.
        TemplateProblem: a template of the folder cannot be read.
    """
    templates = {template.id: template for template in load_templates(folder)}
    if template_id not in templates:
        there = sorted({*templates, *also})
        more = f", … {len(there) - _MOST_NAMED:,} more" if len(there) > _MOST_NAMED else ""
        names = ", ".join(there[:_MOST_NAMED])
        raise NotFound(f"There is no template {template_id!r} (there are: {names}{more}). Check the id.")
    return templates[template_id]


def read_template(path: Path) -> Template:
    """The template of one file.

    Raises:
        TemplateProblem: see `parse_template`.
    """
    try:
        source = path.read_bytes().decode()
    except UnicodeDecodeError as exc:
        raise problem(path.name, f"byte {exc.start} is not UTF-8", "Save the file as UTF-8.") from exc
    return parse_template(source, path.name)


def parse_template(source: str, name: str) -> Template:
    """Read a template and compile all of it.

    Args:
        source: the whole file.
        name: the file's name, `answer.prompt.md`.

    Raises:
        TemplateProblem: where it is wrong, what was found, and the cure.
    """
    text = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > MAX_SOURCE:
        raise problem(name, f"it has {len(text):,} characters", f"Keep a template within {MAX_SOURCE:,}.")
    front, body, line = _split(text, name)
    facts = read_front_matter(front, name)
    language = LANGUAGES[facts.syntax]
    parts = _read_parts(body, line, name) if facts.syntax == "concord" else [_whole(body, line, name)]
    asked, answer = (parts[:-1], parts[-1].text) if parts[-1].role == "assistant" else (parts, None)
    _check_inputs(facts, _names_used(language, parts, facts.choices, name), text, name)
    return Template(
        id=facts.id,
        version=sha256(text.encode()).hexdigest(),
        source=text,
        description=facts.description,
        inputs=facts.inputs,
        sections=tuple(Section(part.role, part.text) for part in asked),
        target=_target(facts.target, answer, name),
        answer_choices=facts.choices,
        tags=facts.tags,
        languages=facts.languages,
        reference=facts.reference,
        syntax=facts.syntax,
        promptsource=facts.promptsource,
    )


def _split(text: str, name: str) -> tuple[str, str, int]:
    """Front matter, body, and the body's first line."""
    if not text.startswith("---\n"):
        cure = f"Begin the file with a line ---, the keys {', '.join(NEEDED)}, and another line ---."
        raise problem(name, "there is no front matter", cure, line=1)
    end = text.find("\n---\n", 3)
    if end < 0:
        raise problem(name, "the front matter does not end", "Close it with a line --- of its own.", line=1)
    body = end + len("\n---\n")
    return text[4 : end + 1], text[body:], text.count("\n", 0, body) + 1


# ---- sections


def _read_parts(body: str, line: int, name: str) -> list[_Part]:
    markers = list(_MARKER.finditer(body))
    if not markers:
        parts = [_part("user", body, line)]
    elif body[: markers[0].start()].strip():
        cure = "Put a line `system:` or `user:` above it."
        raise problem(name, "there is text before the first role", cure, line=line)
    else:
        ends = [*(marker.start() for marker in markers[1:]), len(body)]
        parts = [
            _part(marker[1], body[marker.end() : end], line + body.count("\n", 0, marker.end()))
            for marker, end in zip(markers, ends, strict=True)
        ]
    _check_parts(parts, name)
    return parts


def _whole(body: str, line: int, name: str) -> _Part:
    """PromptSource's Jinja as it stands."""
    if not body.strip():
        raise problem(name, "there is no text", "Write the prompt, ||| and the target.")
    return _Part("user", body, line)


def _part(role: str, text: str, line: int) -> _Part:
    trimmed = text.lstrip("\n")
    line += len(text) - len(trimmed)
    return _Part(cast("Role", role), _ESCAPED.sub(r"\1", trimmed.rstrip()), line)


def _check_parts(parts: Sequence[_Part], name: str) -> None:
    for part in parts:
        if not part.text:
            raise problem(name, f"the section {part.role!r} is empty", "Write its text, or remove it.")
    roles = [part.role for part in parts]
    turns = roles[1:] if roles[0] == "system" else roles
    if not turns or turns != (["user", "assistant"] * len(turns))[: len(turns)]:
        cure = "Begin with user, after one system at most, and let user and assistant take turns."
        raise problem(name, f"the sections stand in the order {', '.join(roles)}", cure, line=parts[0].line)


def _target(column: str | None, answer: str | None, name: str) -> str | None:
    """The Jinja of the answer: the last section if it is the assistant's, or the column that `target` names."""
    if column is None:
        return answer
    if answer is not None:
        found = f"there is a target, {column!r}, and an assistant section for the answer"
        raise problem(name, found, "Remove one of them.")
    target = f"{{{{ {column} | default(none) }}}}"  # a row without the column makes an item without a target
    if not column.isidentifier() or _names_in(CONCORD, target, name) != frozenset((column,)):
        cure = "Name a column of letters, digits and underscores, or rename it when it is imported."
        raise problem(name, f"the target {column!r} is not a name that a template can use", cure)
    return target


# ---- names


def _names_used(language: Language, parts: Iterable[_Part], choices: Sequence[str], name: str) -> set[str]:
    """The columns that the sections and the choices read; each is compiled here."""
    used = {column for part in parts for column in _names_in(language, part.text, name, line=part.line)}
    if not choices and language is CONCORD:
        return used
    return used - {CHOICES} | {column for choice in choices for column in _names_in(language, choice, name)}


def _names_in(language: Language, text: str, name: str, *, line: int | None = None) -> frozenset[str]:
    try:
        return language.variables(text)
    except TemplateSyntaxError as exc:
        found = (exc.message or "it is not Jinja").rstrip(".")
        cure = "Correct the Jinja; what begins in a section ends in the same section."
        at = None if line is None else line + exc.lineno - 1
        raise problem(name, found, cure, line=at) from exc


def line_using(text: str, column: str) -> int | None:
    r"""The first line of a file, below its front matter, where its Jinja names a column.

    >>> line_using("---\nid: ask\n---\nuser:\nA question: {{ question }}", "question")
    5
    """
    body = text.find("\n---\n", 3)
    named = re.compile(rf"\{{[{{%](?:(?![%}}]\}}).)*?\b({re.escape(column)})\b", re.DOTALL)
    found = named.search(text, max(body, 0))
    return text.count("\n", 0, found.start(1)) + 1 if found else None


def _check_inputs(facts: FrontMatter, used: set[str], text: str, name: str) -> None:
    missing, extra = sorted(used - facts.inputs.keys()), sorted(facts.inputs.keys() - used)
    if missing:
        cure = "Add the columns to inputs, or correct the text."
        found = f"the text uses {missing}, which inputs does not name"
        raise problem(name, found, cure, line=line_using(text, missing[0]))
    if extra:
        raise problem(
            name, f"inputs names {extra}, which the text does not use", "Use them, or remove them from inputs."
        )
