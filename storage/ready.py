"""Ready-made items, drafts and annotations in one transaction of their own."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Sequence

from concord.records.annotation import Annotation
from concord.records.draft import Draft
from concord.records.item import Item
from storage.annotations import insert_annotations, record_annotators
from storage.drafts import draft_columns, insert_drafts
from storage.engine import Engine, Query
from storage.items import insert_items, item_columns


class Adding:
    """What is added here is stored when the block ends, unless it is discarded."""

    def __init__(self, query: Query) -> None:
        self._query = query

    def items(self, items: Sequence[Item], *, overlap: int) -> int:
        """Add items; returns how many are new."""
        return insert_items(self._query, item_columns(items), overlap) if items else 0

    def drafts(self, drafts: Sequence[Draft]) -> int:
        """Add drafts; returns how many are new."""
        return insert_drafts(self._query, draft_columns(drafts)) if drafts else 0

    def annotations(self, annotations: Sequence[Annotation]) -> int:
        """Add annotations, whose annotators then count among the item's; returns how many are new."""
        if not annotations:
            return 0
        new = insert_annotations(self._query, annotations)
        record_annotators(self._query, annotations)
        return new

    def discard(self) -> None:
        """Forget all of it."""
        self._query("rollback")
        self._query("begin")


class Ready:
    """Bulk work on items."""

    engine: Engine

    def add_ahead(self, item: Item, drafts: Sequence[Draft], *, overlap: int) -> None:
        """Store an item with its drafts, all or nothing, at the head of the queue."""
        items, columns = item_columns([item]), draft_columns(drafts) if drafts else None

        def job(query: Query) -> None:
            insert_items(query, items, overlap, ahead=True)
            if columns:
                insert_drafts(query, columns)

        self.engine.write(job)

    @contextlib.contextmanager
    def adding(self) -> Generator[Adding]:
        """Add items, drafts and annotations, all or nothing."""
        with self.engine.bulk(pausing=True) as cursor:  # it counts drafts and places, as the desk does
            yield Adding(Query(cursor))
