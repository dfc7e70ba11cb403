"""A project and what a lead decides for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from concord.records.kinds import Order, RecipeName, ScanPolicy, Similarity, Task
from concord.records.rubric import Criterion, Question


@dataclass(frozen=True)
class Variant:
    """One way to ask for a draft; what is None is as the project has it.

    Attributes:
        name: what reports call it.
        system: takes the place of the prompt's system message.
        suffix: is put behind the prompt's last message.
    """

    name: str
    model: str | None = None
    base_url: str | None = None
    key_variable: str | None = None
    temperature: float | None = None
    system: str | None = None
    suffix: str | None = None


@dataclass(frozen=True)
class Settings:
    """What a lead decides for a project.

    Attributes:
        task: what an annotator does with an item at the desk.
        rubric: the criteria by which an answer is rated.
        questions: what is asked where answers or prompts are labelled.
        overlap: how many annotators an item wants.
        order: which item the desk gives out first: as they came, at random by the seed, or what annotators or the judge
            disagree on.
        candidates: how many drafts an item gets.
        model: the model that drafts; None is the built-in demo drafter.
        base_url: the OpenAI-compatible endpoint; None is the client's own default.
        key_variable: the environment variable that holds the endpoint's key; the key itself is never stored.
        temperature: sampling temperature of the drafts.
        lease_minutes: how long an untouched item stays with one annotator.
        concurrency: requests to the endpoint under way at once, at most.
        requests_per_minute: to the endpoint, at most; None is no limit.
        tokens_per_minute: of prompts and answers together, at most; None is no limit.
        timeout: seconds of silence after which a request is given up.
        prices: US dollars for a million tokens of prompt and of answer, by model.
        variants: ways to ask, taken in turn by the drafts of an item; none is one way, the project's own.
        recipe: how a draft is made: by one completion, or with a plan before it.
        self_check: whether each draft is checked against the guidelines, and revised once, by the model.
        language: ISO 639-1 code of the language that drafts should have; None is the prompt's.
        few_shot: how many approved answers are shown to the model as examples.
        similarity: how the most similar examples are found.
        few_shot_reuse: for how many items of one run an approved answer may be an example.
        split: shares of train, validation and test that exports will have; examples come from train.
        seed: of the split, of the arms and of the order.
        control: share of items that are answered from nothing.
        canary: share of items with a planted fault.
        repeat: share of items that the same annotator gets a second time.
        training: how many items with known answers a new annotator judges, with feedback, before real work.
        gold: share of items with known answers that are mixed in unseen after that.
        judge: who gives a third opinion; None is the project's model.
        do_not_send: columns of the rows that no prompt may carry to a model.
        scan: what is done with keys, e-mail addresses, phone and card numbers before a prompt leaves the machine.
        phone_region: the country (ISO 3166) whose phone numbers are known without a country code, or None.
        factual_checks: whether each draft is said to be factually right or wrong before drafts are ranked or edited.
    """

    task: Task = "rank+edit"
    overlap: int = 2
    order: Order = "oldest"
    candidates: int = 3
    model: str | None = None
    base_url: str | None = None
    key_variable: str = "OPENAI_API_KEY"
    temperature: float = 0.7
    lease_minutes: int = 30
    concurrency: int = 16
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    timeout: int = 60
    prices: Mapping[str, Sequence[float]] = field(default_factory=dict[str, Sequence[float]])
    variants: tuple[Variant, ...] = ()
    recipe: RecipeName = "answer"
    self_check: bool = False
    language: str | None = None
    few_shot: int = 0
    similarity: Similarity = "bm25"
    few_shot_reuse: int = 20
    split: tuple[float, float, float] = (1.0, 0.0, 0.0)
    seed: int = 0
    control: float = 0.0
    canary: float = 0.0
    repeat: float = 0.0
    training: int = 0
    gold: float = 0.0
    judge: Variant | None = None
    do_not_send: tuple[str, ...] = ()
    scan: ScanPolicy = "mask"
    phone_region: str | None = "US"
    rubric: tuple[Criterion, ...] = ()
    questions: tuple[Question, ...] = ()
    factual_checks: bool = False


def criteria_of(values: Iterable[Mapping[str, Any]]) -> tuple[Criterion, ...]:
    """A rubric from plain values."""
    return tuple(Criterion(**value) for value in values)


def questions_of(values: Iterable[Mapping[str, Any]]) -> tuple[Question, ...]:
    """Questions from plain values."""
    return tuple(replace(Question(**value), choices=tuple(value["choices"])) for value in values)


def settings_of(values: Mapping[str, Any]) -> Settings:
    """Settings from plain values, such as JSON has: lists become tuples, and mappings variants."""
    plain = dict(values)
    for name in ("split", "do_not_send"):
        if isinstance(plain.get(name), list):
            plain[name] = tuple(plain[name])
    plain["rubric"] = criteria_of(plain.get("rubric", ()))
    plain["questions"] = questions_of(plain.get("questions", ()))
    if "variants" in plain:
        plain["variants"] = tuple(Variant(**variant) for variant in plain["variants"])
    if plain.get("judge") is not None:
        plain["judge"] = Variant(**plain["judge"])
    return Settings(**plain)


@dataclass(frozen=True)
class Project:
    """One annotation campaign."""

    id: UUID
    name: str
    settings: Settings
    created_at: datetime


@dataclass(frozen=True)
class Guidelines:
    """What annotators are asked to do; version 0 is the empty text of a new project."""

    version: int
    text: str


@dataclass(frozen=True)
class Counts:
    """How far a project is; `finished` items have as many annotators as they want."""

    rows: int
    items: int
    drafts: int
    annotations: int
    annotators: int
    finished: int


@dataclass(frozen=True)
class Served:
    """Where a running app serves a workspace; the token opens its API."""

    url: str
    token: str = field(repr=False)
    pid: int = 0
