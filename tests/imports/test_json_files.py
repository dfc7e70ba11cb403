"""JSONL and JSON: every record with its line, every broken one with its problem."""

import gzip
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.imports.reading import LONGEST_ROW, Bad

SEPARATORS = "\u2028 \u2029 \x85 \x1c \x0b"


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ('{"a": 1}\n{"a": 2}', [{"a": 1}, {"a": 2}]),
        ('\ufeff{"a": 1}\r\n\r\n \t\n{"a": 2}\r\n', [{"a": 1}, {"a": 2}]),
        ('{"zip": "02134", "day": "2024-01-01", "n": 1.10}', [{"zip": "02134", "day": "2024-01-01", "n": 1.1}]),
        (f'{{"a": "{SEPARATORS[:5]}"}}', [{"a": SEPARATORS[:5]}]),
        ('{"a": "\\ud83d\\ude00 \\u0000"}', [{"a": "😀 \x00"}]),
        ('{"a": "\\ud83d"}', [{"a": "\ufffd"}]),
        ('{"a": ["\\ude00x"], "\\ud800": 1}', [{"a": ["\ufffdx"], "\ufffd": 1}]),
        ('{"a": 1, "a": 2}', [{"a": 2}]),
        ('{"a": 18446744073709551615, "b": -9223372036854775808}', [{"a": 2**64 - 1, "b": -(2**63)}]),
        ('{"a": "12345678901234567890123"}', [{"a": "12345678901234567890123"}]),
    ],
)
def test_lines_are_read_as_they_are(told, content: str, rows: list) -> None:
    assert told("a.jsonl", content) == rows


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('{"a": 1', "the line is not valid JSON (Expecting ',' delimiter at column 8). Correct or remove the line."),
        ("{'a': 1}", "the line is not valid JSON (Expecting property name enclosed in double quotes at column 2). "
         "Correct or remove the line."),
        ('{"a": NaN}', "the line is not valid JSON (NaN is not a JSON number, null is). Correct or remove the line."),
        ('{"a": -Infinity}', "the line is not valid JSON (-Infinity is not a JSON number, null is). "
         "Correct or remove the line."),
        ('{"a": 1e999}', "the line is not valid JSON (1e999 is too large a number). Correct or remove the line."),
        ("[" * 100_000, "the line is not valid JSON (it is nested too deeply). Correct or remove the line."),
        ('{"a": ' + "[" * 500 + "]" * 500 + "}", "the row holds what cannot be kept (Recursion limit reached). "
         "Write large numbers as text, and nest less deeply."),
        ('{"a": 18446744073709551616}', "the row holds what cannot be kept (Integer exceeds 64-bit range). "
         "Write large numbers as text, and nest less deeply."),
        ('{"a": "b"', "the line is not valid JSON (Expecting ',' delimiter at column 10). Correct or remove the line."),
        ("[1, 2]", 'the row is a list, not an object. Write rows as {"field": value}.'),
        ('"text"', 'the row is text, not an object. Write rows as {"field": value}.'),
        ("null", 'the row is null, not an object. Write rows as {"field": value}.'),
        ("true", 'the row is true or false, not an object. Write rows as {"field": value}.'),
        ("7", 'the row is a number, not an object. Write rows as {"field": value}.'),
    ],
    ids=str,
)  # fmt: skip
def test_a_line_that_is_no_row_is_a_problem_and_not_the_end(reading, told, line: str, found: str) -> None:
    content = f'{{"n": 1}}\n\n{line}\n{{"n": 2}}\n'
    assert told("a.jsonl", content) == [{"n": 1}, f"a.jsonl, line 3: {found}", {"n": 2}]
    [bad] = [one for one in reading("a.jsonl", content) if isinstance(one, Bad)]
    assert bad.text == line


def test_a_line_that_is_no_utf8_is_a_problem(reading) -> None:
    first, bad = reading("a.jsonl", '{"a": 1}\n{"a": "café"}\n'.encode("latin-1"))
    assert first.data == {"a": 1}
    assert (bad.problem.line, bad.problem.found) == (2, "byte 0xe9 at column 11 is not UTF-8")
    assert bad.problem.cure == "Save the file as UTF-8 and import it again."
    assert bad.text == '{"a": "caf\ufffd"}'


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_a_line_beyond_all_measure_is_passed_over(told, name: str) -> None:
    content = b'{"n": 1}\n{"a": "' + b"x" * LONGEST_ROW + b'"}\n{"n": 2}\n' + b"y" * (LONGEST_ROW + 1)
    assert told(name, gzip.compress(content, 1) if name.endswith("gz") else content) == [
        {"n": 1},
        f"{name}, line 2: the line has 16,000,010 bytes, 16,000,000 are allowed. Break the file into one row a line.",
        {"n": 2},
        f"{name}, line 4: the line has 16,000,001 bytes, 16,000,000 are allowed. Break the file into one row a line.",
    ]


