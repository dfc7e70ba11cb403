"""Files of 200 MB: the memory that an import takes does not grow with the file."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SIZE = 200_000_000
IMPORT = """
import json, re, sys
from datetime import UTC, datetime
from pathlib import Path
from concord.ids import new_id
from concord.imports.rows import import_rows
from concord.records.project import Project, Settings
from storage.workspace import open_workspace

store = open_workspace(Path(sys.argv[1]))
project = Project(new_id(), "big", Settings(), datetime.now(UTC))
store.create_project(project)
report = import_rows(store, project, Path(sys.argv[2]))
megabytes = int(re.search("VmHWM: *(.+) kB", Path("/proc/self/status").read_text())[1]) // 1024
found = [problem.found for problem in report.problems]
print(json.dumps([report.read, report.stored, store.counts(project.id).rows, found, megabytes]))
store.close()
"""


def imported(workspace: Path, path: Path) -> list:
    """Rows read, rows stored, rows there, problems, and the megabytes that it took, in a process of its own."""
    command = [sys.executable, "-c", IMPORT, str(workspace), str(path)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.fixture
def path(tmp_path: Path):
    """A place for the file, which does not stay there."""
    yield tmp_path / "big.jsonl"
    (tmp_path / "big.jsonl").unlink()


def test_many_good_rows_are_imported_in_bounded_memory(path: Path, tmp_path: Path) -> None:
    text, rows = "The hinge broke on day two. The colour is lovely. " * 40, SIZE // 2_000
    with path.open("w") as file:
        file.writelines(f'{{"item_id":{number},"text":"{number} {text}"}}\n' for number in range(rows))
    read, stored, there, found, megabytes = imported(tmp_path / "workspace", path)
    assert (read, stored, there, found) == (rows, rows, rows, [])
    assert megabytes < 1_200


def test_one_line_without_end_is_a_problem_that_takes_no_memory(path: Path, tmp_path: Path) -> None:
    with path.open("wb") as file:
        file.write(b'{"text": "')
        for _ in range(SIZE // 1_000_000):
            file.write(b"x" * 1_000_000)
    read, stored, there, found, megabytes = imported(tmp_path / "workspace", path)
    assert (read, stored, there) == (1, 0, 0)
    assert found == ["the line has 200,000,010 bytes, 16,000,000 are allowed"]
    assert megabytes < 400
