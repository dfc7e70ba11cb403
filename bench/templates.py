"""Rendering rows with templates, row by row as they come; the result is the rows, and how the peak of memory grew."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import jinja2

from bench.data import prose
from concord.conversion.render import render
from concord.conversion.template import parse_template
from concord.records.kinds import Json, Syntax

Run = Callable[[], dict[str, Any]]
Row = dict[str, Json]
FIELDS = "Title: {{ title }}\nText: {{ text }}\n\nQuestion: {{ question }}"
LOGIC = (
    "{% if title %}Title: {{ title | upper }}{% endif %}\nText: {{ text | trim }}\n"
    "{% for word in words %}{{ loop.index }}. {{ word }}\n{% endfor %}\n{{ question }}"
)
_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes


def fields_jinja(folder: Path, rows: int) -> Run:
    return lambda: _count(rows, _plain(FIELDS))


def fields_concord(folder: Path, rows: int) -> Run:
    return lambda: _count(rows, _ours(FIELDS, "[question, text, title]", "concord"))


def fields_promptsource(folder: Path, rows: int) -> Run:
    return lambda: _count(rows, _ours(FIELDS, "[question, text, title]", "promptsource"))


def logic_jinja(folder: Path, rows: int) -> Run:
    return lambda: _count(rows, _plain(LOGIC))


def logic_concord(folder: Path, rows: int) -> Run:
    return lambda: _count(rows, _ours(LOGIC, "[question, text, title, words]", "concord"))


def logic_promptsource(folder: Path, rows: int) -> Run:
    return lambda: _count(rows, _ours(LOGIC, "[question, text, title, words]", "promptsource"))


def _plain(body: str) -> Callable[[UUID, Row], str]:
    template = jinja2.Environment().from_string(body)
    return lambda _, row: template.render(row).strip()


def _ours(body: str, columns: str, syntax: Syntax) -> Callable[[UUID, Row], str]:
    inputs = ", ".join(f"{column}: any" for column in columns.strip("[]").split(", "))
    front = f"---\nid: bench\ndescription: d\ninputs: {{{inputs}}}\nsyntax: {syntax}\n---\n"
    template = parse_template(front + body, "bench.prompt.md")
    return lambda row_id, row: render(template, row, row_id=row_id).messages[0].content


def _count(rows: int, rendered: Callable[[UUID, Row], str]) -> dict[str, Any]:
    early = characters = 0
    for number, row in enumerate(_rows(rows)):
        characters += len(rendered(UUID(int=number), row))
        if number == rows // 10:
            early = _peak()
    return {"rows": rows, "characters": characters, "grown": (_peak() - early) / 1e6}


def _rows(count: int) -> Iterator[Row]:
    """Rows of about 500 characters, each made when it is asked for."""
    sentences = prose()
    texts = [sentences(5) for _ in range(1_000)]
    words: list[Json] = ["one", "two", "three", "four", "five"]
    for number in range(count):
        text = texts[number % 1_000]
        yield {"title": f"Text {number}", "text": text, "question": f"What does {number} say?", "words": words}


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT
