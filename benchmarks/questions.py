"""What people might ask a generated site: words, places, phrases, questions, with filters or not.

Goods are drawn as often as the listings name them. Of a hundred questions 45 are one to four words,
8 a place, 7 a phrase, 15 a question, 14 English, 6 an owner's name, 5 are misspelt or in pinyin;
half of them carry filters.
"""

from bisect import bisect
from collections.abc import Iterator
from random import Random
from typing import NamedTuple
from urllib.parse import urlencode

from pypinyin import lazy_pinyin

from benchmarks.organisations import Owner
from benchmarks.places import Place, Places, some_places
from benchmarks.vocabulary import Goods, vocabulary, zipf_weights
from exchange.discovery.rules import SOON, URGENT, Asked, parameters
from exchange.listings.kinds import Side
from exchange.taxonomy.terms import Beneficiary, Terms

SHARES = (
    (0.45, "words"), (0.53, "place"), (0.60, "phrase"), (0.75, "question"), (0.89, "english"),
    (0.95, "owner"), (1.0, "misspelt"),
)  # fmt: skip
FILTERED = 0.5
QUESTIONS = (
    "谁家收{g}", "哪里有{g}", "{p}有没有{g}", "想找{g}找谁", "{g}怎么办", "有没有人提供{g}",
    "{g}在哪里买", "{p}附近哪里能租{g}",
)  # fmt: skip
ENGLISH = ("{e}", "{e} wanted", "{e} near {q}", "free {e}", "who has {e}", "{e} for villages")
WORDS = (
    "免费", "支持", "合作", "培训", "急需", "运输", "长期", "周末", "下乡", "价格", "订单", "指导",
)  # fmt: skip
BROAD = 0.4  # of the questions of words name a crop alone
SOUNDS_ALIKE = str.maketrans("茶梨椒菇薯鸡果苗训车包检", "查离焦姑属基过描训彻苞捡")


class GeneratedQuestion(NamedTuple):
    """A question and what sort it is."""

    sort: str
    asked: Asked

    @property
    def path(self) -> str:
        """The address of the search page for it."""
        return f"/search?{urlencode(list(parameters(self.asked)))}"


def questions(
    seed: int, owners: list[Owner], places: Places | None = None
) -> Iterator[GeneratedQuestion]:
    """Without end; the same seed, owners and places give the same."""
    draw = Random(f"{seed} questions")
    known = places or some_places()
    goods = vocabulary().goods
    sums = zipf_weights(len(goods))
    while True:
        one = goods[bisect(sums, draw.random())]
        place = draw.choice(draw.choice((known.counties, known.townships)))
        chance = draw.random()
        sort = next(name for limit, name in SHARES if chance < limit)
        text = _text(sort, one, place, draw.choice(owners), draw)
        asked = Asked(q=text)
        if draw.random() < FILTERED:
            asked = asked.but(**_filters(one, place, draw))
        yield GeneratedQuestion(sort, asked)


def _text(sort: str, goods: Goods, place: Place, owner: Owner, draw: Random) -> str:
    gaps = {"g": goods.zh, "p": place.zh, "e": goods.en, "q": place.en}
    match sort:
        case "place":
            return place.zh
        case "phrase":
            return f"“{goods.zh}”" if draw.random() < 0.6 else f'"{goods.zh}" {place.zh}'
        case "question":
            return draw.choice(QUESTIONS).format_map(gaps)
        case "english":
            return draw.choice(ENGLISH).format_map(gaps)
        case "owner":
            return owner.names[0]
        case "misspelt":
            return _misspelt(goods.zh, draw)
    first = draw.choice(vocabulary().crops)[0] if draw.random() < BROAD else goods.zh
    words = [first, *draw.sample((place.zh, *WORDS), draw.randrange(4))]
    return " ".join(words)


def _misspelt(text: str, draw: Random) -> str:
    """In pinyin, with characters that sound alike, or with two of them changed over."""
    chance = draw.random()
    if chance < 0.4:
        return (" " if chance < 0.2 else "").join(lazy_pinyin(text))
    alike = text.translate(SOUNDS_ALIKE)
    if chance < 0.8 and alike != text:
        return alike
    at = draw.randrange(len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _filters(goods: Goods, place: Place, draw: Random) -> dict[str, object]:
    """One to three of those that the page offers."""
    code = place.code
    offered: dict[str, object] = {
        "side": draw.choice(list(Side)).value,
        "division": code[: draw.choice((2, 4, 6))],
        "category": draw.choice((goods.category, goods.category.partition(".")[0])),
        "terms": (draw.choice(list(Terms)).value,),
        "beneficiaries": (draw.choice(list(Beneficiary)).value,),
        "urgency": URGENT,
        "ending": SOON,
        "state": "all",
    }
    count = draw.choice((1, 1, 2, 3))
    chosen = draw.choices(list(offered), weights=(10, 10, 6, 2, 1, 1, 1, 2), k=count)
    return {name: offered[name] for name in dict.fromkeys(chosen)}
