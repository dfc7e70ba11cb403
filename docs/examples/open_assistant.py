"""Ranked trees of Open-Assistant as Concord's interchange format: `python open_assistant.py trees.jsonl > oasst.jsonl`.

A file is `model/model_eval/manual/data/en_100_tree.jsonl` of github.com/LAION-AI/Open-Assistant (Apache-2.0). Every
message of a person with two replies or more becomes an item, whose prompt is the conversation so far.
"""

import json
import sys
from pathlib import Path

ROLES = {"prompter": "user", "assistant": "assistant"}


def items(message, before):
    """The items at a message and below it."""
    turns = [*before, {"role": ROLES[message["role"]], "content": message["text"]}]
    replies = message.get("replies", [])
    if message["role"] == "prompter" and len(replies) > 1:
        ranks = {one["message_id"]: one["rank"] + 1 for one in replies if one.get("rank") is not None}
        ranking = {"annotator": "merged", "kind": "ranking", "ranks": ranks}
        yield {
            "item_id": message["message_id"],
            "messages": turns,
            "responses": [{"id": one["message_id"], "text": one["text"]} for one in replies],
            "annotations": [ranking] if ranks else [],
        }
    for reply in replies:
        yield from items(reply, turns)


with Path(sys.argv[1]).open(encoding="utf-8") as trees:
    for tree in trees:
        for item in items(json.loads(tree)["prompt"], []):
            sys.stdout.write(json.dumps(item) + "\n")
