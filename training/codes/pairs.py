"""Names of the same thing, for training the query encoder, and the names that the search compares a query with.

A pair is (name, name, code or ""): the official titles, inclusion terms and our synonyms of one code, and the synonyms,
lay names and mapped mentions of public terminologies (licences: README.md). Phrases of ../shared/data/icd/phrases are
left out wherever they come from, so that the set goes on measuring names that were never seen.
"""
import csv
import gzip
import json
import re
import zlib
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ITEM = "\x1f"
SIDE = re.compile(r"\b(right|left|bilateral|unspecified (eye|ear|side|limb|hip|knee|ankle|shoulder|elbow|wrist|hand|foot|arm|leg|"
                  r"lower leg|upper arm|forearm|thigh|finger|toe|breast|kidney|ovary|femur|tibia|fibula|ulna|radius|humerus)|"
                  r"unspecified)\b,?|, (initial|subsequent) encounter.*|, sequela|\(.*?\)|\[|\]", re.I)


def bare(name):
    """A title without side, encounter, brackets and "unspecified": what the vector of a name is made of."""
    return re.sub(r"[\s,]+", " ", SIDE.sub(" ", name.lower())).strip()


def key(name):
    return " ".join(re.findall(r"[a-z0-9]+", name.lower()))


def is_searchable(code):
    """As in src/nlp/coding/search-names.ts: no external causes, and of an injury's encounters the initial one."""
    return not re.match("[V-Y]", code) and not (len(code) == 8 and re.match(r"[SMT].*[B-S]$", code))


def read_codes():
    """code -> names (title first), in the order of the code set."""
    lines = gzip.open(ROOT / "models" / "icd10cm" / "codes.bin", "rt", encoding="utf-8").read().split("\n")
    names = {}
    for line in lines:
        code, kind, title, *more = line.split("\t")
        fields = {field[0]: field[2:].split(ITEM) for field in more}
        if kind in "01~" and is_searchable(code) and not title.startswith("[Category"):
            names[code] = [title, *fields.get("i", []), *fields.get("n", []), *fields.get("s", [])]
    return names


