from __future__ import annotations

from concord.drafting.prompt_reading import Sentence
from concord.drafting.salience import by_centrality, listed, topics


def sentences(*texts: str) -> list[Sentence]:
    return [Sentence("", text) for text in texts]


def test_the_sentence_that_shares_most_words_comes_first():
    talk = sentences("Birds sing in spring.", "The kettle has a broken lid.", "A kettle needs its lid.")
    assert by_centrality(talk)[2] == talk[0]


def test_short_sentences_come_last():
    talk = sentences("Kettle, kettle.", "Nothing to see here, really.")
    assert by_centrality(talk) == [talk[1], talk[0]]


def test_topics_are_words_that_return():
    assert topics(sentences("A kettle with a lid.", "The lid of the kettle leaks.")) == ["kettle", "lid"]


def test_names_of_speakers_are_no_topics():
    assert topics([Sentence("Ann", "Ann, the kettle!"), Sentence("Bob", "Which kettle, Ann?")]) == ["kettle"]


def test_no_word_returns_in_a_short_text():
    assert topics(sentences("The kettle leaks.")) == []


def test_a_list_of_nothing_is_empty():
    assert listed([]) == ""
