"""Writes models/manifest.json: for every artefact its version, licence and files with bytes and sha256.

    python3 training/manifest.py
"""
import hashlib
import json
from pathlib import Path

MODELS = Path(__file__).resolve().parents[1] / "models"
ARTEFACTS = {
    "entities": ("1.2.1", "Apache-2.0", ["config.json", "scheme.json", "vocab.txt", "onnx/model_quantized.onnx", "onnx/model.onnx"]),
    "icd10cm": ("2027.2.0", "public domain", ["codes.bin"]),
    "code-search": ("1.0.0", "Apache-2.0", ["onnx/model_quantized.onnx", "config.json", "vocab.txt", "names.bin", "terms.txt", "vectors.bin", "prior.json", "ranking.json"]),
    "glossary": ("1.2.0", "Apache-2.0", ["glossary.json", "senses.json"]),
    "simplifier": ("1.1.0", "Apache-2.0", ["onnx/model_quantized.onnx", "onnx/model_quantized.onnx_data", "onnx/model_quantized.onnx_data_1", "tokenizer.json", "tokenizer_config.json", "config.json", "golden.json"]),
}
# where a device takes one of several files; everything else is taken by all
DTYPES = {"entities/onnx/model_quantized.onnx": "q8", "entities/onnx/model.onnx": "w8"}


def entry(name, file):
    content = (MODELS / name / file).read_bytes()
    found = {"path": f"models/{name}/{file}", "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    dtype = DTYPES.get(f"{name}/{file}")
    return found | ({"dtype": dtype} if dtype else {})


def main():
    artefacts = [
        {"name": name, "version": version, "licence": licence, "files": [entry(name, file) for file in files]}
        for name, (version, licence, files) in ARTEFACTS.items()
    ]
    (MODELS / "manifest.json").write_text(json.dumps(artefacts, indent=2) + "\n")


if __name__ == "__main__":
    main()
