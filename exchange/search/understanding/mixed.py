"""A word begun in characters and ended in letters, or the other way round: 冷ku, leng库."""

from collections.abc import Iterator
from itertools import islice, product

from exchange.kernel.readings import readings_of
from exchange.search.understanding.areas import Token, han_after, han_before
from exchange.search.understanding.lexicon import Lexicon
from exchange.search.understanding.rewriting import Alternative, Kind, Piece
from exchange.search.understanding.syllables import as_parts, plain_letters

MOST_CHARACTERS = 3  # beside the letters, on each side
MOST_LETTERS = 18
MOST_READINGS = 4
MOST_ALTERNATIVES = 4


def mixed_piece(lexicon: Lexicon, plain: str, text: str, token: Token) -> Piece | None:
    """The word that a token makes with the characters that touch it, as many as possible."""
    letters = plain_letters(token.letters)
    parts = as_parts(letters)
    if not parts or len(letters) > MOST_LETTERS or text[token.start : token.end].isupper():
        return None
    before = han_before(plain, token.start)[-MOST_CHARACTERS:]
    after = han_after(plain, token.end)[:MOST_CHARACTERS]
    sizes = product(range(len(before) + 1), range(len(after) + 1))
    for left, right in sorted(sizes, key=lambda two: -sum(two)):
        if left + right:
            head, tail = before[len(before) - left :], after[:right]
            found = tuple(islice(_words(lexicon, head, parts, tail), MOST_ALTERNATIVES))
            if found:
                start, end = token.start - left, token.end + right
                return Piece(start, end, text[start:end], found)
    return None


def _words(lexicon: Lexicon, head: str, parts: tuple[str, ...], tail: str) -> Iterator[Alternative]:
    """Words that begin with head, end with tail, and are read like the parts between."""
    each = [readings_of(character) for character in head + tail]
    words: dict[str, None] = {}
    for syllables in islice(product(*each), MOST_READINGS):
        whole = (*syllables[: len(head)], *parts, *syllables[len(head) :])
        words |= dict.fromkeys(lexicon.abbreviated(whole) if len(whole) > 1 else ())
    fitting = [
        word
        for word in words
        if word.startswith(head) and word.endswith(tail) and len(word) > len(head + tail)
    ]
    total = sum(map(lexicon.count, fitting))
    believed = 0.85 if any(len(part) > 1 for part in parts) else 0.6
    for word in sorted(fitting, key=lambda one: (-lexicon.count(one), one)):
        share = lexicon.count(word) / total
        yield Alternative(word, round(believed * (0.6 + 0.4 * share), 3), Kind.PINYIN)
