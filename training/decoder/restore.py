"""Reads the int8 weights of models/simplifier back into a model to train on from: the float weights are not kept anywhere.

    python3 restore.py [--source models/simplifier] [--target .work/decoder/model]

Each weight is off by at most half a step of its int8 scale; a continuation makes up for that within its first steps.
"""
import argparse
import json
import pathlib

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

ROOT = pathlib.Path(__file__).resolve().parents[2]


def read_weights(path):
    """-> {parameter name: float array}; matrices as torch has them, [out, in]."""
    graph = onnx.load(path).graph
    values = {item.name: item for item in graph.initializer}
    state = {}
    for name, item in values.items():
        if name.startswith("model.") and not name.endswith("_quantized") and not name.endswith(("_scale", "_zero_point")):
            state[name] = numpy_helper.to_array(item).astype(np.float32)
    rows, scales = (numpy_helper.to_array(values[name]) for name in ("embedding_rows", "embedding_scales"))
    state["model.embed_tokens.weight"] = rows.astype(np.float32) * scales
    for node in graph.node:
        if node.op_type != "MatMulInteger":
            continue
        weight = values[node.input[1]]
        scale = numpy_helper.to_array(values[node.input[1].replace("_quantized", "_scale")])
        zero = numpy_helper.to_array(values[node.input[1].replace("_quantized", "_zero_point")])
        matrix = (numpy_helper.to_array(weight).astype(np.float32) - zero.astype(np.float32)) * scale
        state[module_of(node.name)] = np.ascontiguousarray(matrix.T)
    return state


def module_of(node):
    """"/model/layers.0/self_attn/q_proj/MatMul_quant" -> "model.layers.0.self_attn.q_proj.weight"."""
    parts = node.strip("/").split("/")[:-1]
    return ".".join(parts) + ".weight"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--source", default=str(ROOT / "models/simplifier"))
    parser.add_argument("--target", default=str(ROOT / ".work/decoder/model"))
    arguments = parser.parse_args()
    source = pathlib.Path(arguments.source)
    settings = json.loads((source / "config.json").read_text())
    settings.pop("transformers.js_config", None)
    model = LlamaForCausalLM(LlamaConfig(**settings))
    state = {name: torch.from_numpy(value) for name, value in read_weights(source / "onnx/model_quantized.onnx").items()}
    missing, unexpected = model.load_state_dict(state, strict=False)
    missing = set(missing) - {"lm_head.weight"}
    if missing or set(unexpected) - {"lm_head.weight"}:
        raise SystemExit(f"missing {sorted(missing)[:5]}, unexpected {sorted(unexpected)[:5]}")
    model.tie_weights()
    model.save_pretrained(arguments.target)
    AutoTokenizer.from_pretrained(source).save_pretrained(arguments.target)
    golden = json.loads((source / "golden.json").read_text())
    with torch.no_grad():
        logits = model.eval()(torch.tensor([golden["ids"]])).logits[0, -1, : len(golden["output"])]
    expected = torch.tensor(golden["output"])
    print("cosine with the golden output", round(torch.nn.functional.cosine_similarity(logits, expected, dim=0).item(), 4))


if __name__ == "__main__":
    main()
