"""The documents tell the truth: what a person can type or set is in the README, and what it shows works."""

import argparse
import json
import re
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path

from concord.cli import build_parser
from concord.export.formats import FORMATS
from concord.imports.ready import import_items
from concord.records.project import Project, Settings
from storage.store import Store

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands(
    parser: argparse.ArgumentParser, words: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], set[str]]]:
    """Each command with its options."""
    deeper = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not deeper:
        options = {name for action in parser._actions for name in action.option_strings if name.startswith("--")}
        yield words, options - {"--help", "--json", "--workspace"}
    for action in deeper:
        for name, below in action.choices.items():
            yield from commands(below, (*words, name))


def test_the_readme_has_every_command_with_its_options() -> None:
    rows = [line for line in README.splitlines() if line.startswith("| `concord ")]
    for words, options in commands(build_parser()):
        row = next((row for row in rows if row.startswith(f"| `concord {words[0]}") and words[-1] in row), "")
        assert row, words
        assert [option for option in options if option not in row] == [], words


def test_the_readme_has_every_setting_with_its_default() -> None:
    for setting in fields(Settings):
        default = "none" if setting.default in (None, MISSING) else str(setting.default)
        assert re.search(rf"^\| `{setting.name}` \| `?{re.escape(default)}`? \|", README, re.MULTILINE), setting.name


def test_the_readme_has_every_format() -> None:
    assert [name for name in FORMATS if f"| `{name}` |" not in README] == []


def test_the_readme_s_ready_made_item_is_one(store: Store, project: Project, tmp_path: Path) -> None:
    [example] = re.findall(r"```json\n(.+?)```", README, re.DOTALL)
    path = tmp_path / "items.jsonl"
    path.write_text(json.dumps(json.loads(example)), encoding="utf-8")
    report = import_items(store, project, path)
    assert (report.stored, report.problems) == (1, ())


def test_the_documents_link_to_what_is_there() -> None:
    for document in (*ROOT.glob("*.md"), ROOT / "prompts/README.md"):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_the_changelog_has_what_is_new() -> None:
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
