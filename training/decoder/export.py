"""Exports .work/decoder/model to models/simplifier: int8 for WASM with the keys and values of the past, in files under 95 MB.

    python3 export.py [--model DIR] [--target DIR]

Prints the bytes and how far the int8 logits are from fp32 on the golden prompt.
"""
import argparse
import json
import pathlib
import shutil
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper
from onnx.external_data_helper import set_external_data
from onnxruntime.quantization import QuantType, quantize_dynamic
from optimum.exporters.onnx import main_export
from transformers import AutoTokenizer

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORK = ROOT / ".work/decoder"
LARGEST = 90_000_000
GOLDEN_PROMPT = "<|im_start|>you Denies chest pain, shortness of breath or fainting.<|im_end|>"
GOLDEN_LOGITS = 512


def untie(model):
    """Transpose(embeddings) of the last layer -> a matrix of its own, which the quantizer takes for a constant."""
    table = next(i for i in model.graph.initializer if i.name.endswith("embed_tokens.weight"))
    for node in [node for node in model.graph.node if node.op_type == "Transpose" and node.input[0] == table.name]:
        model.graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(numpy_helper.to_array(table).T), node.output[0]))
        model.graph.node.remove(node)
    return model


def embeddings_int8(model):
    """Gather(int8 rows) -> Cast -> Mul(Gather(scales)), one scale a row."""
    table = next(i for i in model.graph.initializer if i.name.endswith("embed_tokens.weight"))
    gather = next(node for node in model.graph.node if node.op_type == "Gather" and node.input[0] == table.name)
    weights = numpy_helper.to_array(table)
    scales = np.abs(weights).max(axis=1, keepdims=True) / 127
    rows = np.clip(np.round(weights / np.maximum(scales, 1e-12)), -127, 127).astype(np.int8)
    model.graph.initializer.remove(table)
    model.graph.initializer.extend([numpy_helper.from_array(rows, "embedding_rows"), numpy_helper.from_array(scales.astype(np.float32), "embedding_scales")])
    ids, output = gather.input[1], gather.output[0]
    position = list(model.graph.node).index(gather)
    model.graph.node.remove(gather)
    for node in reversed([
        helper.make_node("Gather", ["embedding_rows", ids], ["embedding_int8"]),
        helper.make_node("Cast", ["embedding_int8"], ["embedding_float"], to=TensorProto.FLOAT),
        helper.make_node("Gather", ["embedding_scales", ids], ["embedding_scale"]),
        helper.make_node("Mul", ["embedding_float", "embedding_scale"], [output]),
    ]):
        model.graph.node.insert(position, node)
    return model


def save_in_parts(model, folder, name):
    """name, name_data, name_data_1 …: the runtime looks for the parts under these names. -> number of parts"""
    part, filled = 0, 0
    parts = [open(folder / f"{name}_data", "wb")]
    for initializer in model.graph.initializer:
        raw = numpy_helper.to_array(initializer).tobytes()
        if len(raw) < 1024:
            continue
        if filled + len(raw) > LARGEST:
            part, filled = part + 1, 0
            parts.append(open(folder / f"{name}_data_{part}", "wb"))
        location = f"{name}_data" if part == 0 else f"{name}_data_{part}"
        initializer.ClearField("raw_data")
        for field in ("float_data", "int32_data", "int64_data"):
            initializer.ClearField(field)
        initializer.raw_data = raw
        set_external_data(initializer, location, offset=filled, length=len(raw))
        initializer.ClearField("raw_data")
        parts[part].write(raw)
        filled += len(raw)
    for sink in parts:
        sink.close()
    (folder / name).write_bytes(model.SerializeToString())
    return len(parts)


def last_logits(path, ids, config):
    """The first token is read apart, as in the app: its activations would coarsen the int8 steps of the others."""
    session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    shape = (1, config["num_key_value_heads"], 0, config["hidden_size"] // config["num_attention_heads"])
    past = {given.name: np.zeros(shape, dtype=np.float32) for given in session.get_inputs() if given.name.startswith("past_key_values")}
    names = [given.name for given in session.get_outputs()]
    for at, part in ((0, ids[:1]), (1, ids[1:])):
        feeds = {"input_ids": np.array([part], dtype=np.int64), "attention_mask": np.ones((1, at + len(part)), dtype=np.int64), **past}
        if any(given.name == "position_ids" for given in session.get_inputs()):
            feeds["position_ids"] = np.arange(at, at + len(part), dtype=np.int64)[None]
        outputs = dict(zip(names, session.run(None, feeds)))
        past = {name.replace("present", "past_key_values"): value for name, value in outputs.items() if name.startswith("present")}
    return outputs["logits"][0, -1]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", default=str(WORK / "model"))
    parser.add_argument("--target", default=str(ROOT / "models/simplifier"))
    arguments = parser.parse_args()
    target = pathlib.Path(arguments.target)
    (target / "onnx").mkdir(parents=True, exist_ok=True)
    for old in (target / "onnx").glob("*"):
        old.unlink()
    with tempfile.TemporaryDirectory(dir=WORK) as scratch:
        scratch = pathlib.Path(scratch)
        main_export(arguments.model, scratch / "fp32", task="text-generation-with-past", do_validation=False)
        fp32 = scratch / "fp32/model.onnx"
        onnx.save(untie(onnx.load(fp32)), scratch / "untied.onnx")
        quantize_dynamic(scratch / "untied.onnx", scratch / "int8.onnx", per_channel=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"], extra_options={"MatMulConstBOnly": True})
        parts = save_in_parts(embeddings_int8(onnx.load(scratch / "int8.onnx")), target / "onnx", "model_quantized.onnx")
        tokenizer = AutoTokenizer.from_pretrained(arguments.model)
        ids = tokenizer(GOLDEN_PROMPT, add_special_tokens=False)["input_ids"]
        config = json.loads((pathlib.Path(arguments.model) / "config.json").read_text())
        config["transformers.js_config"] = {"use_external_data_format": {"model_quantized.onnx": parts}}
        (target / "config.json").write_text(json.dumps(config, indent=1) + "\n")
        full = last_logits(fp32, ids, config)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(pathlib.Path(arguments.model) / name, target / name)
    ours = last_logits(target / "onnx/model_quantized.onnx", ids, config)
    golden = {"ids": ids, "output": [round(float(value), 4) for value in full[:GOLDEN_LOGITS]]}
    (target / "golden.json").write_text(json.dumps(golden) + "\n")
    cosine = float(ours[:GOLDEN_LOGITS] @ full[:GOLDEN_LOGITS] / np.linalg.norm(ours[:GOLDEN_LOGITS]) / np.linalg.norm(full[:GOLDEN_LOGITS]))
    print(sum(path.stat().st_size for path in target.rglob("*")), "bytes;", "largest difference", float(np.abs(ours - full).max()), "cosine", round(cosine, 4), "same first token", int(ours.argmax()) == int(full.argmax()))


if __name__ == "__main__":
    main()
