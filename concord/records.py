"""The nouns of Concord: frozen, typed, without behaviour.

Ids are UUIDv7, made by the caller (`concord.ids`). Times are UTC. A prompt is a tuple of messages. A ranking is tiers,
best first, so that a tie cannot be lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

import numpy as np
import numpy.typing as npt

DEMO_MODEL = "concord-demo"
"""The model's name of drafts by the built-in demo drafter, which is no language model."""

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

Role = Literal["system", "user", "assistant", "tool"]
Task = Literal["edit", "rank", "rank+edit"]
ItemKind = Literal["response", "conversion", "prompt"]
Arm = Literal["drafted", "undrafted", "canary", "repeat"]
Kind = Literal["edit", "ranking", "comparison", "rating", "label"]
Origin = Literal["desk", "file", "simulated", "labelstudio"]
Outcome = Literal["stored", "repeated", "lapsed"]
RunState = Literal["running", "done", "cancelled", "failed", "interrupted"]
Decision = Literal["pick", "edit", "reject", "send_back"]
TemplateOrigin = Literal["file", "studio", "proposal", "promptsource"]
Pick = Literal["first", "random", "longest", "shortest"]
ItemMethod = Literal["paraphrase", "reverse", "self_instruct"]
Syntax = Literal["concord", "promptsource"]
Flag = Literal["refusal", "truncated", "echo", "boilerplate", "language"]
Verdict = Literal["first", "second", "tie"]
RecipeName = Literal["answer", "plan"]
Similarity = Literal["bm25", "jaccard"]
ScanPolicy = Literal["mask", "block", "allow"]

SkipReason = Literal["unclear", "beyond_me", "language", "broken", "other"]
FlagReason = Literal["unsafe", "personal_data", "bad_prompt", "other"]

HIDDEN: frozenset[Flag] = frozenset(("refusal", "truncated", "echo"))
"""Flags that keep a draft from the desk, unless too few others are there to judge."""


# ---- projects and rows


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
        overlap: how many annotators an item wants.
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
        seed: of the split and of the arms.
        control: share of items that are answered from nothing.
        canary: share of items with a planted fault.
        repeat: share of items that the same annotator gets a second time.
        judge: who gives a third opinion; None is the project's model.
        do_not_send: columns of the rows that no prompt may carry to a model.
        scan: what is done with keys, e-mail addresses, phone and card numbers before a prompt leaves the machine.
        phone_region: the country (ISO 3166) whose phone numbers are known without a country code, or None.
    """

    task: Task = "rank+edit"
    overlap: int = 2
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
    judge: Variant | None = None
    do_not_send: tuple[str, ...] = ()
    scan: ScanPolicy = "mask"
    phone_region: str | None = "US"


def settings_of(values: Mapping[str, Any]) -> Settings:
    """Settings from plain values, such as JSON has: lists become tuples, and mappings variants."""
    plain = dict(values)
    for name in ("split", "do_not_send"):
        if isinstance(plain.get(name), list):
            plain[name] = tuple(plain[name])
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
class Row:
    """One raw record as imported, with the file and line it came from."""

    id: UUID
    project_id: UUID
    source: str
    line: int
    data: Mapping[str, Json]


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an input: where, what was found, what to do.

    Attributes:
        source: file name.
        line: 1 for the first line of the file (a Parquet row counts as a line); 0 when the whole file is meant.
        field: the field concerned, or None.
        found: what is wrong, without a full stop: "field 'text' is empty".
        cure: what to do, a sentence: "Fill it in or remove the row."
    """

    source: str
    line: int
    field: str | None
    found: str
    cure: str


