"""Computing in a process of its own."""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest

from concord.agreement.apart import Apart
from concord.agreement.votes import canonical, votes_of
from concord.errors import InputError, StorageError


def test_it_is_another_process_that_gives_way_to_this_one() -> None:
    with Apart() as apart:
        assert apart(os.getpid) != os.getpid()
        assert apart(os.nice, 0) == min(os.nice(0) + 10, 19)


def test_it_stays_for_several_calls_and_copies_what_it_is_given() -> None:
    given = np.arange(5)
    with Apart() as apart:
        assert apart(os.getpid) == apart(os.getpid)
        assert apart(np.flip, given).tolist() == [4, 3, 2, 1, 0]


def test_what_is_printed_there_is_no_answer(capfd: pytest.CaptureFixture[str]) -> None:
    with Apart() as apart:
        assert apart(print, "hello") is None
        assert apart(max, 1, 2) == 2
    assert capfd.readouterr().out == ""


def test_a_stated_error_comes_back_as_it_is() -> None:
    words = replace(votes_of([("ann", "1", "good"), ("ben", "1", "bad")]), kind="rating")
    with Apart() as apart:
        with pytest.raises(InputError, match="'ann' answered 'good' to 'label'"):
            apart(canonical, words)
        assert apart(max, 1, 2) == 2


def test_a_process_that_ends_is_an_error_that_says_so() -> None:
    with Apart() as apart, pytest.raises(StorageError) as raised:
        apart(os._exit, 7)
    assert str(raised.value) == (
        "The process that computes the report ended with code 7. "
        "Ask for the report again; if it ends again, the machine may be short of memory."
    )


def test_it_ends_with_its_block() -> None:
    with Apart() as apart:
        number = apart(os.getpid)
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)
