"""Fills patterns.txt with the terms of our glossary: pairs in which every fact of the source stands in the target.

    python3 compose.py OUT [--count 15000] [--seed 1]

Writes JSON Lines {"note": "composed", "source", "target"}. Synthetic throughout; no outside text is read.
"""
import argparse
import csv
import json
import pathlib
import random
import re

HERE = pathlib.Path(__file__).resolve().parent
GLOSSARY = HERE.parent / "glossary"
ALTERNATIVES = re.compile(r"\(([^()]*\|[^()]*)\)")
SLOT = re.compile(r"\{(\^?)([A-Z]+\d{0,2})(\^?)\}")
# a count noun has no article after these
NO_ARTICLE = re.compile(r"(?:\b(?:no|any|your|the|a|an|sign of|new|more|mild|moderate|severe|history of|or|and no|treat|for your|problems include|off and on|except)|:|,|;|\()\s*$", re.I)

FREQUENCIES = [("daily", "once a day"), ("qd", "once a day"), ("BID", "twice a day"), ("bid", "twice a day"), ("TID", "three times a day"), ("tds", "three times a day"), ("QID", "four times a day"), ("qds", "four times a day"), ("qhs", "at bedtime"), ("nocte", "at bedtime"), ("q6h", "every 6 hours"), ("q8h", "every 8 hours"), ("q4h", "every 4 hours"), ("q12h", "every 12 hours"), ("qAM", "every morning"), ("weekly", "once a week"), ("od", "once a day"), ("bd", "twice a day"), ("every other day", "every other day")]
ROUTES = [("PO", "by mouth"), ("po", "by mouth"), ("IV", "into a vein"), ("IM", "into a muscle"), ("SC", "under the skin"), ("SL", "under the tongue"), ("inhaled", "breathed in"), ("topical", "on the skin")]
DURATIONS = [("{n} days", "{n} days"), ("{n}d", "{n} days"), ("{n} wks", "{n} weeks"), ("{n} weeks", "{n} weeks"), ("{n} mo", "{n} months"), ("{n} months", "{n} months"), ("{n} hrs", "{n} hours"), ("{n} yrs", "{n} years")]
DOSES = ["5 mg", "10 mg", "20 mg", "25 mg", "40 mg", "50 mg", "75 mg", "81 mg", "100 mg", "250 mg", "325 mg", "400 mg", "500 mg", "650 mg", "1 g", "2 g", "12.5 mg", "2.5 mg", "0.5 mg", "88 mcg", "100 mcg", "2 puffs", "1 tablet", "2 tablets", "10 units", "18 units", "5000 units", "20 mEq", "15 mL", "1000 mg", "875 mg", "3.375 g"]
RELATIVES = ["mother", "father", "sister", "brother", "son", "daughter", "aunt", "uncle", "grandmother", "grandfather"]
DAYS = ["yesterday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "this morning", "last night", "last week"]
PARTS = ["knee", "shoulder", "hip", "ankle", "arm", "leg", "foot", "hand", "wrist", "elbow", "thigh", "calf", "jaw", "chest", "ear", "eye", "flank", "groin"]
MONTHS = ["January", "March", "April", "June", "July", "September", "October", "November"]


def tables():
    """kind -> [(written form, plain form, plural or '')], one row a written form."""
    kinds = {}
    seen = set()
    for path in sorted(GLOSSARY.glob("*.tsv")):
        for row in csv.DictReader(path.open(encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE):
            key = row["term"].lower()
            if key in seen or not row["plain"]:
                continue
            seen.add(key)
            keep = "keep" in (row["flags"] or "")
            if "negates" in (row["flags"] or ""):
                continue
            forms = [row["term"], *[form for form in (row["variants"] or "").split("|") if form]]
            for form in forms[:3]:
                kinds.setdefault(row["kind"], []).append((form, form if keep else row["plain"], row["plural"] or ""))
    return kinds


def article(phrase):
    return f"{'an' if phrase[:1].lower() in 'aeiou' else 'a'} {phrase}"


class Filler:
    def __init__(self, random_source, kinds):
        self.random = random_source
        self.kinds = kinds

    def value(self, name):
        """-> (source form, target form, plural)"""
        pick = self.random.choice
        base = name.rstrip("0123456789")
        if base == "S":
            return pick(self.kinds["symptom"])
        if base == "C":
            return pick(self.kinds["condition"])
        if base == "P":
            return pick(self.kinds["procedure"])
        if base == "T":
            return pick(self.kinds["test"])
        if base == "D":
            form = pick(self.kinds["drug"])[0]
            return (form, form, "")
        if base in ("DOSE", "DOSEA", "DOSEB"):
            form = pick(DOSES)
            return (form, form, "")
        if base == "FREQ":
            return (*pick(FREQUENCIES), "")
        if base == "ROUTE":
            return (*pick(ROUTES), "")
        if base == "DUR":
            number = self.random.randint(2, 14)
            source, target = pick(DURATIONS)
            return (source.format(n=number), target.format(n=number), "")
        if base == "A":
            form = pick(PARTS)
            return (form, form, "")
        if base == "SIDE":
            side = pick(["left", "right"])
            return (pick([side, side[0].upper()]), side, "")
        if base == "REL":
            form = pick(RELATIVES)
            return (pick([form, form.capitalize()]), form, "")
        if base == "AGE":
            form = str(self.random.randint(19, 94))
            return (form, form, "")
        if base == "SEX":
            form = pick(["man", "woman"])
            return ({"man": pick(["M", "man", "male"]), "woman": pick(["F", "woman", "female"])}[form], form, "")
        if base == "YEAR":
            form = str(self.random.randint(1998, 2025))
            return (form, form, "")
        if base == "DAY":
            form = pick(DAYS)
            return (form, form, "")
        if base == "DATE":
            day, month = self.random.randint(1, 28), self.random.randint(1, 12)
            form = pick([f"{month}/{day}", f"{month}/{day}/2025", f"{day} {pick(MONTHS)}", f"{pick(MONTHS)} {day}"])
            return (form, form, "")
        if base == "BP":
            form = f"{self.random.randint(90, 190)}/{self.random.randint(50, 105)}"
            return (form, form, "")
        numbers = {"N": (2, 98), "RR": (12, 30), "SAT": (86, 100)}
        if name == "N10":
            form = str(self.random.randint(1, 10))
        elif base in numbers:
            form = str(self.random.randint(*numbers[base]))
        elif base == "TEMP":
            form = pick(["36.8", "37.2", "38.4", "98.6", "101.2", "39.1"])
        elif base == "V":
            form = pick([str(self.random.randint(1, 400)), f"{self.random.randint(0, 19)}.{self.random.randint(1, 9)}", f"1,{self.random.randint(100, 999)}"])
        else:
            raise ValueError(f"unknown slot {name}")
        return (form, form, "")

    def fill(self, source, target):
        values = {}

        def choose(text, picks, record):
            index = 0

            def one(match):
                nonlocal index
                options = match.group(1).split("|")
                if record:
                    picks.append((len(options), self.random.randrange(len(options))))
                    return options[picks[-1][1]]
                # the target's alternatives follow those of the source that are as many
                while index < len(picks) and picks[index][0] != len(options):
                    index += 1
                at = picks[index][1] if index < len(picks) else self.random.randrange(len(options))
                index += 1
                return options[at]

            return ALTERNATIVES.sub(one, text)

        # only groups that the target varies too are matched, from the last on
        picks = []
        source = choose(source, picks, True)
        groups = [len(match.group(1).split("|")) for match in ALTERNATIVES.finditer(target)]
        aligned = picks[len(picks) - len(groups):] if groups else []
        if groups and [count for count, _ in aligned] != groups:
            aligned = picks[: len(groups)]
        if groups and [count for count, _ in aligned] != groups:
            raise ValueError(f"alternatives do not match: {target}")
        target = choose(target, aligned, False)

        def get(name):
            if name not in values:
                values[name] = self.value(name)
            return values[name]

        if "{SX}" in source:
            sex = self.random.choice(["man", "woman"])
            values["SEX"] = (sex, sex, "")
            values["SX"] = ({"man": "M", "woman": "F"}[sex], "", "")
        if "HADHAS" in target:
            values["HADHAS"] = ("", "had" if " had " in f" {source} " else "has", "")
        source = SLOT.sub(lambda match: self.cased(get(match.group(2))[0], match), source)

        def put(match):
            _, plain, plural = get(match.group(2))
            name = match.group(2).rstrip("0123456789")
            before = match.string[: match.start()]
            if name in ("C", "S") and plural and plural != plain and not NO_ARTICLE.search(before) and not match.group(3) and before:
                plain = article(plain)
            return self.cased(plain, match)

        target = SLOT.sub(put, target)
        return self.shorthand(source), target

    @staticmethod
    def cased(text, match):
        return text[:1].upper() + text[1:] if match.group(3) else text

    def shorthand(self, source):
        chance = self.random.random()
        if chance < 0.08:
            return source.upper()
        if chance < 0.16:
            return source[:1].lower() + source[1:]
        return source if chance < 0.6 or source.endswith(".") else f"{source}."


def read_patterns():
    for line in (HERE / "patterns.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield tuple(line.split(" => "))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--count", type=int, default=15000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    filler = Filler(random.Random(arguments.seed), tables())
    patterns = list(read_patterns())
    with open(arguments.out, "w", encoding="utf-8") as sink:
        for number in range(arguments.count):
            source, target = filler.fill(*patterns[number % len(patterns)])
            sink.write(json.dumps({"note": "composed", "source": source, "target": target}) + "\n")


if __name__ == "__main__":
    main()
