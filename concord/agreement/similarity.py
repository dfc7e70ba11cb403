"""How alike two texts are, four ways; each from 0, nothing in common, to 1, the same text, whichever comes first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import numpy as np
from rapidfuzz.distance import LCSseq, Levenshtein
from rapidfuzz.process import cpdist
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from concord.records.kinds import Floats

Measure = Literal["levenshtein", "rouge_l", "chrf", "bleu"]
Pairs = Sequence[tuple[str, str]]

_CHRF, _BLEU = CHRF(), BLEU(effective_order=True)


def levenshtein(texts: Pairs) -> Floats:
    """1 - d / (length of the longer), with d the least number of characters to insert, delete or replace.

    >>> levenshtein([("kitten", "sitting"), ("", "")]).round(4).tolist()
    [0.5714, 1.0]
    """
    left, right = [one for one, _ in texts], [other for _, other in texts]
    return cpdist(left, right, scorer=Levenshtein.normalized_similarity, dtype=np.float64)


def rouge_l(texts: Pairs) -> Floats:
    """ROUGE-L, the F1 of the longest common subsequence of words: 2 LCS / (length a + length b) (Lin 2004).

    >>> rouge_l([("police killed the gunman", "police kill the gunman")]).tolist()
    [0.75]
    """
    words = [(one.split(), other.split()) for one, other in texts]
    return np.array(
        [2 * LCSseq.similarity(a, b) / (len(a) + len(b)) if a or b else 1.0 for a, b in words], dtype=np.float64
    )


def chrf(texts: Pairs) -> Floats:
    """chrF, an F-score of the character sequences of length 1 to 6, recall counting twice (Popović 2015).

    By sacrebleu, with its settings. It takes one text as the reference: this is the mean of both ways round.

    >>> chrf([("the cat sat", "the cat sat"), ("the cat sat", "")]).tolist()
    [1.0, 0.0]
    """
    return _both_ways(texts, lambda one, other: _CHRF.sentence_score(one, [other]).score)


def bleu(texts: Pairs) -> Floats:
    """Sentence BLEU, precision of the sequences of 1 to 4 words (Papineni et al. 2002), smoothed.

    By sacrebleu with its settings and the effective order, the mean of both ways round. It says little of a single
    pair: read the mean.

    >>> bleu([("the cat sat on the mat", "the cat sat on the mat")]).round(6).tolist()
    [1.0]
    """
    return _both_ways(texts, lambda one, other: _BLEU.sentence_score(one, [other]).score)


SIMILARITIES: Mapping[Measure, Callable[[Pairs], Floats]] = {
    "levenshtein": levenshtein,
    "rouge_l": rouge_l,
    "chrf": chrf,
    "bleu": bleu,
}


def _both_ways(texts: Pairs, score: Callable[[str, str], float]) -> Floats:
    """The mean of both ways round, from 0 to 1; two equal texts are alike, also empty ones."""
    return np.array(
        [1.0 if one == other else (score(one, other) + score(other, one)) / 200 for one, other in texts],
        dtype=np.float64,
    )
