#!/usr/bin/env python3
"""Writes tiny random BERT and RoBERTa classifiers and the logits they must give, for
EncoderLogitsTest.

Independent of the Java code and of any model library: plain numpy and math.erf in float64, one
sequence, one head and one position at a time, so nothing is ever filled up or masked. Needs numpy
only. Run it from engine/djl:

    python3 src/test/python/encoder_logits.py src/test/resources/encoder
"""

import json
import math
import sys
from pathlib import Path

import numpy as np

from gpt2_logits import layer_norm, softmax
from llama_logits import draw, write_safetensors

SHAPE = dict(vocab_size=40, hidden_size=24, intermediate_size=40, num_hidden_layers=2,
             num_attention_heads=3, max_position_embeddings=20, layer_norm_eps=1e-12,
             hidden_act="gelu")

CASES = {
    "bert-three-labels-bf16": dict(dtype="BF16", seed=31, family="bert", labels=3,
                                   type_vocab_size=2),
    "bert-regression-first-names-f16": dict(dtype="F16", seed=32, family="bert", labels=1,
                                            type_vocab_size=2, layer_norm_eps=1e-6, legacy=True),
    "roberta-two-labels-f16": dict(dtype="F16", seed=33, family="roberta", labels=2,
                                   type_vocab_size=1, layer_norm_eps=1e-5, pad_token_id=1),
}

ARCHITECTURES = dict(bert="BertForSequenceClassification",
                     roberta="RobertaForSequenceClassification")
LENGTHS = (9, 4, 1)
FILLED_UP = -1


def tensor_shapes(c, prefix):
    hidden, inner = c["hidden_size"], c["intermediate_size"]
    shapes = {}

    def linear_shapes(name, outputs, inputs):
        shapes[name + ".weight"], shapes[name + ".bias"] = (outputs, inputs), (outputs,)

    def norm_shapes(name):
        shapes[name + ".weight"] = shapes[name + ".bias"] = (hidden,)

    embeddings = prefix + "embeddings."
    shapes[embeddings + "word_embeddings.weight"] = (c["vocab_size"], hidden)
    shapes[embeddings + "position_embeddings.weight"] = (c["max_position_embeddings"], hidden)
    shapes[embeddings + "token_type_embeddings.weight"] = (c["type_vocab_size"], hidden)
    norm_shapes(embeddings + "LayerNorm")
    for layer in range(c["num_hidden_layers"]):
        block = f"{prefix}encoder.layer.{layer}."
        for part in ("query", "key", "value"):
            linear_shapes(f"{block}attention.self.{part}", hidden, hidden)
        linear_shapes(block + "attention.output.dense", hidden, hidden)
        norm_shapes(block + "attention.output.LayerNorm")
        linear_shapes(block + "intermediate.dense", inner, hidden)
        linear_shapes(block + "output.dense", hidden, inner)
        norm_shapes(block + "output.LayerNorm")
    if c["family"] == "bert":
        linear_shapes(prefix + "pooler.dense", hidden, hidden)
        linear_shapes("classifier", c["labels"], hidden)
    else:
        linear_shapes("classifier.dense", hidden, hidden)
        linear_shapes("classifier.out_proj", c["labels"], hidden)
    return shapes


def linear(w, name, x):
    return w[name + ".weight"] @ x + w[name + ".bias"]


def gelu(x):
    return np.array([v * 0.5 * (1 + math.erf(v / math.sqrt(2))) for v in x])


def attention(c, w, block, xs):
    heads = c["num_attention_heads"]
    size = c["hidden_size"] // heads
    rows = {part: [linear(w, f"{block}attention.self.{part}", x).reshape(heads, size) for x in xs]
            for part in ("query", "key", "value")}
    out = []
    for at in range(len(xs)):
        mixed = []
        for h in range(heads):
            chance = softmax(np.array([rows["query"][at][h] @ key[h] for key in rows["key"]])
                             / math.sqrt(size))
            mixed.append(sum(p * value[h] for p, value in zip(chance, rows["value"])))
        out.append(linear(w, block + "attention.output.dense", np.concatenate(mixed)))
    return out


