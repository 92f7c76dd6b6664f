"""Make the tables of readings in exchange/kernel/data from the package pypinyin.

    PYTHONPATH=. python scripts/make_readings.py

The same version of pypinyin gives the same bytes. It is needed here and in tests only: its tables
take 60 MB of memory, ours three. What they say is in exchange/kernel/data/README.md.
"""

from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

from pypinyin import Style, lazy_pinyin
from pypinyin.phrases_dict import phrases_dict
from pypinyin.pinyin_dict import pinyin_dict

from exchange.kernel.readings import CHARACTERS, PHRASES

COMMON_SHARE = 0.07  # of the phrases with a character in which a reading of it is heard
PLAIN = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü", "aaaaeeeeiiiioooouuuuvvvvv")
# Read as usual, but in names of places they keep the next sign from a phrase: 雨露|白, not 雨|露白.
HOLDING = frozenset(("大车", "小车", "杨木", "红土", "养畜", "亲亲", "松柏", "雨露", "石羊"))
HEAD_CHARACTERS = "# Reading in a running text, common readings, characters that are read so.\n"
HEAD_PHRASES = "# Phrases not read as their characters are, and nine that hold others off.\n"


@cache
def common_readings(character: str) -> tuple[str, ...]:
    """The readings of a character that are heard in phrases, the usual first.

    The table also lists readings of old books and of names: these are left out. Of a character
    without phrases the first counts.
    """
    plain = (one.translate(PLAIN) for one in pinyin_dict.get(ord(character), "").split(","))
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
    heard: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for phrase, listed in phrases_dict.items():
        for character, (toned, *_others) in zip(phrase, listed, strict=False):
            heard[character][toned.translate(PLAIN)] += 1
    return heard


@cache
def running_reading(character: str) -> str:
    """The reading of a character that stands in no known phrase."""
    (reading,) = lazy_pinyin(character, style=Style.NORMAL)
    return str(reading)


def phrase_reading(phrase: str) -> tuple[str, ...]:
    """The reading of a phrase of the dictionary, one syllable for each sign."""
    return tuple(toned.translate(PLAIN) for toned, *_others in phrases_dict[phrase])


def characters_table() -> str:
    """What characters.tsv holds."""
    same: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for character in map(chr, sorted(pinyin_dict)):
        kind = running_reading(character), " ".join(common_readings(character))
        same[kind].append(character)
    lines = ("\t".join((*kind, "".join(same[kind]))) for kind in sorted(same))
    return HEAD_CHARACTERS + "".join(f"{line}\n" for line in lines)


def phrases_table() -> str:
    """What phrases.tsv holds."""
    lines = (
        f"{phrase}\t{' '.join(phrase_reading(phrase))}\n"
        for phrase in sorted(phrases_dict)
        if phrase in HOLDING or _is_read_its_own_way(phrase)
    )
    return HEAD_PHRASES + "".join(lines)


def _is_read_its_own_way(phrase: str) -> bool:
    """Whether a phrase is not read as its characters are, alone or in a running text."""
    read = phrase_reading(phrase)
    usual = tuple((*common_readings(character), "")[0] for character in phrase)
    return len(read) == len(phrase) and not read == usual == tuple(map(running_reading, phrase))


def write(path: Path, text: str) -> None:
    """Write a table and say how large it is."""
    path.write_text(text, encoding="utf-8", newline="\n")
    print(f"{path.name}: {len(text.splitlines()) - 1} lines, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    write(CHARACTERS, characters_table())
    write(PHRASES, phrases_table())
