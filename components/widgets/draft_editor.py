"""The draft editor: a text area with a live word diff against the draft, saved while somebody types."""

from __future__ import annotations

from typing import Any, cast

import streamlit as st
from streamlit.components.v2 import component

from components.widgets.parts import text_of as read
from components.widgets.unsaved import Unsaved
from concord.desk.autosave import State

_mount = component(
    "draft_editor",
    html=f"""
<div class="editor">
  {read("unsaved.html")}
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
    css=read("draft_editor.css", "unsaved.css"),
    js=read("unsaved.js", "draft_editor.js"),
)


def draft_editor(label: str, *, draft: str | None, unsaved: Unsaved, key: str) -> str:
    """Show the editor (in a form only: there a keystroke costs no run) and return the current text.

    Args:
        label: what the text area is called on the screen.
        draft: the text to compare with; None when the answer is written from nothing.
        unsaved: what the editor begins with; the draft, where there is no text in it.
        key: the widget's key; it holds the presentation's id.
    """
    text = _validated(unsaved.state.get("text"), draft)
    _mount(
        key=key,
        data={"key": key, "label": label, "draft": draft, "text": text, **unsaved.data},
        default={"text": text},
        on_text_change=lambda: None,  # a default needs its callback
    )
    return text_of(key, draft=draft, begun=unsaved.state)


def text_of(key: str, *, draft: str | None, begun: State) -> str:
    """The text as the browser last sent it, for callbacks; until it has sent any, what it began with."""
    state = {**begun, **cast("dict[str, Any]", st.session_state.get(key, {}))}
    return _validated(state.get("text"), draft)


def _validated(raw: object, draft: str | None) -> str:
    return raw if isinstance(raw, str) else draft or ""
