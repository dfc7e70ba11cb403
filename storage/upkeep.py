"""Backup, restore and the check of a whole workspace."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

from concord.errors import DiskFull, InputError, WorkspaceBusy
from concord.ids import BLANK_KEY
from storage.engine import Engine, Query
from storage.migrations import require_known


@dataclass(frozen=True)
class Check:
    """One thing that was verified: how many records were looked at, and how many are wrong."""

    name: str
    looked_at: int
    wrong: int


_CONTENTS = (
    "select annotation_id from placements union all select annotation_id from edits union all "
    "select annotation_id from answers union all select annotation_id from bad_drafts union all "
    "select annotation_id from factual_checks"
)

_COPY = """
import os, shutil, sys
try:
    with open(sys.argv[1], "rb") as source, open(sys.argv[2], "wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
        target.flush()
        os.fsync(target.fileno())
except OSError as error:
    sys.exit(error.strerror)
"""
_CURE = "Choose another place or free some space."

# Each check counts what it looks at and what breaks the promise in its name.
_CHECKS = {
    "every item from a row names a row": (
        "select count(*), count(*) filter (where i.row_id not in (select id from rows)) "
        "from items i where i.row_id is not null"
    ),
    "every draft names an item": (
        "select count(*), count(*) filter (where item_id not in (select id from items)) from drafts"
    ),
    "every annotation names an item": (
        "select count(*), count(*) filter (where item_id not in (select id from items)) from annotations"
    ),
    "every annotation from the desk names its presentation": (
        "select count(*), count(*) filter (where presentation_id is null or presentation_id not in "
        "(select id from presentations)) from annotations where origin = 'desk'"
    ),
    "every annotation has its content": (
        f"select count(*), count(*) filter (where id not in ({_CONTENTS})) from annotations"
    ),
    "every ranking, edit and answer names an annotation": (
        f"select count(*), count(*) filter (where annotation_id not in (select id from annotations)) from ({_CONTENTS})"
    ),
    "every comparison names its drafts": (
        "select count(*), count(*) filter (where one_id not in (select id from drafts) "
        "or other_id not in (select id from drafts)) from comparisons"
    ),
    "every item knows the text of its template": (
        "select count(*), count(*) filter (where template_version not in (select version from templates)) "
        "from items where template_version is not null"
    ),
    "every saved template has its text": (
        "select count(*), count(*) filter (where version not in (select version from templates)) from saved_templates"
    ),
    "every decision names an item": (
        "select count(*), count(*) filter (where item_id not in (select id from items)) from adjudications"
    ),
    "what was taken back is there": (
        "select count(*), count(*) filter (where annotation_id not in (select id from annotations)) from undone"
    ),
    "every correction shows again what was shown": (
        "select count(*), count(*) filter (where c.draft_ids::text is distinct from p.draft_ids::text "
        "or c.item_id is distinct from p.item_id) from corrections k "
        "left join presentations c on c.id = k.presentation_id left join presentations p on p.id = k.corrects_id"
    ),
    "every known answer names an item": (
        "select count(*), count(*) filter (where item_id not in (select id from items)) from gold"
    ),
    "every skip, flag and comment names an item": (
        "select count(*), count(*) filter (where item_id not in (select id from items)) from ("
        "select item_id from skips union all select item_id from item_flags union all select item_id from comments) r"
    ),
    "nobody holds what they skipped": (
        "select count(*), count(*) filter (where exists (select 1 from assignments a where a.item_id = s.item_id "
        "and a.annotator = s.annotator and a.done_at is null)) from skips s"
    ),
    "every made prompt names its item, its sources and the decision that let it count": (
        "select count(*), count(*) filter (where item_id not in (select id from items) "
        "or adjudication_id not in (select id from adjudications) or item_id in ("
        """select item_id from (select item_id, unnest(from_json(sources, '["UUID"]')) as source from origins) s """
        "where source not in (select id from items))) from origins"
    ),
    "every item that wants a new prompt was asked for": (
        "select count(*), count(*) filter (where id not in (select id from enrichments)) from items "
        "where kind = 'prompt'"
    ),
    "every item is in the queue once, or retired": (
        "select count(*), count(*) filter (where (q.item_id is null) = (r.item_id is null)) from items i "
        "left join queue q on q.item_id = i.id left join retired r on r.item_id = i.id"
    ),
    "nobody has judged what is retired": (
        "select count(*), count(*) filter (where item_id in (select item_id from annotations)) from retired"
    ),
    "the queue knows the arm of its items": (
        "select count(*), count(*) filter (where q.arm <> case when i.id in (select item_id from gold) then 'gold' "
        "else i.arm end) from queue q join items i on i.id = q.item_id"
    ),
    "places taken are those of its annotators": (
        "select count(*), count(*) filter (where taken <> (select count(*) from assignments a "
        "where a.item_id = q.item_id)) from queue q"
    ),
    "the queue knows how many different drafts an item has": (
        "select count(*), count(*) filter (where q.drafts <> coalesce(d.number, 0)) from queue q left join ("
        f"select item_id, count(distinct text_key) as number from drafts where text_key <> '{BLANK_KEY}' "
        "group by item_id) d on d.item_id = q.item_id"
    ),
}


class Upkeep:
    """Keeping a workspace safe."""

    engine: Engine

    def backup(self, target: Path) -> int:
        """Copy the database, as of one moment, to `target`.

        Returns:
            Bytes written.
        """
        if target.resolve() == self.engine.path.resolve():
            raise InputError(f"{target}: this is the database itself. Choose another place.")

        def job(query: Query) -> int:
            query("force checkpoint")  # waits, where a plain one may be refused while a reader just ended
            _copy(self.engine.path, target)
            return target.stat().st_size

        return self.engine.alone(job)

    def verify(self) -> list[Check]:
        """Look through the whole workspace."""
        return [Check(name, *self.engine.read(sql)[0]) for name, sql in _CHECKS.items()]


def restore(source: Path, database: Path) -> None:
    """Put a backup in the place of a database that nobody has open.

    The present database stays beside it as `….before-restore`.

    Raises:
        InputError: `source` is not a backup.
        WorkspaceBusy: the database is open.
        WorkspaceTooNew: a newer Concord wrote the backup.
    """
    _require_backup(source)
    restored = _beside(database, "restored")
    try:
        _copy(source, restored)
        if database.exists():
            _require_closed(database)
            _keep(database, _beside(database, "before-restore"))
        _log(database).unlink(missing_ok=True)  # or an old log would be replayed into the restored file
        restored.replace(database)
    finally:
        restored.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    """Copy a file, whole or not at all.

    Another process reads it: this one would lose its lock on the database with the first other handle that it closes.
    """
    partial = _beside(target, "partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-I", "-S", "-c", _COPY, str(source), str(partial)]
        copied = subprocess.run(command, capture_output=True, text=True, check=False)
        if copied.returncode:
            raise DiskFull(f"{target}: {copied.stderr.strip()}. {_CURE}")
        partial.replace(target)
    except OSError as error:
        raise DiskFull(f"{target}: {error.strerror}. {_CURE}") from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink()


def _keep(database: Path, kept: Path) -> None:
    """Move a database away, with its log if it has one."""
    _log(kept).unlink(missing_ok=True)
    database.replace(kept)
    if _log(database).exists():
        _log(database).replace(_log(kept))


def _log(database: Path) -> Path:
    return _beside(database, "wal")


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(f"{path.name}.{ending}")


def _require_backup(source: Path) -> None:
    try:
        with duckdb.connect(str(source), read_only=True) as connection:
            [(version,)] = connection.execute("select max(version) from migrations").fetchall()
    except duckdb.Error as error:
        raise InputError(
            f"{source}: not a backup of a workspace. Choose a file that `concord backup` wrote."
        ) from error
    require_known(source, version)


def _require_closed(database: Path) -> None:
    try:
        # Opening for writing also folds the log into the file, so that what is kept beside is whole.
        duckdb.connect(str(database)).close()
    except duckdb.ConnectionException as error:
        raise WorkspaceBusy(f"{database}: this process has it open. Close the app and restore again.") from error
    except duckdb.Error as error:
        if "Conflicting lock" in str(error):
            raise WorkspaceBusy(f"{database}: another process has it open. Close the app and restore again.") from error
        # What cannot be opened is damaged: a reason to restore, and to keep it as it is.
