"""The tag set and the reading of every corpus into it.

A corpus that says nothing about a label must not teach its absence: each character carries the *set* of labels that it
may have (a bit mask), and the loss is -log of the summed probability of the allowed tags (marginal likelihood over
partial labels, Cour et al., JMLR 2011).
"""
import gzip
import json
import re
from pathlib import Path

LABELS = ["DISORDER", "SYMPTOM", "MEDICATION", "PROCEDURE", "TEST", "ANATOMY"]
TAGS = ["O"] + [f"{prefix}-{label}" for label in LABELS for prefix in "BI"]
D, S, M, P, T, A = LABELS
OUTSIDE = "O"
ANYTHING = frozenset(LABELS + [OUTSIDE])

INVASIVE = re.compile(r"biops|scop|aspirat|catheteri|punctur|angiogra|resection|excision|laparo", re.I)

# corpus label -> our labels (several: the corpus does not tell them apart); None: leave the span out of the loss
MAPS = {
    "ncbi-disease": {"SpecificDisease": [D], "Modifier": [D], "DiseaseClass": [D], "CompositeMention": [D]},
    "bc5cdr": {"Chemical": [M], "Disease": [D, S]},
    "biored": {"DiseaseOrPhenotypicFeature": [D, S], "ChemicalEntity": [M]},
    "maccrobat2020": {
        "Disease_disorder": [D], "Sign_symptom": [S], "Medication": [M], "Therapeutic_procedure": [P],
        "Diagnostic_procedure": [T], "Biological_structure": [A],
        "History": None, "Family_history": None, "Coreference": None, "Other_event": None, "Other_entity": None,
    },
    "chia": {
        "Condition": [D, S], "Drug": [M], "Procedure": [P, T], "Measurement": [T],
        "Observation": None, "Non-query-able": None, "Parsing_Error": None, "Post-eligibility": None, "Device": None,
        "Non-representable": None, "Undefined_semantics": None, "Informed_consent": None, "Context_Error": None,
        "Pregnancy_considerations": None, "Competing_trial": None, "Line": None, "Not_a_criteria": None,
        "Grammar_Error": None, "Mood": None, "Intoxication_considerations": None, "Subjective_judgement": None,
    },
}
# labels about which the corpus is silent outside its spans
SILENT = {
    "ncbi-disease": {S, M, P, T, A},
    "bc5cdr": {P, T, A},
    "biored": {P, T, A},
    "maccrobat2020": set(),
    "chia": {A},
    "notes": set(),
}


def read_corpus(shared, corpus, split):
    """Yields {id, text, entities: [{start, end, label, ...}]}; offsets are Unicode code points."""
    with gzip.open(Path(shared) / "data" / "ner" / corpus / f"{split}.jsonl.gz", "rt") as lines:
        for line in lines:
            yield json.loads(line)


def allowed_labels(corpus, entity):
    """Our labels that a corpus' span may have, or None where it must not count."""
    labels = MAPS[corpus].get(entity["label"], [])
    if corpus == "maccrobat2020" and labels == [T] and INVASIVE.search(entity["text"]):
        return [P, T]
    return labels


def spans_of(corpus, document):
    """[(start, end, labels or None)], longest first; [] as labels means: not one of ours."""
    spans = [(e["start"], e["end"], allowed_labels(corpus, e)) for e in document["entities"]]
    spans = [span for span in spans if span[2] is None or span[2]]
    return sorted(spans, key=lambda span: span[0] - span[1])


MARK = re.compile(r"\[\[([^\[\]|\n]+)\|([A-Za-z]+)(?:\|([a-z,]*))?(?:\|[^\]\n]*)?\]\]")


def read_note(path):
    """A note with inline mark-up (GUIDE.md) -> (header, text, spans with label and axes)."""
    header_line, _, body = Path(path).read_text(encoding="utf-8").partition("\n")
    header = dict(part.strip().split(": ", 1) for part in header_line.split(";"))
    text, spans, position = "", [], 0
    for match in MARK.finditer(body):
        text += body[position : match.start()]
        axes = [axis for axis in (match[3] or "").split(",") if axis]
        spans.append({"start": len(text), "end": len(text) + len(match[1]), "label": match[2], "axes": axes, "text": match[1]})
        text += match[1]
        position = match.end()
    return header, text + body[position:], spans
