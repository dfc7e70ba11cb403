"""Data sets in the hands of their trainers: `make test-trainers`. The name keeps it out of `make test`.

TRL, torch and LLaMA-Factory are in an environment of their own. Concord writes each format here; a program there loads
it and takes two optimiser steps, or reads it with the trainer's own loader, and says what it found.
"""

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from concord.export.formats import Format
from concord.export.options import ExportOptions
from concord.export.run import export
from concord.ids import new_id
from concord.records.annotation import Annotation, Edit, Ranking
from concord.records.draft import Draft
from concord.records.item import Item, Message, ToolCall
from concord.records.project import Project, Settings
from storage.store import Store
from storage.workspace import open_workspace

HERE = Path(__file__).parent
PYTHON = HERE.parents[1] / ".venv-trainers" / "bin" / "python"
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
ITEMS = 12
pytestmark = pytest.mark.timeout(900)

TRL: dict[Format, int] = {
    "trl-sft": ITEMS,
    "trl-sft-messages": ITEMS,
    "axolotl-sft": ITEMS,
    "trl-dpo": ITEMS,
    "trl-dpo-implicit": ITEMS,
    "axolotl-dpo": ITEMS,
    "trl-kto": 2 * ITEMS,
    "trl-reward": ITEMS,
}
LLAMA_FACTORY: tuple[Format, ...] = (
    "llamafactory-sft",
    "llamafactory-dpo",
    "llamafactory-kto",
    "llamafactory-alpaca",
    "llamafactory-alpaca-dpo",
)
TOOL = {"type": "function", "function": {"name": "weather", "parameters": {"type": "object", "properties": {}}}}
CALLED = (
    Message("user", "Rain?"),
    Message("assistant", "", (ToolCall("weather", {"city": "02134", "days": 7}, "c1"),)),
    Message("tool", "No.", name="weather", tool_call_id="c1"),
)


def prompt(number: int) -> tuple[Message, ...]:
    """A date, a conversation with a system prompt, a tool call, in turn."""
    asked = Message("user", f"2024-01-{number + 1:02}")
    match number % 3:
        case 0:
            return (asked,)
        case 1:
            return Message("system", "Be brief."), asked, Message("assistant", "Yes?"), Message("user", "Which day?")
        case _:
            return (*CALLED[:2], Message("tool", f"No, {number}.", name="weather", tool_call_id="c1"))


def fill(store: Store, project: Project) -> None:
    """Items with an edit and a ranking each."""
    for number in range(ITEMS):
        tools = (TOOL,) if number % 3 == 2 else ()
        item = Item(new_id(), project.id, f"q{number}", prompt(number), tools=tools)
        texts = (f"good {number}", f"bad {number}")
        drafts = [Draft(new_id(), project.id, item.id, f"d{n}", text, "file", NOW) for n, text in enumerate(texts, 1)]
        judgements = (Edit(drafts[0].id, f"better {number}"), Ranking(((drafts[0].id,), (drafts[1].id,))))
        store.add_items([item], overlap=1)
        store.add_drafts(drafts)
        store.add_annotations(
            [Annotation(new_id(), project.id, item.id, "ann", one, "file", NOW) for one in judgements]
        )


@pytest.fixture(scope="module")
def data_sets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a data set of each format."""
    folder = tmp_path_factory.mktemp("data-sets")
    store = open_workspace(tmp_path_factory.mktemp("workspace") / "workspace")
    project = Project(new_id(), "helpdesk", Settings(), NOW)
    store.create_project(project)
    fill(store, project)
    for name in (*TRL, *LLAMA_FACTORY):
        export(store, project, ExportOptions(name), folder / name)
    yield folder
    store.close()


def told(program: str, folder: Path) -> dict[str, dict[str, Any]]:
    """What a program of the other environment says of each format."""
    environment = {
        "HF_HUB_OFFLINE": "1",
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "TOKENIZERS_PARALLELISM": "false",
    }
    done = subprocess.run(
        [PYTHON, HERE / program, folder], env=environment, capture_output=True, text=True, timeout=800, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    said = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"format"')]
    return {one["format"]: one for one in said}


@pytest.fixture(scope="module")
def trained(data_sets: Path) -> dict[str, dict[str, Any]]:
    return told("train.py", data_sets)


@pytest.fixture(scope="module")
def read(data_sets: Path) -> dict[str, dict[str, Any]]:
    return told("read_llamafactory.py", data_sets)


@pytest.mark.parametrize("name", TRL)
def test_trl_s_trainer_takes_two_steps_on_every_row(trained: dict[str, dict[str, Any]], name: Format) -> None:
    assert trained[name] == {
        "format": name,
        "rows": TRL[name],
        "rows_trained_on": TRL[name],
        "steps": 2,
        "finite": True,
        "changed": True,
    }


@pytest.mark.parametrize("name", LLAMA_FACTORY)
def test_llama_factory_s_loader_reads_every_row(read: dict[str, dict[str, Any]], name: Format) -> None:
    # Its Alpaca form has no place for tool calls: a third of the items stays behind.
    items = ITEMS * 2 // 3 if "alpaca" in name else ITEMS
    rows = 2 * items if name.endswith("kto") else items
    assert read[name]["rows"] == rows
    assert read[name]["answered"] == rows
    assert read[name]["systems"] == rows // (2 if "alpaca" in name else 3)
