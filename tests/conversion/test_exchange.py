"""PromptSource's files into a workspace, and out of it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from concord.conversion.exchange import File, chosen, import_collection, read_file
from concord.conversion.library import By, save_template, template_of
from concord.conversion.template import parse_template
from concord.errors import InputError, NotFound
from storage.store import Store

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
ENTRY = "  {0}: !Template\n    id: {0}\n    name: {1}\n    jinja: '{2}'\n    answer_choices: null\n"
GOOD = "dataset: d\ntemplates:\n" + ENTRY.format("k1", "one", "{{ a }}|||b") + ENTRY.format("k2", "two", "a|||{{ b }}")
BAD = GOOD + ENTRY.format("k3", "three", "{{ a")


def bring(store: Store, folder: Path, text: str, *, skip_bad: bool = False):
    return import_collection(store, folder, File("templates.yaml", text), skip_bad=skip_bad, now=NOW)


def test_templates_are_saved_and_a_second_time_nothing_is_added(store: Store, tmp_path: Path) -> None:
    first, second = (bring(store, tmp_path, GOOD) for _ in range(2))
    assert ([one.id for one in first.added], first.present) == (["d-one", "d-two"], 0)
    assert (second.added, second.present, second.refused) == ((), 2, False)
    [saved] = store.saved_templates("d-one")
    assert (saved.origin, saved.note) == ("promptsource", "Imported from templates.yaml")
    assert template_of(store, tmp_path, "d-two") == first.added[1]


def test_one_bad_template_and_none_is_saved_unless_it_is_to_be_skipped(store: Store, tmp_path: Path) -> None:
    refused = bring(store, tmp_path, BAD)
    assert (refused.added, refused.refused, len(refused.problems)) == ((), True, 1)
    assert store.saved_templates() == []
    assert [one.id for one in bring(store, tmp_path, BAD, skip_bad=True).added] == ["d-one", "d-two"]


def test_what_was_changed_since_is_left_as_it_stands(store: Store, tmp_path: Path) -> None:
    [one, _] = bring(store, tmp_path, GOOD).added
    edited = parse_template(one.source.replace("|||b", "|||c"), "d-one.prompt.md")
    save_template(store, edited, By(), now=NOW)
    assert bring(store, tmp_path, GOOD).present == 2
    assert template_of(store, tmp_path, "d-one") == edited


def test_an_id_that_another_template_has_is_a_problem(store: Store, tmp_path: Path) -> None:
    source = "---\nid: d-one\ndescription: Mine\ninputs: {}\n---\nHello\n"
    (tmp_path / "d-one.prompt.md").write_text(source, encoding="utf-8")
    made = bring(store, tmp_path, GOOD, skip_bad=True)
    assert [one.id for one in made.added] == ["d-two"]
    assert [problem.found for problem in made.problems] == ["template d/k1: another template has the id 'd-one'"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff", "t.yaml: byte 0 is not UTF-8. Save the file as UTF-8."),
        (b"a" * 4_000_001, "t.yaml: the file has 4,000,001 characters. Import files of at most 4,000,000."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "t.yaml").write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_file(tmp_path / "t.yaml")
    assert str(caught.value) == message


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.yaml: No such file or directory\. Check the path\.$"):
        read_file(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("ids", "tag", "dataset", "expected"),
    [
        (("d-two",), None, None, ["d-two"]),
        (("mine", "d-one"), None, "x", ["mine", "d-one"]),
        ((), None, "d", ["d-one", "d-two"]),
        ((), "t", None, ["mine"]),
        ((), "t", "d", []),
        ((), None, None, []),
    ],
)
def test_templates_are_chosen_by_id_or_by_tag_and_data_set(
    store: Store, tmp_path: Path, ids: tuple, tag: str | None, dataset: str | None, expected: list
) -> None:
    source = "---\nid: mine\ndescription: Mine\ninputs: {}\ntags: [t]\n---\nHello\n"
    (tmp_path / "mine.prompt.md").write_text(source, encoding="utf-8")
    bring(store, tmp_path, GOOD)
    assert [one.id for one in chosen(store, tmp_path, ids, tag=tag, dataset=dataset)] == expected


def test_an_unknown_id_is_not_found(store: Store, tmp_path: Path) -> None:
    with pytest.raises(NotFound) as caught:
        chosen(store, tmp_path, ("no",), tag=None, dataset=None)
    assert str(caught.value) == "There is no template 'no'. See `concord template list` for those there are."
