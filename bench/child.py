"""One task in this process: `python -m bench.child imports.concord FOLDER` prints its figures as JSON.

A task is a function that gets everything ready and returns the function that is measured. So the figures leave out
how long Python takes to import libraries; the peak of memory counts the whole process.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
import time
from pathlib import Path

_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes


def main() -> None:
    name, folder, *numbers = sys.argv[1:]
    module, _, function = name.partition(".")
    import pandas  # noqa: F401  pyarrow imports it at its first use, which would be charged to whoever comes first

    run = getattr(importlib.import_module(f"bench.{module}"), function)(Path(folder), *map(int, numbers))
    wall, cpu = time.perf_counter(), time.process_time()
    result = run()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT / 1e9
    print(json.dumps({"wall": wall, "cpu": cpu, "peak": peak, "result": result}))


if __name__ == "__main__":
    main()
