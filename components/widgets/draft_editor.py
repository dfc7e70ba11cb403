"""The draft editor: a text area with a live word diff against the draft, saved while somebody types."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import streamlit as st
from streamlit.components.v2 import component

_HERE = Path(__file__).parent
_AUTOSAVE_URL = "/api/v1/autosave"
_PAUSE_MS = 800
_mount = component(
    "draft_editor",
    html="""
<div class="editor">
  <div class="restore" role="status" hidden>
    <span>Newer text of yours is kept in this browser.</span><button type="button">Restore it</button>
  </div>
  <section>
    <div class="caption">
      <label for="answer"></label><span class="saved" role="status"></span>
      <button type="button" class="back" hidden>Restore the draft</button>
      <button type="button" class="changes" aria-pressed="false">Hide changes</button>
    </div>
    <textarea id="answer" dir="auto" spellcheck="true"></textarea>
  </section>
  <section class="against">
    <div class="caption">
      <span>Changes against the draft</span><span class="count"></span>
    </div>
    <div class="diff" dir="auto" role="region" aria-label="Changes against the draft"></div>
  </section>
</div>
""",
    css=(_HERE / "draft_editor.css").read_text(encoding="utf-8"),
    js=(_HERE / "draft_editor.js").read_text(encoding="utf-8"),
)


def draft_editor(label: str, *, draft: str | None, text: str, token: str, key: str) -> str:
    """Show the editor (in a form only: there a keystroke costs no run) and return the current text.

    Args:
        label: what the text area is called on the screen.
        draft: the text to compare with; None when the answer is written from nothing.
        text: what the editor begins with: the autosaved text, or the draft.
        token: the right to autosave, from `concord.desk.autosave.make_token`.
        key: the widget's key; it holds the presentation's id.
    """
    _mount(
        key=key,
        data={
            "key": key,
            "label": label,
            "draft": draft,
            "text": text,
            "url": _AUTOSAVE_URL,
            "token": token,
            "pause_ms": _PAUSE_MS,
        },
        default={"text": text},
        on_text_change=lambda: None,  # a default needs its callback
    )
    return text_of(key, otherwise=text)


def text_of(key: str, *, otherwise: str) -> str:
    """The text as the browser last sent it, for callbacks; it has not been sent when nothing was typed."""
    state = cast("dict[str, Any]", st.session_state.get(key, {}))
    text = state.get("text")
    return text if isinstance(text, str) else otherwise
