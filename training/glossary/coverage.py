"""Prints which share of the words of clinical notes the glossary leaves open, and the most frequent of them.

    pip install wordfreq
    python3 training/glossary/coverage.py --shared DIR [--top 200]

Read are the notes of DIR/data/notes that are no test split. A word counts as plain English where its Zipf frequency (words in
a billion, log10; van Heuven et al. 2014) reaches PLAIN; as covered where it is part of a term, a variant or a wording of
ours. "Medical words" are all words but plain English ones of four letters or fewer, names aside.
"""
import argparse
import collections
import gzip
import json
import pathlib
import re

from wordfreq import zipf_frequency

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLAIN = 3.3
WORD = re.compile(r"[A-Za-z][A-Za-z'&/]*[A-Za-z]|[A-Za-z]")


def inflected(word):
    """The forms that the app matches too: walks, walked, walking, stopped; biopsies."""
    stem = word[:-1] if word.endswith("e") else word
    forms = {word, f"{word}s", f"{word}es", f"{stem}ed", f"{stem}ing", f"{word}{word[-1]}ed", f"{word}{word[-1]}ing"}
    return forms | ({f"{word[:-1]}ies", f"{word[:-1]}ied"} if word.endswith("y") else set())


def own_words():
    entries = json.loads((ROOT / "models/glossary/glossary.json").read_text())
    senses = json.loads((ROOT / "models/glossary/senses.json").read_text())
    words = set()
    for entry in entries:
        for phrase in [entry["term"], *entry.get("variants", []), entry.get("expansion") or ""]:
            found = WORD.findall(phrase.lower())
            words.update(found)
            if found and entry["kind"] in ("verb", "symptom", "condition", "procedure", "anatomy", "test"):
                words.update(inflected(found[-1] if entry["kind"] != "verb" else found[0]))
    for sense in senses:
        for form in sense["forms"]:
            words.update(WORD.findall(form.lower()))
    for name in ("abbreviations", "instructions", "verification-units"):
        words.update(WORD.findall((ROOT / f"src/nlp/rules/{name}.json").read_text().lower()))
    return words


def texts(shared):
    for path in sorted(pathlib.Path(shared, "data/notes").glob("*/*.jsonl.gz")):
        if "test" in path.name:
            continue
        for line in gzip.open(path, "rt"):
            row = json.loads(line)
            yield next((row[key] for key in ("note", "text", "section_text", "summary") if key in row), "")


def split(words, own):
    """ "nausea/vomiting" is two words, "w/o" is one of ours."""
    for word in words:
        yield from [word] if word.lower() in own else [part for part in word.split("/") if part]


def is_name(word):
    return word[0].isupper() and word[1:].islower() and zipf_frequency(word.lower(), "en") < 3


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--shared", default="../shared")
    parser.add_argument("--top", type=int, default=200)
    arguments = parser.parse_args()
    own = own_words()
    counts = collections.Counter()
    open_words = collections.Counter()
    for text in texts(arguments.shared):
        for word in split(WORD.findall(text), own):
            key = word.lower().removesuffix("'s")
            if zipf_frequency(key, "en") >= 5 or is_name(word):
                continue
            kind = "plain" if zipf_frequency(key, "en") >= PLAIN else "own" if {key, key.removesuffix("s")} & own else "open"
            counts[kind] += 1
            if kind == "open":
                open_words[key] += 1
    total = sum(counts.values())
    for kind in ("plain", "own", "open"):
        print(f"{kind}\t{counts[kind]}\t{counts[kind] / total:.4f}")
    for word, count in open_words.most_common(arguments.top):
        print(f"{count}\t{word}")


if __name__ == "__main__":
    main()
