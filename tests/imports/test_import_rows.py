"""Rows on their way into a project: mapped, checked, each once, all or nothing."""

import gzip
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concord.errors import InputError
from concord.imports.files import MOST_PROBLEMS
from concord.imports.rows import import_rows
from concord.imports.sieve import ImportOptions
from concord.records.row import ImportReport

GOOD = [{"text": f"row {n}", "n": n} for n in range(3)]


@pytest.fixture
def import_text(campaign, tmp_path: Path):
    """Imports a file of that name and content."""

    def run(name: str, content: str | bytes, **options) -> ImportReport:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return import_rows(campaign.store, campaign.project, path, options=ImportOptions(**options))

    return run


def lines(rows: list) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def data(campaign) -> list[object]:
    return [row.data for row in campaign.store.rows(campaign.project.id)]


def told(report: ImportReport) -> list[str]:
    return [f"{p.source}, line {p.line}: {p.found}. {p.cure}" for p in report.problems]


def test_rows_are_stored_with_file_and_line(campaign, import_text) -> None:
    report = import_text("a.jsonl", "\n" + lines(GOOD))
    assert report == ImportReport("a.jsonl", 3, 3, 0)
    assert [(row.source, row.line, row.data) for row in campaign.store.rows(campaign.project.id)] == [
        ("a.jsonl", line, row) for line, row in enumerate(GOOD, 2)
    ]


def test_a_second_import_stores_none(campaign, import_text) -> None:
    import_text("a.jsonl", lines(GOOD))
    assert import_text("b.jsonl", lines(GOOD)) == ImportReport("b.jsonl", 3, 0, 3)
    assert len(data(campaign)) == 3


def test_the_same_row_is_known_however_it_is_written(campaign, import_text) -> None:
    import_text("a.jsonl", '{"a":"é","n":1.50}')
    spaced = '{ "a" : "\\u00e9",\t"n": 1.5 }'
    for name, content in (
        ("b.jsonl", spaced),
        ("c.json", f"[{spaced}]"),
        ("d.json", f'{{"data": [{spaced}]}}'),
        ("e.jsonl.gz", gzip.compress(spaced.encode())),
    ):
        assert import_text(name, content).duplicates == 1
    assert data(campaign) == [{"a": "é", "n": 1.5}]


def test_rows_that_differ_in_anything_are_not_the_same(campaign, import_text) -> None:
    rows = [{"a": "1"}, {"a": 1}, {"a": 1.0}, {"a": True}, {"a": "1 "}, {"b": "1"}, {"a": "1", "b": None}, {"a": ["1"]}]
    assert import_text("a.jsonl", lines(rows * 2)) == ImportReport("a.jsonl", 16, 8, 8)
    assert list(map(repr, data(campaign))) == list(map(repr, rows))


def test_a_dry_run_stores_nothing_and_reports_the_same(campaign, import_text, tmp_path: Path) -> None:
    content = lines([*GOOD, GOOD[0]]) + "broken\n"
    rejects = tmp_path / "rejects.jsonl"
    for options in ({}, {"rejects": rejects}):
        dry = import_text("a.jsonl", content, dry_run=True, **options)
        assert (data(campaign), rejects.exists(), dry.dry_run) == ([], False, True)
        real = import_text("a.jsonl", content, **options)
        assert replace(dry, dry_run=False) == replace(real, rejects=None)
    assert (dry.stored, dry.duplicates, len(dry.problems)) == (3, 1, 1)


def test_one_bad_row_stores_none(campaign, import_text) -> None:
    report = import_text("a.jsonl", lines(GOOD) + '{"text": \n' + lines([{"text": "later"}]) + "[]")
    assert told(report) == [
        "a.jsonl, line 4: the line is not valid JSON (Expecting value at column 9). Correct or remove the line.",
        'a.jsonl, line 6: the row is a list, not an object. Write rows as {"field": value}.',
    ]
    assert (report.read, report.stored, report.duplicates, report.rejects) == (6, 0, 0, None)
    assert data(campaign) == []


def test_skipped_rows_can_be_corrected_and_imported(campaign, import_text, tmp_path: Path) -> None:
    rejects = tmp_path / "new" / "rejects.jsonl"
    content = lines(GOOD) + '{"text": "cut off"\n' + '{"text": ""}\n'
    report = import_text("a.jsonl", content, rejects=rejects, required=frozenset(["text"]))
    assert (report.read, report.stored, len(report.problems), report.rejects) == (5, 3, 2, str(rejects))
    written = [json.loads(line) for line in rejects.read_text().splitlines()]
    assert written == [
        {
            "source": "a.jsonl",
            "line": 4,
            "field": None,
            "found": "the line is not valid JSON (Expecting ',' delimiter at column 19)",
            "cure": "Correct or remove the line.",
            "text": '{"text": "cut off"',
        },
        {
            "source": "a.jsonl",
            "line": 5,
            "field": "text",
            "found": "field 'text' is empty",
            "cure": "Fill it in or remove the row.",
            "text": '{"text":""}',
        },
    ]
    corrected = written[0]["text"] + "}\n" + written[1]["text"].replace('""', '"filled in"')
    assert import_text("b.jsonl", corrected).stored == 2
    assert [row["text"] for row in data(campaign)] == ["row 0", "row 1", "row 2", "cut off", "filled in"]