class Stored(NamedTuple):
    """What became of rows: `duplicates` are in the file twice or in the project already."""

    stored: int
    duplicates: int


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or would do (`dry_run`).

    Attributes:
        source: the file's name.
        read: rows seen, bad ones included.
        stored: rows (or items) that are new in the project.
        duplicates: rows left out because the same row is in the file or in the project already.
        drafts: new drafts, of ready-made items.
        annotations: new annotations, of ready-made items.
        problems: every bad row, at most `concord.imports.files.MOST_PROBLEMS`.
        notes: what was changed on the way in and is harmless, as sentences.
        rejects: the file that holds the bad rows, when they were skipped.
    """

    source: str
    read: int
    stored: int
    duplicates: int
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    rejects: str | None = None
    dry_run: bool = False
    drafts: int = 0
    annotations: int = 0


@dataclass(frozen=True)
class Served:
    """Where a running app serves a workspace; the token opens its API."""

    url: str
    token: str = field(repr=False)
    pid: int = 0


# ---- templates, items, drafts


@dataclass(frozen=True)
class Message:
    """One turn of a prompt."""

    role: Role
    content: str


@dataclass(frozen=True)
class Section:
    """One role section of a template, still in Jinja."""

    role: Role
    body: str


@dataclass(frozen=True)
class PromptSourceFacts:
    """What PromptSource says of a template beside its text, so that an export can give it back.

    Attributes:
        dataset: the data set that it was written for; `subset` is a part of it.
        uuid: its key in `templates.yaml`.
        name: unique in the data set as a rule.
        reference: who wrote it, or after what.
        metrics: what answers are to be measured by; None when nothing was said, as in the next two.
        original_task: whether it asks what the data set was made for.
        choices_in_prompt: whether the prompt shows the answer choices.
    """

    dataset: str
    subset: str | None
    uuid: str
    name: str
    reference: str = ""
    metrics: tuple[str, ...] | None = None
    original_task: bool | None = None
    choices_in_prompt: bool | None = None


@dataclass(frozen=True)
class Template:
    """A prompt template, versioned by the hash of its source.

    In the syntax `promptsource` the one section, `user`, is PromptSource's Jinja: it renders to the prompt, `|||` and
    the target. `target` is None then, `inputs` are the columns that it reads (none of them must be there), and
    `answer_choices` is at most one text, which renders to the choices with `|||` between them.

    Attributes:
        id: stable slug, the file's name without `.prompt.md`.
        version: sha256 (hex) of the source with line ends normalised to LF.
        source: the whole file.
        inputs: the columns that it needs, with their declared types.
        sections: role sections in order, without the assistant's.
        target: the Jinja source of the answer, or None when a person writes it.
        answer_choices: each a text in Jinja of its own, so that no column can add a choice.
    """

    id: str
    version: str
    source: str
    description: str
    inputs: Mapping[str, str]
    sections: tuple[Section, ...]
    target: str | None
    answer_choices: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    reference: str | None = None
    syntax: Syntax = "concord"
    promptsource: PromptSourceFacts | None = None


@dataclass(frozen=True)
class SavedTemplate:
    """A version of a template that somebody saved in the workspace.

    Attributes:
        note: what the version changes, in the words of who saved it.
        author: who saved it; empty when nobody is named.
        origin: where the text came from.
    """

    id: UUID
    template_id: str
    version: str
    note: str
    author: str
    origin: TemplateOrigin
    saved_at: datetime


@dataclass(frozen=True)
class Application:
    """A template's version that was applied to all rows of a project; the newest for a template is its current one."""

    id: UUID
    project_id: UUID
    template_id: str
    version: str
    applied_at: datetime


class RenderedRows(NamedTuple):
    """What a version of a template makes of some rows: items, and rows of which it asks nothing."""

    items: Sequence[Item]
    empty: Sequence[UUID]


class Placed(NamedTuple):
    """What became of rows that were rendered.

    Attributes:
        new: items that are new in the queue.
        present: items that were there.
        kept: rows that keep an item of an older version.
        retired: items of older versions that left the queue.
    """

    new: int
    present: int
    kept: int
    retired: int


@dataclass(frozen=True)
class Stale:
    """What a project holds that was made with an older version of a template.

    Attributes:
        version: the current version, which was applied last.
        items: items of older versions.
        answers: current annotations of these items.
        replaceable: those of the items that nobody has worked on or holds.
    """

    template_id: str
    version: str
    items: int
    answers: int
    replaceable: int


