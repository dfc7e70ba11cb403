from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from concord.drafting.limits import FIRST, Pace, Window

EVENTS = st.lists(st.one_of(st.floats(0.01, 100), st.none()), max_size=200)


def test_a_window_that_was_never_told_off_doubles_with_each_round():
    window = Window(256)
    sizes = []
    for _ in range(5):
        for _ in range(window.size):
            window.answered(0.5)
        sizes.append(window.size)
    assert sizes == [2 * FIRST, 4 * FIRST, 8 * FIRST, 16 * FIRST, 16 * FIRST]


def test_a_small_ceiling_is_begun_with():
    assert Window(4).size == 4


def test_a_refusal_halves_the_window_and_it_grows_by_one_a_round_from_then_on():
    window = Window(16)
    window.refused(begun=0.0, now=1.0)
    assert window.size == 8
    for _ in range(9):
        window.answered(0.5)
    assert window.size == 9


def test_refusals_of_requests_that_were_under_way_together_count_once():
    window = Window(16)
    for _ in range(10):
        window.refused(begun=0.5, now=1.0)
    assert window.size == 8
    window.refused(begun=1.5, now=2.0)
    assert window.size == 4


def answer_a_round(window: Window, latency: float) -> int:
    for _ in range(window.size):
        window.answered(latency)
    return window.size


def test_a_slower_round_keeps_the_window_and_one_twice_as_long_as_the_best_shrinks_it():
    window = Window(1_000)
    assert answer_a_round(window, 0.5) == 2 * FIRST
    held = answer_a_round(window, 0.9)
    assert answer_a_round(window, 0.9) == answer_a_round(window, 0.9) == held
    assert answer_a_round(window, 1.5) == int(held * 0.8)


@given(st.integers(1, 300), EVENTS)
def test_a_window_stays_between_one_and_its_ceiling(ceiling: int, events: list[float | None]):
    window = Window(ceiling)
    for time, latency in enumerate(events):
        if latency is None:
            window.refused(begun=time, now=time)
        else:
            window.answered(latency)
        assert 1 <= window.size <= ceiling


def test_no_limit_never_waits():
    pace = Pace(None)
    pace.take(1e9, now=0.0)
    assert pace.wait(now=0.0) == 0.0


def test_a_pace_that_rested_does_not_catch_up():
    pace = Pace(60)
    pace.take(1, now=100.0)
    assert pace.wait(now=100.0) == 1.0


def test_what_was_taken_is_corrected_afterwards():
    pace = Pace(6_000)
    pace.take(300, now=0.0)
    pace.settle(-200)
    assert pace.wait(now=0.0) == 1.0


@given(st.integers(1, 1_000), st.lists(st.floats(0, 5), min_size=1, max_size=300))
def test_no_minute_sees_more_than_its_share_and_the_one_under_way(per_minute: int, gaps: list[float]):
    pace, now, taken = Pace(per_minute), 0.0, []
    for gap in gaps:
        now += gap + pace.wait(now=now + gap)
        pace.take(1, now=now)
        taken.append(now)
    for begin in taken:
        assert sum(begin <= at < begin + 59.999 for at in taken) <= per_minute + 1
