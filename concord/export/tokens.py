"""How long texts are in tokens: counted by a tokenizer that somebody names, or estimated from their characters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from concord.errors import InputError
from concord.records.kinds import Ints

CHARACTERS = 4
"""Characters of English that a token has on average, by OpenAI's rule of thumb; other languages have fewer."""


@dataclass(frozen=True)
class Counter:
    """Counts tokens.

    Attributes:
        name: what counts, in words.
        count: the tokens of each text, without those that a chat template adds.
        cut: the text as far as so many tokens reach.
    """

    name: str
    count: Callable[[Sequence[str]], Ints]
    cut: Callable[[str, int], str]


def _estimated(texts: Sequence[str]) -> Ints:
    return np.array([-(-len(text) // CHARACTERS) for text in texts], np.int64)


def _estimated_cut(text: str, tokens: int) -> str:
    return text[: CHARACTERS * tokens]


ESTIMATE = Counter(f"estimated at {CHARACTERS} characters a token", _estimated, _estimated_cut)


def counter(path: str | None) -> Counter:
    """What counts tokens.

    Args:
        path: a `tokenizer.json`, or a folder that has one; None for the estimate.

    Raises:
        InputError: the library is missing, or the file is none of its kind.
    """
    if path is None:
        return ESTIMATE
    file = Path(path) / "tokenizer.json" if Path(path).is_dir() else Path(path)
    try:
        from tokenizers import Tokenizer
    except ImportError as error:
        raise InputError("Counting tokens needs the package 'tokenizers'. Install it, or name no tokenizer.") from error
    try:
        tokenizer: Any = Tokenizer.from_file(str(file))
    except Exception as error:  # the library raises no narrower one
        raise InputError(f"{path}: this is no tokenizer ({error}). Name a tokenizer.json.") from error

    def ids(texts: Sequence[str]) -> list[Any]:
        return tokenizer.encode_batch(list(texts), add_special_tokens=False)

    def count(texts: Sequence[str]) -> Ints:
        return np.array([len(one.ids) for one in ids(texts)], np.int64)

    def cut(text: str, tokens: int) -> str:
        ends = ids([text])[0].offsets[:tokens]
        return text[: ends[-1][1]] if ends else ""

    return Counter(f"counted by {file.name}", count, cut)
