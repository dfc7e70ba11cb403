"""The sheet of keys: all that the desk of a project listens to, on `?` or by its button."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from streamlit.components.v2 import component

from components.widgets.parts import text_of
from concord.desk.queue import STEPS, Step
from concord.records.kinds import Task

Keys = list[tuple[str, str]]
"""Keys with a blank between them, and what they do."""

_BY_STEP: Mapping[Step, Keys] = {
    "ranking": [
        ("1 … 9", "rank that draft next, best first"),
        ("=", "the next draft ties with the last one"),
        ("Backspace", "take back the last one"),
        ("↑ ↓", "move the focused draft, through every tie"),
        ("Delete", "unrank the focused draft"),
        ("L", "leave the rest unranked"),
        ("0", "all drafts are bad"),
    ],
    "comparison": [
        ("1 2", "that draft is better; pressed again, more strongly"),
        ("← →", "walk from one draft, through equally good, to the other"),
        ("=", "both are equally good"),
        ("0", "both are bad"),
    ],
    "rating": [
        ("0 … 9", "that number on the marked scale (0 for 10), then the next scale is marked"),
        ("Backspace", "take back the last one"),
    ],
    "label": [
        ("1 … 9", "that choice of the marked question; then the next one is marked"),
        ("Enter", "go on, where several can be chosen"),
        ("Backspace", "take back the last one"),
    ],
    "edit": [],
}
_FACTS: Keys = [("Y N X", "the next draft is factually right, wrong, cannot tell")]
_ALWAYS: Keys = [
    ("Ctrl+Enter", "submit and go on, also while typing"),
    ("U", "take back the last submit, right after it"),
    ("P", "drafts formatted, or plain"),
    ("K F M", "skip, flag, comment"),
    ("Esc", "close what is open"),
    ("?", "this sheet"),
]
_mount = component(
    "key_sheet",
    html="""
<div class="keys">
  <button type="button" class="open" aria-haspopup="dialog" aria-keyshortcuts="?">Keys <kbd>?</kbd></button>
  <dialog aria-labelledby="title">
    <header><h2 id="title">Keys</h2><button type="button" class="close">Close <kbd>Esc</kbd></button></header>
    <dl></dl>
  </dialog>
</div>
""",
    css=text_of("key_sheet.css"),
    js=text_of("elsewhere.js", "key_sheet.js"),
)


def key_sheet(tasks: Iterable[Task], *, checks: bool) -> None:
    """Draw the button that opens the sheet of the keys of these tasks, of factual checks too where they are asked."""
    _mount(key="key-sheet", data={"keys": keys_of(tasks, checks=checks)}, width="content")


def keys_of(tasks: Iterable[Task], *, checks: bool) -> Keys:
    """What the tasks listen to, the most used first.

    >>> keys_of(["rank+edit"], checks=True)[:2]
    [('Y N X', 'the next draft is factually right, wrong, cannot tell'), ('1 … 9', 'rank that draft next, best first')]
    """
    steps: list[Step] = [step for task in tasks for step in STEPS[task]]
    return [*(_FACTS if checks else []), *(keys for step in dict.fromkeys(steps) for keys in _BY_STEP[step]), *_ALWAYS]
