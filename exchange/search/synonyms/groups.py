"""Words that mean the same, as one immutable value that a question is looked up in.

Groups are not chained: where 孩子 stands in two groups, it has the words of both, but the words of
one group do not find those of the other.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

ARROW, BAR, OFF = "=>", "|", "- "
Place = tuple[int, int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class WordGroup:
    """Words that mean the same; ``one_way``: who asks for the first also finds the others."""

    words: tuple[str, ...]
    one_way: bool = False

    def as_line(self) -> str:
        """The group as it stands in a file."""
        if self.one_way:
            return f"{self.words[0]} {ARROW} {f' {BAR} '.join(self.words[1:])}"
        return f" {BAR} ".join(self.words)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file of synonyms: its number, from 1, the group, and whether it is off."""

    number: int
    group: WordGroup
    is_off: bool = False


class Synonyms:
    """What else to look for. Build it from groups whose words are normalised.

    A word of Latin letters is known in the plural too, and only between word borders.
    """

    __slots__ = ("_lengths", "_others")

    def __init__(self, groups: Iterable[WordGroup] = ()) -> None:
        others: dict[str, dict[str, None]] = defaultdict(dict)
        for group in groups:
            for word in group.words[:1] if group.one_way else group.words:
                for spelling in _spellings(word):
                    others[spelling].update(dict.fromkeys(w for w in group.words if w != word))
        self._others = {word: tuple(found) for word, found in others.items() if word and found}
        lengths: dict[str, set[int]] = defaultdict(set)
        for word in self._others:
            lengths[word[0]].add(len(word))
        self._lengths = {
            first: tuple(sorted(sizes, reverse=True)) for first, sizes in lengths.items()
        }

    def __len__(self) -> int:
        """How many words and phrases have others, plurals counted."""
        return len(self._others)

    def others(self, word: str) -> tuple[str, ...]:
        """What else to look for when somebody asks for this normalised word or phrase."""
        return self._others.get(word, ())

    def find(self, text: str) -> list[Place]:
        """Every word of a group in a normalised text: (start, end, what else to look for).

        From the left, the longest first, without overlaps.
        """
        found: list[Place] = []
        at, end = 0, len(text)
        while at < end:
            size = self._longest(text, at)
            if size:
                found.append((at, at + size, self._others[text[at : at + size]]))
            at += size or 1
        return found

    def _longest(self, text: str, at: int) -> int:
        """The length of the longest word that begins here; 0 where none does."""
        sizes = self._lengths.get(text[at])
        if sizes is None or _within_word(text, at):
            return 0
        for size in sizes:
            after = at + size
            known = after <= len(text) and text[at:after] in self._others
            if known and not _within_word(text, after):
                return size
        return 0


NO_SYNONYMS = Synonyms()


def build_synonyms(groups: Iterable[WordGroup], normalize: Callable[[str], str]) -> Synonyms:
    """The value made of groups as people wrote them."""
    return Synonyms(
        WordGroup(tuple(plain(word, normalize) for word in group.words), group.one_way)
        for group in groups
    )


def plain(word: str, normalize: Callable[[str], str]) -> str:
    """A word as it is looked up: normalised, with single blanks."""
    return " ".join(normalize(word).split())


def read_lines(text: str) -> list[Line]:
    """The groups of a file: ``a | b | c``, one way ``a => b | c``, ``- a | b`` when switched off.

    Blank lines and lines that begin with # are remarks. Nothing is checked; see
    ``synonym_rules.problem_of``.
    """
    lines = []
    for number, raw in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        is_off = line.startswith(OFF)
        lines.append(Line(number, _read_group(line.removeprefix(OFF)), is_off))
    return lines


def _read_group(line: str) -> WordGroup:
    first, arrow, rest = line.partition(ARROW)
    parts = [first, *rest.split(BAR)] if arrow else first.split(BAR)
    return WordGroup(tuple(" ".join(part.split()) for part in parts), bool(arrow))


def _spellings(word: str) -> tuple[str, ...]:
    """The word, and its plural when it is of Latin letters."""
    if not (word[-1:].isascii() and word[-1:].isalpha()) or word.endswith("s"):
        return (word,)
    ends_in_y = word.endswith("y") and word[-2:-1] not in "aeiou"
    return (word, f"{word[:-1]}ies" if ends_in_y else f"{word}s")


def _within_word(text: str, at: int) -> bool:
    """Whether letters or digits of an alphabet stand on both sides of this place."""
    return 0 < at < len(text) and _is_latin(text[at - 1]) and _is_latin(text[at])


def _is_latin(char: str) -> bool:
    return char < "\u2e80" and char.isalnum()
