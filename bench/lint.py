"""Lint of a template over all rows of a project, beside rendering them and no more."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import orjson

from bench.data import SEED
from bench.workspace import PROJECT, fresh_workspace

Run = Callable[[], int]
WORKSPACE = "linted"
BATCH = 2_000
TEMPLATE = """---
id: bench
description: Answer a question from a text
inputs: {question: string, context: string, source: string}
target: answer
---
system:
Answer in one sentence, from the text alone.
user:
{{ context }}

Question ({{ source }}): {{ question }}
"""


def fill(folder: Path, count: int) -> Run:
    """A project of rows of about 200 bytes; one in a hundred asks what the row before it asked."""
    store, project = fresh_workspace(folder / WORKSPACE)

    def run() -> int:
        rng = random.Random(SEED)
        with store.staging(project.id, "rows.jsonl", project.created_at) as stage:
            for first in range(0, count, BATCH):
                numbers = range(first, min(first + BATCH, count))
                stage.add([number + 1 for number in numbers], [_row(number, rng) for number in numbers])
            stored = stage.commit().stored
        store.close()
        return stored

    return run


def _row(number: int, rng: random.Random) -> bytes:
    asked = number - (number % 100 == 13)
    row = {
        "question": f"What is said of case {asked}, and by whom?",
        "context": f"Case {asked} was opened in spring. It was closed by the second office.",
        "source": "web" if asked % 3 else "book",
        "answer": f"It was closed with result {rng.randrange(1_000)} in the second office.",
    }
    return orjson.dumps(row)


def concord(folder: Path) -> Run:
    """All findings of all rows."""
    from concord.conversion.lint import Lint
    from concord.conversion.template import parse_template
    from storage.workspace import open_workspace

    store, template = open_workspace(folder / WORKSPACE), parse_template(TEMPLATE, "bench.prompt.md")
    project = store.project(PROJECT)

    def run() -> int:
        lint = Lint(template, store.row)
        for _ in lint.over(store.rows(project.id)):
            pass
        rendered = lint.report().rendered
        store.close()
        return rendered

    return run


def rendering(folder: Path) -> Run:
    """The same rows read and rendered, which is the floor."""
    from concord.conversion.render import render
    from concord.conversion.template import parse_template
    from storage.workspace import open_workspace

    store, template = open_workspace(folder / WORKSPACE), parse_template(TEMPLATE, "bench.prompt.md")
    project = store.project(PROJECT)

    def run() -> int:
        rendered = sum(bool(render(template, row.data, row_id=row.id).messages) for row in store.rows(project.id))
        store.close()
        return rendered

    return run
