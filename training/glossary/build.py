"""Builds models/glossary/{glossary,senses}.json from the tables beside this file, and refuses rows that break the rules.

    python3 training/glossary/build.py

Rules: a known kind; plain differs from the term unless the term is kept; no plain that contains the term again; a
definition of at most 180 characters that ends with a full stop; one entry for a term and sense.
"""
import csv
import json
import re
import sys
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE.parents[1] / "models" / "glossary"
KINDS = "condition symptom test procedure drug anatomy instruction unit abbreviation verb adjective".split()


def split(field):
    return [item.strip() for item in (field or "").split("|") if item.strip()]


def problem_of(row):
    flags = split(row["flags"])
    term, plain = row["term"].strip(), row["plain"].strip()
    if row["kind"] not in KINDS:
        return "unknown kind"
    if not term or not plain:
        return "term or plain is empty"
    if plain.lower() == term.lower() and "keep" not in flags:
        return "plain is the term"
    if not row["definition"].strip().endswith(".") or len(row["definition"]) > 180:
        return "definition"
    if row["kind"] == "abbreviation" and not row["expansion"]:
        return "no expansion"
    return None


def entry_of(row):
    entry = {"term": row["term"].strip(), "variants": split(row["variants"]), "plain": row["plain"].strip()}
    for field in ["plural", "definition", "kind", "expansion"]:
        if (row[field] or "").strip():
            entry[field] = row[field].strip()
    for flag in split(row["flags"]):
        entry[flag] = True
    return entry


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def senses_of(folder):
    """[{"forms", "senses": [{"long", "prior", "near", "before", "after"}]}], the commonest sense first."""
    senses = {}
    learned = {(row["forms"], row["long"]): split(row["near"]) for row in rows_of(folder / "learned.tsv")}
    for row in rows_of(folder / "senses.tsv"):
        sense = {"long": row["long"], "prior": float(row["prior"])}
        sense.update({field: split(row[field]) for field in ["near", "before", "after"] if split(row[field])})
        written = {cue.lower() for cue in sense.get("near", [])}
        more = [cue for cue in learned.get((row["forms"], row["long"]), []) if cue not in written]
        if more:
            sense["near"] = sense.get("near", []) + more
        known = senses.setdefault(row["forms"], [])
        if sense["prior"] <= 0 or any(other["long"] == sense["long"] for other in known):
            raise SystemExit(f"{row['forms']}: {row['long']}: prior not above 0, or sense twice")
        known.append(sense)
    spelled = [form for forms in senses for form in split(forms)]
    if len(spelled) != len(set(spelled)):
        raise SystemExit("a spelling stands in two groups")
    return [
        {"forms": split(forms), "senses": sorted(found, key=lambda sense: -sense["prior"])} for forms, found in senses.items()
    ]


def write(name, rows):
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (TARGET / name).write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def tell_apart(entries):
    """Two tests with one plain name would be exchanged unseen ("ALT 71, AST 62"): each keeps its own in brackets."""
    names = defaultdict(set)
    for entry in entries:
        names[entry["plain"].lower()].add(entry.get("expansion", entry["term"]).lower())
    for entry in entries:
        is_test = entry["kind"] == "test" or re.search(r"test|count|level|rate", entry["plain"])
        if is_test and len(names[entry["plain"].lower()]) > 1 and not entry.get("keep"):
            entry["plain"] += f" ({entry['term']})"
            entry.pop("plural", None)


def main():
    entries, seen, refused = [], set(), 0
    for path in sorted(HERE.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                row = {key: (value or "") for key, value in row.items() if key}
                problem = problem_of(row)
                key = (row["term"].lower(), row["expansion"].lower())
                if problem or key in seen:
                    refused += 1
                    print(f"{path.name}: {row['term']}: {problem or 'twice'}", file=sys.stderr)
                    continue
                seen.add(key)
                entries.append(entry_of(row))
    tell_apart(entries)
    entries.sort(key=lambda entry: (entry["term"].lower(), entry.get("expansion", "")))
    write("glossary.json", entries)
    groups = senses_of(HERE / "senses")
    write("senses.json", groups)
    print(len(entries), "entries,", refused, "refused;", sum(len(group["senses"]) for group in groups), "senses")


if __name__ == "__main__":
    main()
