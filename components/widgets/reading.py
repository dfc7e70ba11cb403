"""What an annotator reads: the prompt and the drafts, always as plain text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from math import ceil
from string import ascii_uppercase

import streamlit as st

from components.widgets.text import formatted as as_markdown
from concord.records.draft import Draft
from concord.records.item import Message
from concord.records.kinds import Role

_LINE, _MOST_LINES, _SCROLLING_PX = 85, 11, 330
_CARD_LINE, _MOST_CARD_LINES, _CARD_PX = 45, 24, 600
_ROLES: dict[Role, str] = {"system": "System", "user": "User", "assistant": "Assistant", "tool": "Tool"}


def prompt_card(messages: Sequence[Message], *, may_scroll: bool = False) -> None:
    """The prompt: what the system is told behind a click, roles named when there is more than one user's message.

    Args:
        messages: the prompt.
        may_scroll: let a long prompt scroll in its card, so that what is judged stays in view.
    """
    said = [message for message in messages if message.role != "system"]
    scrolls = may_scroll and sum(lines_of(message.content) for message in said) > _MOST_LINES
    alone = [message.role for message in said] == ["user"]
    with st.container(border=True, gap="xsmall", height=_SCROLLING_PX if scrolls else "content"):
        for message in messages:
            if message.role == "system":
                with st.expander(_ROLES["system"], type="compact"):
                    st.text(message.content, width="stretch")
            else:
                st.caption("Prompt" if alone else _ROLES[message.role])
                st.text(message.content, width="stretch")


def rendered_card(messages: Sequence[Message], target: str | None) -> None:
    """What a template makes of a row: all of the prompt, and the answer that the row holds."""
    with st.container(border=True, gap="xsmall"):
        for message in messages:
            st.caption(_ROLES[message.role] if len(messages) > 1 else "Prompt")
            st.text(message.content)
    with st.container(border=True, gap="xsmall"):
        st.caption("Target")
        if target is None:
            st.caption("None: a person or a model writes the answer.")
        else:
            st.text(target)


def draft_cards(
    drafts: Sequence[Draft], below: Callable[[int], None] | None = None, *, formatted: bool = False
) -> None:
    """The drafts in the order shown, all alike: equal width, no model, no name; a very long one scrolls in its card.

    Args:
        drafts: in the order shown.
        below: draws what stands below each text, given its place from 0.
        formatted: show the texts as Markdown.
    """
    with st.grid(2, min_column_width=320, gap="small"):
        for place, (label, draft) in enumerate(zip(labels_of(drafts), drafts, strict=True)):
            with st.container(border=True, height="stretch", gap="xsmall"):
                draft_heading(label, place + 1)
                scrolls = lines_of(draft.text, line=_CARD_LINE) > _MOST_CARD_LINES
                with st.container(height=_CARD_PX, border=False) if scrolls else nullcontext():
                    draft_text(draft.text, formatted=formatted)
                if below:
                    below(place)


def draft_text(text: str, *, formatted: bool) -> None:
    """A text as it is, or as Markdown that fetches and opens nothing."""
    if formatted:
        st.markdown(as_markdown(text))
    else:
        st.text(text, width="stretch")


def answer_cards(drafts: Sequence[Draft], *, formatted: bool) -> None:
    """The one draft that is judged by itself, or none, as it is or as Markdown."""
    for draft in drafts:
        with st.container(border=True, gap="xsmall"):
            st.caption("Answer")
            draft_text(draft.text, formatted=formatted)


def draft_heading(label: str, number: int) -> None:
    """What a draft is called on the screen, and the key that ranks it."""
    st.markdown(f"**Draft {label}** :gray-badge[{number}]")


def labels_of(drafts: Sequence[Draft]) -> list[str]:
    """What the drafts are called on the screen: A, B, C and so on."""
    return [ascii_uppercase[n] if n < len(ascii_uppercase) else str(n + 1) for n in range(len(drafts))]


def lines_of(text: str, *, line: int = _LINE) -> int:
    r"""About how many lines a text takes on the screen.

    >>> lines_of("one\n\nthree")
    3
    """
    return sum(max(1, ceil(len(part) / line)) for part in text.split("\n"))
