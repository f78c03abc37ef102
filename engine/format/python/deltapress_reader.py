#!/usr/bin/env python3
"""Applies a Deltapress delta artifact: deltapress_reader.py PARENT ARTIFACT OUT.safetensors

PARENT is a safetensors file or a directory of them, ARTIFACT a file or a directory of shards.
Written from MASK.md and FORMAT.md alone; checks every digest; to be read rather than to be fast."""
import hashlib, json, math, pathlib, struct, sys
import numpy as np

BLOCK, GOLDEN, M64 = 65536, 0x9E3779B97F4A7C15, (1 << 64) - 1
UINT = {"F16": "<u2", "BF16": "<u2", "F32": "<u4", "F64": "<u8"}
FLOAT = {"F16": "<f2", "F32": "<f4", "F64": "<f8"}
WIDTH = {"bf16": 2, "f16": 2, "int8": 1, "int4": 0.5}


def require(condition, message):
    if not condition:
        sys.exit(message)


def load(path):
    """The metadata of a safetensors file, and header entry and bytes of its tensors by name."""
    raw = np.memmap(path, np.uint8, "r")
    start = 8 + int.from_bytes(raw[:8].tobytes(), "little")
    header = json.loads(raw[8:start].tobytes())
    meta = header.pop("__metadata__", {})
    if digits := meta.get("content_sha256", "").encode():
        digest = hashlib.sha256(raw[:start].tobytes().replace(digits, b"0" * 64, 1))
        digest.update(raw[start:])
        require(digest.hexdigest().encode() == digits, f"{path}: damaged")
    at = {name: [start + offset for offset in header[name]["data_offsets"]] for name in header}
    return meta, {name: (header[name], raw[a:b]) for name, (a, b) in at.items()}


def seeded_mask(meta, name, shape):
    """MASK.md: yields the kept positions of each block."""
    k, n, seed = int(meta["keep"]), math.prod(shape), struct.pack("<Q", int(meta["seed"], 16))
    if meta["mask"] == "dp-mask-1" or len(shape) != 2 or n == 0:
        yield from draw(b"dp-mask-1\0" + seed + name.encode(), k, n)
        return
    keys = [b"dp-structural-1\0" + seed + bytes([axis]) + name.encode() for axis in (0, 1)]
    masks = [draw(key, math.isqrt(k << 32), size) for key, size in zip(keys, shape)]
    row, column = [np.concatenate([b * BLOCK + at for b, at in enumerate(mask)]) for mask in masks]
    elements = (row[:, None] * shape[1] + column).ravel()
    for start in range(0, n, BLOCK):
        yield elements[(elements >= start) & (elements < start + BLOCK)] - start


def draw(preimage, k, n):
    """MASK.md: yields the kept positions of each block of n elements."""
    digest = hashlib.sha256(preimage).digest()
    key, s, table = int.from_bytes(digest[:8], "little"), 1 << 64, []
    while k and len(table) < BLOCK and (s := s * ((1 << 32) - k) >> 32):
        table.append(s)
    rising = np.array(table[::-1], np.uint64)
    for start in range(0, n, BLOCK):
        length = min(BLOCK, n - start) if k else 0
        z = np.arange(1, length + 1, dtype=np.uint64) * np.uint64(GOLDEN)  # wraps modulo 2^64
        z += np.uint64((key + start * GOLDEN) & M64)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
        gaps = len(table) - np.searchsorted(rising, z, side="right")  # entries above the draw
        positions = np.cumsum(gaps + 1) - 1
        yield positions[positions < length]


