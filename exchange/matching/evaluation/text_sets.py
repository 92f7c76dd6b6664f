"""Sets of plain texts that questions are graded against: docs.jsonl, queries.jsonl, qrels.tsv."""

import csv
import json
import lzma
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FILES = ("docs.jsonl", "queries.jsonl", "qrels.tsv")


@dataclass(frozen=True)
class TextSet:
    """Texts and questions by id, and for each question the grades of texts."""

    texts: Mapping[str, str]
    questions: Mapping[str, str]
    grades: Mapping[str, Mapping[str, int]]


def is_text_set(folder: Path) -> bool:
    """Whether the folder holds docs.jsonl, queries.jsonl and qrels.tsv, each plain or as .xz."""
    return all((folder / name).exists() or (folder / f"{name}.xz").exists() for name in FILES)


def read_text_set(folder: Path) -> TextSet:
    """Read docs.jsonl and queries.jsonl {id, text} and qrels.tsv (query_id, doc_id, rel).

    Raises OSError, and KeyError or ValueError for rows of another form.
    """
    documents, questions, judged = (_lines(folder, name) for name in FILES)
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for row in csv.DictReader(judged, delimiter="\t"):
        grades[row["query_id"]][row["doc_id"]] = int(row["rel"])
    return TextSet(_texts(documents), _texts(questions), dict(grades))


def _lines(folder: Path, name: str) -> list[str]:
    plain = folder / name
    whole = plain.read_bytes() if plain.exists() else lzma.decompress(_packed(plain))
    return [line for line in whole.decode().split("\n") if line.strip()]


def _packed(plain: Path) -> bytes:
    return plain.with_name(f"{plain.name}.xz").read_bytes()


def _texts(lines: Sequence[str]) -> dict[str, str]:
    return {str(row["id"]): str(row["text"]) for row in map(json.loads, lines)}
