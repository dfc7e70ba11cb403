"""What an export is asked to do."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import get_args

from concord.curation.gates import Gates, ItemGates
from concord.curation.mixtures import Share
from concord.curation.policies import Policies
from concord.curation.splits import Shares, checked_shares
from concord.errors import InputError
from concord.export.formats import FORMATS, Format
from concord.records.kinds import Stratum


@dataclass(frozen=True)
class ExportOptions:
    """How a project leaves as a data set.

    Attributes:
        min_votes: how many annotators must have compared two drafts.
        min_agreement: the winner's share of all their votes.
        shares: of training, validation and test.
        seed: of the split.
        gates: what items and texts must show besides.
        policies: which of what passes becomes rows.
        stratify: what every split should have its share of: templates, source files or labels.
        tokenizer: the `tokenizer.json` that counts tokens; None for an estimate by characters.
        max_length: tokens of a row, prompt and longest answer together, that the trainer takes; None for any number.
        license: under which the data set is passed on, by the hub's short name, such as `cc-by-4.0`.
        drop_long: whether rows over it stay behind, else they are told in a warning.
        explain: whether `rows.jsonl` beside the data set says what each row rests on.
        include_flagged: whether items leave that annotators flagged and no reviewer approved since.
        mixture: further projects in the same data set; an earlier one comes first where two have the same prompt.

    Raises:
        InputError: an option is out of its range.
    """

    format: Format
    min_votes: int = 1
    min_agreement: float = 0.0
    shares: Shares = (1.0, 0.0, 0.0)
    seed: int = 0
    include_flagged: bool = False
    gates: ItemGates = field(default_factory=ItemGates)
    policies: Policies = field(default_factory=Policies)
    stratify: Stratum = "none"
    tokenizer: str | None = None
    max_length: int | None = None
    drop_long: bool = False
    license: str | None = None
    explain: bool = False
    mixture: tuple[Share, ...] = ()

    def __post_init__(self) -> None:
        if self.format not in FORMATS:
            raise InputError(f"{self.format!r} is no export format. Choose one of {', '.join(FORMATS)}.")
        Gates(self.min_votes, self.min_agreement)
        checked_shares(self.shares)
        if self.stratify not in get_args(Stratum):
            raise InputError(f"stratify is {self.stratify!r}. Choose one of {', '.join(get_args(Stratum))}.")
        if self.max_length is not None and self.max_length < 1:
            raise InputError(f"max_length is {self.max_length}. Give a whole number from 1.")
        if self.license is not None and not re.fullmatch(r"[a-z0-9][a-z0-9.-]*", self.license):
            raise InputError(f"license is {self.license!r}. Give the hub's short name, such as cc-by-4.0.")
        if self.drop_long and self.max_length is None:
            raise InputError("drop_long needs a max_length. Give both, or neither.")
        if not 0 <= self.seed < 2**63:
            raise InputError(f"seed is {self.seed}. Give a whole number from 0 to 2^63 - 1.")
        if len({share.project for share in self.mixture}) < len(self.mixture):
            raise InputError("The mixture names a project twice. Give each once, with one weight.")
