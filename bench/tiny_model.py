"""A language model of a few thousand random weights, made on the spot: `PYTHON bench/tiny_model.py FOLDER`.

It runs in an environment that has torch and transformers, which Concord has not. The model writes random words.
"""

import sys

WORDS = """
the a parcel letter answer question customer order day week money card house street door window light water bread is was
comes goes asks says writes reads finds sends wants needs has sees and or but not very soon late here there good new old
red small large first last . , ? !
"""
TEMPLATE = "{% for message in messages %}{{ message['role'] }} : {{ message['content'] }} . {% endfor %}assistant :"


def main(folder: str) -> None:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    special = ["[unk]", "[end]", "assistant", "user", "system", ":"]
    vocabulary = {word: number for number, word in enumerate(dict.fromkeys([*special, *WORDS.split()]))}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[unk]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.decoder = decoders.WordPiece(prefix="##", cleanup=False)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="[unk]", eos_token="[end]", pad_token="[end]")
    fast.chat_template = TEMPLATE
    config = LlamaConfig(
        vocab_size=len(vocabulary),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=2048,
        eos_token_id=vocabulary["[end]"],
        pad_token_id=vocabulary["[end]"],
        bos_token_id=None,
    )
    model = LlamaForCausalLM(config)
    model.generation_config.max_new_tokens = 24
    model.generation_config.do_sample = True
    model.save_pretrained(folder)
    fast.save_pretrained(folder)


if __name__ == "__main__":
    main(sys.argv[1])
