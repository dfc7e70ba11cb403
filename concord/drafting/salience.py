"""Which sentences and which words matter most in a text, by counting words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from concord.drafting.prompt_reading import Sentence

FEW_WORDS = 4
_COMMON = """
able about above absolutely actually after afternoon again agent all almost already also always and another
answer any anybody anymore anything anyway are aren ask asked asks back bad because been before being believe
below best better big bit both briefly but came can cannot certainly classify come completely cool could
couldn course customer day days dear definitely did didn does doesn doing don done down each early easy either else
end enough especially even evening ever every everybody everyone everything exactly expect feel felt few
finally find fine first follow following for from fun get gets getting give given glad goes going gone gonna
good got great guess had half hard has hasn hate have haven having hear heard hello help her here hers hey
high him his hold hope hour hours how however idea instead interested into isn its just keep kept kind know
last later least left less let like little long look looks lot lots love low madam made make makes many matter
may maybe mean might mind mine minute minutes miss month months more morning most much must name need never
new next nice night nobody none not nothing now off often okay old once one only other our ours out over own
people perhaps person persons please pretty probably problem put quite rather read ready really remember reply
respond right said same say says second see seem seems seriously shall she short should since sir small some
somebody someone something soon sorry sound sounds start started still such suggest summarise summarize
summary suppose sure surprised take talk talking tell tells text than thank thanks that the their them then
there these they thing things think third this those though thought through time today told tomorrow too took
totally true try two under understand until use used usually very wait waiting want wants was wasn way week
weeks welcome well went were weren what whatever when where which while who why will wish with won wonderful
work worry worse worst would wouldn write wrong yeah year years yes yesterday yet you young your yours
"""
_WITHOUT_MEANING = frozenset(_COMMON.split())


def by_centrality(sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentences that share most words with the others first; those of under four words last."""
    bags = [frozenset(keywords(sentence.text)) for sentence in sentences]
    in_how_many = Counter(word for bag in bags for word in bag)

    def rank(number: int) -> tuple[bool, float, int]:
        shared = sum(in_how_many[word] - 1 for word in bags[number])
        few = len(sentences[number].text.split()) < FEW_WORDS
        return few, -shared / (1 + len(bags[number])) ** 0.5, number

    return [sentences[number] for number in sorted(range(len(sentences)), key=rank)]


def topics(sentences: Sequence[Sentence]) -> list[str]:
    """At most three words that return; of equals, the longer first. When none returns, none."""
    speakers = {word for sentence in sentences for word in keywords(sentence.speaker)}
    frequency = Counter(word for sentence in sentences for word in keywords(sentence.text) if word not in speakers)
    words = sorted(frequency, key=lambda word: (-frequency[word], -len(word), word))
    return [word for word in words[:3] if frequency[word] > 1]


def listed(words: Sequence[str]) -> str:
    """Words as a list in a sentence.

    >>> listed(["Ann", "Bob", "Eve"])
    'Ann, Bob and Eve'
    """
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def keywords(text: str) -> list[str]:
    """The words that carry meaning, in order."""
    return [word for word in re.findall(r"[^\W\d_]{3,}", text.lower()) if word not in _WITHOUT_MEANING]
