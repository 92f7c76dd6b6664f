"""The shipped divisions as one small file: how they are packed and how they are read again.

A zip of one xz text per province (so that one province is read without the others), a table of
the usual reading of every character, and an index with the number of rows of each province.
Only rows whose reading differs from the character table carry their own.
"""

import json
import lzma
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from exchange.geography.rules import LENGTHS, LEVEL_OF_LENGTH, Level, parent_of, short_name

EPOCH = (1980, 1, 1, 0, 0, 0)
SECTION = "\x1e"
INDEX = "index.json"
CHARACTERS = "characters.json"
FILTERS = [
    {"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "lc": 3, "lp": 1, "pb": 1},
]


class Row(NamedTuple):
    """One division as shipped; latitude and longitude in micro-degrees."""

    code: str
    name: str
    initials: str
    pinyin: str | None
    latitude: int | None
    longitude: int | None


Readings = Mapping[str, str]


def write_file(path: Path, provinces: Mapping[str, Sequence[Row]], readings: Readings) -> None:
    """Write all provinces; the same rows give the same bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        counts = {code: len(rows) for code, rows in sorted(provinces.items())}
        _add(archive, INDEX, json.dumps(counts).encode())
        _add(archive, CHARACTERS + ".xz", _squeeze(json.dumps(readings, ensure_ascii=False)))
        for code in counts:
            _add(archive, f"{code}.xz", _squeeze(encode_province(provinces[code], readings)))


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, EPOCH)
    info.create_system = 3
    archive.writestr(info, content)


def _squeeze(text: str) -> bytes:
    return lzma.compress(
        text.encode("utf-16-le"), format=lzma.FORMAT_XZ, check=lzma.CHECK_CRC32, filters=FILTERS
    )


class DivisionsFile:
    """An opened divisions file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with zipfile.ZipFile(path) as archive:
            self.counts: dict[str, int] = json.loads(archive.read(INDEX))
            self._readings: dict[str, str] = json.loads(self._text(archive, CHARACTERS))

    def province(self, code: str) -> list[Row]:
        """All rows of one province, ancestors before descendants, in the order of their codes."""
        with zipfile.ZipFile(self._path) as archive:
            return decode_province(self._text(archive, code), self._readings)

    @staticmethod
    def _text(archive: zipfile.ZipFile, name: str) -> str:
        return lzma.decompress(archive.read(f"{name}.xz")).decode("utf-16-le")


def encode_province(rows: Sequence[Row], readings: Readings) -> str:
    """Rows in code order as text: codes as steps, names, own readings, centroids."""
    names = [row.name for row in rows]
    usual = _usual_keys([row.code for row in rows], names, readings)
    own = [
        f"{at}\t{row.initials}\t{row.pinyin or ''}"
        for at, (row, key) in enumerate(zip(rows, usual, strict=True))
        if (row.initials, row.pinyin) != key
    ]
    points = [
        f"{at}\t{row.latitude}\t{row.longitude}" for at, row in enumerate(rows) if row.latitude
    ]
    parts = (_code_steps([row.code for row in rows]), names, own, points)
    return SECTION.join("\n".join(part) for part in parts)


def decode_province(text: str, readings: Readings) -> list[Row]:
    """The rows that were encoded."""
    steps, names, own, points = (part.split("\n") if part else [] for part in text.split(SECTION))
    codes = list(_codes(steps))
    keys = _usual_keys(codes, names, readings)
    for line in own:
        at, initials, pinyin = line.split("\t")
        keys[int(at)] = (initials, pinyin or None)
    places: dict[int, tuple[int, int]] = {}
    for line in points:
        row, latitude, longitude = map(int, line.split("\t"))
        places[row] = (latitude, longitude)
    nowhere = (None, None)
    return [
        Row(code, name, *key, *places.get(at, nowhere))
        for at, (code, name, key) in enumerate(zip(codes, names, keys, strict=True))
    ]


def _usual_keys(
    codes: Sequence[str], names: Sequence[str], readings: Readings
) -> list[tuple[str, str | None]]:
    """(initials, pinyin) of each name by the character table alone; villages carry no pinyin."""
    letters = str.maketrans({char: reading[:1] for char, reading in readings.items()})
    spelled = str.maketrans(dict(readings))
    levels = [LEVEL_OF_LENGTH[len(code)] for code in codes]
    short = [short_name(name, level) for name, level in zip(names, levels, strict=True)]
    initials = "\n".join(short).translate(letters).split("\n")
    return [
        (first, None if level is Level.VILLAGE else name.translate(spelled))
        for first, level, name in zip(initials, levels, short, strict=True)
    ]


def _code_steps(codes: Sequence[str]) -> list[str]:
    """Each code as level digit and distance from its last sibling; the usual step is empty."""
    last: dict[str, int] = {}
    steps = []
    for code in codes:
        parent = parent_of(code) or ""
        own = int(code[len(parent) :])
        step = own - last.get(parent, 0)
        last[parent] = own
        depth = LENGTHS.index(len(code))
        steps.append("" if (depth, step) == (4, 1) else f"{depth}{step}")
    return steps


def _codes(steps: Sequence[str]) -> Iterator[str]:
    """Undo the steps. Codes come ancestors first, so one open branch is all that is remembered."""
    branch = ["", "", "", "", ""]
    last = [0, 0, 0, 0, 0]
    widths = (2, 2, 2, 3, 3)
    for step in steps:
        if not step:
            last[4] += 1
            yield f"{branch[3]}{last[4]:03d}"
            continue
        depth, distance = int(step[0]), int(step[1:])
        last[depth] += distance
        above = branch[depth - 1] if depth else ""
        branch[depth] = f"{above}{last[depth]:0{widths[depth]}d}"
        last[depth + 1 :] = [0] * (4 - depth)
        yield branch[depth]
