from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from components.widgets.column_mapping import fields_of
from components.widgets.import_result import verdict
from components.widgets.project_card import counts_line, next_step, progress_line
from components.widgets.run_estimate import costs_line
from components.widgets.run_progress import pace
from components.widgets.settings_fields import typed_prices
from components.widgets.text import plain
from concord.errors import InputError
from concord.ids import new_id
from concord.records.kinds import Task
from concord.records.project import Counts
from concord.records.row import ImportReport, Problem
from concord.records.run import Costs, DraftingRun

START = datetime(2026, 5, 4, 12, tzinfo=UTC)
RUN = DraftingRun(new_id(), new_id(), "m", 400, 90, 10, "running", START)
PROBLEM = Problem("a.csv", 3, "text", "field 'text' is empty", "Fill it in or remove the row.")


def test_plain_text_says_the_same_and_marks_nothing() -> None:
    shown = plain("**bold** :smile: `code` [link](x) $x$ <b>")
    assert shown.replace("\\", "") == "**bold** :smile: `code` [link](x) $x$ <b>"
    assert all(shown[at - 1] == "\\" for at, sign in enumerate(shown) if sign in "*:`[]()$<>")


@pytest.mark.parametrize(
    ("counts", "task", "label"),
    [
        (Counts(0, 0, 0, 0, 0, 0), "rank", "Import rows"),
        (Counts(5, 0, 0, 0, 0, 0), "rank", "Make items"),
        (Counts(5, 5, 0, 0, 0, 0), "rank", "Draft answers"),
        (Counts(5, 5, 0, 0, 0, 0), "label", "Judge"),
        (Counts(5, 5, 15, 3, 1, 0), "rank", "Judge"),
        (Counts(5, 5, 15, 10, 2, 5), "rank", "See agreement"),
        (Counts(0, 5, 0, 15, 3, 5), "edit", "See agreement"),
    ],
)
def test_a_project_names_the_first_thing_it_lacks(counts: Counts, task: Task, label: str) -> None:
    assert next_step(counts, task).label == label


def test_a_project_without_items_does_not_claim_to_have_finished_none_of_them() -> None:
    assert progress_line(Counts(5, 0, 0, 0, 0, 0)) == "No items yet"
    assert counts_line(Counts(1, 1, 2, 1, 1, 0)) == "1 row · 2 drafts · 1 annotation by 1 annotator"


def test_a_running_run_says_how_fast_it_is_and_how_long_it_takes() -> None:
    assert pace(RUN, now=START + timedelta(seconds=10)).replace("\\", "") == (
        "Running · 100 of 400 drafts · 10.0/s · about 30 s left"
    )


def test_an_ended_run_says_how_it_ended_and_after_how_long() -> None:
    ended = replace(RUN, state="cancelled", finished_at=START + timedelta(seconds=200))
    assert pace(ended, now=START + timedelta(hours=9)).replace("\\", "") == (
        "Stopped · 100 of 400 drafts · 0.5/s · after 3 min"
    )


def test_a_run_that_found_nothing_missing_says_so() -> None:
    assert pace(replace(RUN, total=0, done=0, failed=0, state="done"), now=START) == (
        "Nothing was missing: every item has its drafts."
    )


def test_only_renamed_columns_are_mapped() -> None:
    fields = fields_of(["id", "q"], {1: {"Field": " question "}, 0: {"Must be filled": True}})
    assert fields.mapping == {"question": "q"}
    assert fields.required == {"id"}


def test_two_columns_cannot_become_one_field() -> None:
    with pytest.raises(InputError, match=r"Two columns would become field 'id'. Rename one of them\."):
        fields_of(["id", "q"], {1: {"Field": "id"}})


def test_a_column_needs_a_field_name() -> None:
    with pytest.raises(InputError, match=r"Column 'q' has no field name. Type one\."):
        fields_of(["id", "q"], {1: {"Field": None}})


def test_an_import_with_bad_rows_says_that_nothing_was_stored() -> None:
    assert verdict(ImportReport("a.csv", 9, 0, 0, (PROBLEM,))) == (
        "Nothing was stored, because of 1 bad row. Correct them, or skip them."
    )


def test_a_check_says_what_would_happen() -> None:
    report = ImportReport("a.csv", 9, 7, 1, (PROBLEM,), dry_run=True)
    assert verdict(report) == "a.csv: 7 would be stored, 1 there before, 1 row left out if you skip bad rows."


def test_an_import_that_skips_counts_what_it_left_out() -> None:
    report = ImportReport("a.csv", 9, 7, 1, (PROBLEM,), rejects="rejects.jsonl")
    assert verdict(report) == "a.csv: 7 stored, 1 there before, 1 row left out."


@pytest.mark.parametrize(
    ("costs", "line"),
    [
        (Costs(0.0, 0, 0, 0), ""),
        (Costs(0.0, 5, 5, 2), "cost unknown"),
        (Costs(1.5, 5, 1, 2), "$1.50 (unknown for 1)"),
        (Costs(1.5, 5, 0, 0), "$1.50"),
        (Costs(1.5, 5, 0, 3), "$1.50 · $0.50 for each of 3 items with an accepted draft"),
    ],
)
def test_costs_are_said_as_far_as_they_are_known(costs: Costs, line: str) -> None:
    assert costs_line(costs).replace("\\", "") == line


@pytest.mark.parametrize("line", ["some-model", "some-model 1", "some-model 1 x", "1 2", "m -1 2", "m nan 2"])
def test_a_price_that_is_none_is_refused(line: str) -> None:
    with pytest.raises(InputError) as caught:
        typed_prices(f"good 1 2\n{line}")
    assert str(caught.value) == (f"Prices, {line!r}: write the model, then two numbers: some-model 0.25 2.00.")
