#!/usr/bin/env python3
"""Puts Deltapress edits on their foundation: deltapress_edits.py FOUNDATION OUT.safetensors EDIT...

FOUNDATION is a safetensors file, an EDIT an edit artifact, or a PEFT LoRA adapter that was exported
from edits. Written from FORMAT.md, section 12, alone; checks every digest."""
import hashlib, json, pathlib, sys
import numpy as np
from deltapress_reader import UINT, load, require, save, widen


def factors(path):
    """Yields name, layout, A and B of each weight of an edit artifact; checks its entries."""
    meta, tensors = load(path)
    version = [meta.get(key) for key in ("format", "format_version")]
    require(version == ["deltapress-edit", "1"], f"{path}: not readable")
    names = [key[7:] for key in meta if key.startswith("tensor/")]
    stored = {role + name for name in names for role in ("a/", "b/")}
    keys = {name: "k/" + name for name in names if "k/" + name in tensors}
    require(set(tensors) == stored | set(keys.values()), f"{path}: tensors differ from entries")
    for name in names:
        dtype, shape, layout, digest = meta["tensor/" + name].split(" ")
        expected = {"dtype": dtype, "shape": json.loads(shape), "digest": digest, "layout": layout}
        a, b = (matrix(*tensors[role + name]) for role in ("a/", "b/"))
        require(name not in keys or matrix(*tensors[keys[name]]).shape[1] == a.shape[1], "no keys")
        yield name, expected, a, b


def adapter(directory):
    """Yields the same of a PEFT adapter, whose factors are scaled as its configuration says."""
    config = json.loads((directory / "adapter_config.json").read_text())
    tensors = load(directory / "adapter_model.safetensors")[1]
    layout = "in-out" if config["fan_in_fan_out"] else "out-in"
    ends = [".lora_A.weight", ".lora_B.weight"]
    for module in [name[17 : -len(ends[0])] for name in tensors if name.endswith(ends[0])]:
        a, b = (matrix(*tensors["base_model.model." + module + end]) for end in ends)
        rank = config["rank_pattern"].get(module, config["r"])
        scale = config["alpha_pattern"].get(module, config["lora_alpha"]) / rank
        require((len(a), scale) == (rank, 1), f"{module}: rank or scale differ")
        yield module + ".weight", {"layout": layout}, a, b


def matrix(info, data):
    """A factor in binary64."""
    require(info["dtype"] == "F32" and len(info["shape"]) == 2, "a factor must be a matrix of F32")
    values = data.view("<f4").reshape(info["shape"]).astype(np.float64)
    require(np.isfinite(values).all(), "a factor is not finite")
    return values


def shift(acc, a, b, layout):
    """Adds B A to the sum, rank by rank; every product and every sum is rounded by itself."""
    require(a.shape[0] == b.shape[1], "ranks differ")
    for row, column in zip(a, b.T):
        product = column[:, None] * row[None, :]
        acc += product if layout == "out-in" else product.T


def once(values, dtype):
    """The bits of the nearest numbers of a type, ties to even, rounded once from binary64."""
    if dtype == "BF16":
        exponent = np.maximum(np.frexp(values)[1] - 1, -126)
        unit = np.ldexp(1.0, exponent - 7)
        bits = ((np.rint(values / unit) * unit).astype("<f4").view("<u4") >> 16).astype("<u2")
    else:
        bits = values.astype({"F16": "<f2", "F32": "<f4", "F64": "<f8"}[dtype]).view(UINT[dtype])
    require(np.isfinite(widen(bits, dtype)).all(), "a result is not finite")
    return bits.view(np.uint8)


def apply(foundation, out_path, edits):
    result, sums = load(foundation)[1], {}
    for edit in edits:
        for name, entry, a, b in adapter(edit) if edit.is_dir() else factors(edit):
            (info, data), layout = result[name], entry.pop("layout")
            found = {**info, "digest": hashlib.sha256(data).hexdigest()}
            require(all(found[key] == entry[key] for key in entry), f"{name}: another foundation")
            acc = sums.setdefault(name, np.zeros(info["shape"]))
            shift(acc, a, b, layout)
    for name, acc in sums.items():
        info, data = result[name]
        values = widen(data.view(UINT[info["dtype"]]), info["dtype"]).astype(np.float64)
        result[name] = info, once(values + acc.ravel(), info["dtype"])
    save(result, out_path)


if __name__ == "__main__":
    require(len(sys.argv) > 3, __doc__)
    paths = [pathlib.Path(argument) for argument in sys.argv[1:]]
    apply(paths[0], paths[1], paths[2:])
