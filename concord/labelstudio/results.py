"""What one annotation of a task says, as judgements; results are found by their control's name, never by position."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast
from uuid import UUID

from concord.labelstudio.reading import Control, Reading, side
from concord.records.annotation import Comparison, Edit, Judgement, Labels, Ranking, Ratings


class Taken(NamedTuple):
    """The judgements of an annotation; `untouched` is a Ranker as it was shown; `problems` end without a full stop."""

    judgements: tuple[Judgement, ...]
    untouched: bool
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Screen:
    """What the annotator had before them.

    Attributes:
        reading: what the controls mean.
        shown: the listed responses by name, in the order shown.
        drafts: the item's drafts by the names that the task has for them.
        begun: the draft that the text began with.
    """

    reading: Reading
    shown: Sequence[str]
    drafts: Mapping[str, UUID]
    begun: UUID | None = None


class _Unreadable(Exception):
    """A result is not what its control gives."""


class _Untouched(Exception):
    """Nobody moved anything."""


def judgements_of(results: Sequence[Mapping[str, Any]], screen: Screen) -> Taken:
    """The judgements that an annotation's results make; ratings are joined, and so are labels."""
    found: list[Judgement] = []
    problems: list[str] = []
    untouched = False
    for control in screen.reading.controls:
        values = [one.get("value") for one in results if one.get("from_name") == control.name]
        if control.meaning == "ignored" or not values:
            continue
        try:
            _join(found, _READERS[control.meaning](control, [_mapping(value) for value in values], screen))
        except _Untouched:
            untouched = True
        except _Unreadable as error:
            problems.append(f"the control {control.name!r} {error}")
    return Taken(tuple(found), untouched, tuple(problems))


def _join(found: list[Judgement], further: Judgement | None) -> None:
    match further:
        case None:
            return
        case Ratings(values):
            present = next((one for one in found if isinstance(one, Ratings)), None)
            joined: Judgement = Ratings({**present.values, **values}) if present else further
        case Labels(values):
            present = next((one for one in found if isinstance(one, Labels)), None)
            joined = Labels({**present.values, **values}) if present else further
        case _:
            present, joined = None, further
    if present is not None:
        found.remove(present)
    found.append(joined)


def _ranking(control: Control, values: Sequence[Mapping[str, Any]], screen: Screen) -> Judgement | None:
    given: Any = values[-1].get("ranker")
    tiers = [[one] for one in _names(given)] if isinstance(given, list) else _tiers(control, _mapping(given))
    ranked = [name for tier in tiers for name in tier]
    if len(ranked) != len(set(ranked)):
        raise _Unreadable("ranks a response twice")
    everything = len(ranked) == len(screen.shown)
    if everything and (ranked == list(screen.shown) if not control.choices else len(tiers) == 1):
        raise _Untouched
    if not tiers:
        return None
    return Ranking(tuple(tuple(sorted(_draft(name, screen) for name in tier)) for tier in tiers))


def _tiers(control: Control, given: Mapping[str, Any]) -> list[list[str]]:
    """Buckets in the order of the config, or the one list there is, as tiers of one; `_` holds what nobody moved."""
    if control.choices:
        return [names for bucket in control.choices if (names := _names(given.get(bucket, [])))]
    ordered: Any = given[control.name] if control.name in given else next(iter(given.values()), None)
    return [[name] for name in _names(ordered or [])]


def _edit(control: Control, values: Sequence[Mapping[str, Any]], screen: Screen) -> Judgement | None:
    texts = [text for value in values for text in _texts(value.get("text"))]
    text = "\n".join(texts)
    begun = screen.drafts.get(control.begins, screen.begun)
    return Edit(begun, text) if text.strip() else None


def _comparison(control: Control, values: Sequence[Mapping[str, Any]], screen: Screen) -> Judgement | None:
    chosen = values[-1].get("selected") or next(iter(_texts(values[-1].get("choices"))), "")
    match side(str(chosen)):
        case "first":
            return Comparison(_draft(screen.reading.responses[0], screen))
        case "second":
            return Comparison(_draft(screen.reading.responses[1], screen))
        case "tie":
            return Comparison("tie")
        case "both_bad":
            return Comparison("both_bad")
        case _:
            raise _Unreadable(f"says {chosen!r}, which names no side")


def _rating(control: Control, values: Sequence[Mapping[str, Any]], screen: Screen) -> Judgement | None:
    value = values[-1].get("rating", values[-1].get("number"))
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _Unreadable(f"says {value!r}, which is no number")
    return Ratings({control.name: float(value)})


def _label(control: Control, values: Sequence[Mapping[str, Any]], screen: Screen) -> Judgement | None:
    chosen = sorted({text for value in values for text in _texts(value.get("choices")) if text.strip()})
    return Labels({control.name: ", ".join(chosen)}) if chosen else None


def _draft(name: str, screen: Screen) -> UUID:
    if name not in screen.drafts:
        raise _Unreadable(f"names the response {name!r}, which the item does not have")
    return screen.drafts[name]


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _Unreadable("has a result without a value")
    return cast("Mapping[str, Any]", value)


def _names(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise _Unreadable("has a ranking that is no list")
    return [str(name) for name in cast("list[Any]", value)]


def _texts(value: Any) -> list[str]:
    """The texts of a result; what should be a list is now and then a bare text."""
    texts = cast("list[Any]", value) if isinstance(value, list) else [value]
    return [text for text in texts if isinstance(text, str)]


_READERS: Mapping[str, Callable[[Control, Sequence[Mapping[str, Any]], Screen], Judgement | None]] = {
    "ranking": _ranking,
    "edit": _edit,
    "comparison": _comparison,
    "rating": _rating,
    "label": _label,
}
