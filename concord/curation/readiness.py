"""Whether a data set is ready to train on: evidence, and what others used; there is no number that says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal, NamedTuple

from concord.records.checked import DraftUse, Votes
from concord.records.kinds import Json

_Z = 1.96
Headline = Literal["krippendorff_alpha", "kendall_w"]
_NAMES: Mapping[Headline, str] = {"krippendorff_alpha": "Krippendorff's alpha", "kendall_w": "Kendall's W"}


class Published(NamedTuple):
    """How many examples somebody used or asks for, for what, and where that is said."""

    least: int
    says: str
    source: str


PUBLISHED = (
    Published(
        50,
        "50 to 100 examples: OpenAI sees improvements from there on, and begins with 50 well-made ones",
        "OpenAI, Supervised fine-tuning guide",
    ),
    Published(
        100, "100 to 500 examples: Google's advice for supervised tuning of Gemini", "Google Cloud, Vertex AI guide"
    ),
    Published(
        500,
        "500 examples at least: OpenAI's first guide, for GPT-3 to write from a given text, such as a summary; a few "
        "thousand for dialogues of support",
        "OpenAI, Fine-tuning guide of 2021 to 2023, section Conditional generation",
    ),
    Published(
        1_000,
        "1,000 curated examples: LIMA, a model of 65 billion parameters, carefully chosen and written",
        "Zhou et al. 2023, arXiv:2305.11206",
    ),
    Published(
        13_000,
        "13,000 prompts with demonstrations: InstructGPT's supervised step",
        "Ouyang et al. 2022, arXiv:2203.02155, section 3.2",
    ),
    Published(52_000, "52,000 examples that a model wrote: Alpaca", "Taori et al. 2023, Stanford Alpaca"),
)
"""What is known of others, fewest first."""


class Agreed(NamedTuple):
    """How far annotators agree on a question of the main arm; None where that is not defined."""

    question: str
    statistic: Headline
    value: float | None
    low: float | None
    high: float | None
    items: int


class Evidence(NamedTuple):
    """One thing that bears on whether a data set is ready.

    Attributes:
        name: what it is, for programs.
        says: a plain sentence.
        value: the number in it, if it is one.
        source: where a foreign number comes from.
    """

    name: str
    says: str
    value: float | None = None
    source: str | None = None


@dataclass(frozen=True)
class Facts:
    """What readiness is judged by.

    Attributes:
        answered: items with an approved answer, by template.
        labels: by question, on how many items each value was given.
        votes: how many items were judged, and by how many people.
        agreed: agreement by question.
        novelty: the curves of prompts and responses, see `concord.curation.novelty`.
        test_share: of the test split, from 0 to 1.
        uses: what became of drafts.
    """

    answered: Mapping[str, int]
    labels: Mapping[str, Mapping[str, int]]
    votes: Votes
    agreed: Sequence[Agreed]
    novelty: Mapping[str, Sequence[float]]
    test_share: float
    uses: Sequence[DraftUse]


def readiness(facts: Facts) -> list[Evidence]:
    """The evidence, in the order in which it is read."""
    evidence = [*_examples(facts), *_votes(facts), *_novelty(facts), *_test(facts), *_few_shot(facts.uses)]
    return [*evidence, *_published(sum(facts.answered.values()))]


def evidence_json(evidence: Sequence[Evidence]) -> list[dict[str, Json]]:
    """The evidence as plain data."""
    return [dict(one._asdict()) for one in evidence]


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927).

    >>> low, high = wilson(5, 10)
    >>> round(low, 3), round(high, 3)
    (0.237, 0.763)
    """
    share, z2 = successes / trials, _Z**2
    middle, width = share + z2 / (2 * trials), _Z * sqrt(share * (1 - share) / trials + z2 / (4 * trials**2))
    return (middle - width) / (1 + z2 / trials), (middle + width) / (1 + z2 / trials)


def _examples(facts: Facts) -> Iterator[Evidence]:
    total = sum(facts.answered.values())
    yield Evidence("examples", f"{total:,} items have an approved answer.", total)
    if len(facts.answered) > 1:
        least = min(facts.answered.items(), key=lambda pair: pair[1])
        yield Evidence(
            "fewest by template",
            f"They come from {len(facts.answered)} templates; {least[0]} has the fewest, {least[1]:,}.",
            least[1],
        )
    for question, values in facts.labels.items():
        value, items = min(values.items(), key=lambda pair: pair[1])
        yield Evidence(
            "fewest by label", f"Of the labels of {question}, {value} has the fewest items, {items:,}.", items
        )


def _published(total: int) -> Iterator[Evidence]:
    for one in PUBLISHED:
        beside = "this many are there" if total >= one.least else f"{one.least - total:,} more would be as many"
        yield Evidence("published", f"{one.says}; {beside}.", one.least, one.source)


def _votes(facts: Facts) -> Iterator[Evidence]:
    judged, twice = facts.votes
    if judged:
        yield Evidence(
            "two votes",
            f"{twice / judged:.0%} of the {judged:,} judged items were judged by two or more annotators"
            + ("." if twice == judged else "; of the others nobody knows whether another would agree."),
            twice / judged,
        )
    else:
        yield Evidence("two votes", "Nobody has judged an item.", None)
    for one in facts.agreed:
        if one.value is None:
            says = f"Agreement on {one.question} ({_NAMES[one.statistic]}) is not defined yet."
        else:
            low, high = (f"{end:.2f}" if end is not None else "?" for end in (one.low, one.high))
            value = f"{_NAMES[one.statistic]} {one.value:.2f} ({low} to {high})"
            says = f"Agreement on {one.question}: {value}, {one.items:,} items."
        yield Evidence("agreement", says, one.value)


def _novelty(facts: Facts) -> Iterator[Evidence]:
    for what, curve in facts.novelty.items():
        if curve:
            yield Evidence(
                f"novelty of {what}",
                f"Of the last twentieth of the {what}, {curve[-1]:.0%} of the three-word runs are new "
                f"({curve[len(curve) // 2]:.0%} at the middle): "
                + ("more of the kind would add as much." if curve[-1] > 0.5 else "more of the kind would add little."),
                curve[-1],
            )


def _test(facts: Facts) -> Iterator[Evidence]:
    total = sum(facts.answered.values())
    size = round(total * facts.test_share)
    if not facts.test_share:
        yield Evidence("test split", "The project's split keeps no test items: nothing will say what training did.", 0)
    elif size:
        yield Evidence(
            "test split",
            f"The test split will have about {size:,} items: a share of one half that is measured on them is known "
            f"to {_Z * 0.5 / sqrt(size):.0%} either way.",
            size,
        )


def _few_shot(uses: Sequence[DraftUse]) -> Iterator[Evidence]:
    for few_shot, edits, accepted in uses:
        kind = "with approved answers as examples (few-shot)" if few_shot else "without examples"
        low, high = wilson(accepted, edits)
        share = f"{accepted / edits:.0%} were accepted as they were ({low:.0%} to {high:.0%})"
        says = f"Of {edits:,} drafts made {kind}, {share}."
        if few_shot and low >= 0.5:
            says += (
                " That is as often as they were edited, or more: prompting with examples may do without fine-tuning."
            )
        yield Evidence("few-shot drafts" if few_shot else "drafts", says, accepted / edits)
    if not any(use.few_shot for use in uses):
        yield Evidence(
            "few-shot drafts",
            "No draft with examples was edited or accepted yet: whether prompting would do is not known. "
            "Set few_shot in the project's settings and draft some.",
        )
