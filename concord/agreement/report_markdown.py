"""The agreement report as Markdown."""

from __future__ import annotations

import re

from concord.agreement.report_sections import Object, Section, Table, sections


def as_markdown(report: Object) -> str:
    r"""The report, from what `as_json` gave.

    >>> print(as_markdown({"project": "a*b", "seed": 0, "agreement": {}}))
    # Agreement: a\*b
    <BLANKLINE>
    95 % intervals by resampling items 1,000 times, seed 0.
    <BLANKLINE>
    """
    head = f"# Agreement: {escaped(report['project'])}\n\n"
    head += f"95 % intervals by resampling items 1,000 times, seed {report['seed']}.\n"
    return head + "".join(map(_section, sections(report)))


def escaped(text: str) -> str:
    r"""A text that Markdown shows as it is, in one line.

    >>> print(escaped("<b>|x|\n_y_"))
    \<b\>\|x\| \_y\_
    """
    return re.sub(r"([\\\\`*_{}\[\]()#+!|<>~&$-])", r"\\\1", " ".join(text.split()))


def _section(section: Section) -> str:
    parts = [f"\n## {escaped(section.title)}\n\n{escaped(section.caption)}\n"]
    return "".join([*parts, *map(_table, section.tables)])


def _table(table: Table) -> str:
    title = f"\n### {escaped(table.title)}\n" if table.title else ""
    lines = [table.heads, tuple("---" for _ in table.heads)]
    head, rule = ("| " + " | ".join(line) + " |\n" for line in (map(escaped, lines[0]), lines[1]))
    rows = "".join("| " + " | ".join(map(escaped, row)) + " |\n" for row in table.rows)
    return f"{title}\n{head}{rule}{rows}"
