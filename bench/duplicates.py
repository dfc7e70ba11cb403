"""Near-duplicates among prompts, one in 25 of them planted; the result says which share of those was found."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from bench.data import SEED

Run = Callable[[], Any]
PROMPTS, PLANTED = "prompts.jsonl", "planted.json"
THRESHOLD = 0.7
PERMUTATIONS = 128
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def fill(folder: Path, count: int) -> Run:
    """Prompts of 243 characters on average; 3 in 100 have one word replaced, 1 in 100 is a copy in capitals."""

    def run() -> int:
        rng, texts, planted = random.Random(SEED), list[str](), list[tuple[int, int]]()
        words = ["".join(rng.choices(_LETTERS, k=rng.randint(2, 9))) for _ in range(20_000)]
        weights = list(itertools.accumulate(1 / rank for rank in range(1, len(words) + 1)))  # Zipf
        for number in range(count):
            kind, source = rng.random(), rng.randrange(number) if number else 0
            if number and kind < 0.03:
                edited = texts[source].split()
                edited[rng.randrange(len(edited))] = "edited"
                texts.append(" ".join(edited))
                planted.append((source, number))
            elif number and kind < 0.04:
                texts.append(texts[source].upper())
                planted.append((source, number))
            else:
                texts.append(" ".join(rng.choices(words, cum_weights=weights, k=rng.randint(25, 55))))
        with (folder / PROMPTS).open("wb") as file:
            file.writelines(orjson.dumps(text) + b"\n" for text in texts)
        (folder / PLANTED).write_bytes(orjson.dumps(planted))
        return sum(map(len, texts))

    return run


def concord(folder: Path, count: int) -> Run:
    """Concord: pairs of at least 0.7, and their clusters."""
    import numpy as np

    from concord.curation.clusters import clusters
    from concord.curation.duplicates import near_duplicates

    def run() -> float:
        pairs = near_duplicates(_prompts(folder, count)).pairs
        return _recall(folder, count, clusters(np.arange(count), np.full(count, -1), pairs).tolist())

    return run


def datasketch(folder: Path, count: int) -> Run:
    """datasketch: MinHash and MinHashLSH over the same shingles."""
    from datasketch import MinHash, MinHashLSH  # type: ignore[import-not-found]

    def run() -> float:
        index, clusters = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS), list(range(count))
        for number, text in enumerate(_prompts(folder, count)):
            sketch = MinHash(num_perm=PERMUTATIONS)
            sketch.update_batch([shingle.encode() for shingle in _shingles(text)])
            _join(clusters, number, index.query(sketch))
            index.insert(number, sketch)
        return _recall(folder, count, [_root(clusters, number) for number in range(count)])

    return run


def rensa(folder: Path, count: int) -> Run:
    """rensa: RMinHash and its LSH index over the same shingles."""
    from rensa import RMinHash, RMinHashLSH  # type: ignore[import-not-found]

    def run() -> float:
        index = RMinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, num_bands=16)
        clusters = list(range(count))
        for number, text in enumerate(_prompts(folder, count)):
            sketch = RMinHash(num_perm=PERMUTATIONS, seed=0)
            sketch.update(_shingles(text))
            _join(clusters, number, index.query(sketch))
            index.insert(number, sketch)
        return _recall(folder, count, [_root(clusters, number) for number in range(count)])

    return run


def _prompts(folder: Path, count: int) -> Iterator[str]:
    with (folder / PROMPTS).open("rb") as file:
        yield from map(orjson.loads, itertools.islice(file, count))


def _shingles(text: str) -> list[str]:
    words = re.findall(r"\w+", text.casefold())
    return [" ".join(words[place : place + 3]) for place in range(max(len(words) - 2, 1))]


def _join(clusters: list[int], number: int, others: Sequence[int]) -> None:
    for other in others:
        clusters[_root(clusters, number)] = _root(clusters, other)


def _root(clusters: list[int], number: int) -> int:
    while clusters[number] != number:
        clusters[number] = number = clusters[clusters[number]]
    return number


def _recall(folder: Path, count: int, cluster: Sequence[int]) -> float:
    planted = [pair for pair in orjson.loads((folder / PLANTED).read_bytes()) if pair[1] < count]
    return sum(cluster[one] == cluster[other] for one, other in planted) / len(planted)
