"""How words may be read: the main reading, and those with another common one of a character."""

from collections.abc import Iterator

from exchange.kernel.readings import phrase_reading, readings_of

MOST_OF_WORD = 6


def main_reading(word: str) -> tuple[str, ...]:
    """One syllable for each character, as the dictionary of phrases reads it; empty if unknown."""
    known = phrase_reading(word)
    if known:
        return known
    each = [readings_of(character) for character in word]
    return tuple(one[0] for one in each) if all(each) else ()


def word_readings(word: str) -> Iterator[tuple[str, ...]]:
    """The main reading, then those that differ in one character."""
    main = main_reading(word)
    if not main:
        return
    yield main
    left = MOST_OF_WORD - 1
    for at, character in enumerate(word):
        for other in readings_of(character):
            if other != main[at] and left:
                left -= 1
                yield (*main[:at], other, *main[at + 1 :])
