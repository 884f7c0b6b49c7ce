"""Trains the ranking of candidates (src/nlp/coding/ranking.ts) and writes models/code-search/ranking.json.

    python3 training/codes/rank.py prior --shared ../shared
    npx tsx bench/ranking-rows.ts .work/codes/held-out.jsonl .work/codes/held-out-rows.jsonl
    python3 training/codes/rank.py train

`prior` writes prior.json: how often the coders of the CodiEsp training cases (CC BY 4.0; counts only) chose a code. `train` learns one hidden layer by listwise softmax (Cao et al. 2007) with
one more choice, "none of these"; the right candidates of a row are those at or below its code.
"""
import argparse
import json
import math
import random
from collections import Counter
from pathlib import Path

import torch

from pairs import ROOT, key, read_codes, read_gzip_lines

TARGET = ROOT / "models" / "code-search"
HIDDEN, PASSES, RATE, DECAY, NETWORKS, REPEATS, BATCH = 12, 20, 3e-3, 5e-2, 5, 2, 32


def logs(counter):
    return {code: round(math.log1p(count), 3) for code, count in sorted(counter.items())}


def write(path, value):
    path.write_text(json.dumps(value, separators=(",", ":")) + "\n")


def write_prior(shared):
    codes = [code for row in read_gzip_lines(Path(shared) / "data" / "icd" / "codiesp_english" / "train.jsonl.gz") for code in set(row["diagnosis_codes"])]
    write(TARGET / "prior.json", {"categories": logs(Counter(code[:3] for code in codes)), "codes": logs(Counter(codes))})


def read_rows(path):
    """(features, right, text) of every row; `right` marks the candidates at or below the row's code."""
    with open(path, encoding="utf-8") as lines:
        features = json.loads(next(lines))["features"]
        rows = []
        for line in lines:
            row = json.loads(line)
            golds = row.get("codes") or [row["code"]]
            right = [any(draft[0].startswith(gold) for gold in golds) for draft in row["drafts"]]
            if row["drafts"]:
                rows.append(([draft[1:] for draft in row["drafts"]], right, row))
    return features, rows


def load_training(paths):
    """Names of terminologies and our synonyms count REPEATS times: inclusion terms are the less like what people type."""
    own = {key(name) for names in read_codes().values() for name in names[1:]}
    own -= {key(line.split("\t")[0]) for line in open(Path(__file__).with_name("synonyms.tsv"), encoding="utf-8")}
    rows, features = [], None
    for path in paths:
        features, found = read_rows(path)
        for row in found:
            rows += [row] * (1 if key(row[2]["text"]) in own else REPEATS)
    return rows, features


def train_one(data, width, seed):
    """One hidden layer of HIDDEN units and the weight of "none"."""
    torch.manual_seed(seed)
    dice = random.Random(seed)
    network = torch.nn.Sequential(torch.nn.Linear(width, HIDDEN), torch.nn.ReLU(), torch.nn.Linear(HIDDEN, 1))
    none = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.AdamW([*network.parameters(), none], lr=RATE, weight_decay=DECAY)
    data, step, steps = list(data), 0, PASSES * len(data) // BATCH
    for _ in range(PASSES):
        dice.shuffle(data)
        for start in range(0, len(data) - BATCH + 1, BATCH):
            loss, chosen = 0, data[start : start + BATCH]
            scores = network(torch.cat([matrix for matrix, _ in chosen])).squeeze(1).split([len(matrix) for matrix, _ in chosen])
            for score, (_, right) in zip(scores, chosen):
                whole = torch.logsumexp(torch.cat([score, none]), 0)
                loss = loss + (whole - (torch.logsumexp(score[right], 0) if right.any() else none[0])) / BATCH
            optimizer.zero_grad()
            loss.backward()
            step += 1
            for group in optimizer.param_groups:
                group["lr"] = RATE * 0.5 * (1 + math.cos(math.pi * min(1, step / steps)))
            optimizer.step()
    print(f"network {seed}: loss {loss.item():.3f}", flush=True)
    return network, none


def train(paths):
    """NETWORKS networks side by side are one with as many times the units: its output is their mean."""
    rows, features = load_training(paths)
    everything = torch.tensor([feature for matrix, _, _ in rows for feature in matrix])
    mean, deviation = everything.mean(0), everything.std(0).clamp(min=1e-3)
    data = [(scaled(matrix, mean, deviation), torch.tensor(right)) for matrix, right, _ in rows]
    trained = [train_one(data, len(features), seed) for seed in range(NETWORKS)]
    hidden = torch.cat([torch.cat([network[0].weight, network[0].bias.unsqueeze(1)], 1) for network, _ in trained])
    output = torch.cat([network[2].weight[0] / NETWORKS for network, _ in trained])
    bias = sum(network[2].bias for network, _ in trained) / NETWORKS
    none = sum(none for _, none in trained) / NETWORKS
    return {"features": features, "mean": mean, "deviation": deviation, "hidden": hidden.detach(), "output": torch.cat([output, bias]).detach(), "none": none.detach()}


def scaled(matrix, mean, deviation):
    return ((torch.tensor(matrix) - mean) / deviation).clamp(-5, 5)


def logits(model, matrix):
    inputs = scaled(matrix, model["mean"], model["deviation"])
    hidden = torch.relu(inputs @ model["hidden"][:, :-1].T + model["hidden"][:, -1])
    return hidden @ model["output"][:-1] + model["output"][-1]


def measure(model, path):
    """Recall on rows that were not trained on."""
    _, rows = read_rows(path)
    ranks, surest = [], []
    with torch.inference_mode():
        for matrix, right, row in rows:
            scores = logits(model, matrix)
            order = scores.argsort(descending=True).tolist()
            rank = next((place for place, index in enumerate(order) if right[index]), 99)
            ranks.append((rank, row.get("register", "")))
            surest.append((float(torch.softmax(torch.cat([scores, model["none"]]), 0)[order[0]]), rank == 0))
    for register in ("", "lay"):
        chosen = [rank for rank, name in ranks if register in name]
        if chosen:
            print(f"{Path(path).name} {register or 'all'}: @1 {sum(r == 0 for r in chosen) / len(chosen):.3f} @5 {sum(r < 5 for r in chosen) / len(chosen):.3f} "
                  f"found {sum(r < 99 for r in chosen) / len(chosen):.3f} of {len(chosen)}")
    for low in (0, 0.2, 0.4, 0.6, 0.8):
        inside = [hit for score, hit in surest if low <= score < low + 0.2001]
        print(f"  score {low:.1f}-{low + 0.2:.1f}: {len(inside)} rows, right {sum(inside) / max(1, len(inside)):.2f}")


def save(model):
    def rounded(values, places):
        return [rounded(value, places) if value.dim() else round(float(value), places) for value in values]

    write(TARGET / "ranking.json", {
        "features": model["features"],
        "mean": rounded(model["mean"], 5),
        "deviation": rounded(model["deviation"], 5),
        "hidden": rounded(model["hidden"], 4),
        "output": rounded(model["output"], 4),
        "none": round(float(model["none"]), 4),
    })


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("what", choices=["prior", "train"])
    arguments.add_argument("--shared", default=str(ROOT.parent / "shared"))
    arguments.add_argument("--rows", nargs="*", default=[str(ROOT / ".work" / "codes" / "held-out-rows.jsonl")])
    arguments.add_argument("--measure", nargs="*", default=[])
    options = arguments.parse_args()
    if options.what == "prior":
        write_prior(options.shared)
        return
    model = train(options.rows)
    for path in options.measure:
        measure(model, path)
    save(model)


if __name__ == "__main__":
    main()
