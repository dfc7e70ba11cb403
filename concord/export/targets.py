"""How each format is written: JSONL and Parquet of the same columns, or JSONL alone where keys differ by row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from concord.export import axolotl, llamafactory, openai_rows, plain, trl
from concord.export.conversion import Convert, Row, by_rows, unchanged
from concord.export.formats import Format


@dataclass(frozen=True)
class Target:
    """One format.

    Attributes:
        convert: from the internal form to its own, for the formats that have columns.
        convert_row: the same for those whose rows do not all have the same keys.
        csv: whether the rows are also written as CSV.
        beside: the name of a further file, and what it says of the splits that have rows.
    """

    convert: Convert = unchanged
    convert_row: Callable[[Row], Row] | None = None
    csv: bool = False
    beside: tuple[str, Callable[[str, Sequence[str]], str]] | None = None


_INFO = ("dataset_info.json", llamafactory.dataset_info)
_CONFIGURATION = ("axolotl.yaml", axolotl.configuration)

TARGETS: dict[Format, Target] = {
    "trl-sft": Target(),
    "trl-sft-messages": Target(trl.conversations),
    "trl-dpo": Target(),
    "trl-dpo-implicit": Target(trl.implicit_prompts),
    "trl-kto": Target(),
    "trl-reward": Target(trl.margins),
    "openai-sft": Target(convert_row=openai_rows.sft),
    "openai-dpo": Target(convert_row=openai_rows.dpo),
    "llamafactory-sft": Target(by_rows(llamafactory.SFT, llamafactory.sft), beside=_INFO),
    "llamafactory-dpo": Target(by_rows(llamafactory.DPO, llamafactory.dpo), beside=_INFO),
    "llamafactory-kto": Target(by_rows(llamafactory.KTO, llamafactory.kto), beside=_INFO),
    "llamafactory-alpaca": Target(by_rows(llamafactory.ALPACA, llamafactory.alpaca), beside=_INFO),
    "llamafactory-alpaca-dpo": Target(by_rows(llamafactory.ALPACA_DPO, llamafactory.alpaca_dpo), beside=_INFO),
    "axolotl-sft": Target(trl.conversations, beside=_CONFIGURATION),
    "axolotl-dpo": Target(beside=_CONFIGURATION),
    "alpaca": Target(by_rows(plain.ALPACA, plain.alpaca)),
    "sharegpt": Target(by_rows(plain.SHAREGPT, plain.sharegpt)),
    "hh": Target(by_rows(plain.HH, plain.hh)),
    "rankings": Target(),
    "table": Target(by_rows(plain.TABLE, plain.table), csv=True),
    "table-dpo": Target(by_rows(plain.TABLE_DPO, plain.table_dpo), csv=True),
}
