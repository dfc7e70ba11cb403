"""A data set loaded back: which batches are looked into, and what the files have against each other."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from concord.export.loading import loaded

ROWS = 25_000


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A folder with a split of three batches."""
    numbers = list(range(ROWS))
    pq.write_table(pa.table({"n": numbers}), tmp_path / "train.parquet")
    (tmp_path / "train.jsonl").write_text("".join(f'{{"n":{number}}}\n' for number in numbers))
    return tmp_path


def faults(folder: Path, step: int) -> list[str]:
    return [fault for batch in loaded(folder, "train", "trl-sft", step) for fault in batch.faults]


def test_one_batch_of_so_many_is_deep(written: Path) -> None:
    batches = list(loaded(written, "train", "trl-sft", 2))
    assert [batch.deep for batch in batches] == [True, False, True]
    assert pa.concat_tables([batch.rows for batch in batches])["n"].to_pylist() == list(range(ROWS))


@pytest.mark.parametrize(("step", "told"), [(1, 1), (2, 1), (3, 0)])
def test_a_line_that_differs_is_told_where_the_files_are_compared(written: Path, step: int, told: int) -> None:
    lines = (written / "train.jsonl").read_text().splitlines()
    lines[20_000] = json.dumps({"n": -1})
    (written / "train.jsonl").write_text("\n".join(lines))
    assert faults(written, step) == ["train: JSONL and Parquet differ"] * told


@pytest.mark.parametrize("change", [-1, 1])
def test_lines_too_few_or_too_many_are_told_once_however_few_batches_are_deep(written: Path, change: int) -> None:
    lines = [*(written / "train.jsonl").read_text().splitlines(), '{"n":0}'][: ROWS + change]
    (written / "train.jsonl").write_text("\n".join(lines))
    assert faults(written, 3) == ["train: JSONL and Parquet differ"]


def test_lines_without_columns_are_held_against_the_rules(tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").write_text('{"messages":[]}\n')
    [batch] = loaded(tmp_path, "train", "openai-sft", 1)
    assert batch.faults == ["messages is empty", "there is no message of the assistant"]
    assert batch.rows["row"].to_pylist() == ['{"messages":[]}\n']