def encode(c, w, prefix, tokens, segments):
    def norm(name, x):
        return layer_norm(x, w[name + ".weight"], w[name + ".bias"], c["layer_norm_eps"])

    embeddings = prefix + "embeddings."
    first = c["pad_token_id"] + 1 if c["family"] == "roberta" else 0
    xs = [norm(embeddings + "LayerNorm", w[embeddings + "word_embeddings.weight"][token]
               + w[embeddings + "token_type_embeddings.weight"][segment]
               + w[embeddings + "position_embeddings.weight"][first + at])
          for at, (token, segment) in enumerate(zip(tokens, segments))]
    for layer in range(c["num_hidden_layers"]):
        block = f"{prefix}encoder.layer.{layer}."
        xs = [norm(block + "attention.output.LayerNorm", x + a)
              for x, a in zip(xs, attention(c, w, block, xs))]
        xs = [norm(block + "output.LayerNorm", x + linear(
            w, block + "output.dense", gelu(linear(w, block + "intermediate.dense", x))))
              for x in xs]
    return xs


def logits(c, w, prefix, hidden):
    if c["family"] == "bert":
        return linear(w, "classifier", np.tanh(linear(w, prefix + "pooler.dense", hidden[0])))
    return linear(w, "classifier.out_proj", np.tanh(linear(w, "classifier.dense", hidden[0])))


def write_case(directory, overrides):
    c = {**SHAPE, **overrides}
    dtype, seed, legacy = c.pop("dtype"), c.pop("seed"), c.pop("legacy", False)
    prefix = c["family"] + "."
    random = np.random.RandomState(seed)
    files, weights = draw(random, tensor_shapes(c, prefix), dtype)
    if legacy:
        files = {name.replace("LayerNorm.weight", "LayerNorm.gamma")
                 .replace("LayerNorm.bias", "LayerNorm.beta"): data
                 for name, data in files.items()}
    # Old checkpoints hold the row numbers as a buffer; it is no weight, and is not to be read.
    files[prefix + "embeddings.position_ids"] = ("I64", (1, 2), np.arange(2, dtype="<i8").tobytes())
    longest = max(LENGTHS)
    tokens = np.full((len(LENGTHS), longest), FILLED_UP)
    segments = np.zeros((len(LENGTHS), longest), dtype=int)
    hidden = np.zeros((len(LENGTHS), longest, c["hidden_size"]))
    expected = []
    for row, length in enumerate(LENGTHS):
        tokens[row, :length] = random.randint(0, c["vocab_size"], length)
        segments[row, :length] = np.arange(length) > length // 2
        segments[row] = np.minimum(segments[row], c["type_vocab_size"] - 1)
        states = encode(c, weights, prefix, tokens[row, :length], segments[row, :length])
        hidden[row, :length] = states
        expected.append(logits(c, weights, prefix, states))
    expected = np.array(expected)
    directory.mkdir(parents=True, exist_ok=True)
    write_safetensors(directory / "model.safetensors", files)
    write_safetensors(directory / "expected.safetensors", {
        "logits": ("F64", expected.shape, expected.astype("<f8").tobytes()),
        "hidden": ("F64", hidden.shape, hidden.astype("<f8").tobytes()),
        "tokens": ("I64", tokens.shape, tokens.astype("<i8").tobytes()),
        "segments": ("I64", segments.shape, segments.astype("<i8").tobytes())})
    family, labels = c.pop("family"), c.pop("labels")
    config = dict(architectures=[ARCHITECTURES[family]], model_type=family,
                  id2label={str(i): f"LABEL_{i}" for i in range(labels)}, **c)
    (directory / "config.json").write_text(json.dumps(config, indent=2) + "\n")


if __name__ == "__main__":
    for case, case_overrides in CASES.items():
        write_case(Path(sys.argv[1]) / case, case_overrides)
