"""A language model of half a megabyte: a llama of two layers with random weights, which speaks letter by letter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gguf
import numpy as np

WIDTH, HEADS, LAYERS, INNER, CONTEXT = 64, 4, 2, 128, 4096
CHAT = "{% for m in messages %}[{{ m.role }}] {{ m.content }}\n{% endfor %}[assistant] "


def write_tiny(path: Path, seed: int = 0) -> Path:
    """Write the model to `path` as GGUF: tokens are bytes and printable ASCII, weights are normal noise."""
    dice = np.random.default_rng(seed)
    tokens, kinds, scores = _vocabulary()
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("tiny-random")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(tokens))
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores(scores)
    writer.add_token_types(kinds)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_chat_template(CHAT)

    def noise(name: str, *shape: int) -> None:
        writer.add_tensor(name, (dice.normal(size=shape) * 0.08).astype(np.float32))

    def ones(name: str) -> None:
        writer.add_tensor(name, np.ones(WIDTH, np.float32))

    noise("token_embd.weight", len(tokens), WIDTH)
    ones("output_norm.weight")
    noise("output.weight", len(tokens), WIDTH)
    for layer in range(LAYERS):
        block = f"blk.{layer}."
        ones(block + "attn_norm.weight")
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            noise(f"{block}{part}.weight", WIDTH, WIDTH)
        ones(block + "ffn_norm.weight")
        noise(block + "ffn_gate.weight", INNER, WIDTH)
        noise(block + "ffn_up.weight", INNER, WIDTH)
        noise(block + "ffn_down.weight", WIDTH, INNER)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _vocabulary() -> tuple[list[bytes], list[Any], list[float]]:
    """Tokens, their types and scores: three special ones, 256 bytes, a space and the printable letters."""
    letters = ["\N{LOWER ONE EIGHTH BLOCK}", *map(chr, range(33, 127))]
    tokens = [b"<unk>", b"<s>", b"</s>", *(f"<0x{n:02X}>".encode() for n in range(256)), *(c.encode() for c in letters)]
    special = [gguf.TokenType.UNKNOWN, gguf.TokenType.CONTROL, gguf.TokenType.CONTROL]
    kinds = [*special, *[gguf.TokenType.BYTE] * 256, *[gguf.TokenType.NORMAL] * len(letters)]
    scores = [*[0.0] * 259, *(-1.0 - n for n in range(len(letters)))]
    return tokens, kinds, scores
