#!/usr/bin/env python3
"""Writes tiny random Llama and Qwen2 models and the logits they must give, for LlamaLogitsTest.

Independent of the Java code and of any model library: plain numpy in float64, one head and one
position at a time, rotary embeddings as complex numbers. Needs numpy only. Run it from engine/djl:

    python3 src/test/python/llama_logits.py src/test/resources/llama
"""

import json
import struct
import sys
from pathlib import Path

import numpy as np

SHAPE = dict(vocab_size=40, hidden_size=32, intermediate_size=48, num_hidden_layers=2,
             num_attention_heads=4, num_key_value_heads=4, rms_norm_eps=1e-5, rope_theta=10000.0,
             max_position_embeddings=64, tie_word_embeddings=False)

CASES = {
    "multi-head-untied-f32": dict(dtype="F32", seed=11),
    "grouped-query-tied-bf16": dict(dtype="BF16", seed=12, num_key_value_heads=2,
                                    tie_word_embeddings=True, rms_norm_eps=1e-6),
    "multi-query-wide-heads-f16": dict(dtype="F16", seed=13, num_key_value_heads=1, head_dim=12,
                                       rope_theta=500000.0),
    "qwen2-tied-bf16": dict(dtype="BF16", seed=14, family="qwen2", num_key_value_heads=2,
                            tie_word_embeddings=True, rms_norm_eps=1e-6, rope_theta=1000000.0),
    "qwen2-untied-f16": dict(dtype="F16", seed=15, family="qwen2", num_key_value_heads=1),
}

ARCHITECTURES = dict(llama="LlamaForCausalLM", qwen2="Qwen2ForCausalLM")


def tensor_shapes(c):
    hidden, inner, head = c["hidden_size"], c["intermediate_size"], c["head_dim"]
    queries, keys = c["num_attention_heads"] * head, c["num_key_value_heads"] * head
    shapes = {"model.embed_tokens.weight": (c["vocab_size"], hidden), "model.norm.weight": (hidden,)}
    if not c["tie_word_embeddings"]:
        shapes["lm_head.weight"] = (c["vocab_size"], hidden)
    for layer in range(c["num_hidden_layers"]):
        block = f"model.layers.{layer}."
        shapes[block + "input_layernorm.weight"] = (hidden,)
        shapes[block + "post_attention_layernorm.weight"] = (hidden,)
        shapes[block + "self_attn.q_proj.weight"] = (queries, hidden)
        shapes[block + "self_attn.k_proj.weight"] = (keys, hidden)
        shapes[block + "self_attn.v_proj.weight"] = (keys, hidden)
        shapes[block + "self_attn.o_proj.weight"] = (hidden, queries)
        shapes[block + "mlp.gate_proj.weight"] = (inner, hidden)
        shapes[block + "mlp.up_proj.weight"] = (inner, hidden)
        shapes[block + "mlp.down_proj.weight"] = (hidden, inner)
        if c["family"] == "qwen2":
            shapes[block + "self_attn.q_proj.bias"] = (queries,)
            shapes[block + "self_attn.k_proj.bias"] = (keys,)
            shapes[block + "self_attn.v_proj.bias"] = (keys,)
    return shapes


def bf16_bits(values):
    bits = values.astype(np.float32).view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)


def encode(values, dtype):
    """The bytes of an array in the dtype, and the exact values those bytes stand for."""
    if dtype == "BF16":
        bits = bf16_bits(values)
        return bits.tobytes(), (bits.astype(np.uint32) << 16).view(np.float32).astype(np.float64)
    rounded = values.astype(np.float16 if dtype == "F16" else np.float32)
    return rounded.tobytes(), rounded.astype(np.float64)


def write_safetensors(path, tensors):
    header, at = {}, 0
    for name, (dtype, shape, data) in tensors.items():
        header[name] = dict(dtype=dtype, shape=list(shape), data_offsets=[at, at + len(data)])
        at += len(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(t[2] for t in tensors.values()))


def norm(x, gain, epsilon):
    return x / np.sqrt(np.mean(x * x) + epsilon) * gain


