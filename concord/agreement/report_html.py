"""The agreement report as one HTML file: nothing is fetched, no script runs, all that people wrote is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from concord.agreement.report_sections import Mark, Object, Section, Table, sections
from concord.agreement.words import HEADS

_STYLE = """
:root { color-scheme: light dark; --text: #31333f; --faint: #6b6e7b; --line: #d9dbe3; --accent: #3d5afe; --back: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --text: #fafafa; --faint: #a3a8b8; --line: #3a3f4b; --accent: #8c9eff; --back: #0e1117; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); margin: 2rem auto;
  max-width: 72rem; padding: 0 1rem; }
h1 { font-size: 1.6rem }
h2 { font-size: 1.25rem; margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: 1.2rem }
h3 { font-size: 1rem; margin: 1.4rem 0 .3rem }
p { color: var(--faint); margin: .2rem 0 .8rem }
.wide { overflow-x: auto }
table { border-collapse: collapse; font-size: .9rem }
th, td { text-align: left; padding: .25rem .9rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top;
  overflow-wrap: anywhere; max-width: 28rem }
th { color: var(--faint); font-weight: 500 }
tr[title] td:first-child, th[title] { text-decoration: underline dotted var(--faint); cursor: help }
svg text { fill: var(--text); font-size: 12px } svg .axis { stroke: var(--line) }
svg .range { stroke: var(--accent); stroke-width: 2 } svg circle { fill: var(--accent) }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_LEFT, _WIDTH, _ROW = 260, 420, 22


def as_html(report: Object) -> str:
    """The report, from what `as_json` gave, as a page that needs nothing else."""
    title = f"Agreement: {report['project']}"
    body = "".join(map(_section, sections(report))) or "<p>Nobody has annotated anything yet.</p>"
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{escape(title)}</h1>\n"
        f"<p>95 % intervals by resampling items 1,000 times, seed {escape(str(report['seed']))}. An interval says "
        f"how far other items might move a value; it says nothing about other annotators.</p>\n"
        f"{body}</body>\n</html>\n"
    )


def _section(section: Section) -> str:
    tables = "".join(map(_table, section.tables))
    return f"<h2>{escape(section.title)}</h2>\n<p>{escape(section.caption)}</p>\n{tables}"


def _table(table: Table) -> str:
    title = f"<h3>{escape(table.title)}</h3>\n" if table.title else ""
    head = "".join(_head(cell) for cell in table.heads)
    explained = table.explained or ("",) * len(table.rows)
    rows = "".join(_row(row, text) for row, text in zip(table.rows, explained, strict=True))
    return f'{title}{_forest(table.marks)}<div class="wide"><table>\n<tr>{head}</tr>\n{rows}</table></div>\n'


def _head(name: str) -> str:
    return f"<th{_title(HEADS.get(name.lower(), ''))}>{escape(name)}</th>"


def _title(text: str) -> str:
    """What is shown when the pointer rests there."""
    return f' title="{escape(text)}"' if text else ""


def _row(row: Sequence[str], explained: str) -> str:
    cells = "".join(f"<td>{escape(cell)}</td>" for cell in row)
    return f"<tr{_title(explained)}>{cells}</tr>\n"


def _forest(marks: Sequence[Mark]) -> str:
    """Values with their intervals, one below the other on one scale."""
    if not marks:
        return ""
    ends = [end for mark in marks for end in (mark.value, mark.low, mark.high) if end is not None]
    low, high = min(0.0, *ends), max(1.0, *ends)
    height = _ROW * len(marks) + 24

    def x(value: float) -> float:
        return round(_LEFT + _WIDTH * (value - low) / (high - low), 1)

    lines = [
        f'<line class="axis" x1="{x(tick)}" x2="{x(tick)}" y1="0" y2="{height - 20}"/>'
        f'<text x="{x(tick)}" y="{height - 6}" text-anchor="middle">{tick:g}</text>'
        for tick in sorted({low, 0.0, 0.5 if high == 1 else 0.0, high})
        for tick in [round(tick, 2)]
    ]
    for number, mark in enumerate(marks):
        y = _ROW * number + 12
        lines.append(f'<text x="{_LEFT - 12}" y="{y + 4}" text-anchor="end">{escape(_short(mark.name))}</text>')
        if mark.low is not None and mark.high is not None:
            lines.append(f'<line class="range" x1="{x(mark.low)}" x2="{x(mark.high)}" y1="{y}" y2="{y}"/>')
        lines.append(f'<circle cx="{x(mark.value)}" cy="{y}" r="4"><title>{mark.value:.3f}</title></circle>')
    box = f"0 0 {_LEFT + _WIDTH + 30} {height}"
    return f'<svg viewBox="{box}" width="{_LEFT + _WIDTH + 30}" height="{height}" role="img">{"".join(lines)}</svg>\n'


def _short(name: str) -> str:
    return name if len(name) <= 36 else f"{name[:35]}…"
