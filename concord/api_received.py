"""What a call of the API carries: its body, as a file or in chunks, no larger than is allowed."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

from anyio import to_thread
from fastapi import Request
from starlette.requests import ClientDisconnect

from concord.api_service import Scratch, ServiceNow
from concord.errors import DiskFull, InputError


async def received(request: Request, service: ServiceNow, scratch: Scratch, file: str) -> Path:
    """The request's body as a file with the name that `file` gives."""
    name = Path(file).name
    if name in ("", "..") or "\0" in name:
        raise InputError(f"file is {file!r}, which is not the name of a file. Give one, such as rows.jsonl.")
    too_large = InputError(f"{name}: the file is larger than {service.most_bytes // 1024**2:,} MB. Split it.")
    path = scratch / name
    try:
        with path.open("wb") as target:
            async for chunk in chunks(request, service.most_bytes, too_large):
                await to_thread.run_sync(target.write, chunk)  # the event loop also carries every page
    except OSError as error:
        raise DiskFull(f"{name}: {error.strerror}. Free some space and try again.") from error
    return path


async def chunks(request: Request, most_bytes: int, too_large: InputError) -> AsyncGenerator[bytes]:
    """The request's body; where its length is known, it is refused before it is read."""
    if int(request.headers.get("content-length") or 0) > most_bytes:
        raise too_large
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > most_bytes:
                raise too_large
            yield chunk
    except ClientDisconnect as error:
        raise InputError("The connection broke off. Send it again.") from error
