"""What a lexicon is made from: words of documents with their counts, and words of the trade."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from exchange.search.analysis import HAN, is_small_word, read_words
from exchange.search.reading.category import everyday_words
from exchange.search.understanding.lexicon import LONGEST_WORD
from exchange.taxonomy.categories import taxonomy

_DATA = Path(__file__).parent / "data"
_SENTENCE = re.compile(rf"[{HAN}]+|[^\W\d_{HAN}]+")

Cut = Callable[[str], Sequence[str]]


def count_words(documents: Iterable[str], cut: Cut) -> Counter[str]:
    """In how many documents each word stands, and each pair of neighbouring words.

    Pairs tell 心理辅导 from 心里辅导 where the cut knows only the halves. Pairs with a word that
    says little, and pairs across punctuation, do not count. ``cut`` is ``Analyzer.cut``.
    """
    counts: Counter[str] = Counter()
    for document in documents:
        counts.update(set(words_and_pairs(document, cut)))
    return counts


def words_and_pairs(document: str, cut: Cut) -> Iterator[str]:
    """The words of one document, single characters too, and neighbours that fit into one word."""
    for piece in _SENTENCE.findall(document):
        words = cut(piece)
        yield from words
        for one, other in pairwise(words):
            pair = one + other
            fits = len(pair) <= LONGEST_WORD and not pair.isascii()
            if fits and not (is_small_word(one) or is_small_word(other)):
                yield pair


def trade_words() -> Iterator[str]:
    """Words of the taxonomy and of the dictionaries of this room, in small letters."""
    for category in taxonomy().categories.values():
        yield from (category.zh, *category.alternatives)
        yield from _letters(category.en)
    for words in everyday_words().values():
        for word in words:
            yield from _letters(word) if word.isascii() else (word,)
    yield from read_words(_DATA / "goods.txt")
    yield from read_words(_DATA / "rural.txt")


def _letters(text: str) -> list[str]:
    """English words of a name, without those that say little."""
    words = re.findall(r"[a-z]{2,}", text.lower())
    return [word for word in words if not is_small_word(word)]
