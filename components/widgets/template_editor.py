"""The template editor: numbered lines, the text reaching the page while somebody types, the wrong line marked."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple, cast

import streamlit as st
from streamlit.components.v2 import component

from concord.conversion.trial import Trial

_HERE = Path(__file__).parent
_PAUSE_MS = 300
_SLOT = "concord:template:"
_mount = component(
    "template_editor",
    html="""
<div class="template">
  <div class="bar" role="status" hidden>
    <span>This browser keeps a text of yours that was begun from another version.</span>
    <button type="button">Take it</button>
  </div>
  <div class="caption">
    <label for="source"></label>
    <span>
      <span class="state" role="status"></span> <button type="button" class="back" hidden>Discard the changes</button>
    </span>
  </div>
  <div class="frame">
    <div class="sheet" aria-hidden="true"></div>
    <textarea id="source" spellcheck="false" autocapitalize="off" autocomplete="off"></textarea>
  </div>
</div>
""",
    css=(_HERE / "template_editor.css").read_text(encoding="utf-8"),
    js=(_HERE / "template_editor.js").read_text(encoding="utf-8"),
)


class Begun(NamedTuple):
    """Where an editor begins.

    Attributes:
        key: the widget's key; it holds the template's id and the version that the text begins from.
        text: what is in the editor at first, and what “Discard the changes” goes back to.
        slot: under this name the browser keeps a text that is not saved.
        left: what was kept under this name is saved under another one, and not needed any more.
        is_new: nothing is saved yet, so that the text is kept from the start.
    """

    key: str
    text: str
    slot: str
    left: str | None
    is_new: bool


def template_editor(begun: Begun, trial: Trial) -> None:
    """Show the editor; what is in it, `source_of` knows before.

    Args:
        begun: where it begins.
        trial: what came of the text that is in it now.
    """
    left = begun.left if begun.left != begun.slot else None
    _mount(
        key=begun.key,
        data={
            "key": begun.key,
            "slot": f"{_SLOT}{begun.slot}",
            "left": f"{_SLOT}{left}" if left else None,
            "label": "Source",
            "text": begun.text,
            "is_new": begun.is_new,
            "line": trial.line,
            "pause_ms": _PAUSE_MS,
        },
        default={"text": begun.text},
        on_text_change=lambda: None,  # a default needs its callback
    )


def source_of(key: str, *, otherwise: str) -> str:
    """The text as the browser last sent it; it has not been sent when nothing was typed."""
    state = cast("dict[str, Any]", st.session_state.get(key, {}))
    text = state.get("text")
    return text if isinstance(text, str) else otherwise
