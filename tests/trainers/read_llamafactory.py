"""Reads each data set with LLaMA-Factory's own loader: `PYTHON tests/trainers/read_llamafactory.py FOLDER`."""

import json
import os
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

# It asks for older libraries than TRL does, and imports a library for sound that reading texts does not need.
os.environ["DISABLE_VERSION_CHECK"] = "1"
sys.modules["torchaudio"] = ModuleType("torchaudio")
sys.modules["torchaudio"].__spec__ = ModuleSpec("torchaudio", None)

from llamafactory.data.loader import _load_single_dataset
from llamafactory.data.parser import get_dataset_list
from llamafactory.hparams import DataArguments


def read(name: str, folder: Path) -> dict[str, Any]:
    """How many rows its loader keeps, how many of them have an answer, and how many a system prompt."""
    place = str(folder / name)
    asked = DataArguments(dataset_dir=place)
    model = SimpleNamespace(cache_dir=str(folder / "cache"), hf_hub_token=None, use_fast_tokenizer=True)
    training = SimpleNamespace(local_process_index=0, should_log=True, seed=0)
    [attributes] = get_dataset_list(["concord_train"], place)
    rows = list(_load_single_dataset(attributes, model, asked, training))
    return {
        "format": name,
        "rows": len(rows),
        "answered": sum(bool(row["_prompt"] and row["_response"]) for row in rows),
        "systems": sum(row["_system"] == "Be brief." for row in rows),
    }


def main(folder: Path) -> None:
    for path in sorted(folder.glob("llamafactory-*")):
        print(json.dumps(read(path.name, folder)), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
