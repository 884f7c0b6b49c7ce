"""medSpaCy's ConText on the targets that `npm run evaluate -- assertion` measures, for comparison side by side.

    pip install -r bench/requirements.txt
    python bench/medspacy_context.py [--shared ../shared]

The same sentences and target spans; the rules that medSpaCy brings, unchanged. A blank English tokenizer: medSpaCy's
sentence splitter is not needed, each sentence is one document.
"""
import argparse
import gzip
import json
import logging
from pathlib import Path

import spacy
from medspacy.context import ConText

logging.disable(logging.CRITICAL)


def read_lines(path):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def make_judge():
    """sentence, start, end -> medSpaCy's attributes of the target (is_negated, is_historical, is_family, ...)."""
    nlp = spacy.blank("en")
    context = ConText(nlp)

    def judge(sentence, start, end):
        doc = nlp.make_doc(sentence)
        for token in doc:
            token.is_sent_start = token.i == 0
        span = doc.char_span(start, end, label="PROBLEM", alignment_mode="expand")
        doc.set_ents([span])
        return context(doc).ents[0]._

    return judge


def row(name, pairs):
    both = sum(gold and predicted for gold, predicted in pairs)
    golds, predictions = sum(gold for gold, _ in pairs), sum(predicted for _, predicted in pairs)
    return f"| {name} | {both / max(1, predictions):.3f} | {both / golds:.3f} | {2 * both / (golds + predictions):.3f} | {golds} |"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--shared", default="../shared")
    folder = Path(arguments.parse_args().shared) / "data" / "assertion"
    judge = make_judge()
    negex = []
    for line in read_lines(folder / "negex_context" / "dev.jsonl.gz"):
        if line["start"] is not None:
            sentence, start, end = line["sentence"], line["start"], line["end"]
            plain = sentence[:start] + sentence[start:end].lower() + sentence[end:]
            negex.append((line, judge(plain, start, end)))
    reports = [
        (line, judge(line["sentence"], line["start"], line["end"]))
        for line in read_lines(folder / "maccrobat_polarity" / "dev.jsonl.gz")
    ]
    problems = [each for each in reports if each[0]["type"] in ("Sign_symptom", "Disease_disorder")]
    print("| medSpaCy ConText | precision | recall | F1 | gold |\n|---|---|---|---|---|")
    print(row("NegEx dev, absent", [(line["negation"] == "Negated", found.is_negated) for line, found in negex]))
    print(row("NegEx dev, historical", [(line["temporality"] == "Historical", found.is_historical) for line, found in negex]))
    print(row("MACCROBAT dev problems, absent", [(line["assertion"] == "absent", found.is_negated) for line, found in problems]))
    print(row("MACCROBAT dev, family", [(line["assertion"] == "family", found.is_family) for line, found in reports]))


if __name__ == "__main__":
    main()
