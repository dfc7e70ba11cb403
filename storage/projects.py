"""Projects, their settings and guidelines, and how far they are."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from concord.errors import Conflict, InputError, NotFound
from concord.records.project import Counts, Guidelines, Project, Settings, settings_of
from storage.engine import Engine, Query
from storage.remembered import Remembered
from storage.turns import forget_turns


class Projects:
    """What a lead sets up."""

    engine: Engine
    settings_known: Remembered[UUID, Settings]

    def create_project(self, project: Project) -> None:
        """Store a new project; the same one again is no error."""
        if not project.name.strip():
            raise InputError("A project needs a name. Give it one.")

        def job(query: Query) -> None:
            found = query("select id from projects where name = $1", project.name)
            if found and found[0][0] != project.id:
                raise Conflict(f"A project named {project.name!r} exists already. Choose another name.")
            query(
                "insert into projects values ($1, $2, $3, $4) on conflict (id) do nothing",
                project.id,
                project.name,
                _settings_json(project.settings),
                project.created_at,
            )

        self.engine.write(job)

    def projects(self) -> list[Project]:
        """All projects, oldest first."""
        return [_project(row) for row in self.engine.read(f"{_SELECT} order by created_at, name")]

    def project(self, name: str) -> Project:
        """The project of that name."""
        found = self.engine.read(f"{_SELECT} where name = $1", name)
        if not found:
            names = ", ".join(repr(project.name) for project in self.projects()) or "none yet"
            raise NotFound(f"There is no project {name!r} (there are: {names}). Check the name or create it.")
        return _project(found[0])

    def save_settings(self, project_id: UUID, settings: Settings) -> None:
        """Replace the project's settings; with another seed the desk's random order is drawn anew."""

        def job(query: Query) -> None:
            [(before,)] = query("select settings from projects where id = $1", project_id)
            query("update projects set settings = $2 where id = $1", project_id, _settings_json(settings))
            if settings_of(orjson.loads(before)).seed != settings.seed:
                forget_turns(query, project_id)

        self.engine.write(job)
        self.settings_known.forget()

    def settings(self, project_id: UUID) -> Settings:
        """The project's settings as they are now."""
        return self.settings_known.get(project_id, self._settings)

    def _settings(self, project_id: UUID) -> Settings:
        [(settings,)] = self.engine.read("select settings from projects where id = $1", project_id)
        return settings_of(orjson.loads(settings))

    def guidelines(self, project_id: UUID) -> Guidelines:
        """The newest guidelines; version 0, empty, when nobody wrote any."""
        found = self.engine.read(
            "select version, text from guidelines where project_id = $1 order by version desc limit 1",
            project_id,
        )
        return Guidelines(*found[0]) if found else Guidelines(0, "")

    def save_guidelines(self, project_id: UUID, text: str) -> Guidelines:
        """Add a version, unless the text is what it was."""
        now = datetime.now(UTC)

        def job(query: Query) -> Guidelines:
            found = query(
                "select version, text from guidelines where project_id = $1 order by version desc limit 1",
                project_id,
            )
            version, present = found[0] if found else (0, "")
            if text == present:
                return Guidelines(version, text)
            query("insert into guidelines values ($1, $2, $3, $4)", project_id, version + 1, text, now)
            return Guidelines(version + 1, text)

        return self.engine.write(job)

    def counts(self, project_id: UUID) -> Counts:
        """How far the project is with its answers.

        Items that were retired, are of another kind, or have a known answer count nowhere.
        """
        [row] = self.engine.read(
            """
            with other as (
              select id from items where project_id = $1 and kind <> 'response'
              union select item_id from gold where project_id = $1)
            select (select count(*) from rows where project_id = $1),
                   (select count(*) from queue where project_id = $1 and item_id not in (select id from other)),
                   (select count(*) from drafts where project_id = $1 and item_id not in (select id from other)
                    and item_id not in (select item_id from retired where project_id = $1)),
                   (select count(*) from current_annotations
                    where project_id = $1 and item_id not in (select id from other)),
                   (select count(distinct annotator) from annotations
                    where project_id = $1 and item_id not in (select id from other)),
                   (select count(*) from queue q where project_id = $1 and item_id not in (select id from other)
                    and wanted <= (
                      select count(*) from assignments a where a.item_id = q.item_id and a.done_at is not null))
            """,
            project_id,
        )
        return Counts(*row)

    def annotators(self, project_id: UUID) -> list[str]:
        """Everyone who has judged or been given an item of the project, by name."""
        found = self.engine.read(
            "select distinct annotator from assignments where project_id = $1 order by 1", project_id
        )
        return [name for (name,) in found]


_SELECT = "select id, name, settings, created_at from projects"


def _project(row: tuple[Any, ...]) -> Project:
    project_id, name, settings, created_at = row
    return Project(project_id, name, settings_of(orjson.loads(settings)), created_at)


def _settings_json(settings: Settings) -> str:
    return orjson.dumps(asdict(settings)).decode()