# ---- .json


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ('[{"a": 1}, {"a": 2}]', [(1, {"a": 1}), (1, {"a": 2})]),
        ('\ufeff\n [\n {"a":\n 1},\r\n\r\n{"a": 2}\n]\n', [(3, {"a": 1}), (6, {"a": 2})]),
        ('{"version": 1, "data": [{"a": 1}, {"a": 2}]}', [(1, {"a": 1}), (2, {"a": 2})]),
        ('{\n "data": [\n  {"a": 1}\n ]\n}\n', [(1, {"a": 1})]),
        ('{\n "data": {"a": 1}\n}', [(1, {"data": {"a": 1}})]),
        ('{"a": 1}\n{"a": 2}\n\n{"a": 3}', [(1, {"a": 1}), (2, {"a": 2}), (4, {"a": 3})]),
        ('\ufeff\n{"a": 1}\n{"a": 2}', [(2, {"a": 1}), (3, {"a": 2})]),
        ('{"a": 1}', [(1, {"a": 1})]),
        ('[{"zip": "02134", "half": "\\ud83d"}]', [(1, {"zip": "02134", "half": "\ufffd"})]),
        (f'[{{"a": "{SEPARATORS[:5]}"}}]', [(1, {"a": SEPARATORS[:5]})]),
    ],
)
def test_json_comes_as_an_array_an_object_or_misnamed_lines(reading, content: str, rows: list) -> None:
    assert [(record.line, record.data) for record in reading("a.json", content)] == rows


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ('[{"a": 1},\n{"a": 2', "a.json, line 2: the array breaks off or is not valid JSON here "
         "(Expecting ',' delimiter). Correct the file from this line on."),
        ('[{"a": 1},\n', "a.json, line 2: the array breaks off or is not valid JSON here (Expecting value). "
         "Correct the file from this line on."),
        ('[{"a": 1},\n{"a": NaN}]', "a.json, line 2: the array breaks off or is not valid JSON here "
         "(NaN is not a JSON number, null is). Correct the file from this line on."),
        ('[{"a": 1},\n7]', 'a.json, line 2: the row is a number, not an object. Write rows as {"field": value}.'),
        ('{"data": [{"a": 1}, 7]}', "a.json, line 2: the row is a number, not an object. "
         'Write rows as {"field": value}.'),
        ('{"a": 1}\n{"a": 2', "a.json, line 2: the line is not valid JSON (Expecting ',' delimiter at column 8). "
         "Correct or remove the line."),
        ('{"a": 1}\n{"a": Infinity}', "a.json, line 2: the line is not valid JSON "
         "(Infinity is not a JSON number, null is). Correct or remove the line."),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_json_file_is_a_problem_with_its_line(told, content: str, found: str) -> None:
    assert told("a.json", content) == [{"a": 1}, found]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ('{\n "data": [\n  {"a": 1},\n', "a.json, line 4: the file is not valid JSON (Expecting value at column 1). "
         "Correct the file."),
        ('{\n "data": [{"a": NaN}]}', "a.json, line 0: the file is not valid JSON (NaN is not a JSON number, null is). "
         "Correct the file."),
        ("never JSON", "a.json, line 1: the file is not valid JSON (Expecting value at column 1). Correct the file."),
        ('"text"', 'a.json, line 1: the row is text, not an object. Write rows as {"field": value}.'),
    ],
)  # fmt: skip
def test_a_json_file_that_is_broken_as_a_whole_is_one_problem(told, content: str, found: str) -> None:
    assert told("a.json", content) == [found]


def test_an_array_larger_than_the_window_is_read_element_by_element(reading) -> None:
    rows = [{"n": n, "text": "é" * (n % 5_000)} for n in range(2_000)]
    records = reading("a.json", json.dumps(rows, ensure_ascii=False, indent=1))
    assert [record.data for record in records] == rows
    assert [record.line for record in records[:3]] == [2, 6, 10]


# ---- whatever comes

NUMBERS = st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
ROWS = st.lists(st.dictionaries(TEXT, VALUES, max_size=3), min_size=1, max_size=3)


@given(ROWS, st.booleans())
def test_any_rows_survive_lines_and_arrays_alike(reading, rows: list, ascii_only: bool) -> None:
    lines = "\n".join(json.dumps(row, ensure_ascii=ascii_only) for row in rows)
    array = json.dumps(rows, ensure_ascii=ascii_only)
    for name, content in (("a.jsonl", lines), ("a.json", array)):
        records = reading(name, content)
        assert [same(record.data) for record in records] == [same(row) for row in rows]
        assert [json.loads(record.text) for record in records] == rows


def same(value: object) -> object:
    """With the kind of each number, because 1 == 1.0 == True."""
    match value:
        case dict():
            return {key: same(inner) for key, inner in value.items()}
        case list():
            return [same(inner) for inner in value]
        case float():
            return ("float", math.copysign(1, value), value)
        case _:
            return (type(value).__name__, value)


@given(st.binary())
def test_no_bytes_whatever_are_the_end_of_the_import(reading, content: bytes) -> None:
    records = reading("a.jsonl", b'{"n": 1}\n' + content + b'\n{"n": 2}')
    assert (records[0].data, records[-1].data) == ({"n": 1}, {"n": 2})
