"""New prompts by the demo drafter, which is no language model: it turns the sentences that it is given around.

It answers the requests of an enrichment, which it knows by the name of the structure that they ask for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import orjson

from concord.drafting.prompt_reading import Sentence, split_sentences
from concord.drafting.salience import by_centrality, keywords, listed
from concord.records.item import Message
from concord.records.kinds import Json

_METHODS = ("prompts_paraphrase", "prompts_reverse", "prompts_self_instruct")
_TURN = re.compile(
    r"\s+(?=(?:about|after|and|as|at|because|before|but|by|for|from|if|in|of|on|or|so|that|to|when|with|without)\s)"
)
_BLOCK = re.compile(r"^<(\w+)>\n.*?^</\1>$", re.MULTILINE | re.DOTALL)
_FIELD = re.compile(r"[A-Z][\w ]{0,20}: [^.?!]+")
_BULLET = re.compile(r"[-*•] |\d+[.)] ")
_LEADS = ("Here is your task.", "Please do the following for me now.", "What I need from you is this.")


def new_prompts(messages: Sequence[Message], structure: Mapping[str, Json] | None, *, seed: int) -> str | None:
    r"""The answer to a request for new prompts, as JSON; None when the request asks for something else.

    >>> structure = {"json_schema": {"name": "prompts_paraphrase"}}
    >>> new_prompts([Message("user", "Name the capital of France.")], structure, seed=0)[:42]
    '{"prompts":["Of France: name the capital."'
    """
    name = _name(structure)
    if name not in _METHODS:
        return None
    given = next((message.content for message in messages if message.role == "user"), "")
    match name:
        case "prompts_paraphrase":
            texts = list(_paraphrases(given))
        case "prompts_reverse":
            texts = list(_questions(given))
        case _:
            texts = _after([message.content for message in messages if message.role == "assistant"], seed)
    return orjson.dumps({"prompts": list(dict.fromkeys(texts))}).decode()


def _name(structure: Mapping[str, Json] | None) -> str:
    match structure:
        case {"json_schema": {"name": str(name)}}:
            return name
        case _:
            return ""


# ---- paraphrases: what is asked is turned around, what is to be worked on stays


def _paraphrases(text: str) -> Iterator[str]:
    block = _BLOCK.search(text)
    asked, material = (text.replace(block[0], ""), f"\n\n{block[0]}") if block else (text, "")
    lines = [line.strip() for line in asked.split("\n") if line.strip()] or [text]
    yield "\n".join(map(_turned_line, reversed(lines))) + material
    for place, lead in enumerate(_LEADS, 1):
        rotated = [*lines[place:], *lines[:place]]
        yield "\n".join([lead, *map(_turned_line, rotated)]) + material
    words = list(dict.fromkeys(keywords(asked)))
    yield f"Somebody asks for your help with {listed(words[-4:]) or 'this'}. What do you answer them?{material}"


def _turned_line(line: str) -> str:
    """The sentences of a line in the opposite order, each turned; a field such as 'Product: Lamp' stays."""
    if _FIELD.fullmatch(line):
        return line
    bullet = _BULLET.match(line)
    mark = bullet[0] if bullet else ""
    sentences = list(split_sentences(line.removeprefix(mark))) or [line]
    return mark + " ".join(map(_turned, reversed(sentences)))


def _turned(sentence: str) -> str:
    """The end before the begin: 'Name the capital of France.' becomes 'Of France: name the capital.'."""
    body = sentence.rstrip(".?!:;,")
    end = sentence[len(body) :].lstrip(",;") or "."
    places = [found.start() for found in _TURN.finditer(body)]
    if not places:
        return f"{body}{end}"
    middle = min(places, key=lambda place: abs(place - len(body) / 2))
    return f"{_upper(body[middle:].strip())}: {_lower(body[:middle])}{end}"


# ---- questions that an answer answers


def _questions(answer: str) -> Iterator[str]:
    sentences = [Sentence("", text) for text in split_sentences(answer)] or [Sentence("", answer.strip())]
    for form, sentence in zip(_FORMS, by_centrality(sentences), strict=False):
        yield form.format(_lower(sentence.text.rstrip(".?!")))
    words = list(dict.fromkeys(chain.from_iterable(keywords(sentence.text) for sentence in sentences)))
    yield f"What is there to say about {listed(words[:3]) or 'this'}?"


_FORMS = ("Is it true that {}?", "Why would somebody say that {}?", "Under which circumstances does it hold that {}?")


# ---- prompts after the example of others


def _after(examples: Sequence[str], seed: int) -> list[str]:
    """Prompts about the words of the examples; the seed says where to begin."""
    in_how_many = Counter(chain.from_iterable(set(keywords(example)) for example in examples))
    # What the examples share are their rules; what only one of them says is what it is about.
    words = [word for word, times in in_how_many.items() if times == 1] or list(in_how_many) or ["this"]
    words.sort()
    return [
        pattern.format(*(words[(seed + 5 * place + step * 3) % len(words)] for step in range(3)))
        for place, pattern in enumerate(_rotated(_PATTERNS, seed))
    ]


_PATTERNS = (
    "Compare {0}, {1} and {2}.",
    "Explain {0} to a child by means of {1} and {2}.",
    "Which mistakes with {0} lead to {1}, and how does {2} help?",
    "List five uses of {0}. Leave out {1} and {2}.",
    "Write a short letter in which {0} is praised, {1} regretted and {2} promised.",
)


def _rotated(patterns: Sequence[str], seed: int) -> list[str]:
    start = seed % len(patterns)
    return [*patterns[start:], *patterns[:start]]


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    """The first letter small, unless a name or an abbreviation begins with it."""
    word = text.split(" ", 1)[0]
    return text if len(word) > 1 and word.isupper() else text[:1].lower() + text[1:]
