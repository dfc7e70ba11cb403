"""An annotator's tab as the app meets it: a websocket that speaks Streamlit's protocol, without a browser.

What it measures ends when the last message of a run has come; a browser then still paints.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from bench.workspace import PROJECT

_ENDED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


@dataclass
class Seat:
    """One annotator at the desk; the board and the button are those that were drawn last."""

    socket: ClientConnection
    query: str
    page: str = ""
    board: str = ""
    drafts: list[str] = field(default_factory=list[str])
    button: str = ""
    fragment: str = ""
    kept: dict[str, ForwardMsg] = field(default_factory=dict[str, ForwardMsg])

    async def open(self, page: str = "desk") -> float:
        """Load a page; the seconds that it took."""
        return await self._run(ClientState(query_string=self.query, page_name=page))

    async def submit(self) -> float:
        """Rank the drafts as shown and go on; the seconds until the next item was there."""
        state = ClientState(query_string=self.query, page_script_hash=self.page, fragment_id=self.fragment)
        board = self.board
        tiers = json.dumps({"tiers": [[draft] for draft in self.drafts]})
        state.widget_states.widgets.add(id=board, json_value=tiers)
        state.widget_states.widgets.add(id=self.button, trigger_value=True)
        seconds = await self._run(state)
        assert self.board != board, "the ranking was refused, or no item is left"
        return seconds

    async def _run(self, state: ClientState) -> float:
        begin = time.perf_counter()
        await self.socket.send(BackMsg(rerun_script=state).SerializeToString())
        while True:
            received = await self.socket.recv(decode=False)
            message = self._whole(ForwardMsg.FromString(received))
            if message.WhichOneof("type") == "script_finished" and message.script_finished in _ENDED:
                return time.perf_counter() - begin
            self._note(message)

    def _whole(self, message: ForwardMsg) -> ForwardMsg:
        """The message itself, where only its hash was sent because it came before."""
        if message.WhichOneof("type") == "ref_hash":
            whole = ForwardMsg()
            whole.CopyFrom(self.kept[message.ref_hash])
            return whole
        if message.metadata.cacheable:
            self.kept[message.hash] = message
        return message

    def _note(self, message: ForwardMsg) -> None:
        if message.WhichOneof("type") == "new_session":
            self.page = message.new_session.page_script_hash
        element = message.delta.new_element
        if element.WhichOneof("type") == "bidi_component" and "rank_board" in element.bidi_component.component_name:
            self.board, self.fragment = element.bidi_component.id, message.delta.fragment_id
            self.drafts = json.loads(element.bidi_component.json)["ids"]
        elif element.WhichOneof("type") == "button" and element.button.label == "Submit and next":
            self.button = element.button.id


@asynccontextmanager
async def seat(url: str, annotator: str, *, project: str = PROJECT) -> AsyncGenerator[Seat]:
    """Connect as a browser does."""
    address = f"{url.replace('http', 'ws', 1)}/_stcore/stream"
    query = urlencode({"project": project, "who": annotator})
    protocols = [Subprotocol("streamlit")]
    async with connect(address, origin=Origin(url), subprotocols=protocols, max_size=None) as socket:
        yield Seat(socket, query)
