"""A MEND edit the plain PyTorch way: the peer that the speed of `deltapress edit` is compared with.

Written independently of the Java code, from the paper (Mitchell et al., 2022, sections 3.1 and 3.2): hooks keep the inputs u of the
edited layers and the gradients delta of their outputs, the editor's two residual low-rank blocks transform each token's row, and
W -= rate * sum_t delta~_t u~_t^T goes into the weights in place, which are rounded to the type they have on disk.

    python3 mend_edit.py BASE EDITOR REQUESTS [--edits 60] [--warm-up 10]

BASE is a Llama directory with a word-level tokenizer.json (reference/base), EDITOR a directory that `deltapress train editor` wrote,
REQUESTS JSON lines with prompt, target_new and rephrase_prompt. Every edit starts from the base's weights. One thread. Needs torch and numpy.
Prints the median milliseconds of a request's signals, editor and update, and how many edits and rephrasings came out right.
"""

import argparse
import json
import math
import pathlib
import statistics
import struct
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


def safetensors(file):
    data = file.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    tensors = {}
    for name, info in json.loads(data[8 : 8 + size]).items():
        if name != "__metadata__":
            begin, end = (8 + size + offset for offset in info["data_offsets"])
            raw = data[begin:end]
            if info["dtype"] == "BF16":
                array = (np.frombuffer(raw, "<u2").astype("<u4") << 16).view("<f4")
            else:
                array = np.frombuffer(raw, {"F32": "<f4", "F64": "<f8"}[info["dtype"]])
            tensors[name] = torch.from_numpy(array.reshape(info["shape"]).copy())
    return tensors


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        d, h, g, s = c["hidden_size"], c["num_attention_heads"], c["num_key_value_heads"], c["head_dim"]
        self.heads, self.groups, self.size, self.eps = h, g, s, c["rms_norm_eps"]
        self.input_layernorm = nn.Parameter(torch.empty(d))
        self.post_attention_layernorm = nn.Parameter(torch.empty(d))
        self.self_attn = nn.ModuleDict(
            {n: nn.Linear(i, o, bias=False) for n, i, o in
             (("q_proj", d, h * s), ("k_proj", d, g * s), ("v_proj", d, g * s), ("o_proj", h * s, d))})
        f = c["intermediate_size"]
        self.mlp = nn.ModuleDict(
            {n: nn.Linear(i, o, bias=False) for n, i, o in (("gate_proj", d, f), ("up_proj", d, f), ("down_proj", f, d))})

    def norm(self, x, gain):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps) * gain

    def forward(self, x, cos, sin, mask):
        b, t, _ = x.shape
        a, y = self.self_attn, self.norm(x, self.input_layernorm)

        def split(z, heads):
            return z.view(b, t, heads, self.size).transpose(1, 2)

        def rotate(z):
            left, right = z.chunk(2, -1)
            return torch.cat((left * cos - right * sin, right * cos + left * sin), -1)

        q, k, v = rotate(split(a["q_proj"](y), self.heads)), rotate(split(a["k_proj"](y), self.groups)), split(a["v_proj"](y), self.groups)
        k, v = (z.repeat_interleave(self.heads // self.groups, 1) for z in (k, v))
        mixed = ((q @ k.transpose(2, 3)) / math.sqrt(self.size) + mask).softmax(-1) @ v
        x = x + a["o_proj"](mixed.transpose(1, 2).reshape(b, t, -1))
        y = self.norm(x, self.post_attention_layernorm)
        return x + self.mlp["down_proj"](F.silu(self.mlp["gate_proj"](y)) * self.mlp["up_proj"](y))


class Llama(nn.Module):
    def __init__(self, directory):
        super().__init__()
        c = json.loads((directory / "config.json").read_text())
        self.words = json.loads((directory / "tokenizer.json").read_text())["model"]["vocab"]
        self.begin, self.end = c["bos_token_id"], c["eos_token_id"]
        self.embedding = nn.Parameter(torch.empty(c["vocab_size"], c["hidden_size"]))
        self.gain = nn.Parameter(torch.empty(c["hidden_size"]))
        self.blocks = nn.ModuleList(Block(c) for _ in range(c["num_hidden_layers"]))
        self.frequencies = c["rope_theta"] ** (-torch.arange(0, c["head_dim"], 2) / c["head_dim"])
        tensors = safetensors(directory / "model.safetensors")
        names = {"embedding": "model.embed_tokens.weight", "gain": "model.norm.weight"}
        for name, parameter in self.named_parameters():
            stored = names.get(name) or "model." + name.replace("blocks", "layers")
            parameter.data = tensors[stored if stored in tensors else stored + ".weight"]
            parameter.requires_grad_(False)

    def forward(self, ids):
        angles = torch.arange(ids.shape[1])[:, None] * self.frequencies[None]
        mask = torch.full((ids.shape[1], ids.shape[1]), -math.inf).triu(1)
        x = F.embedding(ids, self.embedding)
        for block in self.blocks:
            x = block(x, angles.cos(), angles.sin(), mask)
        return self.blocks[0].norm(x, self.gain) @ self.embedding.T

    def ids(self, text):
        return [self.begin] + [self.words[word] for word in text.split()]

    def right(self, prompt, answer):
        tokens = self.ids(prompt + " " + answer)
        first = len(self.ids(prompt)) - 1
        with torch.no_grad():
            return self(torch.tensor([tokens]))[0, first:].argmax(-1).tolist() == tokens[first + 1 :] + [self.end]


class Editor:
    def __init__(self, directory):
        description = json.loads((directory / "editor.json").read_text())
        self.layers, self.first_rate = description["layers"], description["editRate"]
        self.t = safetensors(directory / "editor.safetensors")

    def transform(self, name, u, delta):
        shape = "%dx%d" % (u.shape[1], delta.shape[1])
        count = self.t[f"statistics/{shape}/rows"].item()
        deviation = (self.t[f"statistics/{shape}/squares"] / (count - 1)).sqrt() + 1e-7
        x = ((torch.cat((u, delta), 1) - self.t[f"statistics/{shape}/mean"]) / deviation).float()
        for block in range(2):
            n, f = f"network/{shape}/{block}/", f"film/{name}/{block}/"
            low = x @ self.t[n + "v"].T @ self.t[n + "u"].T + self.t[n + "b"]
            x = x + (low * self.t[f + "scale"] + self.t[f + "offset"]).clamp(min=0)
        return x[:, : u.shape[1]], x[:, u.shape[1] :], self.first_rate * math.exp(10 * self.t["rate/" + name].item())


def edit(model, modules, editor, prompt, target):
    kept = {}

    def keep(name):
        def hook(_, inputs, output):
            output.requires_grad_(True)
            output.retain_grad()
            kept[name] = inputs[0].detach(), output
        return hook

    hooks = [module.register_forward_hook(keep(name)) for name, module in modules.items()]
    tokens = model.ids(prompt + " " + target)
    first = len(model.ids(prompt)) - 1
    logits = model(torch.tensor([tokens]))[0, first:]
    F.cross_entropy(logits, torch.tensor(tokens[first + 1 :] + [model.end])).backward()
    for hook in hooks:
        hook.remove()
    with torch.no_grad():
        for name, module in modules.items():
            u, delta = kept[name][0][0], kept[name][1].grad[0]
            u, delta, rate = editor.transform(name, u, delta)
            module.weight.sub_(rate * delta.T @ u)
            module.weight.copy_(module.weight.bfloat16())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base", type=pathlib.Path)
    parser.add_argument("editor", type=pathlib.Path)
    parser.add_argument("requests", type=pathlib.Path)
    parser.add_argument("--edits", type=int, default=60)
    parser.add_argument("--warm-up", type=int, default=10)
    options = parser.parse_args()
    torch.set_num_threads(1)
    model, editor = Llama(options.base), Editor(options.editor)
    modules = {}
    for name in editor.layers:
        _, _, layer, part, projection, _ = name.split(".")
        modules[name] = getattr(model.blocks[int(layer)], part)[projection]
    base = {name: module.weight.clone() for name, module in modules.items()}
    requests = [json.loads(line) for line in options.requests.read_text().splitlines()][: options.edits]
    times, right, rephrased = [], 0, []
    for request in requests[: options.warm_up] + requests:
        for name, module in modules.items():
            module.weight.copy_(base[name])
        started = time.perf_counter()
        edit(model, modules, editor, request["prompt"], request["target_new"])
        times.append(1e3 * (time.perf_counter() - started))
        if len(times) > options.warm_up:
            right += model.right(request["prompt"], request["target_new"])
            rephrased += [model.right(prompt, request["target_new"]) for prompt in request.get("rephrase_prompt", [])]
    print(f"{len(requests)} edits, p50 {statistics.median(times[options.warm_up:]):.1f} ms,"
          f" success {right / len(requests):.3f}, rephrase {np.mean(rephrased):.3f}")


if __name__ == "__main__":
    main()
