"""Labelling configs: the one that a pushed project gets, and what the controls of any other are called.

A config is XML. Tags with `value="$key"` show the data of that key; tags with `toName` are controls and give results.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from concord.errors import InputError
from concord.records.project import Settings
from concord.records.rubric import Criterion, Question

RANKING, EDIT, COMPARISON = "rank", "edited", "better"
RATING, LABEL = "rating_", "label_"
"""What the controls of a pushed project are called; behind the last two stands the name of criterion or question."""
PROMPT, RESPONSES, PREFILL, HEADING = "prompt", "items", "draft", "heading"
RESPONSE = "response"
"""Keys of a pushed task's data that the config shows; responses that are not listed are numbered: `response1`, …"""
ITEM, DRAFTS, BEGUN, ASKED = "concord_item", "concord_drafts", "concord_draft", "concord_asked"
"""Keys that it does not show: the ids of the item, of its drafts in the order shown, and of the draft that the text
begins with; and the controls."""

COMPARED: Sequence[tuple[str, str]] = (
    ("first-much", "Response 1 is much better"),
    ("first-clearly", "Response 1 is clearly better"),
    ("first-slightly", "Response 1 is slightly better"),
    ("tie", "Both are equally good"),
    ("second-slightly", "Response 2 is slightly better"),
    ("second-clearly", "Response 2 is clearly better"),
    ("second-much", "Response 2 is much better"),
    ("both-bad", "Both are bad"),
)
"""All that can be said of two responses. It is one control: of two, such as Pairwise and a strength, one can stay
unanswered, or contradict the other."""

_MOST_CHARACTERS = 1_000_000
_JOINER = "\N{WORD JOINER}"
_REQUIRED = {"required": "true", "requiredMessage": "Answer every question, then submit."}


class Tag(NamedTuple):
    """One tag of a config, in document order.

    Attributes:
        kind: the tag itself: `Ranker`, `Text`, …
        key: the key of the data that it shows, or begins with; empty when there is none.
        to: the names of the tags that a control is about; empty for what is no control.
        choices: the values that its results can have, in order; of a Ranker, its buckets; of a Rating, and of a Number
            with few, its numbers.
        multi: whether several of them can be chosen.
    """

    kind: str
    name: str
    key: str
    to: tuple[str, ...]
    choices: tuple[str, ...]
    multi: bool = False


def labelling_config(settings: Settings) -> str:
    """The screen that a project has in Label Studio: the prompt, the responses, and one control for each answer."""
    view = Element("View")
    SubElement(view, "Text", name=PROMPT, value=f"${PROMPT}")
    match settings.task:
        case "rank" | "rank+edit":
            _add_ranker(view)
        case "compare" | "compare+edit":
            _add_compared(view)
        case "rate" | "rate+edit":
            _add_response(view, 1, "Response")
            for criterion in settings.rubric:
                _add_criterion(view, criterion)
        case "label":
            _add_response(view, 1, f"${HEADING}")
            for question in settings.questions:
                _add_question(view, question)
        case "edit":
            pass
    if "edit" in settings.task:
        _add_text(view)
    ElementTree.indent(view)
    return ElementTree.tostring(view, encoding="unicode") + "\n"


def _add_ranker(view: Element) -> None:
    SubElement(view, "Header", value="Rank the responses, best on top")
    SubElement(view, "List", name="answers", value=f"${RESPONSES}", title="Responses")
    SubElement(view, "Ranker", name=RANKING, toName="answers")


def _add_text(view: Element) -> None:
    SubElement(view, "Header", value="Write the answer as it should be")
    box = {"name": EDIT, "toName": PROMPT, "value": f"${PREFILL}"}
    SubElement(view, "TextArea", box, editable="true", maxSubmissions="1", rows="12")


