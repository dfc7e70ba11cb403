"""The drafting engine, unchanged, against an OpenAI-compatible server that is not ours: `transformers serve`.

It needs an environment of its own, because torch is large and Concord does not use it:

    python3 -m venv /tmp/server
    /tmp/server/bin/pip install torch "transformers[serving]"
    .venv/bin/python -m bench.real_server /tmp/server/bin/python
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from bench.workspace import fresh_workspace
from concord.drafting.endpoint import endpoint_for
from concord.drafting.options import DraftOptions
from concord.drafting.run import draft_items
from concord.ids import new_id
from concord.records.item import Item, Message
from concord.records.project import Settings

OFFLINE = {"HF_HUB_OFFLINE": "1", "CUDA_VISIBLE_DEVICES": "", "NO_PROXY": "127.0.0.1", "OMP_NUM_THREADS": "1"}
CANDIDATES = 2


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.real_server", description=__doc__.partition("\n")[0])
    parser.add_argument("python", help="a Python with torch and transformers[serving]")
    parser.add_argument("--items", type=int, default=10)
    parser.add_argument("--port", type=int, default=8123)
    options = parser.parse_args()
    os.environ |= OFFLINE
    with tempfile.TemporaryDirectory(prefix="concord-real-") as name:
        model = str(Path(name) / "tiny-model")
        subprocess.run([options.python, "bench/tiny_model.py", model], check=True)
        with served(options.python, model, options.port) as base_url:
            draft(Path(name), base_url, model, options.items)


@contextmanager
def served(python: str, model: str, port: int) -> Generator[str]:
    """The server, once it answers."""
    command = [str(Path(python).with_name("transformers")), "serve", "--host", "127.0.0.1", "--port", str(port), model]
    with subprocess.Popen(command) as process:
        try:
            while process.poll() is None and not answers(f"http://127.0.0.1:{port}/health"):
                time.sleep(0.5)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=1) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError):
        return False


def draft(folder: Path, base_url: str, model: str, count: int) -> None:
    """Draft for so many items, and print what came."""
    settings = Settings(task="rank", candidates=CANDIDATES, concurrency=4, prices={model: [0.1, 0.2]})
    store, project = fresh_workspace(folder / "workspace", settings)
    items = [
        Item(new_id(), project.id, f"q{n}", (Message("user", f"where is order {n} ? it was not here last week"),))
        for n in range(count)
    ]
    store.add_items(items, overlap=1)
    endpoint = endpoint_for(settings, {}, model=model, base_url=base_url)
    run = asyncio.run(draft_items(store, project, endpoint, DraftOptions(CANDIDATES)))
    for made in store.latest_drafts(project.id, limit=3):
        print(f"{made.model}: {made.text!r}, {made.tokens_in} + {made.tokens_out} tokens, {made.latency:.2f} s")
    store.close()
    print(run)
    sys.exit(0 if run.state == "done" and run.done else 1)


if __name__ == "__main__":
    main()
