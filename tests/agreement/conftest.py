from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("unhurried", deadline=None)  # a deadline would be an assertion on the clock
settings.load_profile("unhurried")

SHARED_DATA = Path(os.environ.get("CONCORD_SHARED_DATA", Path(__file__).parents[2].parent / "shared" / "data"))


@pytest.fixture(scope="session")
def vectors() -> dict[str, dict[str, Any]]:
    file = SHARED_DATA / "agreement" / "vectors_public.json"
    if not file.exists():
        pytest.skip("the shared data are not here; CONCORD_SHARED_DATA names their folder")
    return {vector["name"]: vector for vector in json.loads(file.read_text(encoding="utf-8"))}


@pytest.fixture(scope="session")
def pandalm() -> list[dict[str, Any]]:
    file = SHARED_DATA / "pandalm" / "comparisons.jsonl"
    if not file.exists():
        pytest.skip("the shared data are not here; CONCORD_SHARED_DATA names their folder")
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