def _add_compared(view: Element) -> None:
    beside = SubElement(view, "View", style="display: grid; grid-template-columns: 1fr 1fr; gap: 24px")
    for number in (1, 2):
        _add_response(SubElement(beside, "View"), number, f"Response {number}")
    SubElement(view, "Header", value="Which response is better, and how much?")
    _add_choices(view, COMPARISON, COMPARED)


def _add_response(view: Element, number: int, heading: str) -> None:
    SubElement(view, "Header", value=heading)
    SubElement(view, "Text", name=f"{RESPONSE}{number}", value=f"${RESPONSE}{number}")


def _add_criterion(view: Element, criterion: Criterion) -> None:
    """Stars where the scale is a number of them, else its numbers to choose from."""
    low, high = criterion.low, criterion.high
    words = [f"{n}: {word}" for n, word in ((low, criterion.low_word), (high, criterion.high_word)) if word]
    asked = criterion.question or criterion.name
    SubElement(view, "Header", value=_shown(f"{asked} ({', '.join(words)})" if words else asked))
    name = RATING + criterion.name
    if low == 1:
        SubElement(view, "Rating", _REQUIRED, name=name, toName=PROMPT, maxRating=str(high))
    else:
        numbers = [str(number) for number in range(low, high + 1)]
        _add_choices(view, name, [(number, number) for number in numbers], inline=True)


def _add_question(view: Element, question: Question) -> None:
    SubElement(view, "Header", value=_shown(question.question or question.name))
    choices = [(choice, choice) for choice in question.choices]
    _add_choices(view, LABEL + question.name, choices, multi=question.multi)


def _add_choices(
    view: Element, name: str, choices: Sequence[tuple[str, str]], *, multi: bool = False, inline: bool = False
) -> None:
    """Choices, each with what a result calls it and what is shown of it."""
    control = SubElement(view, "Choices", _REQUIRED, name=name, toName=PROMPT)
    control.set("choice", "multiple" if multi else "single-radio")
    control.set("showInline", "true" if inline else "false")
    for result, shown in choices:
        SubElement(control, "Choice", alias=result, value=_shown(shown))


def _shown(text: str) -> str:
    """A text that is shown as it is: Label Studio puts data in the place of what begins with a dollar sign."""
    return text.replace("$", f"${_JOINER}")


def tags(config: str) -> tuple[Tag, ...]:
    """The named tags of a config.

    Raises:
        InputError: it is not XML, or declares entities, which no config needs.
    """
    if len(config) > _MOST_CHARACTERS or "<!" in config.replace("<!--", ""):
        raise InputError("The labelling config is too long, or declares entities. Simplify it in Label Studio.")
    try:
        root = ElementTree.fromstring(config)
    except ElementTree.ParseError as error:
        raise InputError(f"The labelling config is not XML ({error}). Correct it in Label Studio.") from error
    return tuple(_tag(element) for element in root.iter() if element.get("name"))


def _tag(element: Element) -> Tag:
    to = tuple(name.strip() for name in element.get("toName", "").split(",") if name.strip())
    value = element.get("value", "")
    inner = [part for part in element.iter() if part.tag in ("Choice", "Bucket", "Label")]
    choices = tuple(_result_of(part) for part in inner) or _numbers(element)
    key = value[1:] if value.startswith("$") else ""
    return Tag(element.tag, element.get("name", ""), key, to, choices, element.get("choice") == "multiple")


def _numbers(element: Element) -> tuple[str, ...]:
    ends = {"Rating": ("1", element.get("maxRating", "5")), "Number": (element.get("min", ""), element.get("max", ""))}
    low, high = ends.get(element.tag, ("", ""))
    counted = re.fullmatch(r"\d{1,2}", low) and re.fullmatch(r"\d{1,2}", high)
    return tuple(str(number) for number in range(int(low), int(high) + 1)) if counted else ()


def _result_of(part: Element) -> str:
    """What a result calls a choice: its alias before its value; a bucket has a name."""
    return part.get("alias") or part.get("value") or part.get("name") or ""
