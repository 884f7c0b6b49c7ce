"""Reads the public sentence pairs that the decoder learns from: PLABA train, and the changed pairs of Laymaker's public test half.

Laymaker's dev half and PLABA's dev questions are kept for measuring; Laymaker has no training half, which is why the public
test half is learned from and never reported on.
"""
import argparse
import gzip
import json
import pathlib
import re


def lines(path):
    with gzip.open(path, "rt", encoding="utf-8") as source:
        for line in source:
            yield json.loads(line)


def joined(text):
    """Tokenized text as people write it: "illnesses ." -> "illnesses."."""
    text = re.sub(r"\s+([.,;:?!%)\]])", r"\1", text.strip())
    text = re.sub(r"([(\[])\s+", r"\1", text)
    return re.sub(r"\s+(['’]s\b)", r"\1", text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--shared", default="../../../shared")
    arguments = parser.parse_args()
    root = pathlib.Path(arguments.shared, "data/simplification")
    with open(arguments.out, "w", encoding="utf-8") as sink:
        for row in lines(root / "plaba/train.jsonl.gz"):
            if row["source"].strip() != row["target"].strip() and len(row["source"].split()) <= 60:
                sink.write(json.dumps({"note": "plaba", "source": row["source"], "target": row["target"]}) + "\n")
        for row in lines(root / "laymaker_clinical/test_public_half.jsonl.gz"):
            if row["source"].strip().lower() != row["target"].strip().lower():
                sink.write(json.dumps({"note": "laymaker", "source": joined(row["source"]), "target": joined(row["target"])}) + "\n")


if __name__ == "__main__":
    main()
