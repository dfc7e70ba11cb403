"""CSV, TSV and Parquet: text stays text, and rows that do not fit are problems."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.errors import InputError
from concord.imports.files import open_source, read
from concord.imports.reading import Bad

QUOTE = "Quote fields that hold the separator, or correct the row."


@pytest.mark.parametrize(
    ("name", "content", "rows"),
    [
        ("a.csv", "a,b\n1,2\n", [{"a": "1", "b": "2"}]),
        ("a.csv", "\ufeffa;b\r\n1;2,5\r\n", [{"a": "1", "b": "2,5"}]),
        ("a.tsv", "a\tb\n1\t2,;\n", [{"a": "1", "b": "2,;"}]),
        ("a.csv", 'a,b\n"x\n\ny",""""\n', [{"a": "x\n\ny", "b": '"'}]),
        ("a.csv", "\n\n a , b \n\n1,2\n\n", [{"a": "1", "b": "2"}]),
        ("a.csv", "zip,day,no\n02134,2024-01-01,NA\n", [{"zip": "02134", "day": "2024-01-01", "no": "NA"}]),
        ("a.csv", "a,b\n1\u20282,\x00\n", [{"a": "1\u20282", "b": "\x00"}]),
        ("a.csv", '"a\nb",c\n1,2\n', [{"a\nb": "1", "c": "2"}]),
        ("a.csv", "text\nno separator at all\n", [{"text": "no separator at all"}]),
    ],
)
def test_tables_are_read_as_text(told, name: str, content: str, rows: list) -> None:
    assert told(name, content) == rows


def test_a_row_has_the_line_on_which_it_begins(reading) -> None:
    records = reading("a.csv", '\n\na,b\n"x\ny",1\n\nz,2\n')
    assert [record.line for record in records] == [4, 7]


@pytest.mark.parametrize(
    ("row", "found", "text"),
    [
        ("1", f"the row has 1 fields, the header has 2. {QUOTE}", "1"),
        ('1,"2,5",3', f"the row has 3 fields, the header has 2. {QUOTE}", '1,"2,5",3'),
        ('"1"x,2', "the row is not valid CSV (',' expected after '\"'). Check its quotes.", ""),
        ('"1,2', "the row is not valid CSV (unexpected end of data). Check its quotes.", ""),
    ],
)  # fmt: skip
def test_a_row_that_does_not_fit_is_a_problem(reading, told, row: str, found: str, text: str) -> None:
    content = f"a,b\n0,0\n{row}"
    assert told("a.csv", content) == [{"a": "0", "b": "0"}, f"a.csv, line 3: {found}"]
    assert reading("a.csv", content)[-1].text == text


def test_rows_after_a_broken_one_are_read(told) -> None:
    assert told("a.csv", 'a,b\n"1"x,2\n3,4\n')[1:] == [{"a": "3", "b": "4"}]


def test_a_field_that_is_no_utf8_is_a_problem_of_its_row(told, reading) -> None:
    content = "a,b\n1,ok\n2,café\n3,ok\n".encode("latin-1")
    first, second, third = told("a.csv", content)
    assert (first, third) == ({"a": "1", "b": "ok"}, {"a": "3", "b": "ok"})
    assert second == "a.csv, line 3: field 'b' is not UTF-8 text. Save the file as UTF-8 and import it again."
    bad = reading("a.csv", content)[1]
    assert (bad.problem.field, bad.text) == ("b", "2,caf\ufffd")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a,,c\n1,2,3\n", "a.csv: column 2 has no name. Name every column."),
        (b"a,b,a \n1,2,3\n", "a.csv: there are two columns 'a'. Rename one."),
        (
            "Größe,b\n1,2\n".encode("latin-1"),
            "a.csv: column 'Gr\ufffd\ufffde' is not UTF-8 text. Save the file as UTF-8.",
        ),
        (b'"a,b\n1,2\n', "a.csv: the header is not valid CSV (unexpected end of data). Check its quotes."),
    ],
)
def test_a_header_that_cannot_be_used_is_refused(told, content: bytes, message: str) -> None:
    with pytest.raises(InputError) as caught:
        told("a.csv", content)
    assert str(caught.value) == message


CELLS = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=5), st.sampled_from(["a.csv", "a.tsv"]))
def test_any_text_survives_a_table(reading, rows: list[list[str]], name: str) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter="\t" if name.endswith("tsv") else ",", quoting=csv.QUOTE_ALL)
    writer.writerows([["a", "b"], *rows])
    assert [list(record.data.values()) for record in reading(name, text.getvalue())] == rows


# ---- Parquet


def parquet(folder: Path, columns: dict) -> list:
    pq.write_table(pa.table(columns), folder / "a.parquet")
    with open_source(folder / "a.parquet") as source:
        return list(read(source))


def test_parquet_rows_keep_their_types_and_times_become_text(tmp_path: Path) -> None:
    [record] = parquet(
        tmp_path,
        {
            "text": ["02134"],
            "day": [date(2024, 1, 1)],
            "time": [datetime(2024, 1, 1, 12, tzinfo=UTC)],
            "exact": [Decimal("1.10")],
            "nan": [float("nan")],
            "none": pa.array([None], pa.string()),
            "list": [[1, 2]],
            "struct": [{"role": "user", "content": "é\u2028"}],
            "yes": [True],
        },
    )
    assert record.line == 1
    assert record.data == {
        "text": "02134",
        "day": "2024-01-01",
        "time": "2024-01-01T12:00:00+00:00",
        "exact": "1.10",
        "nan": None,
        "none": None,
        "list": [1, 2],
        "struct": {"role": "user", "content": "é\u2028"},
        "yes": True,
    }


def test_bytes_in_parquet_are_a_problem(tmp_path: Path) -> None:
    [bad] = parquet(tmp_path, {"image": [b"\xff\xd8\xff"]})
    assert isinstance(bad, Bad)
    assert bad.problem.found == "the row holds what JSON cannot (Type is not JSON serializable: bytes)"
    assert bad.problem.cure == "Convert that column."


def test_an_empty_parquet_file_holds_no_rows(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a.parquet: the file holds no rows\. Choose a file with rows\."):
        parquet(tmp_path, {"a": pa.array([], pa.string())})


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"PAR1" + b"\0" * 50 + b"PAR1"])
def test_what_is_no_parquet_is_refused(told, content: bytes) -> None:
    with pytest.raises(InputError, match=r"^a\.parquet: not a Parquet file, or damaged \(.+\)\. Export it again\.$"):
        told("a.parquet", content)


def test_a_parquet_file_that_breaks_off_inside_is_refused(told, tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [f"{n}" * 50 for n in range(5_000)]}), tmp_path / "whole.parquet")
    content = bytearray((tmp_path / "whole.parquet").read_bytes())
    content[100:4_000] = b"\xff" * 3_900
    with pytest.raises(InputError, match=r"^a\.parquet: not a Parquet file, or damaged \(.+\)\. Export it again\.$"):
        told("a.parquet", bytes(content))
