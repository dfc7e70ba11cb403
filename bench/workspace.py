"""Workspaces for the tasks."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from concord.ids import new_id
from concord.records.project import Project, Settings
from storage.store import Store
from storage.workspace import open_workspace

PROJECT = "bench"


def fresh_workspace(folder: Path, settings: Settings | None = None) -> tuple[Store, Project]:
    """A new workspace with an empty project, in the place of an old one."""
    shutil.rmtree(folder, ignore_errors=True)
    store = open_workspace(folder)
    project = Project(new_id(), PROJECT, settings or Settings(), datetime.now(UTC))
    store.create_project(project)
    return store, project
