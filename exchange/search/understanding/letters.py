"""Letters typed: pinyin in full, its first letters, or an English word with a slip."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from exchange.search.understanding.areas import Token
from exchange.search.understanding.lexicon import LONGEST_WORD, Lexicon
from exchange.search.understanding.mixed import mixed_piece
from exchange.search.understanding.pinyin_words import Area, PinyinWord
from exchange.search.understanding.rewriting import Alternative, Kind, Piece
from exchange.search.understanding.syllables import SYLLABLES, as_parts, plain_letters

MOST_ALTERNATIVES = 5
MOST_DOUBTED = 12  # unexplained tokens of an area that are looked at one by one
LONGEST_ABBREVIATED = 24
SHORTEST_ENGLISH, TWO_EDITS_FROM = 4, 8


class LetterReader:
    """Finds what letters may have meant."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def read(self, tokens: Sequence[Token], plain: str, text: str) -> tuple[list[Piece], bool]:
        """Pieces that may be meant otherwise, and whether some token is a word known here.

        ``plain`` is the folded text, as long as the text; pieces may reach into the characters
        that touch the tokens.
        """
        area = Area(tokens, self._lexicon)
        words, left = area.read()
        pieces = [self._pinyin_piece(area, word, text) for word in words]
        doubted = [number for number in left if self._is_doubted(area, number)]
        mixed = [(number, self._mixed(tokens, number, plain, text)) for number in doubted]
        pieces += [piece for _number, piece in mixed if piece]
        doubted = [number for number, piece in mixed if not piece]
        read = {number for word in words for number in area.touched(word.start, word.end)}
        single = [self._single(tokens, number, read, text) for number in doubted]
        pieces += filter(None, single)
        doubted = [at for at, piece in zip(doubted, single, strict=True) if not piece]
        pieces += self._doubted_pieces(area, doubted[:MOST_DOUBTED], text)
        known = any(tokens[number].letters in self._lexicon for number in left)
        return pieces, known

    def _mixed(self, tokens: Sequence[Token], number: int, plain: str, text: str) -> Piece | None:
        """What the first and the last token may make with the characters that touch them."""
        outer = number in {0, len(tokens) - 1}
        return mixed_piece(self._lexicon, plain, text, tokens[number]) if outer else None

    def _single(
        self, tokens: Sequence[Token], number: int, read: set[int], text: str
    ) -> Piece | None:
        """A word of one character, believed only beside pinyin of more."""
        if read.isdisjoint({number - 1, number + 1}):
            return None
        token = tokens[number]
        words = self._lexicon.characters_sounding(plain_letters(token.letters))
        total = sum(map(self._lexicon.count, words))
        found = [
            Alternative(one, round(0.4 + 0.3 * self._lexicon.count(one) / total, 3), Kind.PINYIN)
            for one in words[:MOST_ALTERNATIVES]
        ]
        return _piece([token], found, text) if found else None

    def _is_doubted(self, area: Area, number: int) -> bool:
        return not area.is_right[number] and area.tokens[number].letters not in self._lexicon

    def _pinyin_piece(self, area: Area, word: PinyinWord, text: str) -> Piece:
        start, end = area.place(word.start), area.place(word.end - 1) + 1
        apart = area.gap_between_words(word)
        words = word.words[:MOST_ALTERNATIVES]
        total = sum(map(self._lexicon.count, word.words))
        believed = 0.95 if len(words[0]) > 2 else 0.9
        believed *= (0.75 if word.rough else 1.0) * (0.5 if word.one_syllable else 1.0)
        alternatives = (
            Alternative(
                f"{one[:apart]} {one[apart:]}" if self._are_words(one, apart) else one,
                round(believed * (0.6 + 0.4 * self._lexicon.count(one) / total), 3),
                Kind.PINYIN,
            )
            for one in words
        )
        return Piece(start, end, text[start:end], tuple(alternatives))

    def _are_words(self, word: str, at: int) -> bool:
        return at > 0 and word[:at] in self._lexicon and word[at:] in self._lexicon

    def _doubted_pieces(self, area: Area, doubted: Sequence[int], text: str) -> Iterator[Piece]:
        """Neighbours are tried as one abbreviation first, then each token by itself."""
        for run in _neighbours(doubted):
            tokens = [area.tokens[number] for number in run]
            together = tuple(self._abbreviated(tokens, text)) if len(tokens) > 1 else ()
            if together:
                yield _piece(tokens, together, text)
                continue
            for token in tokens:
                found = (*self._abbreviated([token], text), *self._english(token.letters))
                if found:
                    yield _piece([token], found, text)

    def _abbreviated(self, tokens: Sequence[Token], text: str) -> Iterator[Alternative]:
        letters = [plain_letters(token.letters) for token in tokens]
        if sum(map(len, letters)) > LONGEST_ABBREVIATED:
            return
        parts = [part for one in letters for part in as_parts(one)]
        if not 2 <= len(parts) <= LONGEST_WORD or not all(map(as_parts, letters)):
            return
        whole = sum(len(part) > 1 and part in SYLLABLES for part in parts)
        if whole == len(parts):
            return
        words = self._lexicon.abbreviated(parts)[:MOST_ALTERNATIVES]
        total = sum(map(self._lexicon.count, words))
        shouted = text[tokens[0].start : tokens[-1].end].isupper()
        for word in words:
            share = self._lexicon.count(word) / total
            believed = 0.45 + 0.4 * share if whole else 0.05 * len(parts) + 0.25 * share
            kind = Kind.PINYIN if whole else Kind.INITIALS
            yield Alternative(word, round(believed * (0.5 if shouted else 1.0), 3), kind)

    def _english(self, letters: str) -> Iterator[Alternative]:
        if len(letters) < SHORTEST_ENGLISH:
            return
        near = self._lexicon.near(letters, 2 if len(letters) >= TWO_EDITS_FROM else 1)
        near = [(word, edits) for word, edits in near if len(word) >= SHORTEST_ENGLISH]
        for word, edits in near[:MOST_ALTERNATIVES]:
            equals = sum(self._lexicon.count(one) for one, others in near if others <= edits)
            share = self._lexicon.count(word) / equals
            believed = 0.75 if edits > 1 else 0.9 if len(letters) > 5 else 0.7
            yield Alternative(word, round(believed * (0.5 + 0.5 * share), 3), Kind.LATIN)


def _piece(tokens: Sequence[Token], found: Sequence[Alternative], text: str) -> Piece:
    start, end = tokens[0].start, tokens[-1].end
    best = sorted(found, key=lambda one: (-one.confidence, one.text))[:MOST_ALTERNATIVES]
    return Piece(start, end, text[start:end], tuple(best))


def _neighbours(numbers: Sequence[int]) -> Iterator[list[int]]:
    """Runs of numbers without a gap."""
    for _key, run in groupby(enumerate(numbers), key=lambda one: one[1] - one[0]):
        yield [number for _at, number in run]
