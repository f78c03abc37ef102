#!/usr/bin/env python3
"""Writes tiny random GPT-2 models and the logits they must give, for Gpt2LogitsTest.

Independent of the Java code and of any model library: plain numpy in float64, one head and one
position at a time. Needs numpy only. Run it from engine/djl:

    python3 src/test/python/gpt2_logits.py src/test/resources/gpt2
"""

import json
import sys
from pathlib import Path

import numpy as np

from llama_logits import draw, write_safetensors

SHAPE = dict(vocab_size=40, n_embd=24, n_inner=None, n_layer=2, n_head=3, n_positions=32,
             layer_norm_epsilon=1e-5, activation_function="gelu_new", eos_token_id=39)

CASES = {
    "prefixed-f16": dict(dtype="F16", seed=21, prefix="transformer.", n_inner=40),
    "bare-bf16": dict(dtype="BF16", seed=22, prefix="", layer_norm_epsilon=1e-3),
    "untied-bf16": dict(dtype="BF16", seed=23, prefix="transformer.", tie_word_embeddings=False),
}


def tensor_shapes(c, prefix):
    hidden = c["n_embd"]
    inner = c["n_inner"] or 4 * hidden
    shapes = {prefix + "wte.weight": (c["vocab_size"], hidden),
              prefix + "wpe.weight": (c["n_positions"], hidden),
              prefix + "ln_f.weight": (hidden,), prefix + "ln_f.bias": (hidden,)}
    if not c.get("tie_word_embeddings", True):
        shapes["lm_head.weight"] = (c["vocab_size"], hidden)
    for layer in range(c["n_layer"]):
        block = f"{prefix}h.{layer}."
        for norm_name in ("ln_1", "ln_2"):
            shapes[f"{block}{norm_name}.weight"] = shapes[f"{block}{norm_name}.bias"] = (hidden,)
        for part, inputs, outputs in (("attn.c_attn", hidden, 3 * hidden),
                                      ("attn.c_proj", hidden, hidden),
                                      ("mlp.c_fc", hidden, inner), ("mlp.c_proj", inner, hidden)):
            shapes[f"{block}{part}.weight"] = (inputs, outputs)
            shapes[f"{block}{part}.bias"] = (outputs,)
    return shapes


def layer_norm(x, gain, bias, epsilon):
    return (x - x.mean()) / np.sqrt(x.var() + epsilon) * gain + bias


def gelu_new(x):
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x ** 3)))


def linear(w, name, x):
    return x @ w[name + ".weight"] + w[name + ".bias"]


def softmax(x):
    chance = np.exp(x - x.max())
    return chance / chance.sum()


def attention(c, w, block, xs):
    heads, hidden = c["n_head"], c["n_embd"]
    size = hidden // heads
    rows = [linear(w, block + "attn.c_attn", x).reshape(3, heads, size) for x in xs]
    out = []
    for at in range(len(xs)):
        mixed = []
        for h in range(heads):
            chance = softmax(np.array([rows[at][0, h] @ rows[s][1, h] for s in range(at + 1)])
                             / np.sqrt(size))
            mixed.append(sum(p * rows[s][2, h] for s, p in enumerate(chance)))
        out.append(linear(w, block + "attn.c_proj", np.concatenate(mixed)))
    return out


def logits(c, w, prefix, tokens):
    def norm(name, x):
        return layer_norm(x, w[name + ".weight"], w[name + ".bias"], c["layer_norm_epsilon"])

    xs = [w[prefix + "wte.weight"][t] + w[prefix + "wpe.weight"][i] for i, t in enumerate(tokens)]
    for layer in range(c["n_layer"]):
        block = f"{prefix}h.{layer}."
        attended = attention(c, w, block, [norm(block + "ln_1", x) for x in xs])
        xs = [x + a for x, a in zip(xs, attended)]
        xs = [x + linear(w, block + "mlp.c_proj",
                         gelu_new(linear(w, block + "mlp.c_fc", norm(block + "ln_2", x))))
              for x in xs]
    head = w.get("lm_head.weight", w[prefix + "wte.weight"])
    return np.array([head @ norm(prefix + "ln_f", x) for x in xs])


def write_case(directory, overrides):
    c = {**SHAPE, **overrides}
    dtype, seed, prefix = c.pop("dtype"), c.pop("seed"), c.pop("prefix")
    random = np.random.RandomState(seed)
    files, weights = draw(random, tensor_shapes(c, prefix), dtype)
    # Old checkpoints hold the causal mask as a buffer; it is no weight, and is not to be read.
    files[prefix + "h.0.attn.bias"] = ("U8", (1, 1, 2, 2), bytes([1, 0, 1, 1]))
    tokens = random.randint(0, c["vocab_size"], (2, 9))
    expected = np.array([logits(c, weights, prefix, row) for row in tokens])
    directory.mkdir(parents=True, exist_ok=True)
    write_safetensors(directory / "model.safetensors", files)
    expectation = {"logits": ("F64", expected.shape, expected.astype("<f8").tobytes()),
                   "tokens": ("I64", tokens.shape, tokens.astype("<i8").tobytes())}
    write_safetensors(directory / "expected.safetensors", expectation)
    config = dict(architectures=["GPT2LMHeadModel"], model_type="gpt2", **c)
    (directory / "config.json").write_text(json.dumps(config, indent=2) + "\n")


if __name__ == "__main__":
    for case, case_overrides in CASES.items():
        write_case(Path(sys.argv[1]) / case, case_overrides)
