"""Which language a text is in, when there is enough of it to be sure."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

_LETTERS, _SURE = 40, 0.95


@lru_cache(maxsize=16)
def language_of(text: str) -> str | None:
    """The ISO 639-1 code of a text's language; None for fewer than 40 letters, and where the language is not clear.

    >>> language_of("The quick brown fox jumps over the lazy dog, and nobody seems to mind.")
    'en'
    >>> language_of("OK") is None
    True
    """
    if sum(map(str.isalpha, text)) < _LETTERS:
        return None
    language, probability = _identifier().classify(text)
    return str(language) if probability >= _SURE else None


@cache
def _identifier() -> Any:
    """The identifier of languages, 97 of them; its model takes most of a second to read, so it is read when needed."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
