"""Builds models/icd10cm/codes.bin (gzip; without ".gz", which servers would unpack on the way): every FY2027 ICD-10-CM entry with what the search and the rules need.

    python training/codes/prepare.py [--shared ../shared]

One line an entry, in the order of the code list, UTF-8, fields separated by tabs, items of a field by U+001F:
code, billable (1/0), title, inclusion terms, synonyms of ours, Excludes1 code patterns, notes (code first and so on).
Trailing empty fields are left out. Deterministic: the same input gives the same bytes.
"""
import argparse
import csv
import gzip
import re
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from pathlib import Path

import simple_icd_10_cm

ROOT = Path(__file__).resolve().parents[2]
TABULAR = Path(simple_icd_10_cm.__file__).parent / "data" / "icd10c-tabular-April-1-2026.xml"
ITEM = "\x1f"
# "(I11.0)", "(O00-O08)", "(S79.1-)", "(E08-E13 with .4)"
CODE_PATTERN = re.compile(r"\b([A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{0,4})?)-?(?:\s*-\s*([A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{0,4})?))?")
NOTE_KINDS = {"codeFirst": "Code first", "useAdditionalCode": "Use additional code", "codeAlso": "Code also"}


def notes_of(element, kind):
    return [" ".join(note.itertext()).strip() for group in element.findall(kind) for note in group.findall("note")]


def code_patterns(notes):
    """Codes and ranges in the brackets of Excludes1 notes: "I11.0", "O00-O08"."""
    found = []
    for note in notes:
        for bracket in re.findall(r"\(([^()]*\d[^()]*)\)", note):
            for start, end in CODE_PATTERN.findall(bracket):
                found.append(f"{start}-{end}" if end else start.rstrip("."))
    return list(dict.fromkeys(found))


def read_tabular():
    """code -> {inclusions, excludes1, notes} of the April 2026 tabular list."""
    tabular = {}
    for element in ElementTree.parse(TABULAR).getroot().iter("diag"):
        notes = [f"{words}: {note}" for kind, words in NOTE_KINDS.items() for note in notes_of(element, kind)]
        tabular[element.findtext("name")] = {
            "inclusions": notes_of(element, "inclusionTerm"),
            "excludes1": code_patterns(notes_of(element, "excludes1")),
            "notes": notes,
        }
    return tabular


def read_list(shared):
    with gzip.open(Path(shared) / "data" / "terminology" / "icd10cm" / "icd10cm_fy2027.tsv.gz", "rt") as lines:
        return [(row["code"], row["billable"], row["description"]) for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]


def official_title(code, title, titles):
    """48 headers that are new in FY2027 have no official title at hand: derived from the children, or from the parent."""
    if not title.startswith("~"):
        return title
    derived = title[1:].strip()
    if derived:
        return derived
    child = next((titles[other] for other in sorted(titles) if other.startswith(code) and other != code and titles[other].strip("~")), "")
    return child.strip("~").split(",")[0] or f"Category {code}"


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
    tabular, synonyms = read_tabular(), read_synonyms(titles)
    lines = []
    for code, billable, title in entries:
        found = tabular.get(code, {"inclusions": [], "excludes1": [], "notes": []})
        fields = [code, billable, official_title(code, title, titles)]
        fields += [ITEM.join(items) for items in [found["inclusions"], synonyms.get(code, []), found["excludes1"], found["notes"]]]
        lines.append("\t".join(fields).rstrip("\t"))
    content = "\n".join(lines).encode()
    target = ROOT / "models" / "icd10cm" / "codes.bin"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(content, 9, mtime=0))
    billable = sum(flag == "1" for _, flag, _ in entries)
    inclusions = sum(len(found["inclusions"]) for found in tabular.values())
    print(f"{len(entries)} entries, {billable} billable, {inclusions} inclusion terms, {sum(map(len, synonyms.values()))} synonyms")
    print(len(content), "bytes,", target.stat().st_size, "gzipped")


if __name__ == "__main__":
    main()
