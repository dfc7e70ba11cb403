"""Why a row is in a data set: the judgements that it rests on, and where its texts come from, row by row.

Annotators have pseudonyms of which nobody who only has the data set can tell the names: their order comes from a hash
keyed by the project's id. They are the same in all rows of an export. Rows that were chosen and that the format then
could not express have a line here too; the manifest counts them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import orjson

from concord.curation.splits import SPLITS
from concord.records.kinds import Json

FILE = "rows.jsonl"


class ExplainSource(Protocol):
    """What explaining needs of a source whose rows are selected."""

    def selected(self) -> Iterable[tuple[Any, ...]]: ...
    def judgements(self) -> Iterable[tuple[Any, ...]]: ...
    def origins_of_texts(self) -> Iterable[tuple[Any, ...]]: ...


class Several(NamedTuple):
    """The sources of a mixture, by the names of their projects, as one; items are called as in its rows."""

    sources: Mapping[str, ExplainSource]

    def selected(self) -> Iterator[tuple[Any, ...]]:
        """As of one source, split by split."""
        rows = [(project, row) for project, source in self.sources.items() for row in source.selected()]
        for split in SPLITS:
            for project, (of_split, item, name, *facts) in rows:
                if of_split == split:
                    yield split, (project, item), f"{project}/{name}", *facts

    def judgements(self) -> Iterator[tuple[Any, ...]]:
        """As of one source."""
        for project, source in self.sources.items():
            yield from (((project, item), *row) for item, *row in source.judgements())

    def origins_of_texts(self) -> Iterator[tuple[Any, ...]]:
        """As of one source."""
        for project, source in self.sources.items():
            yield from (((project, item), *row) for item, *row in source.origins_of_texts())


def keyed_pseudonyms(names: Iterable[str], key: UUID) -> dict[str, str]:
    """What each annotator is called outside: `a-01`, `a-02`, …, in the order of a keyed hash.

    >>> keyed_pseudonyms(["ann", "bob"], UUID(int=0)) == keyed_pseudonyms(["bob", "ann"], UUID(int=0))
    True
    """
    ordered = sorted(set(names), key=lambda name: blake2b(name.encode(), key=key.bytes).digest())
    return {name: f"a-{number:02d}" for number, name in enumerate(ordered, 1)}


def write_explained(source: ExplainSource, project_id: UUID, folder: Path) -> Path:
    """Write `rows.jsonl`, a line for each row of every split, in the order of the rows.

    Args:
        source: knows what was selected.
        project_id: keys the pseudonyms.
        folder: where the data set is.
    """
    judgements = _by_item(source.judgements())
    texts = _by_item(source.origins_of_texts())
    names = keyed_pseudonyms((row[0] for rows in judgements.values() for row in rows), project_id)
    path = folder / FILE
    with path.open("wb") as file:
        for row in _explained(source.selected(), judgements, texts, names):
            file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
    return path


def _by_item(rows: Iterable[tuple[Any, ...]]) -> dict[Any, list[tuple[Any, ...]]]:
    """What follows the item of each row, by item; the rows are in the order of items."""
    return {item: [row[1:] for row in same] for item, same in groupby(rows, key=itemgetter(0))}


def _explained(
    selected: Iterable[tuple[Any, ...]],
    judgements: Mapping[Any, list[tuple[Any, ...]]],
    texts: Mapping[Any, list[tuple[Any, ...]]],
    names: Mapping[str, str],
) -> Iterator[dict[str, Json]]:
    for split, item, name, template, version, people, agreement, adjudicated in selected:
        yield {
            "split": split,
            "item_id": name,
            "template_id": template,
            "template_version": version,
            "n_annotators": people,
            "agreement": agreement,
            "adjudicated": adjudicated,
            "judgements": [
                {"annotator": names[who], "kind": kind, "origin": origin, "says": _named(says)}
                for who, kind, origin, says in judgements.get(item, ())
            ],
            "drafts": [
                {"id": draft, "source": kind, "model": model, "prompt_hash": prompt, "params": orjson.loads(params)}
                for draft, kind, model, prompt, params in texts.get(item, ())
            ],
        }


def _named(says: str) -> dict[str, Json]:
    """Names with values, from a list of them as JSON."""
    return {one["name"]: one["value"] for one in orjson.loads(says)}
