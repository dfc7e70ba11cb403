"""What is asked about an answer: the criteria of a rubric, and questions with choices."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Criterion:
    """A question that is answered by a whole number.

    Attributes:
        name: what reports and exports call it.
        question: what the annotator is asked; empty where the name says it.
        low: the lowest number.
        high: the highest number.
        low_word: what the lowest number means.
        high_word: what the highest number means.
    """

    name: str
    question: str = ""
    low: int = 1
    high: int = 5
    low_word: str = ""
    high_word: str = ""


@dataclass(frozen=True)
class Question:
    """A question that is answered by one of several choices, or by some of them.

    Attributes:
        name: what reports and exports call it.
        choices: what can be chosen.
        question: what the annotator is asked; empty where the name says it.
        multi: whether several can be chosen at once.
    """

    name: str
    choices: tuple[str, ...]
    question: str = ""
    multi: bool = False
