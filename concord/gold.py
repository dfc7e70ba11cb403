"""Known answers: from a file in the interchange format, or from what a reviewer decided."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from concord.curation.known import known_answers
from concord.imports.ready import Adding, import_items
from concord.records.annotation import Adjudication
from concord.records.draft import Draft
from concord.records.gold import Known
from concord.records.item import Item
from concord.records.project import Project
from concord.records.row import ImportReport


class GoldStore(Protocol):
    """What known answers need of the store."""

    def item_keys(self, project_id: UUID) -> dict[str, tuple[UUID, UUID]]: ...
    def draft_keys(self, project_id: UUID) -> dict[UUID, dict[str, UUID]]: ...
    def adding_gold(self) -> AbstractContextManager[Adding]: ...
    def named_item(self, project_id: UUID, name: str) -> Item: ...
    def drafts(self, item_id: UUID) -> list[Draft]: ...
    def adjudications(self, project_id: UUID) -> list[Adjudication]: ...
    def add_gold(self, known: Sequence[Known], now: datetime) -> int: ...


@dataclass(frozen=True)
class _IntoGold:
    """A store whose imported annotations are what is known."""

    store: GoldStore

    def item_keys(self, project_id: UUID) -> dict[str, tuple[UUID, UUID]]:
        return self.store.item_keys(project_id)

    def draft_keys(self, project_id: UUID) -> dict[UUID, dict[str, UUID]]:
        return self.store.draft_keys(project_id)

    def adding(self) -> AbstractContextManager[Adding]:
        return self.store.adding_gold()


def gold_from_file(store: GoldStore, project: Project, path: Path) -> ImportReport:
    """Take the annotations of a file as known answers, whoever gave them; all or nothing.

    The file is one that `import` takes: its items and responses come along where they are new. Of several annotations
    of an item of one kind the last counts.

    Returns:
        What was done; `annotations` counts the known answers that are new.

    Raises:
        InputError: the file as a whole cannot be used.
    """
    return import_items(_IntoGold(store), project, path)


def gold_from_decision(store: GoldStore, project: Project, name: str, *, now: datetime) -> int:
    """Take what a reviewer approved for an item as its known answer; the item then leaves the data set.

    Returns:
        How many answers are new, one for each kind of judgement that the decision settles.

    Raises:
        NotFound: there is no such item.
        InputError: nothing was approved for it.
    """
    item = store.named_item(project.id, name)
    newest = next((one for one in store.adjudications(project.id) if one.item_id == item.id), None)
    answers = known_answers(newest, store.drafts(item.id))
    return store.add_gold([Known(project.id, item.id, answer) for answer in answers], now)
