"""Words that a piece of Chinese characters may have meant, with the mistake each one assumes."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice, pairwise

from exchange.search.analysis import is_small_word
from exchange.search.understanding.background import lookalikes
from exchange.search.understanding.lexicon import DOMAIN_COUNT, LONGEST_WORD, Lexicon, Slip
from exchange.search.understanding.rewriting import Kind
from exchange.search.understanding.sounds import main_reading, word_readings

MOST_READINGS = 4
FAR_BETTER = 10  # times as many documents, before a word that some documents have is doubted
USUAL = 100  # frequency in the general dictionary of a word that everybody uses
FREE_STANDING = 2  # documents in which a character stands as a word of its own
RARE = 50  # frequency of a longer word in the general dictionary that may be a misspelling there
WELL_KNOWN = 4  # a part known to a quarter as many documents as the other speaks for itself
WHOLE_WORD_HEARD = 8  # documents, before a word is believed of which no character is right
ROUGH = 0.8  # of the belief in a word that southern ears may hear
UNUSUAL = 0.55  # of that in a word which is seldom read so
LOOSE, RARELY = 250_000_000, 30_000_000  # product of the frequencies of two loose characters
SELDOM = 0.65  # of a word of two characters that hardly any document has
DOUBTFUL = 0.42
JOINING = frozenset("和与及或的在从到把被给对为有是")  # stand before and behind any noun


@dataclass(frozen=True, slots=True)
class Guess:
    """A known word, what the mistake costs beside the word's own price, and the belief in it."""

    word: str
    kind: Kind
    fine: float
    confidence: float


