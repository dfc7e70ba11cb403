"""The part of Axolotl's configuration that reads an export; its rows are TRL's."""

from __future__ import annotations

from collections.abc import Sequence

_SFT = """    type: chat_template
    field_messages: messages
    roles_to_train: [assistant]
"""
_DPO = """    type: chat_template.default
    field_messages: prompt
    field_chosen: chosen
    field_rejected: rejected
"""


def configuration(name: str, splits: Sequence[str]) -> str:
    """`axolotl.yaml`: data sets, and with a split for validation what it is tested on.

    Args:
        name: `axolotl-sft` or `axolotl-dpo`.
        splits: those with rows.
    """
    kind = _DPO if name == "axolotl-dpo" else _SFT
    head = "# Put this into your Axolotl configuration, and write the paths from where you start it.\n"
    head += "rl: dpo\n" if name == "axolotl-dpo" else ""
    train = [split for split in splits if split == "train"] or list(splits[:1])
    return head + _entries("datasets", train, kind) + _entries("test_datasets", [*{*splits} & {"validation"}], kind)


def _entries(key: str, splits: Sequence[str], kind: str) -> str:
    if not splits:
        return ""
    entries = (f"  - path: ./{split}.parquet\n    ds_type: parquet\n    split: train\n{kind}" for split in splits)
    return f"{key}:\n" + "".join(entries)
