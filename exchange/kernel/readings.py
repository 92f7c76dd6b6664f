"""How Chinese is read: toneless pinyin (ü is v), from two small tables of our own.

``data/characters.tsv`` has one line for characters with the same readings, ``data/phrases.tsv`` the
phrases that are not read as their characters are; ``scripts/make_readings.py`` makes both. They
take about 3 MB in memory, and are read when first asked for.
"""

from array import array
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CHARACTERS = Path(__file__).parent / "data" / "characters.tsv"
PHRASES = Path(__file__).parent / "data" / "phrases.tsv"


@dataclass(frozen=True, slots=True)
class _Characters:
    """Kinds of reading, and the kind of every code point; kind 0 has none.

    ``running`` is the reading in a running text outside of known phrases, ``common`` those that
    phrases make common, the usual first. They differ where a character is a particle: 了.
    """

    running: tuple[str, ...]
    common: tuple[tuple[str, ...], ...]
    kinds: "array[int]"

    def kind(self, character: str) -> int:
        at = ord(character)
        return self.kinds[at] if at < len(self.kinds) else 0


@dataclass(frozen=True, slots=True)
class _Phrases:
    """Readings with blanks between syllables, and the longest phrase for each first character."""

    readings: dict[str, str]
    longest: dict[str, int]


def readings_of(character: str) -> tuple[str, ...]:
    """The common readings of one character, the usual first; none for what is not Chinese."""
    table = _characters()
    return table.common[table.kind(character)]


def phrase_reading(phrase: str) -> tuple[str, ...]:
    """One syllable for each character of a phrase that is read in its own way; empty for others."""
    return tuple(_phrases().readings.get(phrase, "").split())


def read_running(text: str) -> list[str]:
    """One syllable for each character of a text; what is not Chinese stands for itself.

    Known phrases are read as a whole, from the left, the longest first.
    """
    table, phrases = _characters(), _phrases()
    read: list[str] = []
    while len(read) < len(text):
        start = len(read)
        character = text[start]
        for size in range(phrases.longest.get(character, 0), 1, -1):
            phrase = phrases.readings.get(text[start : start + size])
            if phrase:
                read += phrase.split()
                break
        else:
            read.append(table.running[table.kind(character)] or character)
    return read


@cache
def _characters() -> _Characters:
    rows = _rows(CHARACTERS)
    running: list[str] = [""]
    common: list[tuple[str, ...]] = [()]
    last = max(ord(character) for row in rows for character in row[2])
    kinds: array[int] = array("H", bytes(2 * (last + 1)))
    for number, (in_text, others, characters) in enumerate(rows, start=1):
        running.append(in_text)
        common.append(tuple(others.split()))
        for character in characters:
            kinds[ord(character)] = number
    return _Characters(tuple(running), tuple(common), kinds)


@cache
def _phrases() -> _Phrases:
    readings = dict(_rows(PHRASES))
    longest: dict[str, int] = {}
    for phrase in readings:
        longest[phrase[0]] = max(longest.get(phrase[0], 0), len(phrase))
    return _Phrases(readings, longest)


def _rows(path: Path) -> list[list[str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]
