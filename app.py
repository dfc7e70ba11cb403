"""The app: Streamlit's pages and the API in one process, which owns the store.

`streamlit run app.py` opens the workspace in `./workspace`, or in the folder that `CONCORD_WORKSPACE` names.
"""

from __future__ import annotations

import gc
import os
import secrets
import shutil
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NoReturn

import streamlit as st
from anyio import to_thread
from starlette.routing import Mount

from components import services
from concord.agreement.worker import Reporter
from concord.api import create_api
from concord.api_service import SCRATCH, Service
from concord.drafting.worker import Drafter
from concord.errors import ConcordError, InputError
from concord.local import LocalVerbs
from concord.records.project import Served
from storage.workspace import LOOPBACK, open_workspace, publish, unpublish

_COLLECT = (10_000, 20, 20)  # what a page makes is seldom garbage; Python looks at it after every 700 objects
_TURN = 0.0003  # seconds for which one thread may keep the others waiting, the writer too; Python's own is 0.005

api = create_api()


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncGenerator[None]:
    """Open the workspace, let the command line find it, and load what the first visitor needs."""
    try:
        address = _address()
        store = await to_thread.run_sync(open_workspace, Path(os.environ.get("CONCORD_WORKSPACE", "workspace")))
        shutil.rmtree(store.folder / SCRATCH, ignore_errors=True)  # what an app that was killed had in hand
        drafter, reporter = Drafter(store), Reporter(store)
        verbs = LocalVerbs(store, services.PROMPTS)
        if not store.projects():
            await to_thread.run_sync(verbs.add_samples)
        token = secrets.token_urlsafe(32)
        publish(store.folder, Served(f"http://{address}:{st.get_option('server.port')}", token, os.getpid()))
    except ConcordError as error:
        _end(error)
    services.register(store, drafter, reporter)
    api.state.service = Service(store, verbs, drafter, token)
    _load()
    try:
        yield
    finally:
        unpublish(store.folder)
        drafter.close()
        reporter.close()
        store.close()


def _address() -> str:
    address = str(st.get_option("server.address") or "")
    if address not in LOOPBACK:
        raise InputError(
            f"server.address {address!r}: without accounts the app serves this machine alone. Use 127.0.0.1."
        )
    return f"[{address}]" if ":" in address else address


def _end(error: ConcordError) -> NoReturn:
    """End the process with the reason alone; the server would put a traceback before an error raised here."""
    sys.stderr.write(f"{error}\n")
    sys.stderr.flush()
    os._exit(1)


def _load() -> None:
    """Import the heavy libraries before the first visitor comes, and keep them out of the garbage collector's sight."""
    import altair
    import pandas

    _ = (altair, pandas)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT)
    sys.setswitchinterval(_TURN)


app = st.App("components/main.py", lifespan=lifespan, routes=[Mount("/api", app=api)])

if __name__ == "__main__":
    app.run()
