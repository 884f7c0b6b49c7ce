"""Exports the trained query encoder and the vectors of all names to models/code-search.

    python3 training/codes/export.py [--shared ../shared] [--work .work/codes]

onnx/model_quantized.onnx: ids and mask -> one unit vector of DIMENSION numbers a text (mean pooling, first dimensions,
normalization are part of the graph), weights int8. vectors.bin, little endian:

    u32 names, u32 vectors, u32 dimension, f32 scale, u32 of the names' SHA-256: first four bytes of it
    u16 x names      vector of each name, in the order of the code set: title, inclusion terms, includes, synonyms
    i8  x vectors x dimension     components / scale

A vector stands for a bare name (pairs.bare), so that sides and encounters share one. Prints what int8 costs on the
development phrases.
"""
import argparse
import hashlib
import json
import shutil
import struct
import sys
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch
from transformers import AutoModel, AutoTokenizer

from pairs import ROOT, bare, read_codes, read_gzip_lines

sys.path.append(str(Path(__file__).resolve().parents[1]))
from onnx_files import export_fp32, write_int8  # noqa: E402

DIMENSION, LENGTH = 128, 24
GOLDEN_TEXT = "heart attack"
TARGET = ROOT / "models" / "code-search"


class UnitVector(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask):
        hidden = self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * mask).sum(1) / mask.sum(1)
        return torch.nn.functional.normalize(mean[:, :DIMENSION], dim=1)


def unit_vectors(module, tokenizer, texts):
    found = []
    with torch.inference_mode():
        for start in range(0, len(texts), 256):
            pieces = tokenizer(texts[start : start + 256], padding=True, truncation=True, max_length=LENGTH, return_tensors="pt")
            found.append(module(pieces["input_ids"], pieces["attention_mask"]).numpy())
    return np.concatenate(found)


def quantized_vectors(path, tokenizer, texts):
    """One text at a time, as the app does: dynamic activations depend on what else is in a batch."""
    session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    found = []
    for text in texts:
        ids = np.array([tokenizer(text, truncation=True, max_length=LENGTH)["input_ids"]], dtype=np.int64)
        found.append(session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0][0])
    return np.stack(found)


def recall(queries, vectors, rows, codes_of):
    best = np.argsort(-(queries @ vectors.T), axis=1)[:, :5]
    hits = [[any(code.startswith(gold) for code in codes_of[index] for gold in row["codes"]) for index in found] for row, found in zip(rows, best)]
    return f"recall@1 {np.mean([hit[0] for hit in hits]):.3f} @5 {np.mean([any(hit) for hit in hits]):.3f}"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--shared", default=str(ROOT.parent / "shared"))
    arguments.add_argument("--work", default=str(ROOT / ".work" / "codes"))
    options = arguments.parse_args()
    work = Path(options.work)
    tokenizer = AutoTokenizer.from_pretrained(work / "encoder")
    module = UnitVector(AutoModel.from_pretrained(work / "encoder", attn_implementation="eager")).eval()
    number_of, vector_of_name, codes_of, listed = {}, [], [], hashlib.sha256()
    for code, names in read_codes().items():
        for name in names:
            listed.update(f"{name}\n".encode())
            number = number_of.setdefault(bare(name) or name.lower(), len(number_of))
            vector_of_name.append(number)
            if number == len(codes_of):
                codes_of.append([])
            codes_of[number].append(code)
    vectors = unit_vectors(module, tokenizer, list(number_of))
    scale = float(np.abs(vectors).max() / 127)
    rows = np.round(vectors / scale).astype(np.int8)
    (TARGET / "onnx").mkdir(parents=True, exist_ok=True)
    header = struct.pack("<IIIf", len(vector_of_name), len(rows), DIMENSION, scale) + listed.digest()[:4]
    (TARGET / "vectors.bin").write_bytes(header + np.array(vector_of_name, dtype="<u2").tobytes() + rows.tobytes())
    export_fp32(module, str(work / "encoder.onnx"), "vector", {0: "batch"})
    quantized = TARGET / "onnx" / "model_quantized.onnx"
    write_int8(work / "encoder.onnx", work / "encoder-int8.onnx", quantized)
    shutil.copy(work / "encoder" / "vocab.txt", TARGET / "vocab.txt")
    config = json.loads((work / "encoder" / "config.json").read_text())
    kept = {key: config[key] for key in ["model_type", "hidden_size", "num_attention_heads", "num_hidden_layers", "vocab_size"]}
    golden = unit_vectors(module, tokenizer, [GOLDEN_TEXT])[0]
    kept |= {"architectures": ["BertModel"], "golden": {"ids": tokenizer(GOLDEN_TEXT)["input_ids"], "output": np.round(golden, 4).tolist()}}
    (TARGET / "config.json").write_text(json.dumps(kept, indent=1) + "\n")
    print(len(vector_of_name), "names,", len(rows), "vectors, scale", scale, "bytes", (TARGET / "vectors.bin").stat().st_size, quantized.stat().st_size)
    phrases = list(read_gzip_lines(Path(options.shared) / "data" / "icd" / "phrases" / "dev.jsonl.gz"))
    texts = [row["text"] for row in phrases]
    exact, small = unit_vectors(module, tokenizer, texts), quantized_vectors(quantized, tokenizer, texts)
    print("fp32", recall(exact, vectors, phrases, codes_of))
    print("int8", recall(small, rows * scale, phrases, codes_of), "mean cosine to fp32", float((exact * small).sum(1).mean()))


if __name__ == "__main__":
    main()
