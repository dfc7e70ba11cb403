"""The versions of a template."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from concord.conversion.history import Version, changes, named_version, text_of, versions_of
from concord.conversion.library import By, save_template
from concord.conversion.template import parse_template
from concord.errors import NotFound
from concord.records.template import Template
from storage.store import Store

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def template(text: str) -> Template:
    return parse_template(
        f"---\nid: ask\ndescription: d\ninputs: {{x: any}}\n---\n{text} {{{{ x }}}}\n", "ask.prompt.md"
    )


IN_FILE = template("file")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ask.prompt.md").write_text(IN_FILE.source, encoding="utf-8")
    return tmp_path


def save(store: Store, text: str, minute: int) -> Template:
    made = template(text)
    save_template(store, made, By("ada", f"now {text}"), now=NOW + timedelta(minutes=minute))
    return made


def test_a_file_alone_is_the_version_that_stands(store: Store, folder: Path) -> None:
    assert versions_of(store, folder, "ask") == [(IN_FILE.version, "", "", "file", None, True)]


def test_versions_are_listed_newest_first_with_who_saved_them_and_why(store: Store, folder: Path) -> None:
    store.add_template(IN_FILE)
    first, second = save(store, "one", 1), save(store, "two", 2)
    found = versions_of(store, folder, "ask")
    assert [one.version for one in found] == [second.version, first.version, IN_FILE.version]
    assert found[0] == (second.version, "now two", "ada", "studio", NOW + timedelta(minutes=2), True)
    assert [one.stands for one in found] == [True, False, False]


def test_a_version_that_is_used_again_is_listed_again_and_stands_once(store: Store, folder: Path) -> None:
    for minute, text in enumerate(("one", "two", "one")):
        save(store, text, minute)
    found = versions_of(store, folder, "ask")
    assert [one.stands for one in found] == [True, False, False]
    assert found[0].version == found[2].version


def test_a_version_is_named_by_its_first_signs(store: Store, folder: Path) -> None:
    saved = save(store, "one", 1)
    found = versions_of(store, folder, "ask")
    assert named_version(found, "ask", saved.version[:8]) == saved.version
    assert text_of(store, folder, "ask", saved.version) == saved
    with pytest.raises(NotFound) as caught:
        named_version(found, "ask", "zz")
    assert str(caught.value) == (
        f"'zz' is no version of 'ask' (there are: {saved.version[:12]}). Check it, or give more of it."
    )


def test_a_beginning_of_several_versions_is_refused() -> None:
    found = [Version(version, "", "", "studio", NOW) for version in ("ab12", "ab34", "cd56")]
    with pytest.raises(NotFound, match="'ab' is the beginning of several versions of 'ask'"):
        named_version(found, "ask", "ab")
    assert named_version(found, "ask", "c") == "cd56"


def test_changes_are_told_line_by_line() -> None:
    old, new = template("one"), template("two")
    assert changes(old, new).split("\n") == [
        f"--- ask {old.version[:12]}",
        f"+++ ask {new.version[:12]}",
        "@@ -3,5 +3,5 @@",
        " description: d",
        " inputs: {x: any}",
        " ---",
        "-one {{ x }}",
        "+two {{ x }}",
        " ",
    ]
    assert changes(old, old) == ""