@dataclass(frozen=True)
class ItemOrigin:
    """Where an item came from that no row made: how its prompt was written, and from what.

    Attributes:
        item_id: the item.
        sources: the items it was made from.
        draft_id: the draft that was approved, as a model wrote it.
        adjudication_id: the decision that let it count.
    """

    item_id: UUID
    project_id: UUID
    method: ItemMethod
    sources: tuple[UUID, ...]
    draft_id: UUID | None
    adjudication_id: UUID
    created_at: datetime


@dataclass(frozen=True)
class Item:
    """One thing to judge; for `kind = response`, a prompt that wants an answer.

    An item of `kind = prompt` wants a new prompt: its messages are the request that a model was sent, its drafts are
    what came back.

    Attributes:
        name: unique in the project; the id that files use (`item_id` of the interchange format).
        target: the answer that the template took from the row, if it names one, or that the prompt was written for.
    """

    id: UUID
    project_id: UUID
    name: str
    messages: tuple[Message, ...]
    kind: ItemKind = "response"
    arm: Arm = "drafted"
    target: str | None = None
    row_id: UUID | None = None
    template_id: str | None = None
    template_version: str | None = None


@dataclass(frozen=True)
class Draft:
    """One candidate for an item; immutable.

    Attributes:
        name: unique in the item: `d1`, `d2`, … for drafts made here, the response's id for drafts from a file.
        params: the request's settings (temperature, seed, …).
        prompt_hash: sha256 (hex) of the messages that were sent.
        cost: US dollars; None when the price is unknown.
        latency: seconds.
        flags: what a person should know before it is shown, see `concord.drafting.flags`.
    """

    id: UUID
    project_id: UUID
    item_id: UUID
    name: str
    text: str
    source: Literal["model", "file"]
    created_at: datetime
    model: str | None = None
    params: Mapping[str, Json] = field(default_factory=dict[str, Json])
    prompt_hash: str | None = None
    template_version: str | None = None
    few_shot: tuple[UUID, ...] = ()
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost: float | None = None
    latency: float | None = None
    run_id: UUID | None = None
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """A draft that is still missing: the item, and the name that the draft will have."""

    item: Item
    name: str


class Missing(NamedTuple):
    """What an item or a project lacks: items without all their drafts, those drafts, the characters of their prompts.

    A prompt counts once for each of its drafts, because it is sent for each.
    """

    items: int
    drafts: int
    characters: int


class Usage(NamedTuple):
    """What the drafts of a model took: how many were counted, their tokens, the characters of their prompts."""

    drafts: int
    tokens_in: int
    tokens_out: int
    characters: int


@dataclass(frozen=True)
class Costs:
    """What the drafts of a project cost.

    Attributes:
        cost: US dollars of all drafts whose cost is known.
        drafts: drafts that a model wrote.
        unknown: those of them whose cost is unknown.
        accepted: items with a model's draft that somebody ranked best (ties included) or began an edit from.
    """

    cost: float
    drafts: int
    unknown: int
    accepted: int


@dataclass(frozen=True)
class DraftingRun:
    """One run of the drafter over a project: what it was told, how far it is, what it took, how it ended.

    Attributes:
        total: drafts that were missing when it began.
        candidates: drafts an item should have.
        item_limit: items to look after at most.
        max_cost: US dollars that it may take at most.
        cost: US dollars so far, repeated requests included as far as they were counted; None when a price is unknown.
        uncounted: answers that came without a count of their tokens, and are in no sum.
        repeated: requests that had to be made again.
    """

    id: UUID
    project_id: UUID
    model: str
    total: int
    done: int
    failed: int
    state: RunState
    started_at: datetime
    finished_at: datetime | None = None
    message: str | None = None
    candidates: int = 1
    item_limit: int | None = None
    max_cost: float | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None
    uncounted: int = 0
    repeated: int = 0


@dataclass(frozen=True)
class FailureKind:
    """Failures of one kind in a run: how many, and what the last one said."""

    fault: str
    count: int
    message: str


@dataclass(frozen=True)
class DraftFailure:
    """A completion that did not come, and why."""

    id: UUID
    run_id: UUID
    item_id: UUID
    name: str
    fault: str
    message: str
    created_at: datetime


