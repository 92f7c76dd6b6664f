"""Concepts named in a text, whatever the wording and the language, and how near two concepts are.

The dictionary is ``data/concepts/*.tsv``, one line for each concept: its id, what sort it is, the
wider concepts that contain it, its Chinese and English names, the concepts that usually answer or
cause it, and where the entry comes from. Names are found by longest match; lines of the sort
``block`` name words that only look as if they held one.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from sys import intern

from exchange.search.reading.spans import fold

_FOLDER = Path(__file__).parent / "data" / "concepts"
_WORD = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_PHRASE = 5  # English words
_BLOCK = "-"
_REFUSED_BEFORE = re.compile(
    r"(?:不要|不收|不用|不需要?|不招|不买|不卖|不含|不是|不接受|谢绝|除了|并非|别(?:给|送|寄|捐))"
    r"[^,。;!?、:\s]{0,2}$|\b(?:no|not|without|except|excluding)\s(?:\w+\s)?$"
)
_REFUSED_BEHIND = re.compile(
    r"[^,。;!?、\s]{0,2}(?:除外|不要|不收|不算|不需要|就不用|免谈)(?:了|的)?(?=[,。;!?、\s]|$)"
)
_LONGEST_REFUSAL = 14
PLURALS = (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"))


class Sort(StrEnum):
    """What a concept is."""

    LIVING = "living"
    FORM = "form"
    THING = "thing"
    MACHINE = "machine"
    PLACE = "place"
    WORK = "work"
    TROUBLE = "trouble"
    ROLE = "role"
    MONEY = "money"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Concept:
    """One line of the dictionary. ``wider`` and ``related`` are ids, the first names its labels."""

    id: str
    sort: Sort
    wider: tuple[str, ...]
    related: tuple[str, ...]
    chinese: tuple[str, ...]
    english: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept and where it stands in the folded text, and whether it is not wanted there."""

    id: str
    start: int
    end: int
    is_refused: bool = False


class Dictionary:
    """All concepts with their names. It never changes."""

    def __init__(self, concepts: Iterable[Concept], blocks: Iterable[str]) -> None:
        self.concepts: Mapping[str, Concept] = {one.id: one for one in concepts}
        self._english: dict[str, str] = {}  # word by word, in the singular
        self._chinese: dict[str, str] = {}
        self._sizes: dict[str, tuple[int, ...]] = {}  # of Chinese names, by first character
        for name in blocks:
            self._add(_BLOCK, name)
        for one in self.concepts.values():
            for name in (*one.chinese, *one.english):
                self._add(one.id, name)
        self._wider = {key: self._above(key) for key in self.concepts}
        held = Counter(wider for above in self._wider.values() for wider in above)
        most = math.log(max(2, len(self.concepts)))
        self._specific = {key: 1 - math.log(held[key]) / most for key in self.concepts}

    def _add(self, key: str, name: str) -> None:
        folded = fold(name).strip()
        if folded.isascii():
            words = " ".join(map(singular, _WORD.findall(folded)))
            self._english.setdefault(name if words == name else words, key)
        else:
            sizes = {*self._sizes.get(folded[0], ()), len(folded)}
            self._sizes[folded[0]] = tuple(sorted(sizes, reverse=True))
            self._chinese.setdefault(name if folded == name else folded, key)

    def _above(self, key: str) -> dict[str, int]:
        found, edge, steps = {key: 0}, [key], 0
        while edge:
            steps += 1
            edge = [
                wider
                for one in edge
                for wider in self.concepts[one].wider
                if wider in self.concepts and wider not in found
            ]
            found |= dict.fromkeys(edge, steps)
        return found

    def wider(self, key: str) -> Mapping[str, int]:
        """The concept and all that contain it, with the number of steps."""
        return self._wider[key]

    def specific(self, key: str) -> float:
        """1 for a concept that contains no other, less the more it contains; by logarithm."""
        return self._specific[key]

    def read(self, text: str) -> list[Mention]:
        """Every concept named in the text, in its order; the longest name at a place counts."""
        folded = fold(text)
        found = [*self._read_chinese(folded), *self._read_english(folded)]
        return [
            replace(mention, is_refused=_is_refused(folded, mention))
            for mention in sorted(found, key=lambda mention: mention.start)
        ]

    def _read_chinese(self, text: str) -> Iterator[Mention]:
        at = 0
        while at < len(text):
            for size in self._sizes.get(text[at], ()):
                name = text[at : at + size]
                key = self._chinese.get(name)
                if key is not None:
                    if key != _BLOCK:
                        yield Mention(key, at, at + len(name))
                    at += len(name)
                    break
            else:
                at += 1

    def _read_english(self, text: str) -> Iterator[Mention]:
        words = list(_WORD.finditer(text))
        stems = [singular(word[0]) for word in words]
        at = 0
        while at < len(words):
            for size in range(min(_LONGEST_PHRASE, len(words) - at), 0, -1):
                key = self._english.get(" ".join(stems[at : at + size]))
                if key is not None:
                    if key != _BLOCK:
                        yield Mention(key, words[at].start(), words[at + size - 1].end())
                    at += size
                    break
            else:
                at += 1


def _is_refused(text: str, mention: Mention) -> bool:
    before = text[max(0, mention.start - _LONGEST_REFUSAL) : mention.start]
    return bool(_REFUSED_BEFORE.search(before) or _REFUSED_BEHIND.match(text, mention.end))


def singular(word: str) -> str:
    """An English word without the sign of the plural."""
    for ending, instead in PLURALS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word.removesuffix(ending) + instead
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word


@cache
def dictionary() -> Dictionary:
    """The dictionary that comes with the package."""
    concepts, blocks = [], []
    for path in sorted(_FOLDER.glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line or line.startswith("#"):
                continue
            key, sort, wider, chinese, english, related, source = line.split("\t")
            if sort == "block":
                blocks += [*_split(chinese), *_split(english)]
            else:
                names = _split(chinese), _split(english)
                concepts.append(
                    Concept(key, Sort(sort), _split(wider), _split(related), *names, intern(source))
                )
    return Dictionary(concepts, blocks)


def _split(column: str) -> tuple[str, ...]:
    return tuple(intern(name.strip()) for name in column.split("|") if name.strip())