def rotate(head, position, theta):
    half = len(head) // 2
    angles = position * theta ** (-2.0 * np.arange(half) / len(head))
    turned = (head[:half] + 1j * head[half:]) * np.exp(1j * angles)
    return np.concatenate([turned.real, turned.imag])


def attention(c, w, block, xs):
    size, per_group = c["head_dim"], c["num_attention_heads"] // c["num_key_value_heads"]
    rows = [[(w[f"{block}self_attn.{p}_proj.weight"] @ x
              + w.get(f"{block}self_attn.{p}_proj.bias", 0)).reshape(-1, size) for x in xs]
            for p in "qkv"]
    out = []
    for at in range(len(xs)):
        heads = []
        for h in range(c["num_attention_heads"]):
            g = h // per_group
            query = rotate(rows[0][at][h], at, c["rope_theta"])
            scores = np.array([query @ rotate(rows[1][s][g], s, c["rope_theta"])
                               for s in range(at + 1)]) / np.sqrt(size)
            chance = np.exp(scores - scores.max())
            chance /= chance.sum()
            heads.append(sum(p * rows[2][s][g] for s, p in enumerate(chance)))
        out.append(w[f"{block}self_attn.o_proj.weight"] @ np.concatenate(heads))
    return out


def feed_forward(w, block, x):
    gate = w[block + "mlp.gate_proj.weight"] @ x
    up = w[block + "mlp.up_proj.weight"] @ x
    return w[block + "mlp.down_proj.weight"] @ (gate / (1 + np.exp(-gate)) * up)


def logits(c, w, tokens):
    epsilon = c["rms_norm_eps"]
    xs = [w["model.embed_tokens.weight"][t] for t in tokens]
    for layer in range(c["num_hidden_layers"]):
        block = f"model.layers.{layer}."
        gain = w[block + "input_layernorm.weight"]
        attended = attention(c, w, block, [norm(x, gain, epsilon) for x in xs])
        xs = [x + a for x, a in zip(xs, attended)]
        gain = w[block + "post_attention_layernorm.weight"]
        xs = [x + feed_forward(w, block, norm(x, gain, epsilon)) for x in xs]
    head = w["model.embed_tokens.weight" if c["tie_word_embeddings"] else "lm_head.weight"]
    return np.array([head @ norm(x, w["model.norm.weight"], epsilon) for x in xs])


def draw(random, shapes, dtype):
    """Random weights: what a file holds of them, and the exact values the file stands for."""
    files, weights = {}, {}
    for name, shape in shapes.items():
        gain = len(shape) == 1 and not name.endswith("bias")
        centre, spread = (1, 0.2) if gain else (0, 0.25)
        data, weights[name] = encode(random.normal(centre, spread, shape), dtype)
        files[name] = (dtype, shape, data)
    return files, weights


def write_case(directory, overrides):
    c = {"family": "llama", **SHAPE, **overrides}
    dtype, seed = c.pop("dtype"), c.pop("seed")
    c.setdefault("head_dim", c["hidden_size"] // c["num_attention_heads"])
    random = np.random.RandomState(seed)
    files, weights = draw(random, tensor_shapes(c), dtype)
    tokens = random.randint(0, c["vocab_size"], (2, 9))
    expected = np.array([logits(c, weights, row) for row in tokens])
    directory.mkdir(parents=True, exist_ok=True)
    write_safetensors(directory / "model.safetensors", files)
    expectation = {"logits": ("F64", expected.shape, expected.astype("<f8").tobytes()),
                   "tokens": ("I64", tokens.shape, tokens.astype("<i8").tobytes())}
    write_safetensors(directory / "expected.safetensors", expectation)
    family = c.pop("family")
    config = dict(architectures=[ARCHITECTURES[family]], model_type=family, hidden_act="silu", **c)
    (directory / "config.json").write_text(json.dumps(config, indent=2) + "\n")


if __name__ == "__main__":
    for case, case_overrides in CASES.items():
        write_case(Path(sys.argv[1]) / case, case_overrides)
