"""How Chinese words are read: pinyin without tones, with every common reading of a character."""

from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache

from pypinyin.phrases_dict import phrases_dict
from pypinyin.pinyin_dict import pinyin_dict

COMMON_SHARE = 0.07  # of the phrases with a character in which a reading of it is heard
MOST_OF_WORD = 6
_PLAIN = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü", "aaaaeeeeiiiioooouuuuvvvvv")


@lru_cache(maxsize=8192)
def readings_of(character: str) -> tuple[str, ...]:
    """The common readings of one character, the usual first; none for what is not Chinese.

    The table also lists readings of old books and of names. Those count that are heard in phrases;
    of a character without phrases the first counts.
    """
    listed = pinyin_dict.get(ord(character), "")
    plain = (one.translate(_PLAIN) for one in listed.split(",") if one)
    kept = list(dict.fromkeys(one for one in plain if one.isascii() and one.isalpha()))
    if len(kept) < 2:
        return tuple(kept)
    heard = _heard_in_phrases().get(character, Counter())
    needed = COMMON_SHARE * heard.total()
    common = [one for one in kept if heard[one] and heard[one] >= needed]
    return tuple(sorted(common, key=lambda one: -heard[one])) or tuple(kept[:1])


@cache
def _heard_in_phrases() -> dict[str, Counter[str]]:
    """For each character, in how many phrases of the dictionary it has each reading."""
    plain: dict[str, str] = {}
    heard: dict[str, Counter[str]] = {}
    for phrase, listed in phrases_dict.items():
        for character, (toned, *_others) in zip(phrase, listed, strict=False):
            syllable = plain.get(toned)
            if syllable is None:
                syllable = plain[toned] = toned.translate(_PLAIN)
            heard.setdefault(character, Counter())[syllable] += 1
    return heard


def main_reading(word: str) -> tuple[str, ...]:
    """One syllable for each character, as the dictionary of phrases reads it; empty if unknown."""
    listed = phrases_dict.get(word)
    if listed and len(listed) == len(word):
        return tuple(one[0].translate(_PLAIN) for one in listed)
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
