"""What one annotation of a task says, as judgements; results are found by their control's name, never by position."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast
from uuid import UUID

from concord.labelstudio.reading import Control, Reading, compared
from concord.records.annotation import Comparison, Edit, Judgement, Labels, Ranking, Ratings, kind_of, label_set

UNTOUCHED = "rankings as they were shown"
UNANSWERED = "annotations without an answer"
HALF_FILLED = "half-filled answers"


class Taken(NamedTuple):
    """What an annotation gives.

    Attributes:
        judgements: what it says.
        left_out: what of it is no judgement, by reason.
        problems: results that cannot be read; without a full stop.
    """

    judgements: tuple[Judgement, ...]
    left_out: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


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
    """The judgements that an annotation's results make; ratings are joined, and so are labels.

    Where every control must be answered, ratings and labels count if all of them are there.
    """
    found: list[Judgement] = []
    left_out: list[str] = []
    problems: list[str] = []
    silent: set[str] = set()
    unreadable: set[str] = set()
    for control in screen.reading.controls:
        if control.meaning == "ignored":
            continue
        try:
            judgement = _judgement(control, results, screen)
        except _Untouched:
            left_out.append(UNTOUCHED)
        except _Unreadable as error:
            problems.append(f"the control {control.name!r} {error}")
            unreadable.add(control.meaning)
        else:
            _join(found, judgement)
            silent |= set() if judgement else {control.meaning}
    if not (found or left_out or problems):
        return Taken((), (UNANSWERED,))
    if screen.reading.strict:
        found = [one for one in found if kind_of(one) not in silent | unreadable]
        left_out += [HALF_FILLED] if silent else []
    return Taken(tuple(found), tuple(left_out), tuple(problems))


def _judgement(control: Control, results: Sequence[Mapping[str, Any]], screen: Screen) -> Judgement | None:
    """What one control says; None when it says nothing."""
    values = [_mapping(one.get("value")) for one in results if one.get("from_name") == control.name]
    return _READERS[control.meaning](control, values, screen) if values else None


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
    chosen = values[-1].get("selected") or next(iter(_chosen(control, values[-1:], screen)), None)
    if chosen is None:
        return None
    said = compared(str(chosen))
    if said is None:
        raise _Unreadable(f"says {chosen!r}, which names no side")
    two = [_draft(name, screen) for name in screen.reading.responses or screen.shown]
    if len(two) != 2:
        raise _Unreadable(f"compares two responses, but the task shows {len(two)}")
    one, other = sorted(two)
    match said.side:
        case "first":
            return Comparison(two[0], (one, other), said.strength)
        case "second":
            return Comparison(two[1], (one, other), said.strength)
        case neither:
            return Comparison(neither, (one, other))


def _rating(control: Control, values: Sequence[Mapping[str, Any]], screen: Screen) -> Judgement | None:
    value = values[-1].get("rating", values[-1].get("number"))
    if control.kind == "Choices":
        chosen = _chosen(control, values, screen)
        if not chosen:
            return None
        value = int(chosen[0]) if chosen[0].isdecimal() else chosen[0]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _Unreadable(f"says {value!r}, which is no number")
    if screen.reading.strict and f"{value:g}" not in control.choices:
        raise _Unreadable(f"says {value:g}, which is not on its scale")
    return Ratings({control.question or control.name: float(value)})


def _label(control: Control, values: Sequence[Mapping[str, Any]], screen: Screen) -> Judgement | None:
    chosen = _chosen(control, values, screen)
    if not chosen:
        return None
    return Labels({control.question or control.name: label_set(chosen) if control.multi else ", ".join(chosen)})


def _chosen(control: Control, values: Sequence[Mapping[str, Any]], screen: Screen) -> list[str]:
    """What is chosen, sorted.

    Raises:
        _Unreadable: it is not offered, or too much, where that is known.
    """
    chosen = sorted({text for value in values for text in _texts(value.get("choices")) if text.strip()})
    offered = set(chosen) <= set(control.choices) and (control.multi or len(chosen) <= 1)
    if screen.reading.strict and not offered:
        raise _Unreadable(f"says {', '.join(chosen)!r}, which it does not offer")
    return chosen


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