def test_without_a_bad_row_there_is_no_file_of_rejects(import_text, tmp_path: Path) -> None:
    assert import_text("a.jsonl", lines(GOOD), rejects=tmp_path / "rejects.jsonl").rejects is None
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["a.jsonl"]


def test_rejects_of_a_table_that_is_no_utf8_can_be_written(import_text, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.jsonl"
    report = import_text("a.csv", "a,b\n1,ok\né,2\né\n".encode("latin-1"), rejects=rejects)
    assert (report.stored, len(report.problems)) == (1, 2)
    assert [json.loads(line)["text"] for line in rejects.read_text().splitlines()] == ["\ufffd,2", "\ufffd"]


def test_very_many_bad_rows_end_the_reading(campaign, import_text, tmp_path: Path) -> None:
    content = "broken\n" * (MOST_PROBLEMS + 500)
    report = import_text("a.jsonl", content)
    assert (report.read, len(report.problems)) == (MOST_PROBLEMS, MOST_PROBLEMS)
    assert report.notes == ("Reading stopped after 1,000 bad rows.",)
    skipping = import_text("a.jsonl", content + lines(GOOD), rejects=tmp_path / "rejects.jsonl")
    assert (skipping.read, skipping.stored, len(skipping.problems), skipping.notes) == (1_503, 3, MOST_PROBLEMS, ())
    assert len((tmp_path / "rejects.jsonl").read_text().splitlines()) == 1_500


# ---- fields


def test_columns_get_the_names_of_fields(campaign, import_text) -> None:
    import_text("a.jsonl", '{"body": "b", "n": 1, "text": "old"}', mapping={"text": "body"})
    import_text("a.csv", "x,y\n1,2\n", mapping={"y": "x", "x": "y"})
    import_text("b.csv", "q,z\n1,2\n", mapping={"question": "q", "again": "q"})
    assert data(campaign) == [{"text": "b", "n": 1}, {"y": "1", "x": "2"}, {"question": "1", "again": "1", "z": "2"}]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"mapping": {"text": "body"}},
            "a.csv: there is no column 'body' (there are: 'a', 'b'). Correct the mapping.",
        ),
        (
            {"required": frozenset(["text"])},
            "a.csv: there is no column 'text' (there are: 'a', 'b'). Correct the mapping.",
        ),
    ],
)
def test_a_table_without_the_column_is_refused_at_once(import_text, options: dict, message: str) -> None:
    with pytest.raises(InputError) as caught:
        import_text("a.csv", "a,b\n1,2\n", **options)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("row", "options", "problem"),
    [
        (
            {"a": 1},
            {"mapping": {"text": "body"}},
            "field 'body' is missing (there are: 'a'). Add it or correct the mapping.",
        ),
        (
            {"a": 1},
            {"required": frozenset(["text"])},
            "field 'text' is missing. Add it or correct the mapping.",
        ),
        ({"text": " \n"}, {"required": frozenset(["text"])}, "field 'text' is empty. Fill it in or remove the row."),
        ({"text": None}, {"required": frozenset(["text"])}, "field 'text' is empty. Fill it in or remove the row."),
        (
            {"body": ""},
            {"mapping": {"text": "body"}, "required": frozenset(["text"])},
            "field 'text' is empty. Fill it in or remove the row.",
        ),
        ({"a": "", "b": None}, {}, "every field is empty. Fill the row in or remove it."),
        ({}, {}, "every field is empty. Fill the row in or remove it."),
    ],
)
def test_a_row_that_lacks_something_is_a_problem(import_text, row: dict, options: dict, problem: str) -> None:
    assert told(import_text("a.jsonl", lines([row]), **options)) == [f"a.jsonl, line 1: {problem}"]


def test_what_is_zero_or_false_is_not_empty(campaign, import_text) -> None:
    rows = [{"text": 0}, {"text": False}, {"text": []}]
    assert import_text("a.jsonl", lines(rows), required=frozenset(["text"])).stored == 3


def test_progress_goes_from_nothing_to_all(campaign, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(lines([{"n": n} for n in range(10_000)]))
    shares: list[float] = []
    import_rows(campaign.store, campaign.project, path, on_progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert len(shares) == 6


def test_rows_too_large_for_one_batch_are_stored_all_the_same(campaign, import_text) -> None:
    rows = [{"n": n, "text": os.urandom(1_500_000).hex()} for n in range(7)]
    assert import_text("a.jsonl", lines(rows)).stored == 7
    assert data(campaign) == rows


# ---- whatever comes

NUMBERS = st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.booleans() | NUMBERS | TEXT.filter(str.strip),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=50)
@given(st.lists(st.dictionaries(TEXT, VALUES, min_size=1, max_size=3), min_size=1, max_size=4))
def test_any_rows_come_back_unchanged(new_campaign, tmp_path: Path, rows: list) -> None:
    campaign = new_campaign()
    path = tmp_path / "any.jsonl"
    path.write_text(lines(rows))
    report = import_rows(campaign.store, campaign.project, path)
    distinct = list({json.dumps(row): row for row in rows}.values())
    assert list(map(repr, data(campaign))) == list(map(repr, distinct))
    assert (report.read, report.stored, report.duplicates) == (len(rows), len(distinct), len(rows) - len(distinct))
