"""Titles and texts of generated listings, put together from the vocabulary's phrases."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import TypeVar

from benchmarks.places import Place
from benchmarks.vocabulary import Goods, Phrases, Vocabulary

SHORTEST_TITLE, LONGEST_TITLE = 6, 24
SHORTEST_TEXT, LONGEST_TEXT = 20, 220
LONGEST_MIXED = 90  # a longer one counts as Chinese
MOST_SENTENCES = 9
STRIDES = (1, 7, 13, 17, 19, 23, 29)  # no divisor in common with how many sentences there are
LARGE = 10_000  # from here on amounts are said in ten thousands

T = TypeVar("T")
Gaps = Mapping[str, str | int]


class Writer:
    """Puts words together; all that is random comes from the one generator it is handed."""

    def __init__(self, words: Vocabulary, draw: Random) -> None:
        self._words = words
        self._random = draw.random

    def title_and_text(
        self, kind: str, lang: str, goods: Goods, amount: int, place: Place, terms: str
    ) -> tuple[str, str]:
        """Of a need, a sale or an offer (``kind``), in "zh", "en" or "mixed"."""
        english = lang == "en"
        phrases = self._words.en if english else self._words.zh
        gaps = self._gaps(phrases, goods, amount, place, english=english)
        wanted = SHORTEST_TEXT + int((LONGEST_TEXT - SHORTEST_TEXT) * self._random())
        sentences = [self.pick(phrases.firsts[kind]), self.pick(phrases.terms[terms])]
        if lang == "mixed":
            sentences.insert(1, self.pick(self._words.mixed))
            wanted = min(wanted, LONGEST_MIXED)
        text = self._text(sentences, phrases.more, gaps, wanted, " " if english else "")
        return self._title(phrases.titles[kind], gaps), text

    def pick(self, some: Sequence[T]) -> T:
        """One of them, all alike."""
        return some[int(self._random() * len(some))]

    def _gaps(
        self, phrases: Phrases, goods: Goods, amount: int, place: Place, *, english: bool
    ) -> Gaps:
        crops, draw = self._words.crops, self._random
        first, second = crops[int(draw() * len(crops))], crops[int(draw() * len(crops))]
        at = 1 if english else 0
        return {
            "g": goods.en if english else goods.zh,
            "a": f"{amount} {self._words.units_en[goods.unit]}" if english else said(amount, goods),
            "p": place.en if english else place.zh,
            "w": self.pick(phrases.when),
            "k": 2 + int(draw() * 96),
            "c": first[at],
            "d": second[at],
            "e": goods.en,
            "f": first[1],
        }

    def _title(self, templates: Sequence[str], gaps: Gaps) -> str:
        """The first that fits, from any place of the list on; else the goods alone."""
        start = int(self._random() * len(templates))
        for step in range(len(templates)):
            title = templates[(start + step) % len(templates)].format_map(gaps)
            if SHORTEST_TITLE <= len(title) <= LONGEST_TITLE:
                return title[0].upper() + title[1:]
        return str(gaps["g"])

    def _text(
        self, sentences: list[str], more: Sequence[str], gaps: Gaps, wanted: int, space: str
    ) -> str:
        """The first sentence, then others until it is about as long as wanted."""
        text = sentences[0].format_map(gaps)
        used, at, stride = 1, int(self._random() * len(more)), self.pick(STRIDES)
        while len(text) < wanted and used < MOST_SENTENCES:
            following = sentences[used] if used < len(sentences) else more[at % len(more)]
            longer = f"{text}{space}{following.format_map(gaps)}"
            if len(longer) > LONGEST_TEXT:
                break
            text, used, at = longer, used + 1, at + stride
        return text


def said(amount: int, goods: Goods) -> str:
    """The amount as people say it: 300公斤, 1.2万元; up to nine in words."""
    if amount >= LARGE:
        return f"{amount / LARGE:g}万{goods.unit}"
    few = "零一两三四五六七八九"
    return f"{few[amount]}{goods.unit}" if amount < len(few) else f"{amount}{goods.unit}"
