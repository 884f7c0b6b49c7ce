"""Builds models/icd10cm/codes.bin: every entry of ICD-10-CM FY2027 with what the search and the rules need.

    pip install -r training/codes/requirements.txt
    python training/codes/prepare.py [--shared ../shared]

One line an entry, in the order of the code list, UTF-8, fields separated by tabs, items of a field by U+001F:
code, kind, title, inclusion terms, synonyms of ours, Excludes1 code patterns, instructions (code first and so on).
kind is 1 (billable), 0 (header) or ~ (header whose official title is not at hand: its title is ours, in brackets).
Trailing empty fields are left out. The file is gzip; it has no ".gz" in its name, which servers would unpack on the
way. Deterministic: the same input gives the same bytes.
"""
import argparse
import csv
import gzip
import os
import re
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from pathlib import Path

import simple_icd_10_cm

ROOT = Path(__file__).resolve().parents[2]
TABULAR = Path(simple_icd_10_cm.__file__).parent / "data" / "icd10c-tabular-April-1-2026.xml"
ITEM = "\x1f"
CODE = r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{0,4})?"
# "I11.0", "S79.1-", "O00-O08", and "E08-E13 with .42", "I69. with final characters -23", "B27.- with fifth character 2"
PATTERN = re.compile(rf"\b({CODE})(?:\s*-\s*({CODE})|-)?(?:\s*with\s+(.*))?")
DIGITS = re.compile(r"[.-](\d{1,3})-?$")
INSTRUCTIONS = {"codeFirst": "Code first", "useAdditionalCode": "Use additional code", "codeAlso": "Code also"}


def notes_of(element, kind):
    return [" ".join("".join(note.itertext()).split()) for group in element.findall(kind) for note in group.findall("note")]


def expand_with(start, end, condition, codes):
    """Codes from start to end that go on as the condition says; conditions in other words are left to the coder."""
    digits = DIGITS.search(condition.strip())
    if not digits or " to " in condition or "character -" in condition:
        return []
    categories = sorted({code[:3] for code in codes if start[:3] <= code[:3] <= (end or start)[:3]})
    if "final characters" in condition:
        return [code for code in codes if code[:3] in categories and len(code) == 7 and code.endswith(digits[1])]
    return [f"{category}.{digits[1]}" for category in categories]


def code_patterns(notes, codes):
    """Codes and ranges in the brackets of Excludes1 notes: "I11.0", "O00-O08"."""
    found = []
    for note in notes:
        for part in (part for bracket in re.findall(r"\(([^()]*\d[^()]*)\)", note) for part in bracket.split(",")):
            for start, end, condition in PATTERN.findall(part):
                start = start.rstrip(".")
                plain = [f"{start}-{end}" if end else start]
                found += expand_with(start, end, condition, codes) if condition else plain
    return list(dict.fromkeys(found))


def read_instructions(element):
    """ "Code first: underlying disease"; a note that ends in a colon stands before the list that it introduces."""
    found = []
    for kind, words in INSTRUCTIONS.items():
        notes = notes_of(element, kind)
        if len(notes) > 1 and notes[0].endswith(":"):
            notes = [f"{notes[0]} {'; '.join(notes[1:])}"]
        found += [f"{words}: {note.lstrip(' ,')}" for note in notes]
    return found


def read_tabular(codes):
    """code -> {inclusions, excludes1, instructions}; the notes of a section stand at each of its categories."""
    tabular = {}
    root = ElementTree.parse(TABULAR).getroot()
    for element in root.iter("diag"):
        tabular[element.findtext("name")] = {
            "inclusions": notes_of(element, "inclusionTerm") + notes_of(element, "includes"),
            "excludes1": code_patterns(notes_of(element, "excludes1"), codes),
            "instructions": read_instructions(element),
        }
    for section in root.iter("section"):
        excludes1 = code_patterns(notes_of(section, "excludes1"), codes)
        for category in section.findall("diag"):
            entry = tabular[category.findtext("name")]
            entry["excludes1"] = list(dict.fromkeys(entry["excludes1"] + excludes1))
            entry["instructions"] += read_instructions(section)
    return tabular


def read_list(shared):
    with gzip.open(Path(shared) / "data" / "terminology" / "icd10cm" / "icd10cm_fy2027.tsv.gz", "rt") as lines:
        return [(row["code"], row["billable"], row["description"]) for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]


def own_title(code, titles):
    """For the 48 headers that are new in FY2027: what the titles of all billable codes below begin with."""
    below = [title for other, title in titles.items() if other.startswith(code) and other != code and not title.startswith("~")]
    shared_words = os.path.commonprefix([title.split() for title in below])
    while shared_words and shared_words[-1].strip(",").lower() in {"with", "without", "of", "to", "and", "not"}:
        shared_words.pop()
    words = " ".join(shared_words).rstrip(",")
    return f"[{words}]" if len(words) > 8 else f"[Category {code}]"


def read_synonyms(codes):
    synonyms = defaultdict(list)
    for line in (Path(__file__).parent / "synonyms.tsv").read_text(encoding="utf-8").splitlines():
        phrase, code = line.split("\t")
        if code not in codes:
            raise SystemExit(f"synonyms.tsv: {code} ({phrase}) is not in the code set")
        synonyms[code].append(phrase)
    return synonyms


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--shared", default=str(ROOT.parent / "shared"))
    entries = read_list(arguments.parse_args().shared)
    titles = {code: title for code, _, title in entries}
    tabular, synonyms = read_tabular(list(titles)), read_synonyms(titles)
    lines = []
    for code, billable, title in entries:
        found = tabular.get(code, {"inclusions": [], "excludes1": [], "instructions": []})
        head = [code, "~", own_title(code, titles)] if title.startswith("~") else [code, billable, title]
        lists = [found["inclusions"], synonyms.get(code, []), found["excludes1"], found["instructions"]]
        lines.append("\t".join(head + [ITEM.join(items) for items in lists]).rstrip("\t"))
    content = "\n".join(lines).encode()
    target = ROOT / "models" / "icd10cm" / "codes.bin"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(content, 9, mtime=0))
    billable = sum(flag == "1" for _, flag, _ in entries)
    inclusions = sum(len(found["inclusions"]) for code, found in tabular.items() if code in titles)
    print(f"{len(entries)} entries, {billable} billable, {sum(line.split(chr(9))[1] == '~' for line in lines)} titles of ours")
    print(f"{inclusions} inclusion terms, {sum(map(len, synonyms.values()))} synonyms of ours")
    print(f"{len(content)} bytes, {target.stat().st_size} gzipped")


if __name__ == "__main__":
    main()
