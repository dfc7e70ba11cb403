"""How two exports differ: their settings, and what they counted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, cast

from concord.records.kinds import Json

_PARTS = ("format", "options", "counts", "projects", "evidence", "templates", "guidelines", "models")


class Difference(NamedTuple):
    """One value that two manifests do not share; None where a manifest does not have it."""

    what: str
    before: Json
    after: Json


def differences(before: dict[str, Any], after: dict[str, Any]) -> tuple[Difference, ...]:
    """What is not the same in two manifests: settings first, then counts, then what the rows rest on.

    >>> differences({"counts": {"in": 3, "dropped": {"tie": 1}}}, {"counts": {"in": 4, "dropped": {}}})
    (Difference(what='counts in', before=3, after=4), Difference(what='counts dropped tie', before=1, after=None))
    """
    one, other = (dict(_flat({part: found.get(part) for part in _PARTS})) for found in (before, after))
    return tuple(
        Difference(" ".join(name), one.get(name), other.get(name))
        for name in dict.fromkeys((*one, *other))
        if one.get(name) != other.get(name)
    )


def _flat(value: Json, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Json]]:
    """Every value that is no mapping, with the names that lead to it."""
    if isinstance(value, dict):
        for name, below in cast("dict[str, Json]", value).items():
            yield from _flat(below, (*path, name))
    else:
        yield path, value
