"""Reads our pairs: "### note" heads the sentences of one note, each a line "source => target"; "#" begins a comment.

    python3 pairs.py OUT

Files whose name ends in "-plain" keep the person of the source, the others speak to the patient. Synthetic throughout.
"""
import json
import pathlib
import sys

FOLDER = pathlib.Path(__file__).resolve().parent / "pairs"


def read_pairs(folder=FOLDER):
    """Yields {note, mode, source, target}. Raises ValueError with file and line where a line is no pair."""
    for path in sorted(folder.glob("*.txt")):
        note = path.stem
        mode = "plain" if path.stem.endswith("-plain") else "you"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.startswith("### "):
                note = f"{path.stem}/{line[4:].strip()}"
            elif line.strip() and not line.startswith("# "):
                source, arrow, target = line.partition(" => ")
                if not arrow or not target.strip():
                    raise ValueError(f"{path.name}:{number}: no pair")
                yield {"note": note, "mode": mode, "source": source.strip(), "target": target.strip()}


if __name__ == "__main__":
    with open(sys.argv[1], "w", encoding="utf-8") as sink:
        for pair in read_pairs():
            sink.write(json.dumps(pair) + "\n")
