"""PandaLM's test set as Concord's interchange format: `python pandalm.py testset-v1.json > pandalm.jsonl`.

The file is `data/testset-v1.json` of github.com/WeOpenML/PandaLM (Apache-2.0).
"""

import json
import sys
from pathlib import Path

VALUES = {0: "tie", 1: "1", 2: "2"}

for row in json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")):
    line = {
        "item_id": f"pandalm-{row['idx']}",
        "prompt": "\n\n".join(filter(None, (row["instruction"], row["input"]))),
        "responses": [{"id": name, "text": row[f"response{name}"]} for name in ("1", "2")],
        "annotations": [
            {"annotator": f"annotator{n}", "kind": "comparison", "value": VALUES[row[f"annotator{n}"]]}
            for n in (1, 2, 3)
        ],
    }
    sys.stdout.write(json.dumps(line) + "\n")
