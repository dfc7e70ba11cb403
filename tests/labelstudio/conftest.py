"""A small Label Studio on a real socket."""

from collections.abc import Iterator

import pytest
from stub_server import StubServer, serving


@pytest.fixture
def stub() -> Iterator[StubServer]:
    """An empty one that answers."""
    with serving() as state:
        yield state