@dataclass(frozen=True)
class SentRequest:
    """That a prompt left for an endpoint; not what it said.

    Attributes:
        endpoint: its address.
        purpose: what the answer was for: `draft`, `plan`, `judge`, ….
        messages: how many there were.
        characters: of all messages together.
        masked: how many findings of the privacy scan had been masked.
    """

    project_id: UUID
    sent_at: datetime
    endpoint: str
    model: str
    purpose: str
    prompt_hash: str
    messages: int
    characters: int
    masked: int


@dataclass(frozen=True)
class SentSummary:
    """What one endpoint got of a project for one purpose; `prompts` are the different ones."""

    endpoint: str
    model: str
    purpose: str
    requests: int
    prompts: int
    characters: int
    masked: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class Opinion:
    """What a model thinks of two drafts; no annotation, and never counted as one.

    Attributes:
        verdict: `tie` also where the answer depended on the order.
        flipped: whether the model preferred the same place, not the same draft, in both orders.
    """

    id: UUID
    project_id: UUID
    item_id: UUID
    first_id: UUID
    second_id: UUID
    model: str
    verdict: Verdict
    flipped: bool
    created_at: datetime


@dataclass(frozen=True)
class JudgeSummary:
    """What a model thought of a project's drafts.

    Attributes:
        ties: pairs without a preference, flips left out.
        compared: pairs with a preference where people have one too.
        alike: those in which it is the same.
    """

    model: str
    items: int
    pairs: int
    flips: int
    ties: int
    compared: int
    alike: int


class ArmCount(NamedTuple):
    """How many items an arm has, and how many of them have all the annotators they want."""

    arm: Arm
    items: int
    finished: int


class ItemPlace(NamedTuple):
    """Where an item belongs: its arm, and what it shares with its near-duplicates."""

    id: UUID
    name: str
    arm: Arm
    prompt_key: UUID
    row_id: UUID | None


# ---- the desk


@dataclass(frozen=True)
class Presentation:
    """What one annotator was shown: the item, its drafts in the order shown, the guidelines' version, the time."""

    id: UUID
    project_id: UUID
    item_id: UUID
    annotator: str
    task: Task
    draft_ids: tuple[UUID, ...]
    guidelines_version: int
    created_at: datetime


@dataclass(frozen=True)
class Opening:
    """The wish of one annotator for work.

    Attributes:
        presentation_id: the id that the presentation gets if a new item is given.
        order: the order in which drafts are shown, from the presentation's id and the drafts' ids; pure.
        lease_until: when the lease runs out if nothing happens.
    """

    project: Project
    annotator: str
    presentation_id: UUID
    order: Callable[[UUID, Sequence[UUID]], tuple[UUID, ...]]
    now: datetime
    lease_until: datetime


@dataclass(frozen=True)
class QueueCounts:
    """What an annotator has done, what is open to them now, and what waits for others (or for drafts) alone."""

    done: int
    open: int
    waiting: int


@dataclass(frozen=True)
class Edit:
    """The answer as the annotator left it; `draft_id` is None when it was written from nothing."""

    draft_id: UUID | None
    text: str


@dataclass(frozen=True)
class Ranking:
    """Tiers, best first; drafts in one tier are tied, a draft in none is unranked."""

    tiers: tuple[tuple[UUID, ...], ...]


@dataclass(frozen=True)
class Comparison:
    """The better of two drafts, or `tie`, or `both_bad`."""

    value: UUID | Literal["tie", "both_bad"]


@dataclass(frozen=True)
class Ratings:
    """A number for each question of the rubric."""

    values: Mapping[str, float]


@dataclass(frozen=True)
class Labels:
    """A choice for each question."""

    values: Mapping[str, str]


Judgement = Edit | Ranking | Comparison | Ratings | Labels


