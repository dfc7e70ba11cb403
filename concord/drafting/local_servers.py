"""Model servers on this machine: looked for on request, on the ports that they usually take.

Only loopback addresses are asked, and only for the list of models, which costs nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import httpx2
import orjson

from concord.records.kinds import Json

PORTS: Mapping[int, str] = {
    11434: "Ollama",
    8080: "llama.cpp",
    8000: "vLLM or transformers",
    1234: "LM Studio",
    1337: "Jan",
    5000: "text-generation-webui",
    30000: "SGLang",
}
"""Who usually listens where."""
_SECONDS = 1.0
_MOST_MODELS = 200


@dataclass(frozen=True)
class LocalServer:
    """A server that speaks the protocol.

    Attributes:
        name: who usually listens on this port; a guess.
        base_url: what to put into a project's settings.
    """

    name: str
    base_url: str
    models: tuple[str, ...]


def find_servers(ports: Mapping[int, str] = PORTS) -> list[LocalServer]:
    """Ask all ports at once; who does not answer within a second is not there."""
    return asyncio.run(_find(ports))


async def _find(ports: Mapping[int, str]) -> list[LocalServer]:
    # No proxy: this machine is meant, whatever the environment says of others.
    async with httpx2.AsyncClient(timeout=_SECONDS, trust_env=False) as client:
        found = await asyncio.gather(*(_ask(client, port, name) for port, name in ports.items()))
    return [server for server in found if server and server.models]


async def _ask(client: httpx2.AsyncClient, port: int, name: str) -> LocalServer | None:
    base_url = f"http://127.0.0.1:{port}/v1"
    try:
        answer = await client.get(f"{base_url}/models")
        models: Json = orjson.loads(answer.content)
    except (httpx2.HTTPError, orjson.JSONDecodeError):
        return None
    return LocalServer(name, base_url, _names(models)) if answer.status_code == 200 else None


def _names(models: Json) -> tuple[str, ...]:
    match models:
        case {"data": [*entries]}:
            names = [entry.get("id") for entry in entries if isinstance(entry, dict)]
            return tuple(name for name in names if isinstance(name, str) and name)[:_MOST_MODELS]
        case _:
            return ()
