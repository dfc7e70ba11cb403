"""The schema: what it is, and that files of every age come to it or are refused."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from concord.errors import WorkspaceTooNew
from concord.ids import new_id
from storage.migrations import MIGRATIONS
from storage.store import Store
from storage.workspace import DATABASE, open_workspace

# A step that was released is never edited: files that ran it would be another schema than files that run it now.
RELEASED = (
    "7f49",
    "5e4a",
    "ac7b",
    "f12f",
    "a891",
    "3403",
    "6cf4",
    "08a3",
    "ca3b",
    "6a34",
    "d59c",
    "cf55",
    "c94c",
    "9cde",
    "15b5",
    "8834",
    "b637",
    "9935",
    "1258",
    "55e9",
    "585b",
    "9465",
    "1da9",
    "6113",
)

TABLES = {
    "uncounted",
    "adjudications",
    "annotations",
    "answers",
    "asked",
    "bad_drafts",
    "factual_checks",
    "reasons",
    "applications",
    "comments",
    "comparisons",
    "corrections",
    "item_flags",
    "open_flags",
    "skips",
    "assignments",
    "current_annotations",
    "draft_failures",
    "drafts",
    "edits",
    "enrichments",
    "exports",
    "gold",
    "gold_pages",
    "guidelines",
    "information_checks",
    "items",
    "kept_splits",
    "labelstudio_links",
    "labelstudio_tasks",
    "migrations",
    "named",
    "opinions",
    "origins",
    "placements",
    "presentations",
    "projects",
    "queue",
    "refused_prompts",
    "repeats",
    "retired",
    "rows",
    "runs",
    "saved_templates",
    "sent",
    "templates",
    "undone",
    "unsaved",
}


def columns(store: Store) -> list[tuple[str, str, str]]:
    return store.engine.read(
        "select table_name, column_name, data_type from information_schema.columns "
        "order by table_name, ordinal_position"
    )


def file_of_age(folder: Path, version: int) -> Path:
    """A database as the Concord of that schema left it."""
    folder.mkdir()
    with duckdb.connect(str(folder / DATABASE)) as connection:
        connection.execute("create table migrations(version integer primary key, name text, applied_at timestamptz)")
        for number, (name, sql) in enumerate(MIGRATIONS[:version], 1):
            connection.execute(sql)
            connection.execute("insert into migrations values (?, ?, ?)", [number, name, datetime.now(UTC)])
    return folder


def test_the_schema_has_these_tables(store: Store) -> None:
    assert {table for table, _, _ in columns(store)} == TABLES


def test_times_are_in_utc_and_ids_are_uuids(store: Store) -> None:
    kinds = {name: kind for _, name, kind in columns(store)}
    assert {kind for name, kind in kinds.items() if name.endswith(("_at", "_until"))} == {"TIMESTAMP WITH TIME ZONE"}
    assert {kinds[name] for name in ("project_id", "item_id", "presentation_id", "annotation_id")} == {"UUID"}


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
def test_a_file_of_any_age_is_brought_to_the_newest_schema(store: Store, tmp_path: Path, version: int) -> None:
    opened = open_workspace(file_of_age(tmp_path / "old", version))
    assert [line for line in columns(opened) if line[0] != "migrations"] == [
        line for line in columns(store) if line[0] != "migrations"
    ]
    assert opened.engine.read("select version from migrations order by 1") == [
        (number,) for number in range(1, len(MIGRATIONS) + 1)
    ]
    opened.close()


def test_a_text_that_was_not_submitted_is_there_after_an_upgrade(tmp_path: Path) -> None:
    folder, page, text = file_of_age(tmp_path / "old", 21), new_id(), 'He said "no"\n\tand \\ left: é'
    with duckdb.connect(str(folder / DATABASE)) as connection:
        connection.execute("insert into unsaved values (?, ?, now())", [page, text])
    opened = open_workspace(folder)
    assert opened.history(page).unsaved == {"edit": {"text": text}}
    opened.close()


def test_opening_again_changes_nothing(store: Store) -> None:
    applied = store.engine.read("select * from migrations")
    store.close()
    reopened = open_workspace(store.folder)
    assert reopened.engine.read("select * from migrations") == applied
    reopened.close()


def test_a_file_of_a_newer_concord_is_refused_and_let_go(tmp_path: Path) -> None:
    folder = file_of_age(tmp_path / "new", len(MIGRATIONS))
    newer = len(MIGRATIONS) + 1
    with duckdb.connect(str(folder / DATABASE)) as connection:
        connection.execute("insert into migrations values (?, 'of tomorrow', now())", [newer])
    with pytest.raises(WorkspaceTooNew) as caught:
        open_workspace(folder)
    assert str(caught.value) == (
        f"{folder / DATABASE}: a newer Concord wrote this workspace (schema {newer}; this one knows up to "
        f"{len(MIGRATIONS)}). Install the newer Concord, or choose another --workspace."
    )
    with duckdb.connect(str(folder / DATABASE)) as connection:
        assert connection.execute("select max(version) from migrations").fetchall() == [(newer,)]


def test_released_steps_are_not_edited() -> None:
    digests = tuple(hashlib.sha256(sql.encode()).hexdigest()[:4] for _, sql in MIGRATIONS)
    assert digests[: len(RELEASED)] == RELEASED
