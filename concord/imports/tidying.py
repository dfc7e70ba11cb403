"""Texts of a file in one form, by stated rules: what looks the same is the same, and what nobody sees is gone.

The rules, in this order: every kind of line end is a line feed; NUL, control signs and signs of no width go; accents
are composed with their letters (NFC); two or more blank lines are one; blanks at both ends go.
"""

from __future__ import annotations

import re
from typing import cast
from unicodedata import normalize

from concord.imports.reading import Record, as_text
from concord.records.kinds import Json

_LINE_END = re.compile("\r\n?|[\u2028\u2029\x85]")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2060\ufeff\u00ad]")
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")


def tidy_text(text: str) -> str:
    r"""The text by the rules; tidying it again changes nothing.

    >>> tidy_text("\ufeffcafe\u0301 \r\n\r\n\r\n\r\nau lait\x00 ")
    'café \n\nau lait'
    """
    seen = normalize("NFC", _UNSEEN.sub("", _LINE_END.sub("\n", text)))
    return _BLANK_LINES.sub("\n\n", seen).strip()


def tidy_record(record: Record) -> Record:
    """The record with every text tidied, at any depth; names of fields stay. Where that changes nothing, itself."""
    data = cast("dict[str, Json]", _tidy(record.data))
    return record if data == record.data else Record(record.line, data, as_text(data))


def _tidy(value: Json) -> Json:
    match value:
        case str():
            return tidy_text(value)
        case list():
            return [_tidy(one) for one in value]
        case dict():
            return {name: _tidy(one) for name, one in value.items()}
        case _:
            return value
