"""Learns more cues for the senses of senses.tsv from running text, and writes learned.tsv beside it.

    python3 training/glossary/senses/learn.py --shared ../shared

Every place where a text spells a long form out shows words that stand around that sense (Pakhomov 2002). A stem becomes a
cue where it is at least six times as likely around one sense as around any other sense of the abbreviation and in the
texts as a whole. Only single words leave the texts, no passage does.
"""
import argparse
import csv
import gzip
import json
import lzma
import math
import re
from collections import Counter, defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDERS = ["vaers_narratives", "case_reports_ccby", "ctgov_eligibility", "medical_abstracts_tc", "codiesp_background_english"]
REACH, CONTEXTS, FEWEST = 160, 600, 12
CUES, LOG_RATIO, COMMON = 8, 1.8, 0.05
WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:'[A-Za-z]+)?")
SIBILANT = re.compile(r"(?:s|x|z|ch|sh)$")


def stem(word):
    """As src/nlp/glossary-inflection.ts does it."""
    word = word.removesuffix("'s")
    if len(word) > 4 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 5 and word.endswith("ing"):
        word = word[:-3]
    elif len(word) > 4 and word.endswith("ed"):
        word = word[:-2]
    elif len(word) > 4 and word.endswith("es") and SIBILANT.search(word[:-2]):
        word = word[:-2]
    elif len(word) > 3 and re.search(r"[^sui]s$", word):
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def strings(value):
    if isinstance(value, str):
        if len(value) > 80:
            yield value
    elif isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item)


def texts(shared):
    for folder in FOLDERS:
        for path in sorted((Path(shared) / "data" / "corpus" / folder).glob("*.jsonl.*")):
            opened = lzma.open if path.suffix == ".xz" else gzip.open
            with opened(path, "rt", encoding="utf-8") as lines:
                for line in lines:
                    yield from strings(json.loads(line))


def contexts(longs, shared):
    """Long form -> the sets of stems around its occurrences; and how many contexts each stem is in, over all."""
    pattern = re.compile(r"\b(" + "|".join(sorted(map(re.escape, longs), key=len, reverse=True)) + r")\b", re.I)
    found, seen = defaultdict(list), Counter()
    for text in texts(shared):
        for match in pattern.finditer(text):
            around = found[match.group(1).lower()]
            if len(around) >= CONTEXTS:
                continue
            before = WORD.findall(text[max(0, match.start() - REACH) : match.start()])[1:]
            after = WORD.findall(text[match.end() : match.end() + REACH])[:-1]
            around.append({stem(word.lower()) for word in before + after})
            seen.update(around[-1])
    return found, seen


def cues(long, counts, seen, total):
    own, size = counts[long]
    scored = []
    for word, count in own.items():
        if count < max(3, 0.03 * size) or len(word) < 3 or seen[word] / total > COMMON:
            continue
        share = (count + 0.3) / (size + 10)
        others = [(other[word] + 0.3) / (n + 10) for name, (other, n) in counts.items() if name != long]
        ratio = math.log(share / max([*others, (seen[word] + 1) / (total + 10)]))
        if ratio > LOG_RATIO:
            scored.append((ratio * math.sqrt(count / size), word))
    return [word for _, word in sorted(scored, reverse=True)[:CUES]]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--shared", default=str(HERE.parents[3] / "shared"))
    with (HERE / "senses.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    groups = defaultdict(list)
    for row in rows:
        groups[row["forms"]].append(row["long"])
    found, seen = contexts({row["long"].lower() for row in rows}, arguments.parse_args().shared)
    total = sum(map(len, found.values()))
    with (HERE / "learned.tsv").open("w", encoding="utf-8") as target:
        target.write("forms\tlong\tnear\n")
        for forms, longs in groups.items():
            counts = {}
            for long in longs:
                around = found.get(long.lower(), [])
                if len(around) >= FEWEST:
                    counts[long] = (Counter(word for words in around for word in words), len(around))
            for long in counts if len(longs) > 1 else []:
                words = cues(long, counts, seen, total)
                if words:
                    target.write(f"{forms}\t{long}\t{'|'.join(words)}\n")


if __name__ == "__main__":
    main()
