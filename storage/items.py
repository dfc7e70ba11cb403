"""Items with their place in the queue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast
from uuid import UUID

import orjson
import pyarrow as pa

from concord.errors import NotFound
from concord.records.item import Item, Message
from concord.records.kinds import ItemKind
from concord.turns import message_of, prompt_key, turn_of
from storage.engine import Engine, Query


class Items:
    """The things to judge."""

    engine: Engine

    def add_items(self, items: Sequence[Item], *, overlap: int) -> int:
        """Store items and queue them for `overlap` annotators each.

        Returns:
            How many are new; an item that is there already stays as it is.
        """
        if not items:
            return 0
        columns = item_columns(items)
        return self.engine.write(lambda query: insert_items(query, columns, overlap))

    def items(self, project_id: UUID, *, limit: int | None = None) -> list[Item]:
        """The prompts that want answers, in queue order; items of another kind are no part of a data set."""
        found = self.engine.read(
            f"{SELECT_ITEM.replace('i.arm', 'q.arm')} join queue q on q.item_id = i.id "
            "where i.project_id = $1 and i.kind = 'response' "
            "order by q.position limit $2::bigint",
            project_id,
            limit,
        )
        return [item_record(row) for row in found]

    def item(self, item_id: UUID) -> Item:
        """The item of that id."""
        found = self.engine.read(f"{SELECT_ITEM} where i.id = $1", item_id)
        if not found:
            raise NotFound(f"There is no item {item_id}. Check the id.")
        return item_record(found[0])

    def item_kinds(self, project_id: UUID) -> set[ItemKind]:
        """Of which kinds a project has items."""
        return {
            kind for (kind,) in self.engine.read("select distinct kind from items where project_id = $1", project_id)
        }

    def named_item(self, project_id: UUID, name: str) -> Item:
        """The item of that name in a project."""
        found = self.engine.read(f"{SELECT_ITEM} where i.project_id = $1 and i.name = $2", project_id, name)
        if not found:
            raise NotFound(f"The project has no item {name!r}. Check the name.")
        return item_record(found[0])

    def item_ids(self, project_id: UUID) -> dict[str, UUID]:
        """The id of each item, by its name."""
        return {name: item_id for name, (item_id, _) in self.item_keys(project_id).items()}

    def item_keys(self, project_id: UUID) -> dict[str, tuple[UUID, UUID]]:
        """Id and prompt key of each item, by its name."""
        found = self.engine.read("select name, id, prompt_key from items where project_id = $1", project_id)
        return {name: (item_id, prompt_key) for name, item_id, prompt_key in found}


SELECT_ITEM = (
    "select i.id, i.project_id, i.name, i.messages, i.kind, i.arm, i.target, i.row_id, i.template_id, "
    "i.template_version, i.tools from items i"
)


def item_record(row: tuple[Any, ...]) -> Item:
    """The record of a row of `SELECT_ITEM`."""
    item_id, project_id, name, messages, *rest, tools = row
    turns = tuple(message_of(turn) for turn in orjson.loads(messages))
    return Item(item_id, project_id, name, turns, *rest, tools=tuple(orjson.loads(tools)) if tools else ())


def messages_json(messages: Sequence[Message]) -> str:
    """A prompt as it is stored."""
    return orjson.dumps([turn_of(message) for message in messages]).decode()


def prompt_texts(batch: pa.RecordBatch) -> Iterator[str]:
    """The texts of prompts, by which they are known and compared; the first column of a batch has their messages."""
    for messages in cast("list[str]", batch.column(0).to_pylist()):
        yield "\n".join(turn["content"] for turn in orjson.loads(messages))


def item_columns(items: Sequence[Item]) -> dict[str, Sequence[object]]:
    """Items as columns of the table."""
    return {
        "id": [item.id for item in items],
        "project_id": [item.project_id for item in items],
        "name": [item.name for item in items],
        "kind": [item.kind for item in items],
        "arm": [item.arm for item in items],
        "messages": [messages_json(item.messages) for item in items],
        "target": [item.target for item in items],
        "row_id": [item.row_id for item in items],
        "template_id": [item.template_id for item in items],
        "template_version": [item.template_version for item in items],
        "prompt_key": [prompt_key(item.messages) for item in items],
        "tools": [orjson.dumps(item.tools).decode() if item.tools else None for item in items],
    }


def insert_items(query: Query, columns: dict[str, Sequence[object]], overlap: int, *, ahead: bool = False) -> int:
    """Insert items and queue those that are new, in the order given, behind all others or ahead of them."""
    new = query.insert("items", columns, unless="id")
    count = len(columns["id"])
    project_id = columns["project_id"][0]
    [(head, last)] = query(
        "select coalesce(min(position), 1), coalesce(max(position), 0) from queue where project_id = $1", project_id
    )
    first = head - count if ahead else last + 1
    query.insert(
        "queue",
        {
            "item_id": columns["id"],
            "project_id": columns["project_id"],
            "position": range(first, first + count),
            "wanted": [overlap] * count,
            "taken": [0] * count,
            "drafts": [0] * count,
            "arm": columns["arm"],
        },
        unless="item_id",
    )
    return new
