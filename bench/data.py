"""Generated data: seeded, so that every run measures the same files; the result is bytes, or rows."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson

SEED = 20_260_101
ANNOTATORS = 100
Run = Callable[[], int]
_SYLLABLES = ("ka", "to", "mi", "re", "sen", "lu", "val", "dor", "ti", "an", "pro", "sta", "qui", "ver", "no", "ex")
_ENDS = (". ", ".\n", "? ", '." ', "! ")


def rows(folder: Path, count: int) -> Run:
    """Raw rows of about 560 bytes; one in a thousand has no prompt, one in a hundred stands there twice."""

    def run() -> int:
        rng = random.Random(SEED)
        sentences = prose(rng)
        with (folder / "rows.jsonl").open("wb") as file:
            for number in range(count):
                row = {
                    "id": f"row-{number:07d}",
                    "prompt": "" if number % 1_000 == 7 else f"{number}. {sentences(6)}",
                    "meta": {"source": rng.choice(("web", "book", "forum")), "score": round(rng.random(), 4)},
                }
                line = orjson.dumps(row) + b"\n"
                file.write(line * 2 if number % 100 == 13 else line)
            return file.tell()

    return run


def pairs(folder: Path, count: int) -> Run:
    """Items with two responses and a comparison, in the interchange format."""

    def run() -> int:
        with (folder / "pairs.jsonl").open("wb") as file:
            file.writelines(orjson.dumps(line) + b"\n" for line in _pairs(count))
            return file.tell()

    return run


def tables(folder: Path, count: int) -> Run:
    """The same items as three Parquet tables, the quickest form for pandas to read."""
    import pandas as pd

    def run() -> int:
        lines = list(_pairs(count))
        tables = {
            "items": [{"item_id": line["item_id"], "prompt": line["prompt"]} for line in lines],
            "drafts": [
                {"item_id": line["item_id"], "name": draft["id"], "text": draft["text"]}
                for line in lines
                for draft in line["responses"]
            ],
            "votes": [
                {"item_id": line["item_id"], "annotator": vote["annotator"], "value": vote["value"]}
                for line in lines
                for vote in line["annotations"]
            ],
        }
        for name, table in tables.items():
            pd.DataFrame(table).to_parquet(folder / f"{name}.parquet")
        return len(lines)

    return run


def _pairs(count: int) -> Iterator[dict[str, Any]]:
    """Items with two responses that one annotator compared; one comparison in a hundred is a tie."""
    rng = random.Random(SEED)
    sentences = prose(rng)
    for number in range(count):
        yield {
            "item_id": f"item-{number:07d}",
            "prompt": f"{number}. {sentences(2)}",
            "responses": [{"id": name, "text": f"{name}{number}: {sentences(2)}"} for name in ("a", "b")],
            "annotations": [
                {
                    "annotator": f"annotator-{rng.randrange(ANNOTATORS):03d}",
                    "kind": "comparison",
                    "value": "tie" if number % 100 == 13 else rng.choice(("a", "b")),
                }
            ],
        }


def prose(rng: random.Random | None = None) -> Callable[[int], str]:
    """A function that makes a text of so many sentences, some with quotes, line breaks and letters beyond ASCII."""
    rng = rng or random.Random(SEED)
    plain = ["".join(rng.choices(_SYLLABLES, k=rng.randint(1, 4))) for _ in range(5_000)]
    words = [*plain, *(f"{word}é" for word in plain[:100]), *(f"{word}字" for word in plain[:10])]
    made = [" ".join(rng.choices(words, k=rng.randint(6, 16))).capitalize() + rng.choice(_ENDS) for _ in range(50_000)]
    return lambda count: "".join(rng.choices(made, k=count))