def read_gzip_lines(path):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def terminology_pairs(shared, names):
    """(name, name, code or "") from the terminologies."""
    folder = Path(shared) / "data" / "terminology"
    for row in read_gzip_lines(folder / "disease_ontology" / "doid_terms.jsonl.gz"):
        synonyms = [synonym["text"] if isinstance(synonym, dict) else synonym[-1] for synonym in row.get("synonyms", [])]
        for synonym in synonyms:
            yield synonym, row["label"], ""
        codes = [xref.split(":")[1] for xref in row.get("xrefs", []) if xref.startswith("ICD10CM:")]
        for code in (code for code in codes if code in names and len(codes) == 1):
            for name in [row["label"], *synonyms]:
                yield name, names[code][0], code
    with gzip.open(folder / "mondo_icd10cm" / "mondo_icd10cm_lexical.tsv.gz", "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            if row["match"] in ("exact", "close"):
                for name in {row["mondo_label"], row["match_string"]}:
                    yield name, row["icd10cm_label"], row["icd10cm"]
    with gzip.open(folder / "hpo" / "layperson-synonyms.tsv.gz", "rt", encoding="utf-8") as lines:
        for _, label, lay in csv.reader(lines, delimiter="\t"):
            yield lay, label, ""
    term = re.compile(r'^(name|synonym): "?([^"\n]+)', re.M)
    with gzip.open(folder / "symptom_ontology" / "symp.obo.gz", "rt", encoding="utf-8") as stanzas:
        for stanza in stanzas.read().split("[Term]")[1:]:
            found = [name for _, name in term.findall(stanza)]
            yield from ((synonym, found[0], "") for synonym in found[1:])


def mention_pairs(shared, names):
    """Disease mentions of NCBI-disease and BC5CDR (training parts) with the codes of their MeSH concepts."""
    mapped = defaultdict(list)
    with gzip.open(Path(shared) / "data" / "terminology" / "disease_ontology" / "mesh_to_icd10cm.tsv.gz", "rt") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            mapped[row["mesh"]].append(row["icd10cm"])
    for corpus in ("ncbi-disease", "bc5cdr"):
        for document in read_gzip_lines(Path(shared) / "data" / "ner" / corpus / "train.jsonl.gz"):
            for entity in document["entities"]:
                concept = json.dumps(entity)
                for mesh in re.findall(r"\b([CD]\d{6,9})\b", concept):
                    if len(mapped[mesh]) == 1 and mapped[mesh][0] in names:
                        yield entity["text"], names[mapped[mesh][0]][0], mapped[mesh][0]


def glossary_pairs():
    """Clinical term and plain wording of our glossary."""
    for term in json.loads((ROOT / "models" / "glossary" / "glossary.json").read_text(encoding="utf-8")):
        if term["kind"] in ("condition", "symptom", "abbreviation", "procedure"):
            yield term["plain"], term.get("expansion") or term["term"], ""


FIRST_SENTENCE = re.compile(r"^.{20,260}?[.](?=\s|$)", re.S)


def first_sentence(text, term):
    """Without the term itself: finding it again would teach nothing."""
    flat = re.sub(re.escape(term), "it", " ".join(text.split()), flags=re.I)
    found = FIRST_SENTENCE.match(flat)
    return found.group(0) if found else flat[:200]


def definition_pairs(shared):
    """(term, what it is or is also called, ""): glossaries, health topics and questions, abbreviations."""
    data = Path(shared) / "data"
    glossaries = data / "terminology" / "lay_glossaries"
    for name in ("nci_cancer_terms", "nci_genetics_terms", "openstax_key_terms"):
        for row in read_gzip_lines(glossaries / f"{name}.jsonl.gz"):
            yield row["term"], first_sentence(row["plain"], row["term"]), ""
            called = re.search(r"Also called ([^.]+)\.", row["plain"])
            for other in re.split(r", and |, | and ", called.group(1)) if called else []:
                yield other, row["term"], ""
    for row in read_gzip_lines(glossaries / "cdc_plain_language_thesaurus.jsonl.gz"):
        for plain in row["plain"].split(","):
            yield plain.strip(), row["term"], ""
    for row in read_gzip_lines(data / "corpus" / "medlineplus_topics" / "topics.jsonl.gz"):
        yield row["title"], first_sentence(row.get("meta") or row["text"], row["title"]), ""
    for row in read_gzip_lines(data / "corpus" / "medquad" / "qa.jsonl.gz"):
        if row["qtype"] == "information" and not row["answer"].startswith("What "):
            yield row["focus"], first_sentence(row["answer"], row["focus"]), ""
    for row in read_gzip_lines(data / "terminology" / "clinical_abbreviations" / "abbreviations.jsonl.gz"):
        if float(row.get("freq") or 0) > 0.3 and len(row["sf"]) > 1:
            yield row["sf"], row["lf"], ""
    for term in json.loads((ROOT / "models" / "glossary" / "glossary.json").read_text(encoding="utf-8")):
        if term.get("definition"):
            yield term.get("expansion") or term["term"], term["definition"], ""


def is_held_out(name):
    """One in seven names trains the ranking instead of the encoder, so that the ranking sees names as new as a reader's."""
    return zlib.crc32(key(name).encode()) % 7 == 0


def read_pairs(shared):
    """codes' names; pairs, each once; held-out (name, code). Without the phrases that measure. Names of one code are
    paired with its title."""
    names = read_codes()
    measured = {key(row["text"]) for row in read_gzip_lines(Path(shared) / "data" / "icd" / "phrases" / "dev.jsonl.gz")}
    pairs, held_out = {}, {}
    own = ((name, listed[0], code) for code, listed in names.items() for name in listed[1:])
    for source in (own, terminology_pairs(shared, names), mention_pairs(shared, names), glossary_pairs(), definition_pairs(shared)):
        for name, other, code in source:
            a, b = key(name), key(bare(other))
            if not a or not b or a == b or "doid" in a or {a, b} & measured:
                continue
            if is_held_out(name) and code:
                held_out[a, code] = (name, code)
            elif not is_held_out(name):
                pairs[a, b] = (bare(name) or name.lower(), bare(other), code)
    return names, list(pairs.values()), list(held_out.values())
