"""What tests of reading share."""

from collections.abc import Callable
from pathlib import Path

import pytest

from concord.imports.files import open_source, read
from concord.imports.reading import Bad, Record

Records = list[Record | Bad]


@pytest.fixture
def reading(tmp_path: Path) -> Callable[[str, str | bytes], Records]:
    """Reads a file of that name and content."""

    def records(name: str, content: str | bytes) -> Records:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        with open_source(path) as source:
            return list(read(source))

    return records


@pytest.fixture
def told(reading) -> Callable[[str, str | bytes], list[object]]:
    """Reads the same, and says in short what came: a record's fields, or what is wrong with it."""

    def short(name: str, content: str | bytes) -> list[object]:
        return [sentence(one) if isinstance(one, Bad) else one.data for one in reading(name, content)]

    return short


def sentence(bad: Bad) -> str:
    """A problem as a person reads it."""
    problem = bad.problem
    return f"{problem.source}, line {problem.line}: {problem.found}. {problem.cure}"
