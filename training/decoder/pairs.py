"""Reads the pairs under pairs/: "### kind; specialty[; test]" heads a note, then "source => target" lines."""
import pathlib

FOLDER = pathlib.Path(__file__).parent / "pairs"


def read_pairs(folder=FOLDER):
    """Yields {note, kind, split, source, target}. Raises ValueError with file and line where a line is no pair."""
    for path in sorted(folder.glob("*.txt")):
        note = kind = split = None
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.startswith("### "):
                kind, specialty, *rest = [field.strip() for field in line[4:].split(";")]
                split = "test" if "test" in rest else "train"
                note = f"{path.stem}:{number}"
            elif line.strip():
                source, arrow, target = line.partition(" => ")
                if not arrow or not target.strip() or kind is None:
                    raise ValueError(f"{path.name}:{number}: no pair")
                yield {"note": note, "kind": kind, "specialty": specialty, "split": split, "source": source.strip(), "target": target.strip()}
