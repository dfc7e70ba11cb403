"""Labelling configs: the one that a pushed project gets, and what the controls of any other are called.

A config is XML. Tags with `value="$key"` show the data of that key; tags with `toName` are controls and give results.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from xml.etree import ElementTree

from concord.errors import InputError
from concord.records.kinds import Task

RANKING, EDIT = "rank", "edited"
PROMPT, RESPONSES, PREFILL = "prompt", "items", "draft"
ITEM, DRAFTS, BEGUN = "concord_item", "concord_drafts", "concord_draft"
"""Keys of a pushed task's data: what the config shows; then the ids of the item, of its drafts in the order shown, and
of the draft that the text begins with."""

_MOST_CHARACTERS = 1_000_000

_RANK = f"""\
  <Header value="Rank the responses, best on top"/>
  <List name="answers" value="${RESPONSES}" title="Responses"/>
  <Ranker name="{RANKING}" toName="answers"/>
"""
_EDIT = f"""\
  <Header value="Write the answer as it should be"/>
  <TextArea name="{EDIT}" toName="prompt" value="${PREFILL}" editable="true" maxSubmissions="1" rows="12"/>
"""


_CONTROLS: Mapping[Task, str] = {"rank": _RANK, "edit": _EDIT, "rank+edit": _RANK + _EDIT}


class Tag(NamedTuple):
    """One tag of a config, in document order.

    Attributes:
        kind: the tag itself: `Ranker`, `Text`, …
        key: the key of the data that it shows, or begins with; empty when there is none.
        to: the names of the tags that a control is about; empty for what is no control.
        choices: the values that its results can have, in order; of a Ranker, its buckets.
    """

    kind: str
    name: str
    key: str
    to: tuple[str, ...]
    choices: tuple[str, ...]


def labelling_config(task: Task) -> str:
    """The screen that a pushed project has for a task.

    Raises:
        InputError: the task is one of Concord's desk alone.
    """
    if task not in _CONTROLS:
        known = ", ".join(_CONTROLS)
        raise InputError(f"The task {task!r} has no screen in Label Studio. Choose one of {known}, or use the desk.")
    return f'<View>\n  <Text name="prompt" value="${PROMPT}"/>\n{_CONTROLS[task]}</View>\n'


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


def _tag(element: ElementTree.Element) -> Tag:
    to = tuple(name.strip() for name in element.get("toName", "").split(",") if name.strip())
    value = element.get("value", "")
    inner = [part for part in element.iter() if part.tag in ("Choice", "Bucket", "Label")]
    choices = tuple(_result_of(part) for part in inner)
    return Tag(element.tag, element.get("name", ""), value[1:] if value.startswith("$") else "", to, choices)


def _result_of(part: ElementTree.Element) -> str:
    """What a result calls a choice: its alias before its value; a bucket has a name."""
    return part.get("alias") or part.get("value") or part.get("name") or ""
