"""Words on the screen: what somebody else wrote, made safe for places that read Markdown, and small phrases."""

from __future__ import annotations

import re

import orjson
import streamlit as st

from concord.records.kinds import Json

_ALIVE = re.compile(r"[\\\[\]$~]|<(?=\S+[:@])")
_APART = re.compile(r"https?(?=:)|www(?=\.)|[\w.+-]+(?=@)|:(?=[\w+-])|-(?=>)|<(?=-)", re.IGNORECASE)
_JOINER = "\u2060"
_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!:$~<>|^&=])")


def plain(text: str) -> str:
    r"""The text with every sign of Markdown escaped, for labels, captions and messages.

    >>> plain("a_b :red[c] ![x](http://host/x.png)")
    'a\\_b \\:red\\[c\\] \\!\\[x\\]\\(http\\://host/x\\.png\\)'
    """
    return _MARKS.sub(r"\\\1", text)


def without_images(markdown: str) -> str:
    """A lead's own Markdown, in which an image stays text: fetching one would tell another host who reads it."""
    return markdown.replace("![", r"!\[")


def formatted(text: str) -> str:
    r"""A model's text as Markdown that can do nothing but look: no image, link, formula, colour or symbol comes of it.

    Brackets are escaped, and with them images, links and notes. What would become a link or a symbol without any is
    taken apart by a sign that nobody sees. Raw HTML stays text as long as nobody lets Streamlit render it.

    >>> print(formatted("**Bold** ![x](ftp) costs $3"))
    **Bold** !\[x\](ftp) costs \$3
    >>> formatted(":smile: -> www.host").count("\u2060")
    3
    """
    escaped = _ALIVE.sub(r"\\\g<0>", text)
    return _APART.sub(lambda found: f"{found[0]}{_JOINER}", escaped)


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "row"), counted(1200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def shown(value: Json) -> str:
    """A value as text: text as it is, anything else as JSON.

    >>> shown("Why?"), shown([1, None])
    ('Why?', '[1,null]')
    """
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def refusal(message: str) -> None:
    """Say quietly why something was refused; the input stays."""
    st.markdown(f":orange[:small[{plain(message)}]]", width="content")
