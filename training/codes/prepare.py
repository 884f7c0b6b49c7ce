"""Builds models/icd10cm/codes.bin: every entry of ICD-10-CM FY2027 with what the search and the rules need.

    pip install -r training/codes/requirements.txt
    python training/codes/prepare.py [--shared ../shared]

One line an entry, in the order of the code list, UTF-8, fields separated by tabs: code, kind, title, then any of these
fields, each a letter, "=", and items separated by U+001F:
  i inclusion terms    n includes notes     s synonyms of ours      t notes
  x Excludes1 notes    y Excludes2 notes    f code first            u use additional code    a code also
  7 seventh characters, "A initial encounter"                       v first fiscal year, for codes new in FY2027
  k kind in FY2026, where it differs        o title in FY2026, where it differs
An item of x, y, f, u, a that names codes goes on with U+001E and their patterns, separated by commas ("I11.0", "O00-O08").
kind is 1 (billable), 0 (header), ~ (header whose official title is not at hand: its title is ours, in brackets), "-" (a
code that ended with FY2026: k says what it was), or C and S: chapters and sections, with a range for a code ("A00-B99"),
which stand after all codes and list their categories in g.
The file is gzip; it has no ".gz" in its name, which servers would unpack on the way. Deterministic: the same input gives
the same bytes.
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
PATTERNS = "\x1e"
FIELDS = {"inclusionTerm": "i", "includes": "n", "notes": "t", "excludes1": "x", "excludes2": "y", "codeFirst": "f",
          "useAdditionalCode": "u", "codeAlso": "a"}
NAMING_CODES = "xyfua"
# categories that are new in FY2027, after the tabular list at hand, each with the one that it stands beside
NEW_CATEGORIES = {"J4B": "J4A", "K6A": "K68", "QA1": "QA0"}


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


class CodeNames(list):
    """The codes of both editions, and everything that one of them begins with."""

    def __init__(self, codes):
        super().__init__(codes)
        self.heads = {code[:length].rstrip(".") for code in codes for length in range(1, len(code) + 1)}


def code_patterns(note, codes):
    """Codes and ranges in the brackets of a note: "I11.0", "O00-O08"; what no code begins with is a word ("G6PD")."""
    found = []
    for part in (part for bracket in re.findall(r"\(([^()]*\d[^()]*)\)", note) for part in bracket.split(",")):
        for start, end, condition in PATTERN.findall(part):
            start = start.rstrip(".")
            plain = [f"{start}-{end}" if end else start]
            found += expand_with(start, end, condition, codes) if condition else plain
    return [pattern for pattern in dict.fromkeys(found) if all(end in codes.heads for end in pattern.split("-"))]


def fields_of(element, codes):
    """letter -> items, for one chapter, section or code of the tabular list."""
    fields = {}
    for kind, letter in FIELDS.items():
        items = notes_of(element, kind)
        if letter in NAMING_CODES:
            with_patterns = [(note, code_patterns(note, codes)) for note in items]
            items = [note + PATTERNS + ",".join(patterns) if patterns else note for note, patterns in with_patterns]
        fields[letter] = items
    fields["7"] = [f"{extension.get('char')} {' '.join(extension.text.split())}"
                   for block in element.findall("sevenChrDef") for extension in block.findall("extension")]
    return fields


def block_fields(element, codes):
    """A range does not say what lies in it (C4A stands between C43 and C44), so the categories are listed."""
    categories = [diag.findtext("name") for diag in element.iter("diag") if len(diag.findtext("name")) == 3]
    return fields_of(element, codes) | {"g": [",".join(categories + [new for new in NEW_CATEGORIES if NEW_CATEGORIES[new] in categories])]}


def read_tabular(codes):
    """(code -> fields, [(range, kind, title, fields)] of chapters and sections)."""
    tabular, blocks = {}, []
    root = ElementTree.parse(TABULAR).getroot()
    for element in root.iter("diag"):
        tabular[element.findtext("name")] = fields_of(element, codes)
    for chapter in root.iter("chapter"):
        sections = [section for section in chapter.findall("section") if section.find("diag") is not None]
        first, last = sections[0].get("id").split("-")[0], sections[-1].get("id").split("-")[-1]
        title = re.sub(r"\s*\([A-Z]\d.*\)$", "", chapter.findtext("desc"))
        blocks.append((f"{first}-{last}", "C", title, block_fields(chapter, codes)))
        blocks += [(section.get("id"), "S", re.sub(r"\s*\([A-Z][\dA-Z]{2}.*\)$", "", section.findtext("desc")), block_fields(section, codes))
                   for section in sections]
    return tabular, blocks


def read_list(shared, year):
    path = Path(shared) / "data" / "terminology" / "icd10cm" / f"icd10cm_fy{year}.tsv.gz"
    with gzip.open(path, "rt") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["code"]: (row["billable"], row["description"]) for row in rows}


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


def edition_fields(code, entry, before):
    """What FY2026 says otherwise."""
    if code not in before:
        return {"v": ["2027"]}
    (kind, title), (kind_before, title_before) = entry, before[code]
    return {"k": [kind_before] if kind != kind_before else [], "o": [title_before] if title != title_before and not title.startswith("~") else []}


def line_of(code, kind, title, fields):
    found = [f"{letter}={ITEM.join(items)}" for letter, items in fields.items() if items]
    return "\t".join([code, kind, title, *found])


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--shared", default=str(ROOT.parent / "shared"))
    shared = arguments.parse_args().shared
    now, before = read_list(shared, 2027), read_list(shared, 2026)
    titles = {code: title for code, (_, title) in now.items()}
    (tabular, blocks), synonyms = read_tabular(CodeNames(sorted(now | before))), read_synonyms(titles)
    entries = {**now, **{code: ("-", title) for code, (_, title) in before.items() if code not in now}}
    lines = []
    for code, (kind, title) in sorted(entries.items()):
        fields = tabular.get(code, {}) | {"s": synonyms.get(code, [])}
        if kind == "-":
            fields |= {"k": [before[code][0]]}
        else:
            fields |= edition_fields(code, now[code], before)
        if title.startswith("~"):
            kind, title = "~", own_title(code, titles)
        lines.append(line_of(code, kind, title, fields))
    lines += [line_of(*block) for block in blocks]
    content = "\n".join(lines).encode()
    target = ROOT / "models" / "icd10cm" / "codes.bin"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(content, 9, mtime=0))
    print(f"{len(now)} entries of FY2027, {sum(kind == '1' for kind, _ in now.values())} billable; {len(entries) - len(now)} ended with FY2026")
    for kind, letter in (*FIELDS.items(), ("seventh characters", "7")):
        print(f"{kind}: {sum(len(fields[letter]) for fields in tabular.values())} at {sum(bool(fields[letter]) for fields in tabular.values())} codes")
    print(f"{sum(map(len, synonyms.values()))} synonyms of ours; {len(content)} bytes, {target.stat().st_size} gzipped")


if __name__ == "__main__":
    main()
