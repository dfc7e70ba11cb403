"""Drafts in a process of its own for each line on its input, so that many can be killed without many imports.

`python preforked.py WORKSPACE BASE_URL CONCURRENCY` answers each line with the number of the process, and with `ended`.
"""

import os
import sys
from pathlib import Path

from concord.drafting.endpoint import endpoint_for
from concord.drafting.options import DraftOptions
from concord.drafting.worker import Drafter
from concord.records.project import Settings
from storage.workspace import open_workspace


def draft(workspace: str, base_url: str, concurrency: str) -> None:
    store = open_workspace(Path(workspace))
    [project] = store.projects()
    drafter = Drafter(store)
    endpoint = endpoint_for(Settings(model="m", concurrency=int(concurrency)), {}, base_url=base_url)
    drafter.wait(drafter.start(project, endpoint, DraftOptions(1)).id)
    drafter.close()
    store.close()


def main() -> None:
    for _ in sys.stdin:
        process = os.fork()
        if process == 0:
            draft(*sys.argv[1:])
            os._exit(0)
        say(process)
        os.waitpid(process, 0)
        say("ended")


def say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
