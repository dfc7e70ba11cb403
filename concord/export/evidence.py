"""What the rows of a data set rest on, summed up over its projects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from concord.export.manifest import Annotator, Dropped, Evidence, Gave, Lengths
from concord.export.mixture import Mixture, Portion
from concord.export.source import column
from concord.records.kinds import DEMO_MODEL, Ints, Origin


def evidence(mixture: Mixture) -> Evidence:
    """What was written rests on this."""
    selection = mixture.selection
    found = [portion.source.provenance() for portion in mixture.portions]
    rows = pa.concat_tables([portion.source.measured() for portion in mixture.portions])
    models = tuple(_all(found, "models"))
    return Evidence(
        items=sum(one["items"] for one in found),
        prompts=_prompts(mixture) if mixture.several else found[0]["prompts"],
        drafts=sum(one["drafts"] for one in found),
        annotations=sum(count for one in found for _, _, count in one["annotators"]),
        ties=selection.ties,
        adjudicated=int(column(selection.chosen, "adjudicated").sum()),
        annotators=_annotators(found),
        models=models,
        templates=tuple(_all(found, "templates")),
        demo_drafts=DEMO_MODEL in models,
        special_tokens=int(column(rows, "special").sum()),
        replaced=int(column(rows, "replaced").sum()),
        lengths=_lengths(column(rows, "characters")),
        agreement=_agreement(selection.chosen),
        guidelines=tuple(_all(found, "guidelines")),
        leaks=_leaks(mixture) if mixture.several else mixture.portions[0].source.leaks(),
        notes=selection.notes,
    )


def gave(mixture: Mixture, unfit: Sequence[Dropped]) -> dict[str, Gave]:
    """What each project of a mixture gave; nothing for a data set of one.

    Args:
        mixture: what was chosen.
        unfit: what the format could not express of it.
    """
    return {one.project.name: _of_one(one, unfit) for one in mixture.portions} if mixture.several else {}


def _of_one(portion: Portion, unfit: Sequence[Dropped]) -> Gave:
    mine = [one.reason for one in unfit if one.project == portion.project.name]
    dropped = Counter([*(one.reason for one in portion.selection.dropped), *mine])
    rows = len(portion.selection.chosen) - len(mine)
    return Gave(portion.share.weight, portion.selection.entered, rows, dropped)


def _all(found: Sequence[dict[str, Any]], what: str) -> list[Any]:
    return sorted({value for one in found for value in one[what]})


def _annotators(found: Sequence[dict[str, Any]]) -> tuple[Annotator, ...]:
    """Who took part in any project; somebody whose judgements came in several ways has the first by name."""
    origins: dict[str, Origin] = {}
    for name, origin, _ in (annotator for one in found for annotator in one["annotators"]):
        origins[name] = min(origins.get(name, origin), origin)
    return tuple(Annotator(name, origins[name]) for name in sorted(origins))


def _lengths(characters: Ints) -> Lengths:
    shortest, lower, median, upper, longest = np.quantile(
        characters, [0.0, 0.25, 0.5, 0.75, 1.0], method="inverted_cdf"
    ).tolist()
    return Lengths((shortest, lower, median, upper, longest), int((characters > 4000).sum()))


def _prompts(mixture: Mixture) -> int:
    """The different prompts of all projects."""
    return len(np.unique(np.concatenate([column(one.source.items(), "prompt") for one in mixture.portions])))


def _leaks(mixture: Mixture) -> dict[str, int]:
    """The prompts, and the rows that items came from, that are in more than one split, over all projects."""
    leaks: dict[str, int] = {}
    for what, name in (("prompts", "prompt"), ("rows", "row")):
        places: dict[Any, set[Any]] = {}
        for one in mixture.portions:
            keys = one.source.items()[name].take(one.selection.chosen["item"]).to_pylist()
            for key, split in zip(keys, one.selection.chosen["split"].to_pylist(), strict=True):
                places.setdefault(key, set()).add(split)
        places.pop(None, None)
        leaks[what] = sum(len(splits) > 1 for splits in places.values())
    return leaks


def _agreement(chosen: pa.Table) -> str | None:
    """The mean agreement of the rows that have one, in words."""
    known = chosen["agreement"].drop_null()
    if not len(known):
        return None
    return f"mean {known.to_numpy().mean():.3f} over {len(known):,} rows"
