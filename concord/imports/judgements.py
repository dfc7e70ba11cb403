"""The annotations of an interchange line, read and checked against the line's responses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from hashlib import blake2b
from typing import cast, get_args
from uuid import UUID

import orjson

from concord.imports.sieve import is_blank
from concord.records.annotation import (
    Comparison,
    Edit,
    FactualChecks,
    Judgement,
    Labels,
    Ranking,
    Ratings,
    label_set,
)
from concord.records.kinds import Fact, Json, Kind, Strength

Fields = Mapping[str, Json]
Drafts = Mapping[str, UUID]


class Refused(Exception):
    """A line cannot be used: the field concerned, what was found, what to do."""

    def __init__(self, field: str, found: str, cure: str) -> None:
        super().__init__(found)
        self.field, self.found, self.cure = field, found, cure


def judgements_of(entries: Iterable[Json], drafts: Drafts) -> dict[tuple[str, Kind], Judgement]:
    """The judgements of one item, by annotator and kind; ratings and labels of one annotator are joined.

    Args:
        entries: the line's `annotations`.
        drafts: the item's drafts by name.

    Raises:
        Refused: one of them cannot be used.
    """
    found: dict[tuple[str, Kind], Judgement] = {}
    for entry in entries:
        if not isinstance(entry, dict):
            raise Refused("annotations", "an annotation is not an object", 'Write {"annotator": …, "kind": …}.')
        annotator, kind, judgement = _judgement(entry, drafts)
        present = found.get((annotator, kind))
        found[annotator, kind] = _joined(present, judgement, annotator) if present else judgement
    return found


def reasons_of(entries: Iterable[Json]) -> dict[tuple[str, Kind], str]:
    """The reasons that are given for judgements, by annotator and kind."""
    return {
        (str(entry.get("annotator")), cast("Kind", entry.get("kind"))): reason.strip()
        for entry in entries
        if isinstance(entry, dict) and isinstance(reason := entry.get("reason"), str)
    }


def fingerprint(judgement: Judgement) -> str:
    """The same for equal judgements, also after there came to be more that can be said: an old file is no news."""
    said = [
        f"{field.name}={value!r}"
        for field in fields(judgement)
        if (value := getattr(judgement, field.name)) != field.default
    ]
    return blake2b(f"{type(judgement).__name__}({', '.join(said)})".encode(), digest_size=8).hexdigest()


def _judgement(entry: Fields, drafts: Drafts) -> tuple[str, Kind, Judgement]:
    annotator, kind = entry.get("annotator"), entry.get("kind")
    if not isinstance(annotator, str) or not annotator.strip():
        raise Refused("annotator", "an annotation names no annotator", "Name one.")
    reader = _READERS.get(cast("Kind", kind)) if isinstance(kind, str) else None
    if reader is None:
        raise Refused("kind", f"{annotator!r} has an annotation of kind {kind!r}", f"Use one of {', '.join(_READERS)}.")
    return annotator, cast("Kind", kind), reader(annotator, entry, drafts)


def _joined(present: Judgement, further: Judgement, annotator: str) -> Judgement:
    if isinstance(present, Ratings) and isinstance(further, Ratings):
        return Ratings({**present.values, **further.values})
    if isinstance(present, Labels) and isinstance(further, Labels):
        return Labels({**present.values, **further.values})
    raise Refused("annotations", f"{annotator!r} judges this item twice in the same way", "Keep one of the two.")


def _edit(annotator: str, entry: Fields, drafts: Drafts) -> Edit:
    text, draft = entry.get("text"), entry.get("draft")
    if not isinstance(text, str) or is_blank(text):
        raise Refused("text", f"the edit of {annotator!r} has no text", "Fill it in or remove the annotation.")
    return Edit(None if draft is None else _draft(annotator, draft, drafts), text)


def _ranking(annotator: str, entry: Fields, drafts: Drafts) -> Ranking:
    ranks, all_bad = entry.get("ranks"), entry.get("all_bad")
    if isinstance(all_bad, list) and all_bad and not ranks:
        return Ranking((), tuple(sorted({_draft(annotator, name, drafts) for name in all_bad})))
    if not isinstance(ranks, dict) or not ranks:
        raise Refused("ranks", f"the ranking of {annotator!r} has no ranks", 'Write {"response": rank, …}, 1 is best.')
    tiers: dict[float, list[UUID]] = {}
    for name, rank in ranks.items():
        if isinstance(rank, bool) or not isinstance(rank, int | float):
            raise Refused("ranks", f"{annotator!r} gives {name!r} the rank {rank!r}", "Ranks are numbers, 1 is best.")
        tiers.setdefault(rank, []).append(_draft(annotator, name, drafts))
    return Ranking(tuple(tuple(sorted(tiers[rank])) for rank in sorted(tiers)))


def _comparison(annotator: str, entry: Fields, drafts: Drafts) -> Comparison:
    value, strength = entry.get("value"), entry.get("strength")
    between = _between(annotator, entry, drafts)
    decided = value not in ("tie", "both_bad")
    if strength is not None and not (decided and strength in get_args(Strength)):
        raise Refused(
            "strength",
            f"the comparison of {annotator!r} has the strength {strength!r}",
            f"Write one of {', '.join(get_args(Strength))} beside a response that is better, or leave it out.",
        )
    named = between if strength is not None or "between" in entry else None
    if value in ("tie", "both_bad"):
        return Comparison(value, named)
    better = _draft(annotator, value, drafts)
    if better not in between:
        raise Refused("value", f"{annotator!r} prefers {value!r}, which is not compared", "Name one of the two.")
    return Comparison(better, named, cast("Strength | None", strength))


def _between(annotator: str, entry: Fields, drafts: Drafts) -> tuple[UUID, UUID]:
    """The two that are compared: those that the entry names, or all that the item has."""
    names = entry.get("between")
    if names is None and len(drafts) == 2:
        names = list(drafts)
    if names is None:
        found = f"{annotator!r} compares, but the item has {len(drafts)} responses"
        raise Refused("value", found, 'Name the two, "between": ["a", "b"], or use a ranking.')
    two = sorted({_draft(annotator, name, drafts) for name in names}) if isinstance(names, list) else []
    if len(two) != 2:
        raise Refused("between", f"{annotator!r} compares {names!r}", "Name two different responses.")
    return two[0], two[1]


def _rating(annotator: str, entry: Fields, _: Drafts) -> Ratings:
    ratings = entry.get("ratings")
    if not isinstance(ratings, dict) or not ratings:
        raise Refused("ratings", f"the rating of {annotator!r} has no ratings", 'Write {"question": number, …}.')
    for question, value in ratings.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Refused("ratings", f"{annotator!r} rates {question!r} {value!r}", "Ratings are numbers.")
    return Ratings({question: float(cast("float", value)) for question, value in ratings.items()})


def _label(annotator: str, entry: Fields, _: Drafts) -> Labels:
    labels = entry.get("labels")
    if not isinstance(labels, dict) or not labels:
        raise Refused("labels", f"the label of {annotator!r} has no labels", 'Write {"question": "choice", …}.')
    return Labels({question: _choice(annotator, question, value) for question, value in labels.items()})


def _choice(annotator: str, question: str, value: Json) -> str:
    """The label; several labels at once, in any order, are kept as the JSON text of their sorted list."""
    if isinstance(value, list) and all(isinstance(label, str) and not is_blank(label) for label in value):
        return label_set(map(str, value))
    if value is None or isinstance(value, dict | list) or is_blank(value):
        raise Refused(
            "labels", f"{annotator!r} labels {question!r} {value!r}", "A label is a word or phrase, or a list of them."
        )
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _factual(annotator: str, entry: Fields, drafts: Drafts) -> FactualChecks:
    facts = entry.get("facts")
    if not isinstance(facts, dict) or not facts:
        raise Refused("facts", f"the factual check of {annotator!r} has no facts", 'Write {"response": "right", …}.')
    by_draft: dict[UUID, Fact] = {
        _draft(annotator, name, drafts): _fact(annotator, name, value) for name, value in facts.items()
    }
    return FactualChecks(dict(sorted(by_draft.items())))


def _fact(annotator: str, name: str, value: Json) -> Fact:
    if value not in get_args(Fact):
        raise Refused("facts", f"{annotator!r} calls {name!r} {value!r}", f"Use one of {', '.join(get_args(Fact))}.")
    return cast("Fact", value)


def _draft(annotator: str, name: Json, drafts: Drafts) -> UUID:
    found = drafts.get(str(name))
    if found is None:
        there = ", ".join(map(repr, drafts)) or "none"
        raise Refused("annotations", f"{annotator!r} names the response {name!r} (there are: {there})", "Correct it.")
    return found


_READERS: dict[Kind, Callable[[str, Fields, Drafts], Judgement]] = {
    "edit": _edit,
    "ranking": _ranking,
    "comparison": _comparison,
    "rating": _rating,
    "label": _label,
    "factual": _factual,
}
