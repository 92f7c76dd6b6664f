"""Words in a run of letters read as pinyin: the cheapest way from its start to its end.

Tokens are what gaps part. A token is read as a whole or left as typed; words may span tokens, and
a token may hold several words.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from exchange.search.understanding.areas import Token
from exchange.search.understanding.lexicon import Lexicon
from exchange.search.understanding.sounds import main_reading, word_readings
from exchange.search.understanding.syllables import SYLLABLES, plain_letters, words_from

LEFT_ALONE = 4.0  # the cost of a token that nothing explains
LEFT_KNOWN = 0.0  # of one that is right as it stands
LEFT_DOUBTED = 2.2  # of one that some documents have, though more have its Chinese
MOST_LETTERS = 120  # of one area that are read as pinyin
ROUGH_COST = 1.0
UNUSUAL_COST = 0.5
ONE_SYLLABLE_COST = 0.8


@dataclass(frozen=True, slots=True)
class PinyinWord:
    """Letters from start to before end, and the words that they may spell, the best first."""

    start: int
    end: int
    words: tuple[str, ...]
    cost: float
    borders: tuple[int, ...]  # letters up to the end of each syllable
    rough: bool = False
    one_syllable: bool = False


class Area:
    """Tokens of letters run together, with the places of their gaps."""

    def __init__(self, tokens: Sequence[Token], lexicon: Lexicon) -> None:
        self.tokens = tokens
        self._lexicon = lexicon
        self.letters = plain_letters("".join(token.letters for token in tokens))
        self.starts: list[int] = []
        at = 0
        for token in tokens:
            self.starts.append(at)
            at += len(token.letters)
        self.ends = [*self.starts[1:], len(self.letters)]
        self.gaps = frozenset(self.starts[1:])
        self.is_right = [lexicon.is_english(token.letters) for token in tokens]

    @cached_property
    def _token_at(self) -> list[int]:
        return [number for number, token in enumerate(self.tokens) for _letter in token.letters]

    def place(self, at: int) -> int:
        """Where a letter stands in the text."""
        number = self._token_at[at]
        return self.tokens[number].start + at - self.starts[number]

    def gap_between_words(self, word: PinyinWord) -> int:
        """How many characters of the word stand before the writer's gap; 0 unless it parts words.

        Who writes ``zhibo peixun`` means two words; ``zhi bo pei xun`` says nothing of words.
        """
        touched = self.touched(word.start, word.end)
        gap = self.ends[touched[0]] - word.start
        if len(touched) != 2 or gap not in word.borders:
            return 0
        before = word.borders.index(gap) + 1
        return before if 2 <= before <= len(word.borders) - 2 else 0

    def touched(self, start: int, end: int) -> range:
        """The numbers of the tokens that the letters from start to before end belong to."""
        return range(self._token_at[start], self._token_at[end - 1] + 1)

    def read(self) -> tuple[list[PinyinWord], list[int]]:
        """The words of the cheapest way, and the numbers of the tokens left as typed."""
        words, left = self._walk(rough=False)
        if all(self._left_cost(number) < LEFT_ALONE for number in left):
            return words, left
        return self._walk(rough=True)

    def _walk(self, *, rough: bool) -> tuple[list[PinyinWord], list[int]]:
        size = len(self.letters)
        best: list[tuple[float, int, PinyinWord | int | None]] = [(math.inf, 0, None)] * (size + 1)
        best[0] = (0.0, 0, None)
        number_at = {start: number for number, start in enumerate(self.starts)}
        for at in range(size):
            cost = best[at][0]
            if cost == math.inf:
                continue
            number = number_at.get(at)
            if number is not None:
                _offer(best, self.ends[number], cost + self._left_cost(number), at, number)
            for word in self._words_at(at, rough=rough) if at < MOST_LETTERS else ():
                _offer(best, word.end, cost + word.cost, at, word)
        return _trace(best)

    def _left_cost(self, number: int) -> float:
        if self.is_right[number]:
            return LEFT_KNOWN
        letters = self.tokens[number].letters
        count = self._lexicon.count(letters)
        if not count:
            return LEFT_ALONE
        heard = self._lexicon.sounding(plain_letters(letters))
        return LEFT_DOUBTED if heard and self._lexicon.count(heard[0]) > count else LEFT_KNOWN

    def _words_at(self, start: int, *, rough: bool) -> Iterator[PinyinWord]:
        done: set[int] = set()
        for end, syllables in words_from(self.letters, start, self.gaps):
            if all(self.is_right[number] for number in self.touched(start, end)):
                continue
            if end not in done:
                done.add(end)
                word = self._exact(start, end)
                if word is not None:
                    yield word
                    continue
            if rough and len(syllables) > 1:
                heard = self._lexicon.sounding_roughly(syllables)
                words = tuple(one for one in heard if len(one) == len(syllables))
                if words:
                    cost = self._cost(words[0]) + ROUGH_COST
                    yield PinyinWord(start, end, words, cost, _borders(syllables), rough=True)

    def _exact(self, start: int, end: int) -> PinyinWord | None:
        gaps = frozenset(gap - start for gap in self.gaps if start < gap < end)
        letters = self.letters[start:end]
        usual: list[str] = []
        unusual: list[str] = []
        borders: dict[str, tuple[int, ...]] = {}
        for word in self._lexicon.sounding(letters):
            cuts = [_borders(one) for one in word_readings(word) if "".join(one) == letters]
            fitting = [cut for cut in cuts if gaps.issubset(cut)]
            if fitting:
                borders[word] = fitting[0]
                into = usual if "".join(main_reading(word)) == letters else unusual
                into.append(word)
        if not usual and not unusual:
            return None
        cost = self._cost((usual or unusual)[0]) + (0.0 if usual else UNUSUAL_COST)
        one = letters in SYLLABLES and not gaps
        cost += ONE_SYLLABLE_COST if one else 0.0
        words = (*usual, *unusual)
        return PinyinWord(start, end, words, cost, borders[words[0]], one_syllable=one)

    def _cost(self, word: str) -> float:
        return 1.5 - min(0.6, 0.08 * math.log2(1 + self._lexicon.count(word)))


def _borders(reading: Sequence[str]) -> tuple[int, ...]:
    return tuple(accumulate(map(len, reading)))


def _offer(
    best: list[tuple[float, int, PinyinWord | int | None]],
    end: int,
    cost: float,
    start: int,
    step: PinyinWord | int,
) -> None:
    if cost < best[end][0] - 1e-9:
        best[end] = (cost, start, step)


def _trace(
    best: Sequence[tuple[float, int, PinyinWord | int | None]],
) -> tuple[list[PinyinWord], list[int]]:
    words: list[PinyinWord] = []
    left: list[int] = []
    at = len(best) - 1
    while at > 0:
        _cost, start, step = best[at]
        if isinstance(step, PinyinWord):
            words.append(step)
        elif step is not None:
            left.append(step)
        at = start
    return words[::-1], left[::-1]
