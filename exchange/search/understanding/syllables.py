"""The syllables of pinyin without tones, and how a run of letters falls into them.

``v`` stands for ü. Letters are small and plain.
"""

from collections.abc import Iterator
from functools import lru_cache

LONGEST_SYLLABLE = 6
MOST_SYLLABLES = 6  # of a word
MOST_PATHS = 96  # ways to cut that are followed from one letter on

_FINALS = {
    "": "a ai an ang ao e ei en er o ou",
    "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "m": "a ai an ang ao ei en eng i ian iao ie in ing iu o ou u",
    "f": "a an ang ei en eng o ou u",
    "d": "a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo",
    "t": "a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo",
    "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan uo v ve",
    "l": "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu ong ou u uan un uo v ve",
    "g": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "k": "a ai an ang ao e en eng ong ou u ua uai uan uang ui un uo",
    "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "q": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "zh": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "ch": "a ai an ang ao e en eng i ong ou u uai uan uang ui un uo",
    "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "r": "an ang ao e en eng i ong ou u uan ui un uo",
    "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "c": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "y": "a an ang ao e i in ing ong ou u uan ue un",
    "w": "a ai an ang ei en eng o u",
}
SYLLABLES = frozenset(
    initial + final for initial, finals in _FINALS.items() for final in finals.split()
)
INITIALS = frozenset(_FINALS) - {""} | frozenset("aeo")
_FLAT_INITIALS = {"zh": "z", "ch": "c", "sh": "s"}
_FLAT_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))


@lru_cache(maxsize=1024)
def flattened(syllable: str) -> str:
    """The syllable as southern ears may hear it: zh=z, ch=c, sh=s, n=l, hu=f, ang=an and so on."""
    for long, short in _FLAT_INITIALS.items():
        if syllable.startswith(long):
            syllable = short + syllable[2:]
    if syllable.startswith("n"):
        syllable = "l" + syllable[1:]
    elif syllable.startswith("hu"):
        syllable = "f" + (syllable[2:] or "u")
    for long, short in _FLAT_FINALS:
        if syllable.endswith(long):
            return syllable[: -len(long)] + short
    return syllable


_HEARD = SYLLABLES | frozenset(map(flattened, SYLLABLES))  # len is no syllable, but heard for leng


def plain_letters(letters: str) -> str:
    """Small letters with ü as v, and lue, nue as the dictionaries write them."""
    return letters.replace("ü", "v").replace("lue", "lve").replace("nue", "nve")


def words_from(
    letters: str, start: int, ends: frozenset[int]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Every cut of letters from ``start`` into 1 to 6 syllables, as (end, syllables).

    No syllable crosses one of ``ends``, the places where the writer put a gap.
    """
    waiting: list[tuple[int, tuple[str, ...]]] = [(start, ())]
    followed = 0
    while waiting and followed < MOST_PATHS:
        at, path = waiting.pop()
        for size in range(1, LONGEST_SYLLABLE + 1):
            end = at + size
            if end > len(letters) or (size > 1 and end - 1 in ends):
                break
            if letters[at:end] in _HEARD:
                followed += 1
                longer = (*path, letters[at:end])
                yield end, longer
                if len(longer) < MOST_SYLLABLES:
                    waiting.append((end, longer))


@lru_cache(maxsize=4096)
def as_parts(letters: str) -> tuple[str, ...]:
    """The fewest whole syllables and first letters that make up a token; empty if none do.

    >>> as_parts("lengk")
    ('leng', 'k')
    """
    best: dict[int, tuple[str, ...]] = {0: ()}
    for at in range(len(letters)):
        if at not in best or len(best[at]) >= MOST_SYLLABLES:
            continue
        for size in range(1, LONGEST_SYLLABLE + 1):
            part = letters[at : at + size]
            if len(part) == size and (part in SYLLABLES or part in INITIALS):
                longer = (*best[at], part)
                known = best.get(at + size)
                if known is None or len(longer) < len(known):
                    best[at + size] = longer
    return best.get(len(letters), ())
