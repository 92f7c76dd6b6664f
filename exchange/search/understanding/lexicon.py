"""The words of the site with how many public documents have them, found by sound and by shape.

50,000 words take about 12 MB. Built once, then only read; safe to share between threads.
"""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from exchange.search.analysis import HAN
from exchange.search.understanding.background import Background, OrdinaryWords
from exchange.search.understanding.key_index import KeyIndex
from exchange.search.understanding.sounds import main_reading, word_readings
from exchange.search.understanding.syllables import INITIALS, flattened

DOMAIN_COUNT = 3  # documents that a word of the taxonomy counts for, beside those that have it
LONGEST_WORD = 6
MOST_FOUND = 24
MOST_ABBREVIATED = 256  # words with the same first letters that are looked at
_CHINESE = re.compile(rf"[{HAN}]{{2,{LONGEST_WORD}}}")
_SINGLE = re.compile(rf"[{HAN}]")
_LATIN = re.compile(r"[a-z]{2,30}")
_SINGLE_MARK = "'"  # marks keys of single characters
_FLAT = "~"  # marks keys of southern ears among those of full readings


class Slip(StrEnum):
    """How a typed word differs from a known one by one character."""

    OTHER = "other"
    MISSING = "missing"
    EXTRA = "extra"
    SWAPPED = "swapped"


