"""Checks the synthetic notes against GUIDE.md and prints the coverage table.

    python3 training/entities/check.py [FOLDER]     (default: notes/ beside this file)

Errors (exit status 1) are broken mark-up, unknown labels and axes, pairs of kind and specialty that stand in two splits,
attributes without an owner. Warnings are spans that the guide rarely allows and words that look unmarked; read them.
"""
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

LABELS = {"DISORDER", "SYMPTOM", "MEDICATION", "PROCEDURE", "TEST", "ANATOMY"}
PEOPLE = {"age", "sex", "date"}
MEDICINE, RESULT, PROBLEM = {"MEDICATION"}, {"TEST"}, {"DISORDER", "SYMPTOM"}
OWNERS = {
    **dict.fromkeys(["dose", "strength", "form", "route", "frequency", "duration"], MEDICINE),
    **dict.fromkeys(["value", "unit"], RESULT),
    **dict.fromkeys(["severity", "laterality"], PROBLEM | {"PROCEDURE", "ANATOMY"}),
}
AXES = {"absent": "presence", "possible": "presence", "historical": "temporality", "hypothetical": "temporality",
        "family": "experiencer", "other": "experiencer"}
MARK = re.compile(r"\[\[([^\[\]|\n]+)\|([A-Za-z]+)(?:\|([^\]\n]*))?\]\]")
ARTICLES = re.compile(r"^(the|a|an|his|her|their|my|your|some|any|no|denies|mild|severe|moderate|worsening)\s", re.I)
UNMARKED = re.compile(r"\b(hypertension|diabetes|pneumonia|fever|nausea|vomiting|cough|chest pain|metformin|lisinopril|aspirin|"
                      r"paracetamol|amoxicillin|warfarin|furosemide|haemoglobin|hemoglobin|creatinine|CXR|ECG|EKG|colonoscopy|"
                      r"headache|dyspnea|dyspnoea|\d+ ?mg|BID|TID|QDS)\b", re.I)
PHENOMENA = {
    "denied": r"\|absent", "possible": r"\|possible", "past": r"\|historical", "planned": r"\|hypothetical",
    "family": r"\|family", "other person": r"\|other", "dose": r"\|dose", "value": r"\|value", "allergy": r"(?i)allerg",
    "upper case": r"(?m)^[^a-z\n]{40,}$", "table": r"(?m)^.*\|(?![A-Za-z]+[\]|]).*$|\t", "check box": r"\[[xX ]\](?!\])",
    "bullets": r"(?m)^\s*[-*•] ", "quotes": "[\"“]",
}


def parse(path):
    """(header, [(line number, line, [(start, end, text, tag, third field)])]); raises ValueError with the place."""
    header_line, _, body = path.read_text(encoding="utf-8").partition("\n")
    header = dict(part.strip().split(": ", 1) for part in header_line.split(";"))
    if set(header) != {"kind", "specialty", "split"} or header["split"] not in ("train", "dev", "test"):
        raise ValueError(f"{path.name}:1: header must be 'kind: K; specialty: S; split: train|dev|test'")
    lines = []
    for number, line in enumerate(body.split("\n"), 2):
        marks = [(m.start(), m.end(), m[1], m[2], m[3] or "") for m in MARK.finditer(line)]
        rest = MARK.sub("", line)
        if "[[" in rest or "]]" in rest:
            raise ValueError(f"{path.name}:{number}: broken mark-up: {rest.strip()[:80]}")
        lines.append((number, line, marks))
    return header, lines


def check_mark(text, tag, third):
    """Yields (is an error, message) for one mark."""
    if tag not in LABELS and tag not in OWNERS and tag not in PEOPLE:
        yield True, f"unknown tag {tag}"
    if text != text.strip():
        yield True, f"blank at the edge of '{text}'"
    if tag in LABELS:
        axes = [axis for axis in third.split(",") if axis]
        unknown = [axis for axis in axes if axis not in AXES]
        if unknown:
            yield True, f"unknown axis {unknown[0]} at '{text}'"
        elif len({AXES[axis] for axis in axes}) < len(axes):
            yield True, f"two values of one axis at '{text}'"
        if ARTICLES.match(text) and tag != "TEST":
            yield False, f"'{text}' starts with a word that stays outside"
        if text[-1] in ".,;:":
            yield False, f"'{text}' ends with a mark"
    elif third and not (tag in OWNERS and third.startswith("of:")):
        yield True, f"third field of {tag} must be of:OWNER"


def owner_exists(marks, mark):
    """An attribute has an entity on its line that can own it, and a named owner is there."""
    _, _, _, tag, third = mark
    allowed = [other for other in marks if other[3] in OWNERS[tag]]
    return any(other[2] == third[3:] for other in allowed) if third else bool(allowed)


def check_note(path, lines):
    """Yields (is an error, message)."""
    previous = []
    for number, line, marks in lines:
        for mark in marks:
            for is_error, message in check_mark(*mark[2:]):
                yield is_error, f"{path.name}:{number}: {message}"
            if mark[3] in OWNERS and not owner_exists(marks, mark) and not owner_exists(previous + marks, mark):
                yield False, f"{path.name}:{number}: {mark[3]} '{mark[2]}' has no owner on its line"
        for word in UNMARKED.finditer(MARK.sub(" ¤ ", line)):
            yield False, f"{path.name}:{number}: unmarked? '{word[0]}'"
        previous = marks or previous


def main(folder):
    notes, errors, warnings = {}, [], []
    for path in sorted(folder.glob("*.txt")):
        try:
            notes[path] = parse(path)
        except ValueError as error:
            errors.append(str(error))
    pairs = defaultdict(set)
    for path, (header, lines) in notes.items():
        pairs[header["kind"], header["specialty"]].add(header["split"])
        for is_error, message in check_note(path, lines):
            (errors if is_error else warnings).append(message)
    errors += [f"{kind}/{specialty} stands in {sorted(splits)}" for (kind, specialty), splits in pairs.items() if len(splits) > 1]
    print("\n".join(["warning: " + each for each in warnings] + ["error: " + each for each in errors]))
    print_coverage(notes)
    print(f"\n{len(notes)} notes, {len(errors)} errors, {len(warnings)} warnings")
    return 1 if errors else 0


def print_coverage(notes):
    """Markdown: kinds by split, specialties by split, marks by label, notes by phenomenon."""
    for field in ("kind", "specialty"):
        table = defaultdict(Counter)
        for header, _ in notes.values():
            table[header[field]][header["split"]] += 1
        print(f"\n| {field} | train | dev | test |\n|---|---|---|---|")
        for name in sorted(table):
            print(f"| {name} | " + " | ".join(str(table[name][split]) for split in ("train", "dev", "test")) + " |")
    rows = defaultdict(Counter)
    for path, (header, lines) in notes.items():
        text = "\n".join(line for _, line, _ in lines)
        rows["(words)"][header["split"]] += len(MARK.sub(lambda m: m[1], text).split())
        for _, _, marks in lines:
            for mark in marks:
                rows[mark[3]][header["split"]] += 1
        for name, pattern in PHENOMENA.items():
            rows["notes with: " + name][header["split"]] += bool(re.search(pattern, text))
    print("\n| what | train | dev | test |\n|---|---|---|---|")
    for name in sorted(rows):
        print(f"| {name} | " + " | ".join(str(rows[name][split]) for split in ("train", "dev", "test")) + " |")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "notes"))