@dataclass(frozen=True)
class Annotation:
    """One annotator's judgement of an item; append-only.

    Attributes:
        presentation_id: what was on the screen; None when the judgement came from a file.
        seconds: active time at the desk; None when unknown.
    """

    id: UUID
    project_id: UUID
    item_id: UUID
    annotator: str
    judgement: Judgement
    origin: Origin
    created_at: datetime
    presentation_id: UUID | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class Skip:
    """That an annotator left an item unjudged, and why; it is no vote, and they are never given the item again."""

    id: UUID
    project_id: UUID
    item_id: UUID
    annotator: str
    presentation_id: UUID
    reason: SkipReason
    note: str
    seconds: float | None
    created_at: datetime


@dataclass(frozen=True)
class ItemFlag:
    """That something is wrong with an item, judged or not; a reviewer's later approval lifts it."""

    id: UUID
    project_id: UUID
    item_id: UUID
    annotator: str
    presentation_id: UUID
    reason: FlagReason
    note: str
    created_at: datetime


@dataclass(frozen=True)
class Comment:
    """One contribution to the discussion of an item."""

    id: UUID
    project_id: UUID
    item_id: UUID
    author: str
    text: str
    created_at: datetime


class RemarkCount(NamedTuple):
    """How many items were skipped, or are flagged, for a reason, and by how many annotators."""

    kind: Literal["skip", "flag"]
    reason: str
    items: int
    annotators: int


class Places(NamedTuple):
    """How many annotators an item wants in all, how many have it or had it, and how many of them are done."""

    wanted: int
    taken: int
    done: int


@dataclass(frozen=True)
class Adjudication:
    """A reviewer's decision on an item, with its reason; it beats votes, and the newest of an item counts.

    Attributes:
        decision: `pick` a draft as it is, `edit` (the text is the reviewer's or an annotator's), `reject` the item, or
            `send_back` to the desk.
        draft_id: the draft that was picked, or that the edit began from.
        text: the text that counts; None when nothing was chosen.
    """

    id: UUID
    project_id: UUID
    item_id: UUID
    reviewer: str
    decision: Decision
    draft_id: UUID | None
    text: str | None
    reason: str
    created_at: datetime


# ---- what the reports compute on


def _none() -> Ints:
    return np.empty(0, np.int64)


@dataclass(frozen=True)
class Votes:
    """All current answers to one question, one element for each answer.

    Attributes:
        question: the rubric's question, the label's name, or `preference` for comparisons.
        item: item number, shape (n,).
        annotator: index into `annotators`, shape (n,).
        value: index into `values`, shape (n,).
        values: the choices; sorted by number for ratings.
        keys: by which the store knows the item of each number; empty for votes that no store gave.
        clusters: the cluster of the item of each number; empty where no two items share one.
    """

    question: str
    kind: Kind
    arm: Arm
    item: Ints
    annotator: Ints
    value: Ints
    annotators: tuple[str, ...]
    values: tuple[str, ...]
    keys: Ints = field(default_factory=_none)
    clusters: Ints = field(default_factory=_none)


@dataclass(frozen=True)
class Placements:
    """All current rankings, one element for each ranked draft.

    Attributes:
        item: dense item number, shape (n,); sorted.
        annotator: index into `annotators`, shape (n,).
        draft: dense draft number, shape (n,).
        tier: 1 is best, shape (n,).
        model: index into `models`, -1 where none is known, shape (n,); empty when nobody asked.
        clusters: the cluster of the item of each number; empty where no two items share one.
        keys: by which the store knows the item of each number; empty for rankings that no store gave.
    """

    arm: Arm
    item: Ints
    annotator: Ints
    draft: Ints
    tier: Ints
    annotators: tuple[str, ...]
    model: Ints = field(default_factory=_none)
    models: tuple[str, ...] = ()
    clusters: Ints = field(default_factory=_none)
    keys: Ints = field(default_factory=_none)


@dataclass(frozen=True)
class Circumstances:
    """What surrounds each current judgement, one element for each.

    Attributes:
        key: by which the store knows the item, shape (n,).
        annotator: index into `annotators`, shape (n,).
        kind: place of the judgement's kind among those of `Kind`, shape (n,).
        at: when it was given, seconds since 1970, shape (n,).
        seconds: active time at the desk; NaN when unknown, shape (n,).
        guidelines: their version; -1 when nothing was shown here, shape (n,).
        arm: 0 is the main arm, shape (n,).
    """

    key: Ints
    annotator: Ints
    kind: Ints
    at: Ints
    seconds: Floats
    guidelines: Ints
    arm: Ints
    annotators: tuple[str, ...]


