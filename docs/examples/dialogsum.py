"""DialogSum's test set as Concord's interchange format: `python dialogsum.py dialogsum.test.jsonl > dialogsum.jsonl`.

The file is `DialogSum_Data/dialogsum.test.jsonl` of github.com/cylnlp/dialogsum (CC BY-NC-SA 4.0: not for commercial
use). Its three summaries of a dialogue become edits by three annotators.
"""

import json
import sys
from pathlib import Path

with Path(sys.argv[1]).open(encoding="utf-8") as dialogues:
    for row in map(json.loads, dialogues):
        line = {
            "item_id": row["fname"],
            "prompt": f"Summarise this dialogue.\n\n{row['dialogue']}",
            "annotations": [
                {"annotator": f"reference-{n}", "kind": "edit", "text": row[f"summary{n}"]} for n in (1, 2, 3)
            ],
        }
        sys.stdout.write(json.dumps(line) + "\n")
