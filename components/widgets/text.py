"""Words on the screen: what somebody else wrote, made safe for places that read Markdown, and small phrases."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
import streamlit as st

from concord.agreement.label_sets import label_set
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


def moment(when: datetime) -> str:
    """A time, to the minute.

    >>> moment(datetime(2026, 5, 4, 9, 30))
    '4 May 2026, 09:30 UTC'
    """
    return f"{when:%-d %b %Y, %H:%M} UTC"


def moments(title: str) -> Any:
    """A column of times, said as `moment` says one."""
    return st.column_config.DatetimeColumn(f"{title} (UTC)", format="D MMM YYYY, HH:mm", timezone="UTC")


def filled(rows: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    """The rows of a table without the columns in which no row has anything.

    >>> filled([{"name": "ana", "note": "", "share": None}, {"name": "ben", "note": "", "share": 0}])
    [{'name': 'ana', 'share': None}, {'name': 'ben', 'share': 0}]
    """
    said = {name for row in rows for name, value in row.items() if value not in ("", None)}
    return [{name: value for name, value in row.items() if name in said} for row in rows]


def label_in_words(value: str) -> str:
    """A label, or several that were chosen at once.

    >>> label_in_words("warm"), label_in_words('["price","delivery"]'), label_in_words("[]")
    ('warm', 'delivery, price', 'none')
    """
    labels = label_set(value)
    return value if labels is None else ", ".join(sorted(labels)) or "none"


def shown(value: Json) -> str:
    """A value as text: text as it is, anything else as JSON.

    >>> shown("Why?"), shown([1, None])
    ('Why?', '[1,null]')
    """
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def refusal(message: str) -> None:
    """Say quietly why something was refused; the input stays."""
    st.markdown(f":orange[:small[{plain(message)}]]", width="content")
