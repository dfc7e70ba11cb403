"""Takes two optimiser steps on each data set of a folder: `PYTHON tests/trainers/train.py FOLDER`.

It runs in an environment of its own, which has TRL and torch and no Concord. The model is tiny, random and made here. A
line of JSON for each data set says what happened.
"""

import json
import math
import sys
import tempfile
from pathlib import Path
from typing import Any

from datasets import load_dataset
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, LlamaForSequenceClassification, PreTrainedTokenizerFast
from trl import (
    DPOConfig,
    DPOTrainer,
    KTOConfig,
    KTOTrainer,
    RewardConfig,
    RewardTrainer,
    SFTConfig,
    SFTTrainer,
)

STEPS = 2
TEMPLATE = (
    "{% for message in messages %}<{{ message['role'] }}> {{ message['content'] or '' }}"
    "{% if message['tool_calls'] %}{% for call in message['tool_calls'] %} {{ call['function']['name'] }} "
    "{{ call['function']['arguments']['city'] }}{% endfor %}{% endif %} [end] {% endfor %}"
    "{% if add_generation_prompt %}<assistant> {% endif %}"
)
TRAINERS = {
    "trl-sft": (SFTTrainer, SFTConfig),
    "trl-sft-messages": (SFTTrainer, SFTConfig),
    "axolotl-sft": (SFTTrainer, SFTConfig),
    "trl-dpo": (DPOTrainer, DPOConfig),
    "trl-dpo-implicit": (DPOTrainer, DPOConfig),
    "axolotl-dpo": (DPOTrainer, DPOConfig),
    "trl-kto": (KTOTrainer, KTOConfig),
    "trl-reward": (RewardTrainer, RewardConfig),
}


def tokenizer() -> PreTrainedTokenizerFast:
    """Characters are tokens."""
    special = ["[unk]", "[end]", "<user>", "<assistant>", "<system>", "<tool>"]
    vocabulary = {token: number for number, token in enumerate([*special, *map(chr, range(32, 127))])}
    made = Tokenizer(models.WordLevel(vocabulary, unk_token="[unk]"))
    made.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    made.add_special_tokens(special)
    fast = PreTrainedTokenizerFast(tokenizer_object=made, unk_token="[unk]", eos_token="[end]", pad_token="[unk]")
    fast.chat_template = TEMPLATE
    return fast


def config(words: PreTrainedTokenizerFast) -> LlamaConfig:
    return LlamaConfig(
        vocab_size=len(words),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=2048,
        eos_token_id=words.eos_token_id,
        pad_token_id=words.pad_token_id,
        bos_token_id=None,
        num_labels=1,
    )


def trained(name: str, folder: Path) -> dict[str, Any]:
    """What two steps on one data set did."""
    words = tokenizer()
    kind = LlamaForSequenceClassification if name == "trl-reward" else LlamaForCausalLM
    trainer_kind, config_kind = TRAINERS[name]
    rows = load_dataset(str(folder / name), cache_dir=str(folder / "cache"))["train"]
    model = kind(config(words))
    before = {key: value.clone() for key, value in model.state_dict().items()}
    with tempfile.TemporaryDirectory() as out:
        options: dict[str, Any] = {
            "output_dir": out,
            "max_steps": STEPS,
            "per_device_train_batch_size": 2,
            "learning_rate": 0.01,
            "warmup_steps": 0,
            "logging_steps": 1,
            "report_to": [],
            "save_strategy": "no",
            "use_cpu": True,
            "bf16": False,
            "gradient_checkpointing": False,
            "max_length": 1024,
        }
        extra = {"ref_model": kind(config(words))} if name.endswith(("dpo", "implicit", "kto")) else {}
        trainer = trainer_kind(
            model=model, args=config_kind(**options), train_dataset=rows, processing_class=words, **extra
        )
        done = trainer.train()
    after = model.state_dict()
    return {
        "format": name,
        "rows": len(rows),
        "rows_trained_on": len(trainer.train_dataset),
        "steps": done.global_step,
        "finite": math.isfinite(done.training_loss),
        "changed": any(not value.equal(after[key].cpu()) for key, value in before.items()),
    }


def main(folder: Path) -> None:
    for name in TRAINERS:
        try:
            said = trained(name, folder)
        except Exception as error:
            said = {"format": name, "error": f"{type(error).__name__}: {error}"}
        print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