def stored_mask(data, n):
    """FORMAT.md, section 5: yields the kept positions of each block."""
    at = 0
    for start in range(0, n, BLOCK):
        length, form = min(BLOCK, n - start), int(data[at])
        end = at + 1 + -(-length // 8)
        if form < 3:  # a bitmap, nothing, everything
            bits = np.unpackbits(data[at + 1 : end], bitorder="little")
            yield np.flatnonzero(bits) if form == 0 else np.arange(length * (form - 1))
            at = at + 1 if form else end
        else:
            count, r = 1 + int(data[at + 1]) + 256 * int(data[at + 2]), form & 15
            bits = np.unpackbits(data[at + 3 : end], bitorder="little").astype(np.int64)
            low = bits[: count * r].reshape(count, r) @ (1 << np.arange(r)) if r else 0
            ones = np.flatnonzero(bits[count * r :])[:count]
            positions = np.cumsum(((np.diff(ones, prepend=-1) - 1) << r) + low + 1) - 1
            require(form >> 4 in (1, 2) and positions[-1] < length, "a stored mask is not valid")
            yield positions if form >> 4 == 1 else np.setdiff1d(np.arange(length), positions)
            at += 3 + -(-(count * r + int(ones[-1]) + 1) // 8)
    require(at == len(data), "a stored mask is too long")


def widen(bits, dtype):
    if dtype == "BF16":
        return (bits.astype("<u4") << 16).view("<f4")
    return bits.view(FLOAT[dtype]).astype("<f8" if dtype == "F64" else "<f4")


def narrow(values, dtype):
    if dtype != "BF16":
        return values.astype(FLOAT[dtype]).view(UINT[dtype])
    return ((values.view("<u4") + 0x7FFF + ((values.view("<u4") >> 16) & 1)) >> 16).astype("<u2")


def pruned(meta, tensors, name, dtype, shape, kept, parent):
    """FORMAT.md, section 4: the result of a tensor whose values were pruned."""
    code, out, values_at, scales_at = meta["values"], parent.copy().view(UINT[dtype]), 0, 0
    stored, n = tensors["values/" + name][1], len(out)
    scales = tensors["scales/" + name][1].view("<f2") if code[:3] == "int" else np.zeros(0)
    seeded = meta["mask"] != "stored-1"
    mask = seeded_mask(meta, name, shape) if seeded else stored_mask(tensors["mask/" + name][1], n)
    for b, positions in enumerate(mask):
        count, at = len(positions), positions + b * BLOCK
        raw = stored[values_at : values_at + int(np.ceil(count * WIDTH.get(code, out.itemsize)))]
        values_at, kept = values_at + len(raw), kept - count
        if code == "exact":
            out[at] ^= raw.view(UINT[dtype])
            continue
        if code[:3] == "int":
            tops = raw if code == "int8" else np.stack((raw << 4, raw & 0xF0), 1).ravel()[:count]
            integers = tops.view(np.int8) >> (0 if code == "int8" else 4)
            of_block = scales[scales_at : scales_at + -(-count // 128)]
            scales_at += len(of_block)
            w = integers.astype("<f4") * np.repeat(of_block.astype("<f4"), 128)[:count]
        else:
            w = widen(raw.view("<u2"), code.upper())
        out[at] = narrow(widen(out[at], dtype) + w, dtype)
    require((kept, values_at, scales_at) == (0, len(stored), len(scales)), f"{name}: counts differ")
    return out.view(np.uint8)


def rebuild(meta, tensors, name, found):
    """Header entry and bytes of a tensor of the result, by name; nothing if it is removed."""
    kind, dtype, shape, kept, before, after = meta["tensor/" + name].split(" ")
    digest = "-" if found is None else hashlib.sha256(found).hexdigest()
    require(digest == before, f"{name}: not the tensor of the parent")
    if kind == "removed":
        return {}
    data = tensors.get("whole/" + name, (0, None))[1]
    if kind == "pruned":
        data = pruned(meta, tensors, name, dtype, json.loads(shape), int(kept), found)
    require(hashlib.sha256(data).hexdigest() == after, f"{name}: not the promised result")
    return {name: ({"dtype": dtype, "shape": json.loads(shape)}, data)}


def apply(parent, artifact, out_path):
    both = [[p] if p.is_file() else sorted(p.glob("*.safetensors")) for p in (parent, artifact)]
    parents, shards = [[load(path) for path in paths] for paths in both]
    result = {name: found for _, tensors in parents for name, found in tensors.items()}
    for meta, tensors in shards:
        version = [meta.get(key) for key in ("format", "format_version", "shards")]
        require(version == ["deltapress-delta", "1", str(len(shards))], f"{artifact}: not readable")
        for name in [key[7:] for key in meta if key.startswith("tensor/")]:
            result.update(rebuild(meta, tensors, name, result.pop(name, (0, None))[1]))
    save(result, out_path)


def save(result, out_path):
    """Writes header entry and bytes of tensors by name as a safetensors file."""
    header, end = {}, 0
    for name, (info, data) in result.items():
        header[name] = {**info, "data_offsets": [end, end := end + len(data)]}
    text = json.dumps(header).encode()
    with open(out_path, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text)
        out.writelines(data.tobytes() for _, data in result.values())


if __name__ == "__main__":
    require(len(sys.argv) == 4, __doc__)
    apply(*map(pathlib.Path, sys.argv[1:]))
