"""Which templates a workspace has: its folder's, and before them what was saved."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from concord.conversion.library import By, save_template, template_of, template_version, templates_of
from concord.conversion.template import parse_template
from concord.errors import NotFound, TemplateProblem
from concord.records.template import Template
from storage.store import Store

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def source(name: str, text: str = "What is {{ x }}?") -> str:
    return f"---\nid: {name}\ndescription: Ask\ninputs: {{x: any}}\n---\n{text}\n"


def template(name: str, text: str = "What is {{ x }}?") -> Template:
    return parse_template(source(name, text), f"{name}.prompt.md")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ask.prompt.md").write_text(source("ask"), encoding="utf-8")
    return tmp_path


def test_a_saved_version_stands_before_the_file_of_its_id(store: Store, folder: Path) -> None:
    newer = template("ask", "Tell me: {{ x }}")
    saved = save_template(store, newer, By("ada", " shorter ", "studio"), now=NOW)
    assert template_of(store, folder, "ask") == newer
    assert (saved.author, saved.note, store.saved_templates("ask")) == ("ada", "shorter", [saved])


def test_files_and_saved_templates_are_listed_together_by_id(store: Store, folder: Path) -> None:
    for name in ("zoo", "aye"):
        save_template(store, template(name), By(), now=NOW)
    assert [each.id for each in templates_of(store, folder)] == ["ask", "aye", "zoo"]


def test_the_version_saved_last_stands_also_when_it_was_saved_before(store: Store, folder: Path) -> None:
    first, second = template("ask", "1 {{ x }}"), template("ask", "2 {{ x }}")
    for minute, version in enumerate((first, second, first)):
        save_template(store, version, By(), now=NOW + timedelta(minutes=minute))
    assert template_of(store, folder, "ask") == first
    assert [saved.version for saved in store.saved_templates()] == [first.version, second.version, first.version]


def test_an_older_version_is_still_there(store: Store) -> None:
    older = template("ask", "1 {{ x }}")
    for minute, version in enumerate((older, template("ask"))):
        save_template(store, version, By(), now=NOW + timedelta(minutes=minute))
    assert template_version(store, "ask", older.version) == older


def test_what_is_not_there_is_said(store: Store, folder: Path) -> None:
    with pytest.raises(NotFound) as caught:
        template_of(store, folder, "reply")
    assert str(caught.value) == "There is no template 'reply' (there are: ask). Check the id."
    with pytest.raises(NotFound) as caught:
        template_version(store, "ask", "00ff")
    assert str(caught.value) == "There is no version 00ff of a template. Check it, or save the template first."


def test_a_file_that_cannot_be_read_is_named(store: Store, folder: Path) -> None:
    (folder / "bad.prompt.md").write_text("nothing", encoding="utf-8")
    with pytest.raises(TemplateProblem, match=r"^bad\.prompt\.md, line 1: there is no front matter"):
        templates_of(store, folder)
