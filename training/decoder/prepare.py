"""Tokenizes the rows of bench/simplification-rows.ts and writes .work/decoder/{train,dev}.pt, the tokenizer and the cut model.

    python3 prepare.py ROWS... [--size 16000] [--layers 0-12,17-29]
    python3 prepare.py ROWS... --onto DIR   # the vocabulary of trained weights, to go on from them

A prompt is START, the mode, the wording by glossary, END; the answer follows and ends with END. Mode "you" speaks to the patient
(our pairs), "plain" keeps the person of the source (PLABA, Laymaker). Rows whose target the guard rejects are left out: what
would not be shown is not worth learning; so are those that do not keep the words of the draft. Every 25th of our notes is dev.
"""
import argparse
import collections
import json
import pathlib
import random
import zlib

import torch
from transformers import AutoTokenizer

from base import END, START, base_folder, cut_model, load_base, prune_tokenizer

WORK = pathlib.Path(__file__).resolve().parents[2] / ".work/decoder"
REPEATS = {"plaba": 1, "laymaker": 3, "composed": 1}  # composed pairs are drawn from anew each pass
LONGEST = 160


def read_rows(paths):
    for path in paths:
        for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if not row["reasons"] and row["keeps"]:
                yield row


def cut_start(rows, arguments):
    """The base cut to our vocabulary and depth, written to .work/decoder/start. -> its tokenizer"""
    tokenizer, model = load_base(base_folder())
    texts = [row[key] for row in rows for key in ("source", "draft", "target")]
    for path in arguments.words:
        texts += pathlib.Path(path).read_text(encoding="utf-8").splitlines()
    pruned, ids = prune_tokenizer(tokenizer, texts, arguments.size)
    cut = cut_model(model, ids, numbers(arguments.layers))
    pruned.save_pretrained(WORK / "start")
    cut.save_pretrained(WORK / "start")
    print(len(ids), "tokens in the vocabulary,", sum(value.numel() for value in cut.parameters()), "weights")
    return pruned


def numbers(text):
    out = []
    for part in text.split(","):
        low, _, high = part.partition("-")
        out.extend(range(int(low), int(high or low) + 1))
    return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", nargs="+")
    parser.add_argument("--size", type=int, default=16000)
    parser.add_argument("--layers", default="0-29")
    parser.add_argument("--onto", help="folder of trained weights, whose vocabulary is taken")
    parser.add_argument("--ours", type=int, default=4, help="times that one of our pairs is seen in a pass; fewer when going on from weights that know them")
    parser.add_argument("--words", nargs="*", default=[], help="more texts that the vocabulary must serve, one a line")
    arguments = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    rows = list(read_rows(arguments.rows))
    pruned = AutoTokenizer.from_pretrained(arguments.onto) if arguments.onto else cut_start(rows, arguments)
    rows_of = {"train": [], "composed": [], "dev": []}
    counts = collections.Counter()
    for row in rows:
        mode = "plain" if row["note"] in ("plaba", "laymaker") else row.get("mode", "you")
        prompt = pruned(f"{START}{mode} {row['draft']}{END}", add_special_tokens=False)["input_ids"]
        answer = pruned(f"{row['target']}{END}", add_special_tokens=False)["input_ids"]
        if len(prompt) + len(answer) > LONGEST:
            continue
        is_ours = row["note"] not in REPEATS
        is_dev = zlib.crc32(str(row["note"] if is_ours else row["source"]).encode()) % (25 if is_ours else 100) == 0
        split = "dev" if is_dev else "composed" if row["note"] == "composed" else "train"
        counts[row["note"] if not is_ours else "ours", split] += 1
        rows_of[split] += [(prompt, answer)] * (1 if is_dev else REPEATS.get(row["note"], arguments.ours))
    random.Random(1).shuffle(rows_of["train"])
    for split, pairs in rows_of.items():
        torch.save(pairs, WORK / f"{split}.pt")
        print(split, len(pairs), "pairs", sum(len(a) + len(b) for a, b in pairs), "tokens")
    print(dict(counts))


if __name__ == "__main__":
    main()
