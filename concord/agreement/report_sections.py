"""The agreement report as sections of tables: what the HTML file and the Markdown file have in common.

It is made of the report as JSON, so that it can be written wherever the JSON came to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from concord.agreement.words import word

Row = tuple[str, ...]
Object = Mapping[str, Any]
ARMS = {
    "main": "",
    "undrafted": "control: written without a draft",
    "canary": "canary: a fault was planted",
    "repeat": "repeat: judged twice by the same annotator",
}
STATISTIC = ("", "value", "95 % interval", "items", "annotations", "annotators", "note")


@dataclass(frozen=True)
class Mark:
    """A value with its interval, to be drawn."""

    name: str
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Table:
    """A table: heads, rows of text, for each row what explains it, and marks if it can be drawn."""

    title: str
    heads: Row
    rows: tuple[Row, ...]
    explained: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = field(default=())


@dataclass(frozen=True)
class Section:
    """One question in one arm, or one of the parts about the whole project."""

    title: str
    caption: str
    tables: tuple[Table, ...]


def sections(report: Object) -> list[Section]:
    """The sections of a report that came from `as_json`."""
    found = [
        Section(f"{question}{f' ({ARMS[arm]})' if ARMS.get(arm) else ''}", _caption(group), tuple(_tables(group)))
        for question, arms in report["agreement"].items()
        for arm, group in arms.items()
    ]
    if report.get("models"):
        found.append(_models(report["models"]))
    found += [_judge(one) for one in report.get("judges", ())]
    if report.get("adjudications"):
        found.append(_adjudicated(report["adjudications"]))
    if report.get("known_answers"):
        found.append(_known(report["known_answers"]))
    if report.get("skips") or report.get("flags"):
        found.append(_remarks(report["skips"], report["flags"]))
    if report.get("evidence"):
        found.append(_evidence(report["evidence"]))
    if report.get("consistency"):
        found.append(_consistency(report["consistency"]))
    return found


def number(value: float | None, *, digits: int = 3) -> str:
    """A value, or that it is not defined.

    >>> number(0.51249), number(-0.5), number(None)
    ('0.512', '−0.500', 'not defined')
    """
    return "not defined" if value is None else f"{value:.{digits}f}".replace("-", "−")


def _or_nothing(value: float | None) -> str:
    return "" if value is None else number(value)


def interval(one: Object) -> str:
    """The interval of a statistic, or nothing."""
    return "" if one["low"] is None else f"{number(one['low'])} to {number(one['high'])}"


def title(name: str, one: Object) -> str:
    """What a statistic is called, with its level where that is a choice."""
    return f"{word(name).name} ({one['level']})" if one.get("level") else word(name).name


def _caption(group: Object) -> str:
    kinds = {"edit": "Edited answers", "ranking": "Rankings of drafts", "comparison": "Comparisons of two drafts"}
    kinds["factual"] = "Factual checks, each draft an item"
    headline = next(iter(group["statistics"].values()))
    kind = kinds.get(group["kind"], f"{group['kind'].capitalize()}s")
    counts = f"{headline['annotations']:,} annotations · {headline['annotators']:,} annotators"
    return f"{kind} · {headline['items']:,} items judged by two or more · {counts}"


def _tables(group: Object) -> Iterator[Table]:
    yield statistics_table("", group["statistics"])
    if group["prevalence"]:
        rows = tuple((value, f"{share:.1%}") for value, share in group["prevalence"].items())
        yield Table("Share of the answers", ("value", "share"), rows)
    for name, one in group["statistics"].items():
        if one.get("pairs"):
            yield _pairs(name, one["pairs"])
    if group.get("people"):
        yield _people(group["people"], group["measure"])
    if group.get("over_time"):
        times = {f"{one['first']} to {one['last']}": one[group["measure"]] for one in group["over_time"]}
        yield _plain_statistics("Agreement with the others over time", times, group["measure"])
    for by in dict.fromkeys(layer["by"] for layer in group.get("by", ())):
        yield _layers(by, [layer for layer in group["by"] if layer["by"] == by])
    if group.get("disputed"):
        yield _disputed(group["disputed"], group["measure"])
    if group.get("consensus"):
        yield _consensus(group["consensus"])
    if group.get("plan", {}).get("half_widths"):
        yield from _plan(group["plan"])


def statistics_table(name: str, statistics: Mapping[str, Object]) -> Table:
    """Statistics by name, each with what explains it."""
    titles = [title(key, one) for key, one in statistics.items()]
    table = _plain_statistics(name, dict(zip(titles, statistics.values(), strict=True)))
    return replace(table, explained=tuple(str(word(key)) for key in statistics))


def _layers(by: str, layers: Sequence[Object]) -> Table:
    rows = [(layer["name"], name, one) for layer in layers for name, one in layer["statistics"].items()]
    table = _plain_statistics(f"By {by}", {f"{layer}: {title(name, one)}": one for layer, name, one in rows})
    return replace(table, explained=tuple(str(word(name)) for _, name, _ in rows))


def _plain_statistics(name: str, statistics: Mapping[str, Object], measure: str | None = None) -> Table:
    """Statistics by what they are of; `measure` says what all of them are."""
    rows = tuple(_row(key, one) for key, one in statistics.items())
    explained = (str(word(measure)),) * len(rows) if measure else ()
    marks = tuple(
        Mark(key, one["value"], one["low"], one["high"]) for key, one in statistics.items() if one["value"] is not None
    )
    return Table(name, STATISTIC, rows, explained, marks)


def _row(name: str, one: Object) -> Row:
    counts = (f"{one[count]:,}" for count in ("items", "annotations", "annotators"))
    return (name, number(one["value"]), interval(one), *counts, one.get("note") or "")


def _pairs(name: str, pairs: Sequence[Object]) -> Table:
    rows = tuple(
        (
            " / ".join(pair["between"]),
            number(pair["value"]),
            interval(pair),
            f"{pair['percent_agreement']:.1%}" if "percent_agreement" in pair else "",
            f"{pair['items']:,}",
            pair.get("note") or "",
        )
        for pair in pairs
    )
    heads = ("pair", word(name).name, "95 % interval", "percent", "items", "note")
    return Table("Each pair of annotators", heads, rows, (str(word(name)),) * len(rows))


def _people(people: Sequence[Object], measure: str) -> Table:
    heads = (
        "annotator",
        "answers",
        word(measure).name,
        "95 % interval",
        "first half",
        "second half",
        "s an item",
        "differs most",
    )
    rows = tuple(
        (
            one["annotator"],
            f"{one['answers']:,}",
            number(one[measure]["value"]),
            interval(one[measure]),
            *("" if one[half]["value"] is None else number(one[half]["value"]) for half in ("earlier", "later")),
            "" if one["seconds"] is None else f"{one['seconds']:.0f}",
            "; ".join(f"{c['given']} for {c['most']}: {c['times']:,}" for c in one["confusions"]),
        )
        for one in people
    )
    marks = tuple(
        Mark(one["annotator"], one[measure]["value"], one[measure]["low"], one[measure]["high"])
        for one in people
        if one[measure]["value"] is not None
    )
    explained = (str(word(measure)),) * len(rows)
    return Table("People: agreement with the others (no ranking: see the intervals)", heads, rows, explained, marks)


def _disputed(disputed: Sequence[Object], measure: str) -> Table:
    rows = tuple(
        (
            one["item"] or "",
            f"{one['percent_agreement']:.0%}" if "percent_agreement" in one else number(one[measure]),
            ", ".join(f"{value}: {times}" for value, times in one["answers"].items()),
        )
        for one in disputed
    )
    name = "percent_agreement" if "percent_agreement" in disputed[0] else measure
    heads = ("item", "pairs that agree" if name == "percent_agreement" else word(name).name, "answers")
    return Table("Most disputed items", heads, rows, (str(word(name)),) * len(rows))


def _consensus(one: Object) -> Table:
    rows = [
        ("items", f"{one['items']:,}"),
        ("without a majority", f"{one['tied']:,}"),
        ("where Dawid and Skene’s answer is not the majority’s", f"{one['dawid_skene_changes']:,}"),
        ("without a majority that Dawid and Skene decide (p ≥ .9)", f"{one['dawid_skene_settles']:,}"),
        *((f"accuracy of {who} by Dawid and Skene", number(value)) for who, value in one["accuracy"].items()),
    ]
    return Table("Consensus", ("", ""), tuple(rows))


def _plan(plan: Object) -> Iterator[Table]:
    widths = tuple((f"{int(n):,}", f"±{width:.3f}") for n, width in plan["half_widths"].items())
    yield Table("Half-width of the headline’s interval by items judged twice", ("items", "half-width"), widths)
    if plan["items_by_overlap"]:
        rows = tuple((m, f"{n:,}", f"{int(m) * n:,}") for m, n in plan["items_by_overlap"].items())
        yield Table("For ±0.05 of percent agreement", ("annotators an item", "items", "answers"), rows)


def _models(league: Object) -> Section:
    standings = {one["model"]: one["strength"] for one in league["standings"]}
    table = _plain_statistics("", standings, "strength")
    rates = tuple((one["model"], f"{one['win_rate']:.1%}", f"{one['duels']:,}") for one in league["standings"])
    names = [one["model"] for one in league["standings"]]
    wins = tuple((name, *(f"{x:g}" for x in row)) for name, row in zip(names, league["wins"], strict=True))
    counts = f"{league['items']:,} items · {league['ties']:,} ties"
    caption = f"Log-strengths of Bradley and Terry, ties half a win each · {counts}"
    tables = (
        table,
        Table("Wins, ties half", ("model", "won", "duels"), rates),
        Table("Row beat column", ("", *names), wins),
    )
    return Section("Models", caption, tables)


def _judge(judge: Object) -> Section:
    numbers = {"with ties (S1)": judge["with_ties"], "without ties (S2)": judge["without_ties"]}
    caption = (
        f"Apart from agreement between people. It contradicts itself on {judge['contradicts_itself']:.0%} of the pairs."
    )
    beside = Table("Published, same definition", ("figure",), tuple((line,) for line in judge["published"]))
    people = _plain_statistics("Each annotator, without ties (S2)", judge["by_annotator"], "with_judge")
    both = _plain_statistics("", numbers, "with_judge")
    return Section(f"Judge {judge['model']} against people", caption, (both, people, beside))


def _known(people: Mapping[str, Object]) -> Section:
    heads = ("annotator", "hits", "of", "share of hits", "95 % interval", "τ-b", "chrF")
    rows = tuple(
        (
            who,
            f"{one['hits']:,}",
            f"{one['choices']:,}",
            _or_nothing(one["share"]),
            interval(one),
            _or_nothing(one["tau_b"]),
            _or_nothing(one["chrf"]),
        )
        for who, one in people.items()
    )
    marks = tuple(
        Mark(who, one["share"], one["low"], one["high"]) for who, one in people.items() if one["share"] is not None
    )
    caption = "Answers to items whose answer is known, mixed in unseen. The interval of a share is Wilson’s."
    table = Table("", heads, rows, (str(word("known_answers")),) * len(rows), marks)
    return Section("People against known answers", caption, (table,))


def _remarks(skips: Sequence[Object], flags: Sequence[Object]) -> Section:
    heads = ("reason", "items", "annotators")
    tables = tuple(
        Table(name, heads, tuple((one["reason"], f"{one['items']:,}", f"{one['annotators']:,}") for one in remarks))
        for name, remarks in (("Skips", skips), ("Open flags", flags))
        if remarks
    )
    caption = "A skip is no answer and counts in no number. Judgements of flagged items count, though not in exports."
    return Section("Skips and flags", caption, tables)


def _adjudicated(adjudicated: Mapping[str, Object]) -> Section:
    caption = "Reviewers see what was judged before they decide: this is no measure of who is right."
    return Section("People beside reviewers", caption, _pulls(adjudicated))


def _pulls(evidence: Mapping[str, Object]) -> tuple[Table, ...]:
    return tuple(
        _plain_statistics(one["sentence"], {"all": one, **one["by_annotator"]}, name) for name, one in evidence.items()
    )


def _evidence(evidence: Mapping[str, Object]) -> Section:
    caption = "What other than substance may have moved the judgements: questions to ask, not faults of a person."
    return Section("Signs of bias", caption, _pulls(evidence))


def _consistency(people: Sequence[Object]) -> Section:
    heads = ("annotator", "pairs of texts", "judged again", "reversed", "triples", "in a circle")
    fields = ("pairs", "judged_again", "reversed", "triples", "cyclic")
    rows = tuple((one["annotator"], *(f"{one[name]:,}" for name in fields)) for one in people)
    caption = (
        "The same two texts under one prompt judged both ways round, and three texts that beat each other in turn."
    )
    return Section("Consistency of each person’s preferences", caption, (Table("", heads, rows),))
