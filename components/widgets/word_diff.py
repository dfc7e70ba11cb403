"""What an edit changed of its draft, word by word."""

from __future__ import annotations

import re
from html import escape
from itertools import groupby
from typing import Literal

import streamlit as st
from rapidfuzz.distance import LCSseq

Sign = Literal["=", "-", "+"]

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
_OPEN: dict[Sign, str] = {
    "=": "<span>",
    "-": '<del style="border-radius: 3px; background: rgb(248 81 73 / .2)">',
    "+": '<ins style="border-radius: 3px; background: rgb(46 160 67 / .25); text-decoration: none">',
}
_CLOSE: dict[Sign, str] = {"=": "</span>", "-": "</del>", "+": "</ins>"}


def word_diff(before: str, after: str) -> None:
    """Show the text after the change, with what was added and what was taken away marked in it."""
    marked = "".join(f"{_OPEN[sign]}{escape(text)}{_CLOSE[sign]}" for sign, text in changes(before, after))
    st.html(f'<div dir="auto" style="white-space: pre-wrap; overflow-wrap: anywhere">{marked}</div>')


def changes(before: str, after: str) -> list[tuple[Sign, str]]:
    """What stayed, went and came, in runs of words; what went stands before what came in its place.

    >>> changes("It rains.", "It snows today.")
    [('=', 'It '), ('-', 'rains'), ('+', 'snows today'), ('=', '.')]
    """
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    found: list[tuple[Sign, str]] = []
    for same, steps in groupby(LCSseq.opcodes(old, new), key=lambda step: step.tag == "equal"):
        run = list(steps)
        gone = "".join(old[run[0].src_start : run[-1].src_end])
        come = "".join(new[run[0].dest_start : run[-1].dest_end])
        pieces: list[tuple[Sign, str]] = [("=", come)] if same else [("-", gone), ("+", come)]
        found += [piece for piece in pieces if piece[1]]
    return found