@dataclass(frozen=True)
class ItemFacts:
    """What is known of each item of a project, one element for each.

    Attributes:
        key: by which the store knows the item, shape (n,).
        facts: by name, for each item the place of its value in a list, -1 where it has none; and the list.
    """

    key: Ints
    facts: Mapping[str, tuple[Ints, tuple[str, ...]]]


class NamedItem(NamedTuple):
    """An item's id and name."""

    id: UUID
    name: str


@dataclass(frozen=True)
class Duels:
    """Pairs of drafts of two models that one person set side by side, one element for each.

    Attributes:
        key: by which the store knows the item, shape (n,).
        annotator: index into `annotators`, shape (n,).
        one: the one model, as index into `models`, shape (n,).
        other: the other model, shape (n,).
        won: 1 when the one was better, -1 when the other, 0 for a tie, shape (n,).
    """

    key: Ints
    annotator: Ints
    one: Ints
    other: Ints
    won: Ints
    annotators: tuple[str, ...]
    models: tuple[str, ...]


@dataclass(frozen=True)
class Verdicts:
    """People's judgements of pairs of drafts that a model judged too, one element for each person, pair and model.

    Attributes:
        key: by which the store knows the item, shape (n,).
        annotator: index into `annotators`, shape (n,).
        model: the judge, as index into `models`, shape (n,).
        person: 1 when the person found the first draft better, -1 the second, 0 for a tie, shape (n,).
        judge: the same of the judge; 0 also when it contradicted itself, shape (n,).
        flipped: 1 when it contradicted itself, shape (n,).
    """

    key: Ints
    annotator: Ints
    model: Ints
    person: Ints
    judge: Ints
    flipped: Ints
    annotators: tuple[str, ...]
    models: tuple[str, ...]


@dataclass(frozen=True)
class Pulls:
    """Pairs of drafts of which a person preferred one: whether that was the one with more of something.

    Attributes:
        key: by which the store knows the item, shape (n,).
        annotator: index into `annotators`, shape (n,).
        first_shown: 1 when the draft shown first was preferred, -1 when the other was, 0 when unknown, shape (n,).
        longer: the same for the longer one; 0 for equal lengths, shape (n,).
        formatted: the same for the one with more lists, headings and bold; 0 for as many, shape (n,).
    """

    key: Ints
    annotator: Ints
    first_shown: Ints
    longer: Ints
    formatted: Ints
    annotators: tuple[str, ...]


@dataclass(frozen=True)
class Paces:
    """Judgements at the desk: the active seconds, and the characters of prompt and drafts that were shown."""

    key: Ints
    annotator: Ints
    seconds: Floats
    characters: Floats
    annotators: tuple[str, ...]


@dataclass(frozen=True)
class Contradiction:
    """How consistent one person's preferences are.

    Attributes:
        pairs: different pairs of texts, under one prompt, that the person judged.
        again: those judged more than once.
        reversed: of these, those judged both ways round.
        triples: three texts of which all pairs were judged, each with a clear winner.
        cyclic: of these, those where each beats the next.
    """

    annotator: str
    pairs: int
    again: int
    reversed: int
    triples: int
    cyclic: int


@dataclass(frozen=True)
class EditedText:
    """One current edit with the draft that it began from; `draft` is None when there was none."""

    item: int
    annotator: str
    draft: str | None
    text: str
    arm: Arm = "drafted"


class CanaryRanking(NamedTuple):
    """A ranking of a canary: whether the sound draft is above its faulty copy."""

    item_id: UUID
    annotator: str
    seen: bool


class CanaryEdit(NamedTuple):
    """An edit of a canary in which nothing is ranked, and what was planted."""

    item_id: UUID
    annotator: str
    planted: Mapping[str, Json]
    text: str


class RankedTwice(NamedTuple):
    """Two drafts that one person ranked twice: 1 when the first draft was better, -1 the second, 0 for a tie."""

    item_id: UUID
    annotator: str
    first: int
    again: int


