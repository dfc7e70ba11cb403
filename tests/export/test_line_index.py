"""The lines of a file by their number: whatever a line holds, and whether or not the last of them ends."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.export.line_index import LineIndex


@given(st.lists(st.text()), st.booleans(), st.data())
def test_any_lines_are_found_by_their_number(tmp_path_factory, texts: list[str], ends: bool, data) -> None:
    path: Path = tmp_path_factory.getbasetemp() / "lines.jsonl"
    path.write_bytes(b"\n".join(json.dumps(text, ensure_ascii=False).encode() for text in texts))
    if texts and ends:
        path.write_bytes(path.read_bytes() + b"\n")
    first, number = (data.draw(st.integers(0, len(texts))) for _ in range(2))
    lines = LineIndex(path)
    assert len(lines) == len(texts)
    assert lines.rows(first, number) == texts[first : first + number]


@pytest.mark.parametrize("before", [0, 1, 2])
def test_a_line_may_reach_over_the_blocks_that_are_read(tmp_path: Path, before: int) -> None:
    rows = ["x" * ((1 << 20) - 3 + before), "y" * (3 << 20), "z"]
    (tmp_path / "train.jsonl").write_text("".join(f'"{row}"\n' for row in rows))
    assert LineIndex(tmp_path / "train.jsonl").rows(0, 9) == rows