class Guesser:
    """Finds guesses for pieces that are no words."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self.guesses = lru_cache(maxsize=4096)(self._guesses)

    def _guesses(self, piece: str) -> tuple[Guess, ...]:
        """The likeliest first; none for a piece that is a word itself."""
        if self._lexicon.frequency(piece) > (RARE if len(piece) > 2 else 0):
            return ()
        best: dict[str, Guess] = {}
        for guess in self._all(piece):
            known = best.get(guess.word)
            if known is None or guess.fine < known.fine:
                best[guess.word] = guess
        kept = [guess for guess in best.values() if self._may_stand_for(piece, guess)]
        kept.sort(key=lambda one: (one.fine, -self._lexicon.count(one.word), one.word))
        return tuple(self._shared(kept))

    def _all(self, piece: str) -> Iterator[Guess]:
        if len(piece) <= LONGEST_WORD:
            yield from self._same_sound(piece)
            yield from self._like_shapes(piece)
        if len(piece) > 2:
            yield from (self._slip(piece, *slip) for slip in self._lexicon.one_away(piece))
        elif piece[::-1] in self._lexicon:
            often = self._lexicon.count(piece[::-1]) >= WHOLE_WORD_HEARD
            yield Guess(piece[::-1], Kind.SLIP, 1.3, 0.6 if often else DOUBTFUL)

    def _same_sound(self, piece: str) -> Iterator[Guess]:
        readings = list(islice(word_readings(piece), MOST_READINGS))
        heard = {
            word: 1.0 if main_reading(word) == reading else UNUSUAL
            for reading in reversed(readings)
            for word in self._lexicon.sounding("".join(reading))
        }
        if not heard and readings:
            heard = dict.fromkeys(self._lexicon.sounding_roughly(readings[0]), ROUGH)
        for word, sureness in heard.items():
            if len(word) == len(piece) and word != piece:
                guess = self._homophone(piece, word)
                fine = guess.fine + 2 * (1 - sureness)
                yield replace(guess, fine=fine, confidence=guess.confidence * sureness)

    def _homophone(self, piece: str, word: str) -> Guess:
        wrong = wrong_places(piece, word)
        count = self._lexicon.count(word)
        if len(piece) > 2:
            one = len(wrong) == 1
            if one and self._joins_a_small_word(piece, wrong[0], count):
                return Guess(word, Kind.HOMOPHONE, 1.2, DOUBTFUL)
            believed = 0.92 if one else 0.8 if len(wrong) < len(piece) else 0.55
            return Guess(word, Kind.HOMOPHONE, 0.6 if one else 1.2, believed)
        if len(wrong) == len(piece):
            believed = 0.6 if count >= WHOLE_WORD_HEARD else DOUBTFUL
            return Guess(word, Kind.HOMOPHONE, 1.9, believed)
        if self._means_itself(piece, count):
            return Guess(word, Kind.HOMOPHONE, 1.6, DOUBTFUL)
        return Guess(word, Kind.HOMOPHONE, 1.2, 0.85 if count >= DOMAIN_COUNT else SELDOM)

    def _joins_a_small_word(self, piece: str, wrong: int, count: int) -> bool:
        """Whether the piece may be a word with 和 or 的 beside it, rather than misspelt."""
        if not is_small_word(piece[wrong]) or count >= WHOLE_WORD_HEARD:
            return False
        rest = piece[:wrong] + piece[wrong + 1 :]
        joins = piece[wrong] in JOINING and wrong in {0, len(piece) - 1}
        return count < DOMAIN_COUNT or (joins and self._lexicon.is_word(rest))

    def _means_itself(self, piece: str, count: int) -> bool:
        """Whether two loose characters, as 卖梨, are as likely as a word that so many have."""
        if count < min(map(self._lexicon.count, piece)):
            return True
        together = math.prod(self._lexicon.frequency(character) for character in piece)
        if count >= WHOLE_WORD_HEARD:
            return False
        return together > (LOOSE if count >= DOMAIN_COUNT else RARELY)

    def _like_shapes(self, piece: str) -> Iterator[Guess]:
        alike = lookalikes()
        long = len(piece) > 2
        for at, character in enumerate(piece):
            for other in alike.get(character, ""):
                word = piece[:at] + other + piece[at + 1 :]
                if word in self._lexicon:
                    believed = 0.85 if long else 0.7
                    if not long and self._means_itself(piece, self._lexicon.count(word)):
                        believed = DOUBTFUL
                    yield Guess(word, Kind.SHAPE, 0.7 if long else 1.3, believed)

    def _slip(self, piece: str, word: str, slip: Slip) -> Guess:
        long = len(word) > 3
        match slip:
            case Slip.SWAPPED:
                return Guess(word, Kind.SLIP, 0.7, 0.8)
            case Slip.OTHER:
                wrong = piece[wrong_places(piece, word)[0]]
                loose = not long or self._lexicon.count(wrong) >= FREE_STANDING
                return Guess(word, Kind.SLIP, 2.1 if long else 1.55, DOUBTFUL if loose else 0.6)
            case Slip.MISSING:
                completed = word.startswith(piece)  # a beginning finds the whole word as it is
                believed = 0.6 if long and not completed else DOUBTFUL
                return Guess(word, Kind.SLIP, 1.3, believed)
            case Slip.EXTRA:
                doubled = [one for one, other in pairwise(piece) if one == other]
                meant = any(self._is_usual(one * 2) for one in doubled)  # 看看
                sure = bool(doubled) and not meant
                return Guess(word, Kind.SLIP, 0.6 if doubled else 1.4, 0.85 if sure else DOUBTFUL)

    def _is_usual(self, word: str) -> bool:
        return word in self._lexicon or self._lexicon.frequency(word) >= USUAL

    def _may_stand_for(self, piece: str, guess: Guess) -> bool:
        """Whether nothing in the piece speaks for itself against the guess."""
        count = self._lexicon.count(piece)
        if count or self._lexicon.frequency(piece):
            heard = guess.kind in {Kind.HOMOPHONE, Kind.SHAPE} and len(piece) == len(guess.word)
            needed = max(FAR_BETTER * count, DOMAIN_COUNT)
            return heard and self._lexicon.count(guess.word) >= needed
        if len(piece) != len(guess.word):
            return True
        wrong = wrong_places(piece, guess.word)
        return not any(self._speaks_for_itself(piece, guess, part) for part in _parts(piece, wrong))

    def _speaks_for_itself(self, piece: str, guess: Guess, part: slice) -> bool:
        """A word inside the piece that the guess would spoil, though it is known well enough."""
        typed, put = piece[part], guess.word[part]
        if not self._lexicon.is_word(typed):
            return False
        if guess.kind is Kind.SLIP and sorted(piece) != sorted(guess.word):
            return True
        if not self._lexicon.is_word(put):
            return len(piece) > 2 and len(typed) > 2
        return self._lexicon.count(typed) * WELL_KNOWN > self._lexicon.count(put)

    def _shared(self, guesses: list[Guess]) -> Iterator[Guess]:
        """Each guess with less belief where others explain the piece as well."""
        for guess in guesses:
            equals = [one for one in guesses if one.fine <= guess.fine + 0.05]
            total = sum(self._lexicon.count(one.word) for one in equals)
            share = self._lexicon.count(guess.word) / max(total, 1)
            believed = guess.confidence * (0.55 + 0.45 * share)
            yield replace(guess, confidence=round(believed, 3))


def wrong_places(piece: str, word: str) -> list[int]:
    """Where a piece and a word of the same length differ."""
    return [at for at, (one, other) in enumerate(zip(piece, word, strict=True)) if one != other]


def _parts(piece: str, wrong: list[int]) -> Iterator[slice]:
    """Every shorter part of two and more characters that covers a wrong one."""
    for size in range(2, len(piece)):
        for start in range(len(piece) - size + 1):
            if any(start <= at < start + size for at in wrong):
                yield slice(start, start + size)