class EditedTwice(NamedTuple):
    """What one person wrote for an item at first and at second sight."""

    item_id: UUID
    annotator: str
    first: str
    again: str


class BesideDecision(NamedTuple):
    """One person's judgement of an item of which a reviewer picked a draft: whether it is the person's best one too."""

    item_id: UUID
    annotator: str
    same: bool


@dataclass(frozen=True)
class ExportRecord:
    """One written data set: where it was put and what its manifest says."""

    id: UUID
    project_id: UUID
    format: str
    folder: str
    manifest: Mapping[str, Json]
    created_at: datetime


# ---- enrichment: new prompts from those that are there


@dataclass(frozen=True)
class ApprovedAnswer:
    """An answer that people let count, with the item that it answers."""

    item: Item
    text: str


@dataclass(frozen=True)
class Enrichment:
    """One request for new prompts, as it was answered; asking for it again makes the same id.

    Attributes:
        id: also that of the item of `kind = prompt`, if a candidate was left to judge.
        sources: the items that it was made from.
        seed: the person's, from which the request's own follows.
        candidates: how many were left to judge.
        requests: completions that were paid for: two when the first was repaired or topped up.
        tokens_in: tokens of all of them; None when the endpoint does not count.
    """

    id: UUID
    project_id: UUID
    method: ItemMethod
    sources: tuple[UUID, ...]
    seed: int
    model: str
    candidates: int
    requests: int
    tokens_in: int | None
    tokens_out: int | None
    created_at: datetime


@dataclass(frozen=True)
class RefusedPrompt:
    """A candidate that says what a prompt says that is there already.

    Attributes:
        repeats: the text that it repeats.
        repeated_item: the item of that prompt; where another candidate is repeated, the one that it was made for.
        similarity: of the two texts, ROUGE-L from 0 to 1; 1.0 when they are equal.
    """

    id: UUID
    project_id: UUID
    enrichment_id: UUID
    text: str
    repeats: str
    repeated_item: UUID
    similarity: float
    created_at: datetime


@dataclass(frozen=True)
class Harvest:
    """What one request for new prompts brought; `item` is what people will judge, None when no candidate is left."""

    enrichment: Enrichment
    item: Item | None
    drafts: tuple[Draft, ...]
    refused: tuple[RefusedPrompt, ...]


class Orders(NamedTuple):
    """How annotators ordered two drafts of an item, one element for each pair that two or more of them ranked.

    Attributes:
        item: dense item number.
        first_wins: how many placed the first draft above the second.
        second_wins: how many placed it below.
        ties: how many placed them level.
    """

    item: Ints
    first_wins: Ints
    second_wins: Ints
    ties: Ints


class Choices(NamedTuple):
    """How annotators answered a question, one element for each item and question that two or more of them answered.

    Attributes:
        item: dense item number.
        votes: how many answered.
        most: how many gave the most frequent answer.
    """

    item: Ints
    votes: Ints
    most: Ints


class EditPairs(NamedTuple):
    """The edits of two annotators, one element for each two of an item; both are empty where they are the same."""

    item: Ints
    one: Sequence[str]
    other: Sequence[str]


class Judged(NamedTuple):
    """What two or more annotators said about the same items.

    Attributes:
        names: of the items, in the order of the queue; an item's number is its place.
    """

    names: tuple[str, ...]
    orders: Orders
    choices: Choices
    edits: EditPairs


# ---- Label Studio


@dataclass(frozen=True)
class LabelStudioLink:
    """The project of a Label Studio that a project is tied to.

    Attributes:
        url: where that Label Studio is, without a slash at the end.
        number: its project's id.
        reading: how the tasks are read, where others made them; None when they were pushed from here.
    """

    project_id: UUID
    url: str
    number: int
    reading: Mapping[str, Json] | None
    linked_at: datetime


@dataclass(frozen=True)
class LabelStudioTask:
    """The task that shows an item in Label Studio, with its drafts in the order shown."""

    item_id: UUID
    project_id: UUID
    number: int
    shown: tuple[UUID, ...]
    noted_at: datetime
