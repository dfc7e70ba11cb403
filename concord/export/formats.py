"""The formats that a project leaves in: their names, what each is for, and what becomes a row of it."""

from __future__ import annotations

from typing import Literal, NamedTuple

from concord.records.kinds import Shape

Format = Literal[
    "trl-sft",
    "trl-sft-messages",
    "trl-dpo",
    "trl-dpo-implicit",
    "trl-kto",
    "trl-reward",
    "openai-sft",
    "openai-dpo",
    "llamafactory-sft",
    "llamafactory-dpo",
    "llamafactory-kto",
    "llamafactory-alpaca",
    "llamafactory-alpaca-dpo",
    "axolotl-sft",
    "axolotl-dpo",
    "alpaca",
    "sharegpt",
    "hh",
    "rankings",
    "table",
    "table-dpo",
]

FORMATS: dict[Format, str] = {
    "trl-sft": "supervised fine-tuning with TRL: prompt and completion, one row for each answered item",
    "trl-sft-messages": "supervised fine-tuning with TRL on whole conversations: messages, the loss on every turn",
    "trl-dpo": "preference training with TRL: prompt, chosen and rejected, one row for each strict preference",
    "trl-dpo-implicit": "preference training with TRL or torchtune: chosen and rejected are whole conversations",
    "trl-kto": "unpaired preferences with TRL: prompt, completion and a label, one row for each good or bad draft",
    "trl-reward": "reward modelling with TRL: prompt, chosen, rejected and margin, one row for each strict preference",
    "openai-sft": "supervised fine-tuning with OpenAI, Azure, Together or Fireworks: messages, ids in a file beside",
    "openai-dpo": "preference training with OpenAI, Azure or Together: input and two outputs, ids in a file beside",
    "llamafactory-sft": "supervised fine-tuning with LLaMA-Factory: conversations, with dataset_info.json",
    "llamafactory-dpo": "preference training with LLaMA-Factory: conversations, chosen and rejected",
    "llamafactory-kto": "unpaired preferences with LLaMA-Factory: conversations with a tag",
    "llamafactory-alpaca": "supervised fine-tuning with LLaMA-Factory: instruction, output, system and history",
    "llamafactory-alpaca-dpo": "preference training with LLaMA-Factory: instruction, chosen and rejected as texts",
    "axolotl-sft": "supervised fine-tuning with Axolotl: messages, with the part of its configuration",
    "axolotl-dpo": "preference training with Axolotl: prompt, chosen and rejected, with the part of its configuration",
    "alpaca": "the form of Stanford Alpaca: instruction, input and output of one turn",
    "sharegpt": "the form of ShareGPT: conversations of human and gpt",
    "hh": "the form of Anthropic's HH: two transcripts, chosen and rejected",
    "rankings": "listwise rankings: each judged item with its drafts, best first, with rank and score",
    "table": "a plain table of answers, for people: CSV and Parquet",
    "table-dpo": "a plain table of preferences, for people: CSV and Parquet",
}
"""The formats with a line on each, for the command line, the page and the card."""


class Kind(NamedTuple):
    """What a format's rows are made of, what the hub calls a set of them, and the file of a split that is loaded."""

    shape: Shape
    tags: tuple[str, ...]
    loads: str = "parquet"


KINDS: dict[Format, Kind] = {
    "trl-sft": Kind("answers", ("trl", "sft")),
    "trl-sft-messages": Kind("answers", ("trl", "sft")),
    "trl-dpo": Kind("pairs", ("trl", "dpo")),
    "trl-dpo-implicit": Kind("pairs", ("trl", "dpo")),
    "trl-kto": Kind("unpaired", ("trl", "kto")),
    "trl-reward": Kind("pairs", ("trl", "reward-model")),
    "openai-sft": Kind("answers", ("sft",), "jsonl"),
    "openai-dpo": Kind("pairs", ("dpo",), "jsonl"),
    "llamafactory-sft": Kind("answers", ("sft",)),
    "llamafactory-dpo": Kind("pairs", ("dpo",)),
    "llamafactory-kto": Kind("unpaired", ("kto",)),
    "llamafactory-alpaca": Kind("answers", ("sft",)),
    "llamafactory-alpaca-dpo": Kind("pairs", ("dpo",)),
    "axolotl-sft": Kind("answers", ("trl", "sft")),
    "axolotl-dpo": Kind("pairs", ("trl", "dpo")),
    "alpaca": Kind("answers", ("sft",)),
    "sharegpt": Kind("answers", ("sft",)),
    "hh": Kind("pairs", ("dpo",)),
    "rankings": Kind("rankings", ("ranking",)),
    "table": Kind("answers", ("sft",)),
    "table-dpo": Kind("pairs", ("dpo",)),
}

ENTERED: dict[Shape, str] = {
    "answers": "Items",
    "pairs": "Compared pairs of drafts",
    "unpaired": "Judged drafts",
    "rankings": "Items",
}
"""What could have become a row, in words."""
