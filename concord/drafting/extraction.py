"""Drafts made from the prompt's own sentences: what the demo drafter answers with.

The most central sentences are quoted, listed or turned towards the reader. Everything follows from the prompt alone, so
the same prompt always has the same candidates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from concord.drafting.prompt_reading import Reading, Sentence, read_prompt
from concord.drafting.salience import FEW_WORDS, by_centrality, keywords, listed, topics
from concord.records.item import Message

_NOTHING = "There is no text in this prompt to draft from."


def candidates(messages: Sequence[Message]) -> tuple[str, ...]:
    r"""All the drafts for a prompt, each different, at least one.

    >>> candidates([Message("user", "Review: Great kettle.\nIs it positive or negative?")])
    ('positive', 'negative')
    """
    reading = read_prompt(messages)
    if reading.choices:
        return reading.choices
    return tuple(dict.fromkeys(_drafts(reading))) if reading.sentences else (_NOTHING,)


def _drafts(reading: Reading) -> Iterator[str]:
    match reading.want:
        case "summary" if reading.sentences[0].speaker:
            return _dialogue_summaries(reading.sentences)
        case "summary":
            return _text_summaries(reading.sentences)
        case "reply":
            return _replies(reading.sentences)
        case _:
            return _answers(reading.sentences)


# ---- summaries


def _dialogue_summaries(sentences: Sequence[Sentence]) -> Iterator[str]:
    central = by_centrality(sentences)
    speakers = listed(list(dict.fromkeys(sentence.speaker for sentence in sentences)))
    subject = listed(topics(sentences))
    topic = f"{speakers} talk about {subject}." if subject else f"{speakers} have a short talk."
    yield f"{topic} {_reported(central[:1])}"
    yield _reported([sentence for sentence in sentences if sentence in central[:2]])
    yield from _question_and_answer(sentences)
    yield "\n".join(f"- {sentence.speaker}: {sentence.text}" for sentence in sentences if sentence in central[:3])
    yield f"{_reported(sentences[:1])} In the end, {_reported(sentences[-1:])}"
    yield topic
    yield f"In short, {_reported(central[:1])}"
    yield f"{topic} It ends like this. {_reported(sentences[-2:])}"


def _reported(sentences: Sequence[Sentence]) -> str:
    """Who says what: 'Ann asks: “Why?” Bob says: “It is late.” Bob adds: “Good night.”'."""
    before = ("", *(sentence.speaker for sentence in sentences))
    return " ".join(
        f"{sentence.speaker} {_verb(sentence, again=sentence.speaker == last)}: “{sentence.text}”"
        for sentence, last in zip(sentences, before, strict=False)
    )


def _verb(sentence: Sentence, *, again: bool) -> str:
    if sentence.text.endswith("?"):
        return "asks"
    return "adds" if again else "says"


def _question_and_answer(sentences: Sequence[Sentence]) -> Iterator[str]:
    """The first real question, with what another speaker says to it."""
    for question, answer in pairwise(sentences):
        real = question.text.endswith("?") and len(question.text.split()) > FEW_WORDS
        if real and question.speaker != answer.speaker:
            yield f"{_reported([question])} {answer.speaker} answers: “{answer.text}”"
            return


def _text_summaries(sentences: Sequence[Sentence]) -> Iterator[str]:
    central = [sentence.text for sentence in by_centrality(sentences)]
    texts = [sentence.text for sentence in sentences]
    subject = listed(topics(sentences))
    yield " ".join(texts[:2])
    yield "\n".join(f"- {text}" for text in texts if text in central[:3])
    yield f"{texts[0]} It ends with: “{texts[-1]}”"
    yield " ".join(text for text in texts if text in central[:2])
    yield f"In short: {central[0]}"
    yield " ".join(texts[-2:])
    if subject:
        yield f"The text is about {subject}."
        yield f"The text is about {subject}: “{central[0]}”"


# ---- replies


class _Tone(NamedTuple):
    """How a reply begins, what it asks and what it promises."""

    opening: str
    question: str
    promise: str


def _replies(sentences: Sequence[Sentence]) -> Iterator[str]:
    own = _turns_of_the_other(sentences)
    whole = [sentence for turn in own for sentence in turn]
    opening, question, promise = _tone(whole, talk=len(own) > 1 or len(whole) < len(sentences))
    central = by_centrality(whole)
    problem = _statement(central, own[0])
    issue = restated(problem.text)
    latest = restated(_statement([sentence for sentence in central if sentence != problem] or central, own[-1]).text)
    notes = "\n".join(f"- {sentence.text}" for sentence in whole if sentence in central[:3])
    yield f"{opening} {issue} {promise} {question}"
    yield f"Hello, and thank you for the details. {latest} {promise}"
    yield f"{opening}\n\nThis is what I have noted:\n{notes}\n\nIs anything missing?"
    yield f"{opening} {_taken_up(whole)}"
    yield f"{issue} {promise}"
    yield f"Before I go on, one question. {question} {latest}"
    yield f"{issue} {_taken_up(whole)}"
    yield f"{issue} Did I get that right? {question}"


_STAFF = frozenset(("adviser", "advisor", "agent", "assistant", "bot", "clerk", "employee", "staff", "support"))


def _turns_of_the_other(sentences: Sequence[Sentence]) -> list[list[Sentence]]:
    """What the person who wants the reply said, turn by turn: the last speaker who is not staff."""
    speakers = [sentence.speaker for sentence in sentences]
    guests = [name for name in speakers if not _STAFF.intersection(name.lower().split())]
    other = (guests or speakers)[-1]
    turns = groupby(sentences, key=lambda sentence: sentence.speaker)
    return [list(turn) for speaker, turn in turns if speaker == other]


def _statement(central: Sequence[Sentence], turn: Sequence[Sentence]) -> Sentence:
    """The most central statement of a turn; without any, the most central sentence."""
    statements = (sentence for sentence in central if sentence in turn and not sentence.text.endswith("?"))
    return next(statements, central[0])


def _taken_up(sentences: Sequence[Sentence]) -> str:
    """The last question, or else the last words, and what becomes of it."""
    questions = [sentence.text for sentence in sentences if sentence.text.endswith("?")]
    if questions:
        return f"You ask: “{questions[-1]}” I will find out and write to you today."
    return f"You close with: “{sentences[-1].text}” I will see to it."


_TROUBLE = re.compile(
    r"\b(?:afraid|bad|broke|burn|cancel|can't|cannot|charged|complain|crash|damaged|defect|delay|disappoint|doesn't|drop|"
    r"error|fail|fault|flicker|hurt|late\b|leak|lost|missing|never|no longer|nobody|nois|not\b|poor|problem|refund|"
    r"return|smell|still|stopp|terrible|unable|unfortunately|waiting|wrong)",
    re.IGNORECASE,
)
_DETAILS = (
    (re.compile(r"\b(?:order|parcel|package|deliver|arriv|ship)", re.IGNORECASE), "your order number"),
    (re.compile(r"\b(?:charged|invoice|bill|paid|payment|card)", re.IGNORECASE), "the date and amount of the payment"),
    (re.compile(r"\b(?:password|log ?in|account|sign)", re.IGNORECASE), "the e-mail address of your account"),
    (re.compile(r"\b(?:error|crash|app\b|screen|update|install)", re.IGNORECASE), "the exact words of the error"),
    (re.compile(r"\b(?:book|room|flight|ticket|reserv|appoint)", re.IGNORECASE), "the date of your booking"),
)


def _tone(sentences: Sequence[Sentence], *, talk: bool) -> _Tone:
    """The tone for a talk under way, in which details may be known already, or for a first message."""
    text = " ".join(sentence.text for sentence in sentences)
    sorry = "I am sorry for the trouble." if _TROUBLE.search(text) else "Thank you for writing."
    promise = "I will look into it straight away."
    if talk:
        return _Tone(sorry, "Is there anything else that I should know?", promise)
    if not _TROUBLE.search(text):
        return _Tone(sorry, "Is there anything that we could do better?", "I will pass it on to the team.")
    detail = next((detail for pattern, detail in _DETAILS if pattern.search(text)), "when it began")
    return _Tone(sorry, f"Could you tell me {detail}?", promise)


_TURNED = {
    "i": "you", "me": "you", "my": "your", "mine": "yours", "myself": "yourself", "i'm": "you are", "i am": "you are",
    "i was": "you were", "i've": "you have", "i'd": "you would", "i'll": "you will", "we": "you", "us": "you",
    "our": "your", "we're": "you are", "we've": "you have", "we'll": "you will",
}  # fmt: skip
_PRONOUN = re.compile(rf"\b(?:{'|'.join(sorted(_TURNED, key=len, reverse=True))})\b(?!')", re.IGNORECASE)
_STATEMENT = re.compile(
    r"(?!.*\byou)(?!.*\?)(?:I|I'm|I've|We|We've|My|Our|The|This|It|There)\b(?=(?:.* ){3})", re.IGNORECASE
)
_INTERJECTIONS = re.compile(
    r"\A(?:(?:hi|hello|hey|well|yes|yeah|no|ok|okay|but|and|so|oh|dear \w+)\b[,.!]*\s+)+", re.IGNORECASE
)


def restated(text: str) -> str:
    """A writer's sentence as the one who replies would say it; quoted when it is no plain statement about the writer.

    >>> restated("Well, I'm still waiting for my refund!")
    'I understand that you are still waiting for your refund.'
    >>> restated("Where is it?")
    'You write: “Where is it?”'
    """
    statement = _INTERJECTIONS.sub("", text.replace("’", "'"))
    if not _STATEMENT.match(statement):
        return f"You write: “{text}”"
    turned = _PRONOUN.sub(lambda found: _TURNED[found[0].lower()], statement.rstrip(".! "))
    return f"I understand that {turned[0].lower()}{turned[1:]}."


# ---- answers


def _answers(sentences: Sequence[Sentence]) -> Iterator[str]:
    """For a question without a text to draw on: what a good answer would have to cover."""
    question = sentences[-1].text
    words = list(dict.fromkeys(word for sentence in sentences for word in keywords(sentence.text)))
    subject = listed(words[-2:]) or "the details"
    points = "\n".join(f"- {word}" for word in words[-4:] or ["the details"])
    yield f"“{question}” That depends on {subject}."
    yield f"A good answer should cover these points:\n{points}"
    yield f"Let me make sure that I understand you: “{question}” Is it {subject} that you care about most?"
    yield f"I would begin with {subject} and then look at the rest."
    yield f"Take it in two steps: first {subject}, then what follows from it."
    yield f"Could you say a little more about {subject}?"
    yield f"In short, it comes down to {subject}."
    yield f"What weighs most is {subject}. Does that fit your case?"
