"""The log of what leaves the machine, written in groups by a thread of its own, so that no request waits for it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from concord.drafting.completion import prompt_hash
from concord.drafting.endpoint import where
from concord.drafting.privacy import MASKS
from concord.drafting.request import Request
from concord.records.run import SentRequest


class SentStore(Protocol):
    """What the log needs of the store."""

    def add_sent(self, requests: Sequence[SentRequest]) -> None: ...


class SentLog:
    """Notes each request of a run; while one group is written, the next collects."""

    def __init__(self, store: SentStore, project_id: UUID) -> None:
        self._store, self._project_id = store, project_id
        self._waiting: list[SentRequest] = []
        self._gate = threading.Lock()
        self._writing: Future[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sent-log")

    def __call__(self, request: Request) -> None:
        """Note a request as it leaves."""
        texts = [message.content for message in request.messages]
        noted = SentRequest(
            self._project_id,
            datetime.now(UTC),
            where(request.endpoint),
            request.endpoint.model,
            request.purpose,
            prompt_hash(request.messages),
            len(texts),
            sum(map(len, texts)),
            sum(len(MASKS.findall(text)) for text in texts),
        )
        with self._gate:
            self._waiting.append(noted)
            if self._writing is None or self._writing.done():
                self._writing = self._thread.submit(self._write)

    def close(self) -> None:
        """Write what waits.

        Raises:
            StorageError: the log cannot be written.
        """
        self._thread.shutdown()
        self._write()
        if self._writing is not None:
            self._writing.result()

    def _write(self) -> None:
        with self._gate:
            group, self._waiting = self._waiting, []
        self._store.add_sent(group)
