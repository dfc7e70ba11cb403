"""What a terminal shows while long work goes on, and how answers read."""

import contextlib
import io
from datetime import UTC, datetime, timedelta

import pytest

from concord import cli_text


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_how_far_it_is_and_is_clean_afterwards() -> None:
    with contextlib.redirect_stderr(Terminal()) as terminal, cli_text.progress("reading") as show:
        assert show
        show(0.0)
        show(1.0)
    assert terminal.getvalue().split("\r\x1b[2K")[1:] == ["reading   0%", "reading 100%, about 0 s left", ""]


def test_a_terminal_shows_how_a_run_goes_on() -> None:
    begun = (datetime.now(UTC) - timedelta(minutes=5)).isoformat()
    with contextlib.redirect_stderr(Terminal()) as terminal, cli_text.run_progress() as show:
        assert show
        show({"done": 0, "failed": 0, "total": 40, "started_at": begun, "cost": 0.0})
        show({"done": 29, "failed": 1, "total": 40, "started_at": begun, "cost": None})
    shown = terminal.getvalue().split("\r\x1b[2K")[1:]
    assert shown == [
        "0 of 40 drafted, 0 failed, $0.00",
        "29 of 40 drafted, 1 failed, 0.1/s, about 100 s left, cost unknown",
        "",
    ]


def test_nothing_is_shown_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with cli_text.progress("reading") as on_share, cli_text.run_progress() as on_run:
        assert (on_share, on_run) == (None, None)
    assert capsys.readouterr() == ("", "")


def test_of_very_many_problems_the_first_are_shown() -> None:
    problem = {"source": "rows.csv", "found": "field 'text' is empty", "cure": "Fill it in or remove the row."}
    problems = [problem | {"line": line} for line in range(2, 102)]
    report = {"source": "rows.csv", "read": 1_000, "stored": 0, "duplicates": 0, "notes": [], "refused": True}
    lines = cli_text.imported(report | {"problems": problems}).splitlines()
    assert lines[0] == "rows.csv, line 2: field 'text' is empty. Fill it in or remove the row."
    assert lines[20:] == [
        "… and 80 more (--json shows all).",
        "rows.csv: 100 of 1,000 rows are bad; nothing was stored.",
        "Correct them, or leave them out with --skip-bad.",
    ]


def test_a_number_that_is_not_defined_is_no_number() -> None:
    counts = {"items": 3, "annotations": 6, "annotators": 2}
    statistic = {"value": None, "low": None, "high": None, "note": "every value is 3", **counts}
    group = {"kind": "rating", "statistics": {"krippendorff_alpha": statistic | {"level": "ordinal"}}}
    text = cli_text.agreement({"agreement": {"tone": {"main": group}}})
    assert text.splitlines()[0] == "tone (rating, main)"
    assert text.splitlines()[2].split("  ")[0] == "krippendorff_alpha (ordinal)"
    assert "not defined" in text
    assert text.endswith("every value is 3")


def test_servers_of_this_machine_are_listed_with_their_models() -> None:
    found = [{"name": "Ollama", "base_url": "http://127.0.0.1:11434/v1", "models": ["a", "b"]}]
    assert cli_text.models(found).splitlines() == [
        "base URL                   server  model",
        "http://127.0.0.1:11434/v1  Ollama  a",
        "http://127.0.0.1:11434/v1  Ollama  b",
    ]
    assert cli_text.models([]) == "No model server answers on this machine. Start one: the README says how."


def test_what_a_run_took_is_said_with_what_is_not_in_it() -> None:
    run = {"tokens_in": 1_200, "tokens_out": 300, "cost": 0.005, "uncounted": 2, "repeated": 3}
    assert cli_text.spent(run) == (
        "1,200 tokens in, 300 out: $0.005; 2 answers came without a count and are not in it; "
        "3 requests had to be repeated."
    )


def test_a_plan_that_was_measured_says_on_how_much() -> None:
    plan = {"drafts": 0}
    assert cli_text.planned(plan) == "No item is missing a draft."
    plan = {"items": 10, "drafts": 30, "tokens_in": 5_000, "tokens_out": 9_000, "cost": 0.75, "measured": 40}
    assert cli_text.planned({**plan, "model": "m"}) == (
        "30 drafts for 10 items by m: about 5,000 tokens in and 9,000 out (measured on 40 drafts), $0.75."
    )
