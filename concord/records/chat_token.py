"""What a tokenizer may take for the end of a turn when it stands in a text."""

from __future__ import annotations

import re

CHAT_TOKEN = re.compile(
    r"<\|[\w ]{2,40}\|>|</?s>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>|<(?:pad|unk|bos|eos|eot)>"
)
"""A token of a chat template, such as <|im_end|> or </s>."""
