"""The choices that the nouns are made of, and the shapes of plain data.

The nouns of Concord are the modules of this package: frozen, typed, without behaviour. Ids are UUIDv7, made by the
caller (`concord.ids`). Times are UTC. A prompt is a tuple of messages. A ranking is tiers, best first, so that a tie
cannot be lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import numpy.typing as npt

DEMO_MODEL = "concord-demo"
"""The model's name of drafts by the built-in demo drafter, which is no language model."""
Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Role = Literal["system", "user", "assistant", "tool"]
Task = Literal["edit", "rank", "rank+edit", "compare", "compare+edit", "rate", "rate+edit", "label"]
ItemKind = Literal["response", "conversion", "prompt"]
Arm = Literal["drafted", "undrafted", "canary", "repeat", "gold"]
Kind = Literal["edit", "ranking", "comparison", "rating", "label", "factual"]
Origin = Literal["desk", "file", "simulated", "labelstudio"]
Outcome = Literal["stored", "repeated", "lapsed"]
RunState = Literal["running", "done", "cancelled", "failed", "interrupted"]
Stratum = Literal["none", "template", "source", "label"]
TextKind = Literal["draft", "edit", "decision"]
Decision = Literal["pick", "edit", "reject", "send_back"]
TemplateOrigin = Literal["file", "studio", "proposal", "promptsource"]
Order = Literal["oldest", "random", "disagreement"]
Pick = Literal["first", "random", "longest", "shortest"]
ItemMethod = Literal["paraphrase", "reverse", "self_instruct"]
Syntax = Literal["concord", "promptsource"]
Flag = Literal["refusal", "truncated", "echo", "boilerplate", "language"]
Strength = Literal["slightly", "clearly", "much"]
Verdict = Literal["first", "second", "tie"]
RecipeName = Literal["answer", "plan"]
Similarity = Literal["bm25", "jaccard"]
ScanPolicy = Literal["mask", "block", "allow"]
SkipReason = Literal["unclear", "beyond_me", "language", "broken", "other"]
Shape = Literal["answers", "pairs", "unpaired", "rankings"]
FlagReason = Literal["unsafe", "personal_data", "bad_prompt", "other"]
Fact = Literal["right", "wrong", "cannot_tell"]
Rest = Literal["missing", "unranked", "all_bad"]


HIDDEN: frozenset[Flag] = frozenset(("refusal", "truncated", "echo"))
"""Flags that keep a draft from the desk, unless too few others are there to judge."""
DRAFTS_SHOWN: Mapping[Task, tuple[int, int | None]] = {
    "edit": (1, None),
    "rank": (2, None),
    "rank+edit": (2, None),
    "compare": (2, 2),
    "compare+edit": (2, 2),
    "rate": (1, 1),
    "rate+edit": (1, 1),
    "label": (0, 1),
}
"""How many different drafts each task shows, at least and at most; None is all there are."""
