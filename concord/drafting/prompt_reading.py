"""What a prompt asks and what it talks about, told apart by its form: for the demo drafter, which is no language model.

What stands between tags, such as <review> and </review>, is the text to work on. Without tags it is what remains when
labels and lines that begin like a request are taken away. A line 'Name: words' is a turn when two names or more speak.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from concord.records.item import Message

Want = Literal["choice", "summary", "reply", "answer"]


@dataclass(frozen=True)
class Sentence:
    """One sentence and who says it; `speaker` is empty in plain text."""

    speaker: str
    text: str


@dataclass(frozen=True)
class Reading:
    """What was found in a prompt.

    Attributes:
        want: the kind of answer that is asked for.
        choices: the answers to choose from, as listed; empty when none are.
        sentences: what there is to work on, in order; with choices, none.
    """

    want: Want
    choices: tuple[str, ...]
    sentences: tuple[Sentence, ...]


def read_prompt(messages: Sequence[Message]) -> Reading:
    r"""Tell what a prompt asks from what it talks about.

    >>> prompt = "Summarise the dialogue.\n\nCustomer: The lid is broken.\nAgent: Since when?"
    >>> reading = read_prompt([Message("user", prompt)])
    >>> reading.want, [sentence.speaker for sentence in reading.sentences]
    ('summary', ['Customer', 'Agent'])
    """
    rules = "\n".join(message.content for message in messages if message.role == "system")
    said = [message for message in messages if message.role != "system"]
    tagged, around = _split_at_tags(said[-1].content if said else "")
    lines = tagged or around
    turns, texts = _turns(lines), tagged or _texts(lines)
    requests = [part for line in around if (part := _request(line))]
    asked = "\n".join([rules.split("\n\n")[0], *requests])[:_MOST_ASKED]
    listing = "\n".join([rules, *(requests if turns or tagged else lines)])
    choices = _listed_choices(listing) or _offered_choices(asked)
    if choices:
        return Reading("choice", choices, ())
    sentences = tuple(turns or _exchange(said) or _plain(texts or lines))
    return Reading(_want(asked, bool(turns), len(texts) > 0 and len(said) < 2), (), sentences)


def _want(asked: str, dialogue: bool, text: bool) -> Want:
    if _SUMMARY.search(asked):
        return "summary"
    if dialogue or _REPLY.search(asked):
        return "reply"
    return "summary" if text and asked.strip() else "answer"


_MOST_ASKED = 5_000
_SUMMARY = re.compile(r"summar|\bsum (?:it )?up|\btl;?dr|\bgist\b|\brecap|\bheadline|\bhandover", re.IGNORECASE)
_REPLY = re.compile(r"\brepl(?:y|ies)\b|\brespon[ds]|\bnext (?:turn|message)|\bcustomer|\be-?mail", re.IGNORECASE)


# ---- lines: requests, labels, turns

_LABEL = re.compile(r"(?:\*\*)?(#?[A-Z][^:]{0,60}?)(?:\*\*)?:(?:\*\*)?\s+(\S.*)")
_NAME = re.compile(r"#?[A-Z][\w.'’-]*(?: [\w.'’()-]+){0,2}#?")
_FIELDS = """
answer article body context conversation date dialogue document email example headline input instruction
message note output passage product question rating review section sentiment stars subject summary task text
ticket title topic transcript
"""
_FIELD_NAMES = frozenset(_FIELDS.split())
_REQUEST = re.compile(
    r"(?:please |now |then )?(?:answer|assign|based on|be |choose|classify|decide|describe|do not |does |draft |"
    r"generate|give |given|here is|how would|in (?:one|two|three) |is (?:it|the|this)|keep |label|pick|rate|read |"
    r"reply|respond|select|sum |summari[sz]e|tell|the following|to sum up|use |what|which|would (?:the|you)|write|"
    r"you are|your task)",
    re.IGNORECASE,
)


def _lines(text: str) -> list[str]:
    """The lines that say something; rules such as '===' do not."""
    return [line.strip() for line in text.split("\n") if line.strip(" \t\r=-*_")]


_TAG = re.compile(r"^<(\w+)>", re.MULTILINE)


def _split_at_tags(text: str) -> tuple[list[str], list[str]]:
    """The lines between the first tag and its end, and the lines around them."""
    opening = _TAG.search(text)
    end = text.find(f"</{opening[1]}>", opening.end()) if opening else -1
    if opening is None or end < 0:
        return [], _lines(text)
    return _lines(text[opening.end() : end]), _lines(text[: opening.start()] + text[end + len(opening[0]) + 1 :])


def _request(line: str) -> str:
    """The part of a line that asks for something; empty when it asks for nothing."""
    body = _body(line)
    return line if _REQUEST.match(body) or line.endswith(":") else line.removesuffix(body)


def _body(line: str) -> str:
    """A line without the label ('Review: …') or the request ('Summarise: …') that it begins with."""
    found = _LABEL.match(line)
    if found and (found[1].lower() in _FIELD_NAMES or _REQUEST.match(found[1])):
        return found[2]
    return line


def _turns(lines: Sequence[str]) -> list[Sentence]:
    """The sentences of a dialogue written as 'Name: words'; none unless two names speak."""
    found = [match for line in lines if (match := _LABEL.match(_body(line)))]
    spoken = [(match[1], match[2]) for match in found if _NAME.fullmatch(match[1])]
    spoken = [(name, words) for name, words in spoken if name.lower() not in _FIELD_NAMES]
    if len({name for name, _ in spoken}) < 2:
        return []
    return [Sentence(name, text) for name, words in spoken for text in split_sentences(words)]


def _exchange(messages: Sequence[Message]) -> list[Sentence]:
    """The sentences of a conversation that is spread over several messages; none when there is only one message."""
    if len(messages) < 2:
        return []
    return [
        Sentence(message.role.capitalize(), text) for message in messages for text in split_sentences(message.content)
    ]


def _texts(lines: Sequence[str]) -> list[str]:
    """The lines, without their labels, that ask for nothing."""
    bodies = [_body(line) for line in lines if not line.endswith(":")]
    return [body for body in bodies if not _REQUEST.match(body)]


def _plain(lines: Sequence[str]) -> list[Sentence]:
    return [Sentence("", text) for line in lines for text in split_sentences(line)]


_SENTENCE_END = re.compile(r"(?<=[.!?…])(?<!Mr\.)(?<!Ms\.)(?<!Mrs\.)(?<!Dr\.)\s+(?=\W?[A-Z0-9])|(?<=[。！？])")
_MOST_WORDS = 60


def split_sentences(text: str) -> Iterator[str]:
    """The sentences of a text; one of more than 60 words is cut.

    >>> list(split_sentences("Mr. Brown paid 3.50. Was it enough? no"))
    ['Mr. Brown paid 3.50.', 'Was it enough? no']
    """
    for sentence in _SENTENCE_END.split(" ".join(text.split())):
        words = sentence.split(" ")
        if any(character.isalnum() for character in sentence):
            yield sentence if len(words) <= _MOST_WORDS else " ".join(words[:_MOST_WORDS]) + " …"


# ---- choices

_LISTED = re.compile(
    r"(?:one of|options|choices|labels|categories|classes|choose|pick|select)\b[^:\n]{0,80}:"
    r"[ \t]*(\S[^\n]*|(?:\n\s*[-*•] [^\n]+)+)",
    re.IGNORECASE,
)
_OFFERED = re.compile(
    r"\b([\w-]+(?:, [\w -]+?)*),? or ([\w-]+(?: [\w-]+){0,2})\?|"
    r"\bas ([\w-]+(?:, [\w-]+)*),? or ([\w-]+)|"
    r"\b(yes) or (no)\b",
    re.IGNORECASE,
)
_BULLET = re.compile(r"\n\s*[-*•] ")
_BETWEEN = re.compile(r"[,;|/]\s*(?:(?:or|and)\s+)?|\s+or\s+")
_LONGEST_CHOICE = 40


def _listed_choices(text: str) -> tuple[str, ...]:
    """The choices after 'one of:' or 'labels:', in the line, or one in each of the lines with bullets below it."""
    found = _LISTED.search(text)
    return _choices(found[1], _BULLET if found[1].startswith("\n") else _BETWEEN) if found else ()


def _offered_choices(asked: str) -> tuple[str, ...]:
    """The choices in 'is it positive or negative?' and 'answer yes or no'."""
    found = _OFFERED.search(asked)
    return _choices(", ".join(filter(None, found.groups())), _BETWEEN) if found else ()


def _choices(text: str, separator: re.Pattern[str]) -> tuple[str, ...]:
    parts = (part.strip(" \t.\"'“”") for part in separator.split(text))
    choices = tuple(dict.fromkeys(filter(None, parts)))
    return choices if len(choices) > 1 and max(map(len, choices)) <= _LONGEST_CHOICE else ()
