"""Fine-tunes the decoder on the CPU until the minutes are spent; loss on the answer only. Writes .work/decoder/model.

    python3 train.py --minutes 60 [--start DIR] [--rate 3e-4]

Goes on from .work/decoder/checkpoint.pt, written every 300 steps, the time spent included; delete it to start anew.
"""
import argparse
import math
import pathlib
import random
import time

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

WORK = pathlib.Path(__file__).resolve().parents[2] / ".work/decoder"
TOKENS_A_BATCH = 1800
WARM_UP = 0.04
CHECKPOINT_EVERY = 300
IGNORED = -100
COMPOSED_A_PASS = 5000


def batches(pairs, seed):
    """Batches of about TOKENS_A_BATCH tokens, of pairs alike in length."""
    shuffled = list(pairs)
    random.Random(seed).shuffle(shuffled)
    made = []
    for start in range(0, len(shuffled), 2000):
        block = sorted(shuffled[start : start + 2000], key=lambda pair: len(pair[0]) + len(pair[1]))
        batch, longest = [], 0
        for pair in block:
            length = max(longest, len(pair[0]) + len(pair[1]))
            if batch and length * (len(batch) + 1) > TOKENS_A_BATCH:
                made.append(batch)
                batch, length = [], len(pair[0]) + len(pair[1])
            batch.append(pair)
            longest = length
        made.append(batch)
    random.Random(seed).shuffle(made)
    return made


def tensors(batch):
    width = max(len(a) + len(b) for a, b in batch)
    ids = torch.zeros(len(batch), width, dtype=torch.long)
    labels = torch.full((len(batch), width), IGNORED)
    mask = torch.zeros(len(batch), width, dtype=torch.long)
    for row, (prompt, answer) in enumerate(batch):
        whole = prompt + answer
        ids[row, : len(whole)] = torch.tensor(whole)
        mask[row, : len(whole)] = 1
        labels[row, len(prompt) : len(whole)] = torch.tensor(answer)
    return ids, mask, labels


def loss_of(model, batch):
    ids, mask, labels = tensors(batch)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        hidden = model.model(input_ids=ids, attention_mask=mask).last_hidden_state
        wanted = labels[:, 1:] != IGNORED
        logits = model.lm_head(hidden[:, :-1][wanted])
    return torch.nn.functional.cross_entropy(logits.float(), labels[:, 1:][wanted])


def dev_loss(model, pairs):
    model.eval()
    with torch.no_grad():
        losses = [(loss_of(model, batch).item(), len(batch)) for batch in batches(pairs, 0)]
    model.train()
    return sum(loss * count for loss, count in losses) / sum(count for _, count in losses)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--start", default=str(WORK / "start"))
    parser.add_argument("--rate", type=float, default=3e-4)
    arguments = parser.parse_args()
    torch.manual_seed(1)
    model = AutoModelForCausalLM.from_pretrained(arguments.start, dtype=torch.float32)
    model.train()
    always, composed, dev = (torch.load(WORK / f"{name}.pt") for name in ("train", "composed", "dev"))
    optimizer = torch.optim.AdamW(model.parameters(), lr=arguments.rate, betas=(0.9, 0.98), weight_decay=0.01)
    checkpoint = WORK / "checkpoint.pt"
    spent, step, seed = 0.0, 0, 1
    if checkpoint.exists():
        state = torch.load(checkpoint)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        spent, step, seed = state["spent"], state["step"], state["seed"] + 1
    total = arguments.minutes * 60
    before, running, seen = time.time(), [], 0
    while spent < total:
        drawn = random.Random(seed).sample(composed, min(COMPOSED_A_PASS, len(composed)))
        for batch in batches(always + drawn, seed):
            share = spent / total
            factor = min(share / WARM_UP, 1) if share < WARM_UP else 0.5 * (1 + math.cos(math.pi * min(share, 1)))
            for group in optimizer.param_groups:
                group["lr"] = arguments.rate * max(factor, 0.02)
            loss = loss_of(model, batch)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            step += 1
            seen += sum(len(a) + len(b) for a, b in batch)
            running.append(loss.item())
            now = time.time()
            spent, before = spent + now - before, now
            if step % 50 == 0:
                print(f"step {step} pass {seed} {spent / 60:.1f} min loss {sum(running) / len(running):.4f} {seen / max(spent, 1):.0f} tokens/s", flush=True)
                running = []
            if step % CHECKPOINT_EVERY == 0:
                torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "spent": spent, "step": step, "seed": seed}, checkpoint)
            if spent >= total:
                break
        print(f"pass {seed} {spent / 60:.1f} min dev loss {dev_loss(model, dev):.4f}", flush=True)
        before = time.time()
        seed += 1
    model.save_pretrained(WORK / "model")
    AutoTokenizer.from_pretrained(arguments.start).save_pretrained(WORK / "model")
    print("done", flush=True)


if __name__ == "__main__":
    main()
