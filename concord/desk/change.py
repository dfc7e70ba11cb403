"""How far an edit went from its draft: characters changed, and words kept.

The distance is Levenshtein's: the fewest insertions, deletions and replacements of one character that make the text of
the draft. The kept share is the length of the longest common subsequence of words of draft and text over the number of
words of the draft, which is the recall R_lcs of ROUGE-L (Lin 2004, "ROUGE: a package for automatic evaluation of
summaries", equation 2) with the draft as the reference. A word is a run of letters, digits and underscores, as it is
written; so a script without blanks has few and long ones.
"""

from __future__ import annotations

import re

from rapidfuzz.distance import LCSseq, Levenshtein

from concord.records.annotation import Change

_WORD = re.compile(r"\w+")


def change_of(draft: str, text: str) -> Change:
    """What was changed of a draft.

    >>> change_of("It rains all day.", "It snows all day long.")
    Change(distance=9, kept=0.75)
    >>> change_of("...", "An answer.").kept is None
    True
    """
    words = _WORD.findall(draft)
    kept = LCSseq.similarity(words, _WORD.findall(text)) / len(words) if words else None
    return Change(Levenshtein.distance(draft, text), kept)
