"""What annotators wait for: one in a browser, many at once, and what their sessions take of memory."""

from __future__ import annotations

from pathlib import Path

from bench.measure import measure
from bench.report import desk_table, verdict

PAINTED = {"paint.submits": "rank three drafts by keys"}
CROWDS = {10: None, 50: 150, 100: 400}
"""How many annotators at once, and the most that 95 of 100 submits may take, in milliseconds."""


def bench_annotators(folder: Path, submits: int) -> None:
    measure("crowd.filled", folder)
    painted = {"paint.submits": measure("paint.submits", folder, 100).result}
    print(
        desk_table("One annotator in Chromium, from the key to the next item painted: milliseconds", painted, PAINTED)
    )
    print(verdict("ms, p50", painted["paint.submits"]["submit"]["p50"], most=110))
    print(verdict("ms, p95", painted["paint.submits"]["submit"]["p95"], most=160))
    crowds = {f"{number}": measure("crowd.at_once", folder, number).result for number in CROWDS}
    met = {number: {step: found[step] for step in ("open", "submit")} for number, found in crowds.items()}
    names = {number: f"{number} annotators" for number in crowds}
    print(desk_table("At the websocket, a submit every 3 s each, with drafts coming in: milliseconds", met, names))
    for number, most in CROWDS.items():
        found = crowds[f"{number}"]
        print(verdict(f"ms, p95 of {number} annotators", found["submit"]["p95"], most=most))
        print(verdict(f"of a processor, {number} annotators and the drafting run", found["processor"]))
        print(verdict(f"MB a session, {number} sessions", found["megabytes"], most=1))
    sizes = measure("crowd.one_session", folder, submits).result["megabytes"]
    print(f"  MB after each tenth of {submits:,} submits in one session: {', '.join(f'{size:.0f}' for size in sizes)}")
    print(verdict(f"MB more after {submits:,} submits than after half of them", sizes[-1] - sizes[4], most=10))