class Lexicon:
    """Known words: Chinese of 2 to 6 characters, single characters, and words of letters.

    ``counts`` gives (word, documents); a word named twice counts for both. ``domain`` are words of
    the trade, known even if no document has them. What is no word is passed over. Words are
    expected as ``Analyzer.cut`` gives them: simplified, small letters, half width.
    """

    def __init__(
        self,
        counts: Iterable[tuple[str, int]],
        domain: Iterable[str] = (),
        background: Background | None = None,
    ) -> None:
        self.background = background or OrdinaryWords()
        self._counts = _ranked(counts, domain)
        self._words = list(self._counts)
        self._sounds, self._initials, self._shapes = KeyIndex(), KeyIndex(), KeyIndex()
        self._latin: dict[str, list[str]] = {}
        for number, word in enumerate(self._words):
            if word.isascii():
                self._latin.setdefault(word[0], []).append(word)
            elif len(word) > 1:
                self._enter(number, word)
            else:
                for (syllable,) in word_readings(word):
                    self._sounds.add(_SINGLE_MARK + syllable, number)
        for index in (self._sounds, self._initials, self._shapes):
            index.freeze()
        self._frequency = lru_cache(maxsize=4096)(self.background.frequency)
        self.sounding = lru_cache(maxsize=4096)(self._sounding)

    def __len__(self) -> int:
        return len(self._words)

    def __contains__(self, word: object) -> bool:
        return word in self._counts

    def count(self, word: str) -> int:
        """How many public documents have the word; words of the trade have a little more."""
        return self._counts.get(word, 0)

    def frequency(self, word: str) -> int:
        """How usual the Chinese word is anywhere; 0 if it is no word."""
        return self._frequency(word)

    def is_word(self, word: str) -> bool:
        """Whether the Chinese word is right as it stands: known here or everywhere."""
        return word in self._counts or self._frequency(word) > 0

    def is_english(self, word: str) -> bool:
        """Whether this is an ordinary English word."""
        return self.background.is_english(word)

    def sounding_roughly(self, syllables: Sequence[str]) -> tuple[str, ...]:
        """Words that southern ears may hear like these syllables, the usual ones first."""
        return self.sounding(_FLAT + "".join(map(flattened, syllables)))

    def characters_sounding(self, syllable: str) -> tuple[str, ...]:
        """Single characters that documents have as words of their own, the usual ones first."""
        return self.sounding(_SINGLE_MARK + syllable)

    def abbreviated(self, parts: Sequence[str]) -> tuple[str, ...]:
        """Words for whole syllables and first letters, one part a character: ("leng", "k")."""
        numbers = self._initials.find("".join(part[0] for part in parts), MOST_ABBREVIATED)
        fitting = (word for word in map(self._words.__getitem__, numbers) if _fits(word, parts))
        return tuple(fitting)[:MOST_FOUND]

    def one_away(self, piece: str) -> list[tuple[str, Slip]]:
        """Words of 3 and more characters that differ from the piece by one slip."""
        found: dict[str, Slip] = {}
        for at in range(len(piece)):
            for word in self._shaped(f"{piece[:at]}?{piece[at + 1 :]}"):
                found.setdefault(word, Slip.OTHER)
            shorter = piece[:at] + piece[at + 1 :]
            doubled = at > 0 and piece[at] == piece[at - 1]
            if (len(shorter) > 2 or doubled) and len(shorter) > 1 and shorter in self._counts:
                found.setdefault(shorter, Slip.EXTRA)
        for word in self._shaped(f"+{piece}"):
            found.setdefault(word, Slip.MISSING)
        for at in range(len(piece) - 1):
            swapped = piece[:at] + piece[at + 1] + piece[at] + piece[at + 2 :]
            if swapped in self._counts:
                found[swapped] = Slip.SWAPPED
        found.pop(piece, None)
        return list(found.items())

    def near(self, word: str, edits: int) -> list[tuple[str, int]]:
        """Words of letters with the same first one, as (word, edits), the nearest first."""
        choices = self._latin.get(word[:1], ())
        hits = process.extract(
            word, choices, scorer=OSA.distance, score_cutoff=edits, limit=MOST_FOUND
        )
        near = [(str(hit), int(distance)) for hit, distance, _at in hits]
        return sorted(near, key=lambda one: (one[1], -self.count(one[0]), one[0]))

    def _sounding(self, letters: str) -> tuple[str, ...]:
        """Words whose toneless reading is these letters, the usual ones first."""
        numbers = dict.fromkeys(self._sounds.find(letters, MOST_FOUND))
        return tuple(self._words[number] for number in numbers)

    def _shaped(self, key: str) -> list[str]:
        return [self._words[number] for number in self._shapes.find(key, MOST_FOUND)]

    def _enter(self, number: int, word: str) -> None:
        keys: dict[str, KeyIndex] = {}
        for reading in word_readings(word):
            keys["".join(reading)] = self._sounds
            keys[_FLAT + "".join(map(flattened, reading))] = self._sounds
            keys["^" + "".join(syllable[0] for syllable in reading)] = self._initials
        if len(word) > 2:
            for at in range(len(word)):
                keys[f"{word[:at]}?{word[at + 1 :]}"] = self._shapes
                keys[f"+{word[:at]}{word[at + 1 :]}"] = self._shapes
        for key, index in keys.items():
            index.add(key.removeprefix("^"), number)

    @property
    def index_bytes(self) -> int:
        """Bytes of the three tables, without the words themselves."""
        return sum(index.size for index in (self._sounds, self._initials, self._shapes))


def _ranked(counts: Iterable[tuple[str, int]], domain: Iterable[str]) -> dict[str, int]:
    """Words with counts, the usual first; ties in the order of the characters."""
    sums: dict[str, int] = {}
    for word, count in counts:
        if count > 0 and _is_entry(word):
            sums[word] = sums.get(word, 0) + count
    for word in dict.fromkeys(domain):
        if _is_entry(word):
            sums[word] = sums.get(word, 0) + DOMAIN_COUNT
    return dict(sorted(sums.items(), key=lambda one: (-one[1], one[0])))


def _is_entry(word: str) -> bool:
    return any(pattern.fullmatch(word) for pattern in (_CHINESE, _LATIN, _SINGLE))


def _fits(word: str, parts: Sequence[str]) -> bool:
    """Whether each character is read as its part says, in the usual reading."""
    return all(
        syllable == part or (len(part) < 3 and part in INITIALS and syllable.startswith(part))
        for syllable, part in zip(main_reading(word), parts, strict=True)
    )
