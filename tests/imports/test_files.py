"""Which files are read at all, and a first look at them."""

import gzip
import zlib
from pathlib import Path

import pytest

from concord.errors import InputError
from concord.imports.files import Preview, format_of, is_ready, preview

ENDINGS = ".jsonl, .ndjson, .json, .csv, .tsv, .parquet (text files also in .gz)"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.jsonl", "jsonl"),
        ("a.b.NDJSON", "jsonl"),
        ("a.json", "json"),
        ("a.csv", "csv"),
        ("A.TSV", "tsv"),
        ("a.parquet", "parquet"),
        ("a.jsonl.gz", "jsonl"),
        ("a.csv.GZ", "csv"),
    ],
)
def test_the_name_says_the_format(name: str, kind: str) -> None:
    assert format_of(Path(name)) == kind


@pytest.mark.parametrize("name", ["a.xlsx", "a", "a.gz", ".jsonl", "a.txt.gz", "a.parquet.gz", "jsonl"])
def test_an_unknown_ending_is_refused(name: str) -> None:
    with pytest.raises(InputError) as caught:
        format_of(Path("folder.csv") / name)
    assert str(caught.value) == f"{name}: files end in {ENDINGS}. Rename or convert it."


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.jsonl", b"", "a.jsonl: the file is empty. Choose a file with rows."),
        ("a.jsonl", b" \n\r\n\n", "a.jsonl: the file holds no rows. Choose a file with rows."),
        ("a.jsonl", b"\xef\xbb\xbf", "a.jsonl: the file holds no rows. Choose a file with rows."),
        ("a.json", b"[ ]", "a.json: the file holds no rows. Choose a file with rows."),
        ("a.json", b'{"data": []}', "a.json: the file holds no rows. Choose a file with rows."),
        ("a.csv", b"a,b\n", "a.csv: the file holds no rows. Choose a file with rows."),
        ("a.csv", b"a,b\n\n\n", "a.csv: the file holds no rows. Choose a file with rows."),
        ("a.csv", b"\n\n", "a.csv: the file holds no rows. Choose a file with rows."),
        ("a.jsonl", '{"a": 1}'.encode("utf-16"), "a.jsonl: the file is UTF-16. Save it as UTF-8."),
        ("a.csv", "a,b\n1,2".encode("utf-16"), "a.csv: the file is UTF-16. Save it as UTF-8."),
        ("a.json", b'["caf\xe9"]', "a.json: the file is not UTF-8 (byte 0xe9). Save it as UTF-8."),
        ("a.csv.gz", gzip.compress(b""), "a.csv.gz: the file holds no rows. Choose a file with rows."),
        (
            "a.jsonl.gz",
            b'{"a": 1}\n',
            "a.jsonl.gz: the file is not packed with gzip. Rename it without .gz.",
        ),
        (
            "a.jsonl.gz",
            gzip.compress(b'{"a": 1}\n' * 999)[:-20],
            "a.jsonl.gz: the packed file is damaged (Compressed file ended before the end-of-stream marker was "
            "reached). Pack or download it again.",
        ),
        (
            "a.jsonl.gz",
            gzip.compress(b"{}")[:5],
            "a.jsonl.gz: the packed file is damaged (Compressed file ended before the end-of-stream marker was "
            "reached). Pack or download it again.",
        ),
        (
            "a.jsonl.gz",
            gzip.compress(b"{}")[:10] + b"\xff" * 30,
            "a.jsonl.gz: the packed file is damaged (Error -3 while decompressing data: invalid block type). "
            "Pack or download it again.",
        ),
        (
            "a.jsonl.gz",
            gzip.compress(b'{"a":1}')[:-8] + zlib.crc32(b"other").to_bytes(4, "little") + b"\7\0\0\0",
            "a.jsonl.gz: the packed file is damaged (CRC check failed 0xd9583520 != 0x561bacaf). "
            "Pack or download it again.",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(told, name: str, content: bytes, message: str) -> None:
    with pytest.raises(InputError) as caught:
        told(name, content)
    assert str(caught.value) == message


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        preview(tmp_path / "a.csv")
    assert str(caught.value) == f"{tmp_path}/a.csv: No such file or directory. Check the path."
    (tmp_path / "b.csv").mkdir()
    with pytest.raises(InputError) as caught:
        preview(tmp_path / "b.csv")
    assert str(caught.value) == f"{tmp_path}/b.csv: Is a directory. Check the path."


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.jsonl", '{"a": "é"}\n'), ("a.json", '[{"a": "é"}]'), ("a.csv", "a\né\n"), ("a.tsv", "a\né\n")],
)
def test_text_files_may_be_packed(told, name: str, content: str) -> None:
    assert told(f"{name}.gz", gzip.compress(content.encode())) == told(name, content) == [{"a": "é"}]


def test_a_preview_is_the_first_rows_that_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"b": 1}\nbroken\n{"a": 2, "b": 3}\n' + '{"late": 0}\n' * 99)
    assert preview(path, limit=3) == Preview("jsonl", ("b", "a"), ({"b": 1}, {"a": 2, "b": 3}), ready=False)


@pytest.mark.parametrize(
    ("data", "ready"),
    [
        ({"item_id": "1", "prompt": "?", "responses": []}, True),
        ({"item_id": "1", "annotations": []}, True),
        ({"item_id": "1", "messages": [{}]}, True),
        ({"item_id": "1", "prompt": "?"}, False),
        ({"item_id": "1", "responses": "two"}, False),
        ({"id": "1", "responses": []}, False),
    ],
)
def test_ready_made_items_are_told_from_rows(data: dict, ready: bool) -> None:
    assert is_ready(data) is ready
