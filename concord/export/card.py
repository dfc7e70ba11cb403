"""The dataset card, `README.md`: which files hold which split, and what a reader must know before training on them.

Names of projects, templates, models and annotators come from people. In YAML they are double-quoted scalars in pure
ASCII; in Markdown they are code spans of one line, in which nothing is markup.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from concord.export.formats import ENTERED, FORMATS, KINDS
from concord.export.manifest import Lengths, Summary, drop_reasons, pseudonyms, simulated, utc, warnings


@dataclass(frozen=True)
class About:
    """What only the card says.

    Attributes:
        columns: name and type of each column.
        guidelines: what the annotators were told; may be empty.
    """

    columns: tuple[tuple[str, str], ...] = ()
    guidelines: str = ""


def card(summary: Summary, about: About | None = None) -> str:
    """The whole text of `README.md`."""
    about = about or About()
    parts = [_front_matter(summary), _opening(summary), _rows(summary), _columns(about), _making(summary)]
    parts = [*filter(None, parts), *filter(None, [_guidelines(about)]), _limitations(summary)]
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def _front_matter(summary: Summary) -> list[str]:
    loads = KINDS[summary.options.format].loads
    files = [line for split in summary.written for line in (f"  - split: {split}", f"    path: {split}.{loads}")]
    return [
        "---",
        f"pretty_name: {_yaml(summary.project)}",
        *([f"license: {summary.options.license}"] if summary.options.license else []),
        f"tags: [{', '.join(KINDS[summary.options.format].tags)}]",
        "task_categories: [text-generation]",
        f"size_categories: [{_size(sum(summary.written.values()))}]",
        *(["configs:", "- config_name: default", "  data_files:", *files] if files else []),
        "---",
    ]


def _opening(summary: Summary) -> list[str]:
    return [
        f"# {_code(summary.project)}",
        "",
        f"A data set for {FORMATS[summary.options.format]}. "
        f"Written by Concord {summary.concord} on {utc(summary.time)}; `manifest.json` has the details. "
        'Read it with `datasets.load_dataset("this folder")`.',
    ]


def _rows(summary: Summary) -> list[str]:
    reasons = drop_reasons(summary)
    return [
        "## Rows",
        "",
        *_table("split", "rows", list(summary.written.items())),
        "",
        f"{ENTERED[KINDS[summary.options.format].shape]} that entered: {summary.entered:,}; "
        f"written: {sum(summary.written.values()):,}; left out: {len(summary.dropped):,}.",
        *(["", *_table("left out because of", "number", reasons)] if reasons else []),
        *_projects(summary),
        *_lengths(summary.evidence.lengths),
    ]


def _projects(summary: Summary) -> list[str]:
    """What each of several projects gave."""
    lines = [
        f"| {_code(name)} | {one.weight:g} | {one.entered:,} | {one.rows:,} | {one.entered - one.rows:,} |"
        for name, one in summary.projects.items()
    ]
    head = ["", "| project | weight | entered | rows | left out |", "|---|--:|--:|--:|--:|"]
    return [*head, *lines] if lines else []


def _lengths(lengths: Lengths | None) -> list[str]:
    if lengths is None:
        return []
    shortest, _, median, _, longest = lengths.quartiles
    return ["", f"Characters in a row: from {shortest:,} to {longest:,}, {median:,} in the median."]


def _columns(about: About) -> list[str]:
    rows = [f"| {_code(name)} | {_code(kind)} |" for name, kind in about.columns]
    return ["## Columns", "", "| column | type |", "|---|---|", *rows] if rows else []


def _guidelines(about: About) -> list[str]:
    """The guidelines as they were written, fenced by more backticks than they have in a row."""
    if not about.guidelines.strip():
        return []
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", about.guidelines)), 3)
    lines = re.split(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", about.guidelines.strip())
    return ["## What annotators were told", "", f"{fence}text", *lines, fence]


def _making(summary: Summary) -> list[str]:
    options, evidence = summary.options, summary.evidence
    people = [annotator for annotator in evidence.annotators if not simulated(annotator)]
    names = pseudonyms(evidence.annotators)
    programs = [names[annotator.name] for annotator in evidence.annotators if simulated(annotator)]
    return [
        "## How it was made",
        "",
        f"- Models that drafted: {_codes(evidence.models)}.",
        f"- Templates: {_codes([f'{name} {version[:12]}' for name, version in evidence.templates])}.",
        f"- Annotations: {evidence.annotations:,}; people: {len(people)}; simulated annotators: {_codes(programs)}.",
        f"- Rows that rest on a reviewer's decision, whatever the votes: {evidence.adjudicated:,}.",
        f"- Agreement: {_code(evidence.agreement) if evidence.agreement else 'not reported'}.",
        f"- Gates: votes per pair, at least {options.min_votes}; "
        f"share of the winner, at least {options.min_agreement:g}.",
        f"- Splits: {', '.join(f'{share:g}' for share in options.shares)} (training, validation, test), "
        f"seed {options.seed}. Items that share a prompt or a source row, or have near-duplicate prompts, are "
        "always in one split.",
    ]


def _limitations(summary: Summary) -> list[str]:
    return [
        "## Limitations",
        "",
        *(f"- {sentence}" for sentence in warnings(summary)),
        f"- Licence: {summary.options.license}. It covers what was written here, not what prompts and drafts came from."
        if summary.options.license
        else "- No licence is stated: whoever passes the data on must add one.",
    ]


def _table(left: str, right: str, lines: list[tuple[str, int]]) -> list[str]:
    return [f"| {left} | {right} |", "|---|--:|", *(f"| {name} | {number:,} |" for name, number in lines)]


def _size(rows: int) -> str:
    """The size category of the Hugging Face hub.

    >>> [_size(rows) for rows in (0, 999, 1_000, 2_500_000)]
    ['n<1K', 'n<1K', '1K<n<10K', '1M<n<10M']
    """
    if rows < 1_000:
        return "n<1K"
    steps = ("1K", "10K", "100K", "1M", "10M", "100M", "1B", "10B", "100B", "1T")
    step = len(str(rows)) - 4
    return f"{steps[step]}<n<{steps[step + 1]}"


def _yaml(text: str) -> str:
    r"""A double-quoted scalar; Python's escapes are YAML's too.

    >>> print(_yaml('"Café"\n---'))
    "\"Caf\xe9\"\n---"
    """
    escaped = text.encode("unicode_escape").decode("ascii").replace('"', '\\"')
    return f'"{escaped}"'


def _code(text: str) -> str:
    """A code span of one line, fenced by more backticks than the text has in a row.

    >>> print(_code("a`b"))
    `` a`b ``
    """
    line = "".join(character if character.isprintable() else " " for character in text)
    runs = re.findall("`+", line)
    if not runs:
        return f"`{line}`"
    fence = "`" * (max(map(len, runs)) + 1)
    return f"{fence} {line} {fence}"


def _codes(texts: list[str] | tuple[str, ...]) -> str:
    return ", ".join(map(_code, texts)) or "none"
