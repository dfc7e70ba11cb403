"""What tests of exports share."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from concord.export.options import ExportOptions
from concord.export.run import export


@dataclass(frozen=True)
class Written:
    """An export as it lies on the disk."""

    folder: Path
    manifest: dict[str, Any]

    def rows(self, split: str = "train") -> list[dict[str, Any]]:
        """The rows of a split; JSONL and Parquet hold the same."""
        # Read as a strict reader would: lines end at "\n" alone.
        lines = (self.folder / f"{split}.jsonl").read_bytes().decode().split("\n")
        assert lines.pop() == ""
        rows = [json.loads(line) for line in lines]
        assert pq.read_table(self.folder / f"{split}.parquet").to_pylist() == rows
        return rows

    def dropped(self) -> dict[str, int]:
        """How many were left out, by reason."""
        return self.manifest["counts"]["dropped"]


@pytest.fixture
def exported(tmp_path: Path) -> Callable[..., Written]:
    """Exports a campaign in a format, with options."""

    def write(campaign: Any, kind: str, *, out: str = "out", **options: Any) -> Written:
        folder = tmp_path / out
        manifest = export(campaign.store, campaign.project, ExportOptions(kind, **options), folder)
        assert json.loads((folder / "manifest.json").read_bytes()) == manifest
        counts = manifest["counts"]
        assert counts["in"] == sum(counts["written"].values()) + sum(counts["dropped"].values())
        assert len(manifest["dropped"]) == sum(counts["dropped"].values())
        return Written(folder, manifest)

    return write
