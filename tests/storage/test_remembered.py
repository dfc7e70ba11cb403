"""What is remembered is read once, and never outlives a change."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from storage.remembered import Remembered


def test_a_value_is_read_once() -> None:
    reads: list[str] = []

    def read(key: str) -> int:
        reads.append(key)
        return len(key)

    lengths = Remembered[str, int]()
    assert [lengths.get(key, read) for key in ("one", "three", "one", "three")] == [3, 5, 3, 5]
    assert reads == ["one", "three"]


def test_what_could_not_be_read_is_read_again() -> None:
    halves = Remembered[int, int]()
    with pytest.raises(ZeroDivisionError):
        halves.get(8, lambda key: key // 0)
    assert halves.get(8, lambda key: key // 2) == 4


def test_after_a_change_the_value_is_read_again() -> None:
    current = Remembered[str, int]()
    assert current.get("seed", lambda _: 1) == 1
    current.forget()
    assert current.get("seed", lambda _: 2) == 2


def test_what_was_read_before_a_change_that_came_meanwhile_is_not_kept() -> None:
    current = Remembered[str, int]()
    reading, changed = threading.Event(), threading.Event()

    def slowly(_: str) -> int:
        reading.set()
        changed.wait()
        return 1

    with ThreadPoolExecutor(1) as pool:
        early = pool.submit(current.get, "seed", slowly)
        reading.wait()
        current.forget()
        changed.set()
        assert early.result() == 1
    assert current.get("seed", lambda _: 2) == 2


def test_of_very_many_those_asked_for_last_are_kept() -> None:
    reads: list[int] = []

    def read(key: int) -> int:
        reads.append(key)
        return key

    numbers = Remembered[int, int]()
    for number in range(2_000):
        numbers.get(number, read)
    numbers.get(0, read)
    numbers.get(2_000, read)
    reads.clear()
    for number in (0, 2_000, 1):
        numbers.get(number, read)
    assert reads == [1]
