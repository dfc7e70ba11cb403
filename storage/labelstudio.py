"""Which projects and items are in a Label Studio, and how they were shown there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import orjson

from concord.records.labelstudio import LabelStudioLink, LabelStudioTask
from storage.annotations import count_places
from storage.engine import Engine, Query
from storage.presentations import drafts_seen
from storage.turns import forget_doubts


class LabelStudio:
    """The other side of the bridge, as far as it is known here."""

    engine: Engine

    def labelstudio_link(self, project_id: UUID) -> LabelStudioLink | None:
        """The project of a Label Studio that a project is tied to, if it is."""
        found = self.engine.read(
            "select project_id, url, number, reading, linked_at from labelstudio_links where project_id = $1",
            project_id,
        )
        if not found:
            return None
        [(owner, url, number, reading, linked_at)] = found
        return LabelStudioLink(owner, url, number, orjson.loads(reading) if reading else None, linked_at)

    def save_labelstudio_link(self, link: LabelStudioLink) -> None:
        """Tie a project to one of a Label Studio; what was noted under an earlier link no longer counts."""
        reading = None if link.reading is None else orjson.dumps(link.reading).decode()

        def job(query: Query) -> None:
            query(
                "delete from labelstudio_tasks where project_id = $1 and not exists (select 1 from labelstudio_links l "
                "where l.project_id = $1 and l.url = $2 and l.number = $3 and l.linked_at = $4)",
                link.project_id,
                link.url,
                link.number,
                link.linked_at,
            )
            query(
                "insert into labelstudio_links values ($1, $2, $3, $4, $5) on conflict (project_id) do update set "
                "url = excluded.url, number = excluded.number, reading = excluded.reading, "
                "linked_at = excluded.linked_at",
                link.project_id,
                link.url,
                link.number,
                reading,
                link.linked_at,
            )

        self.engine.write(job)

    def labelstudio_tasks(self, project_id: UUID) -> list[LabelStudioTask]:
        """The tasks that show items of a project, by their number."""
        found = self.engine.read(
            "select item_id, project_id, number, shown, noted_at from labelstudio_tasks where project_id = $1 "
            "order by number",
            project_id,
        )
        return [
            LabelStudioTask(item_id, owner, number, tuple(map(UUID, orjson.loads(shown))), noted_at)
            for item_id, owner, number, shown, noted_at in found
        ]

    def drafts_seen(self, item_id: UUID) -> list[tuple[UUID, ...]]:
        """The drafts that were shown of an item, at the desk or in Label Studio; the first time first."""
        return drafts_seen(self.engine.read, item_id)

    def withdraw(self, judged: Sequence[tuple[UUID, str]], now: datetime) -> int:
        """What came from a Label Studio and is deleted there counts no more, and its places are free.

        Args:
            judged: items, each with the annotator whose judgements of it are withdrawn.
            now: when.

        Returns:
            How many annotations were withdrawn.
        """
        item_ids, annotators = [str(item_id) for item_id, _ in judged], [annotator for _, annotator in judged]
        gone = "(select unnest($1::uuid[]) as item_id, unnest($2::text[]) as annotator)"

        def job(query: Query) -> int:
            withdrawn = query(
                f"insert into undone select a.id, $3 from annotations a join {gone} g on g.item_id = a.item_id "
                "and g.annotator = a.annotator where a.origin = 'labelstudio' "
                "and a.id not in (select annotation_id from undone) returning annotation_id",
                item_ids,
                annotators,
                now,
            )
            query(
                "delete from assignments where presentation_id is null and done_at is not null "
                f"and (item_id, annotator) in {gone}",
                item_ids,
                annotators,
            )
            count_places(query, item_ids)
            forget_doubts(query, [item_id for item_id, _ in judged])
            return len(withdrawn)

        return self.engine.write(job)

    def note_labelstudio_tasks(self, tasks: Sequence[LabelStudioTask]) -> None:
        """Note which tasks show which items; of an item the first note stays."""
        if not tasks:
            return
        columns: dict[str, Sequence[object]] = {
            "item_id": [task.item_id for task in tasks],
            "project_id": [task.project_id for task in tasks],
            "number": [task.number for task in tasks],
            "shown": [orjson.dumps([str(draft) for draft in task.shown]).decode() for task in tasks],
            "noted_at": [task.noted_at for task in tasks],
        }
        self.engine.write(lambda query: query.insert("labelstudio_tasks", columns, unless="item_id"))
