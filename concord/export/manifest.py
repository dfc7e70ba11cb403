"""What an export says about itself, so that no number is a surprise: the summary, and `manifest.json` made of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from concord.curation.funnel import funnel
from concord.export.options import ExportOptions
from concord.records.kinds import Json, Origin

FEWEST_ROWS = 10
"""Fewer rows than this are refused by fine-tuning services."""


@dataclass(frozen=True)
class Dropped:
    """One item, or one pair of its drafts, that was not written; both are called by their names.

    `project` is where it comes from when the data set is of several.
    """

    item: str
    reason: str
    drafts: tuple[str, ...] = ()
    project: str | None = None


@dataclass(frozen=True)
class Gave:
    """What one project of several gave: its weight, what entered, the rows that were written, the rest by reason.

    Raises:
        ValueError: what entered is not what was written and dropped.
    """

    weight: float
    entered: int
    rows: int
    dropped: Mapping[str, int]

    def __post_init__(self) -> None:
        if self.entered != self.rows + sum(self.dropped.values()):
            raise ValueError(f"{self.entered} entered, but {self.rows} were written and {self.dropped} dropped")

    def counts(self) -> dict[str, Json]:
        """What the manifest says of it."""
        return {"weight": self.weight, "in": self.entered, "written": self.rows, "dropped": dict(self.dropped)}


@dataclass(frozen=True)
class Annotator:
    """One whose judgements count, and how they came here."""

    name: str
    origin: Origin


@dataclass(frozen=True)
class Lengths:
    """Characters in a row, prompt and answers together.

    Attributes:
        quartiles: shortest, lower quartile, median, upper quartile, longest.
        over_4000: rows with more than 4,000; about 1,000 tokens, where trainers begin to cut by default.
    """

    quartiles: tuple[float, float, float, float, float]
    over_4000: int


@dataclass(frozen=True)
class FirstShown:
    """How often the draft that was shown first won, of the comparisons that somebody won."""

    wins: int
    decided: int


@dataclass(frozen=True)
class Evidence:
    """What the rows rest on.

    Attributes:
        prompts: different prompts among the items.
        ties: judgements that found two drafts equally good.
        models: that wrote drafts.
        templates: (id, version) of each template used.
        demo_drafts: the built-in demo drafter wrote some of the drafts.
        special_tokens: rows with a chat token in their text.
        lengths: None when no row was written.
        first_shown: None when the order shown is not known.
        agreement: the headline of the agreement report, if there is one.
        adjudicated: rows that rest on a reviewer's decision.
        guidelines: versions that the annotators of the items were shown.
        leaks: how many prompts and how many source rows are in more than one split, counted in what was written.
        notes: more sentences for whoever trains on the rows.
        replaced: rows with the sign for what could not be read, U+FFFD.
    """

    items: int
    prompts: int
    drafts: int
    annotations: int
    ties: int
    annotators: tuple[Annotator, ...]
    models: tuple[str, ...]
    templates: tuple[tuple[str, str], ...]
    demo_drafts: bool
    special_tokens: int
    lengths: Lengths | None
    first_shown: FirstShown | None = None
    agreement: str | None = None
    adjudicated: int = 0
    guidelines: tuple[int, ...] = ()
    leaks: Mapping[str, int] = field(default_factory=dict[str, int])
    notes: tuple[str, ...] = ()
    replaced: int = 0


@dataclass(frozen=True)
class Summary:
    """Everything an export says about itself; manifest and card are two ways to write it down.

    Attributes:
        project: its name, or the names of all.
        concord: the version of Concord.
        entered: items (SFT) or compared pairs of drafts (DPO) that could have become rows.
        written: rows of each split that has any.
        dropped: the rest of what entered, each with its reason.
        projects: what each of several projects gave, by name; empty for a data set of one.

    Raises:
        ValueError: what entered is not what was written and dropped.
    """

    project: str
    options: ExportOptions
    concord: str
    time: datetime
    entered: int
    written: Mapping[str, int]
    dropped: tuple[Dropped, ...]
    evidence: Evidence
    projects: Mapping[str, Gave] = field(default_factory=dict[str, Gave])

    def __post_init__(self) -> None:
        rows = sum(self.written.values())
        if self.entered != rows + len(self.dropped):
            raise ValueError(f"{self.entered} entered, but {rows} were written and {len(self.dropped)} dropped")


@dataclass(frozen=True)
class Fingerprint:
    """One written file."""

    name: str
    size: int
    sha256: str


def manifest(summary: Summary, files: Sequence[Fingerprint]) -> dict[str, Json]:
    """The contents of `manifest.json`."""
    options, evidence = summary.options, summary.evidence
    return {
        "concord": summary.concord,
        "project": summary.project,
        "format": options.format,
        "options": {
            "min_votes": options.min_votes,
            "min_agreement": options.min_agreement,
            "split": list(options.shares),
            "seed": options.seed,
            "include_flagged": options.include_flagged,
            "stratify": options.stratify,
            "explain": options.explain,
            "gates": _plain(asdict(options.gates)),
            "policies": asdict(options.policies),
        },
        "time": utc(summary.time),
        "counts": {
            "in": summary.entered,
            "written": dict(summary.written),
            "dropped": dict(drop_reasons(summary)),
        },
        **({"projects": {name: one.counts() for name, one in summary.projects.items()}} if summary.projects else {}),
        "funnel": [{**step._asdict()} for step in funnel(summary.entered, dict(drop_reasons(summary)))],
        "leaks": dict(evidence.leaks),
        "evidence": {
            "items": evidence.items,
            "prompts": evidence.prompts,
            "drafts": evidence.drafts,
            "annotators": len(evidence.annotators),
            "annotations": evidence.annotations,
        },
        "ties": evidence.ties,
        "adjudicated": evidence.adjudicated,
        "first_shown_wins": _first_shown(evidence.first_shown),
        "agreement": evidence.agreement,
        "models": list(evidence.models),
        "guidelines": list(evidence.guidelines),
        "templates": [{"id": name, "version": version} for name, version in evidence.templates],
        "annotators": list(pseudonyms(evidence.annotators).values()),
        "lengths": _lengths(evidence.lengths, sum(summary.written.values())),
        "warnings": list(warnings(summary)),
        "files": [{"name": file.name, "bytes": file.size, "sha256": file.sha256} for file in files],
        "dropped": [_dropped(one) for one in summary.dropped],
    }


def utc(time: datetime) -> str:
    """A time as manifest and card write it.

    >>> utc(datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC))
    '2026-05-04T03:02:01Z'
    """
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def drop_reasons(summary: Summary) -> list[tuple[str, int]]:
    """How many were dropped for each reason, the most frequent first."""
    counts = Counter(one.reason for one in summary.dropped)
    return sorted(counts.items(), key=lambda reason: (-reason[1], reason[0]))


def simulated(annotator: Annotator) -> bool:
    """Whether a program judged, and not a person."""
    return annotator.origin == "simulated" or annotator.name.startswith("simulated")


def pseudonyms(annotators: Sequence[Annotator]) -> dict[str, str]:
    """What each annotator is called outside: `a-01`, `a-02`, … for people; the simulated keep their names."""
    people = sorted({annotator.name for annotator in annotators if not simulated(annotator)})
    programs = sorted({annotator.name for annotator in annotators if simulated(annotator)})
    return {name: f"a-{n:02d}" for n, name in enumerate(people, 1)} | {name: name for name in programs}


def warnings(summary: Summary) -> tuple[str, ...]:
    """What somebody who trains on the rows must know, as sentences."""
    evidence, rows = summary.evidence, sum(summary.written.values())
    programs = sum(map(simulated, evidence.annotators))
    checks = (
        (rows < FEWEST_ROWS, f"Rows written: {rows}. Fine-tuning wants at least {FEWEST_ROWS}."),
        (
            evidence.special_tokens > 0,
            f"Rows with chat tokens in their text, such as `<|im_end|>`: {evidence.special_tokens}. "
            "A trainer reads these as control tokens.",
        ),
        (
            evidence.replaced > 0,
            f"Rows with characters that could not be read (U+FFFD): {evidence.replaced}. Correct them at their source.",
        ),
        (
            evidence.demo_drafts,
            "Some drafts are by the demo drafter, which copies from the prompt and is no language model.",
        ),
        (
            programs > 0,
            f"Simulated annotators: {programs} of {len(evidence.annotators)}. Their judgements are no person's.",
        ),
    )
    return (*(sentence for applies, sentence in checks if applies), *evidence.notes)


def _plain(values: Mapping[str, Any]) -> Json:
    """The same values with lists, as everywhere in JSON."""
    return {
        name: list(cast("tuple[str, ...]", value)) if isinstance(value, tuple) else value
        for name, value in values.items()
    }


def _dropped(one: Dropped) -> Json:
    drafts: dict[str, Json] = {"drafts": list(one.drafts)} if one.drafts else {}
    return {"item": one.item, **drafts, "reason": one.reason}


def _first_shown(first_shown: FirstShown | None) -> Json:
    if first_shown is None:
        return None
    wins, decided = first_shown.wins, first_shown.decided
    return {"value": wins / decided if decided else None, "wins": wins, "decided": decided}


def _lengths(lengths: Lengths | None, rows: int) -> Json:
    if lengths is None:
        return None
    names = ("min", "lower_quartile", "median", "upper_quartile", "max")
    quartiles = dict(zip(names, lengths.quartiles, strict=True))
    return {**quartiles, "over_4000": lengths.over_4000, "share_over_4000": lengths.over_4000 / rows}
