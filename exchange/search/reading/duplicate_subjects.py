"""Whether two needs are about one thing: by the concepts that they name, and where one post was
written after another by what their titles do not share.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import chain, product

from exchange.search.reading.concepts import Sort, dictionary
from exchange.search.reading.duplicate_facts import (
    Content,
    Ground,
    Likeness,
    NeedFacts,
    content_of,
)
from exchange.search.reading.quantity import base_amounts
from exchange.search.reading.subjects import (
    ALIKE,
    OF_GOODS,
    SHOWN,
    STEP,
    TOO_WIDE,
    Subject,
    main_objects,
    nearness_of,
    objects_meet,
)

STEEP, EVEN = 7.0, 0.40  # nats for each unit of the share in common, and where it says nothing
FEW, MOST = -1.5, 3.0
SAME_GOODS = 0.5
OTHER_GOODS, OTHER_TITLES, ALONE = -5.0, -2.2, -1.6
WRITTEN_AFTER = 0.15  # texts with a greater cosine of words may have been written after one another
OTHER_SUBJECT = -60.0  # for each unit of that cosine above
ALIKE_WORDS, COPIED = 0.24, 0.3  # hardly anybody describes one need anew in so similar words
Near = Mapping[str, float]
Side = tuple[Content, Near]
BEST = MOST + SAME_GOODS  # what these signs say for a pair at most
# Sorts of one kind tell two titles apart: other goods, another trouble, other work, other people.
KINDS = {
    Sort.LIVING: "goods", Sort.MACHINE: "goods", Sort.THING: "goods", Sort.FORM: "goods",
    Sort.WORK: "work", Sort.TROUBLE: "trouble", Sort.ROLE: "role",
}  # fmt: skip
# What many titles of needs have in common, whatever they are about.
_FRAME = re.compile(
    r"滞销|销路|卖不[掉出完动]|没人[收要]|收购商?|求购|买家|找买|出售|急需|急求|需要|需求|想[办请要学找]?|"
    r"求[助捐]?|缺少?|要|请|找|帮忙?|我们?村|村里|村|培训班?|一[期批次些]|支援|支持|采购|谁家|谁"
)
_HAN = re.compile(r"[\u3400-\u9fff]+")
_LATIN = re.compile(r"[a-z]{3,}")


def subject_signs(one: NeedFacts, other: NeedFacts, like: Likeness) -> list[Ground]:
    """What the subjects of two needs say for or against their being one."""
    mine, theirs = content_of(one), content_of(other)
    forth, back = _nearest(mine.subjects, theirs.subjects)
    traded = one.category == other.category and one.category.startswith(OF_GOODS)
    found = (
        _shared((mine, forth), (theirs, back)),
        _goods((mine, forth), (theirs, back), traded=traded),
        _titles((mine, forth), (theirs, back)),
        _copied(mine, theirs, like),
    )
    return [ground for ground in found if ground]


def _nearest(mine: Sequence[Subject], theirs: Sequence[Subject]) -> tuple[Near, Near]:
    """For every concept of either side how near the nearest of the other side comes to it."""
    known = dictionary()
    forth = {one.id: 0.0 for one in mine}
    back = {one.id: 0.0 for one in theirs}
    for own, other in product(list(forth), list(back)):
        near = nearness_of(known, own, other)
        forth[own], back[other] = max(forth[own], near), max(back[other], near)
    return forth, back


def _shared(one: Side, other: Side) -> Ground | None:
    """The share of what either speaks of that the other speaks of, too: the mean of both ways,
    for the whole and for what the titles name.
    """
    if not one[0].subjects or not other[0].subjects:
        return None
    parts = [(part, near) for side, near in (one, other) for part in (side.subjects, side.named)]
    shares = [_share(part, near) for part, near in parts if part]
    weight = _within(STEEP * (sum(shares) / len(shares) - EVEN), FEW, MOST)
    spoken = sorted(
        (-subject.weight * near[subject.id], subject.id)
        for side, near in (one, other)
        for subject in side.subjects
        if near[subject.id] >= ALIKE
    )
    if not spoken or weight < 0:
        return Ground("concepts_few", weight)
    concepts = list(dict.fromkeys(key for _, key in spoken))[:SHOWN]
    return Ground("concepts_shared", weight, {"concepts": concepts})


def _share(part: Sequence[Subject], near: Near) -> float:
    met = sum(subject.weight * near[subject.id] for subject in part)
    return met / sum(subject.weight for subject in part)


def _within(value: float, least: float, most: float) -> float:
    return round(min(most, max(least, value)), 4)


def _goods(one: Side, other: Side, *, traded: bool) -> Ground | None:
    """The goods, animals or machines that both are mainly about; others count where the category
    is one of goods.
    """
    known = dictionary()
    sides = [
        [subject.id for subject in main_objects(known, side.subjects)] for side, _ in (one, other)
    ]
    if not all(sides):
        return None
    told = {"one_concepts": sides[0][:SHOWN], "other_concepts": sides[1][:SHOWN]}
    met = [
        any(near[key] >= ALIKE for key in keys)
        for keys, (_, near) in zip(sides, (one, other), strict=True)
    ]
    if all(met):
        return Ground("concept_goods", SAME_GOODS, told)
    if any(met) or not traded:
        return None
    verdict = objects_meet(known, one[0].subjects, other[0].subjects)
    differ = verdict is not None and not verdict.is_same
    return Ground("concept_goods_differ", OTHER_GOODS, told) if differ else None


def _titles(one: Side, other: Side) -> Ground | None:
    """Titles that name something of which the other need does not speak: both of them, above all
    where it is of one kind, or one of them goods. A trouble or a work that only one title names
    says nothing: who names the trouble often leaves the remedy to others.
    """
    own, others = _unmet(*one, ALIKE), _unmet(*other, ALIKE)
    if not (own and others):
        far, farther = _unmet(*one, STEP), _unmet(*other, STEP)
        if not far.keys() & farther.keys():
            goods = [*own.get("goods", ()), *others.get("goods", ())]
            return Ground("title_goods_alone", ALONE, {"concepts": goods}) if goods else None
        own, others = far, farther
    told = {"one_concepts": [*chain(*own.values())], "other_concepts": [*chain(*others.values())]}
    return Ground("titles_differ", OTHER_TITLES, told)


def _unmet(side: Content, near: Near, least: float) -> dict[str, list[str]]:
    """By kind the concepts of the title to which none of the other need comes so near."""
    found: dict[str, list[str]] = {}
    for subject in side.named:
        kind = _kind_of(subject.id)
        if kind and near[subject.id] < least:
            found.setdefault(kind, []).append(subject.id)
    return found


def _kind_of(key: str) -> str:
    """Its kind; none for what tells no two needs apart."""
    known = dictionary()
    return KINDS.get(known.concepts[key].sort, "") if known.specific(key) >= TOO_WIDE else ""


def _copied(mine: Content, theirs: Content, like: Likeness) -> Ground | None:
    """Against pairs that say the same of two things: a post that was copied and changed.

    Two who describe one need word it in their own ways. Where many words agree, what either title
    names and the other need does not is another subject: concepts of one kind, and, the more alike
    the words are, any concept or word that the own text repeats, and then any word.
    """
    if like.words is None or like.words <= WRITTEN_AFTER:
        return None
    own, others = _own_concepts(mine, theirs), _own_concepts(theirs, mine)
    kinds = own.keys() & others.keys()
    if kinds:
        names = [side[min(kinds)] for side in (own, others)]
    elif like.words < ALIKE_WORDS:
        return None
    else:
        repeated = like.words < COPIED or _share_a_name(mine.title, theirs.title)
        names = [
            _own_word(mine, theirs, repeated=repeated) or next(iter(own.values()), ""),
            _own_word(theirs, mine, repeated=repeated) or next(iter(others.values()), ""),
        ]
    if not all(names):
        return None
    weight = round(OTHER_SUBJECT * (like.words - WRITTEN_AFTER), 4)
    return Ground("subject_differs", weight, {"one_name": names[0], "other_name": names[1]})


def _own_concepts(mine: Content, theirs: Content) -> dict[str, str]:
    """By kind the name of a concept of the title that the other need names in no words."""
    spoken, bare = {one.id for one in theirs.subjects}, _bare(mine.title)
    foreign, found = f"{theirs.title}\n{theirs.text}", dict[str, str]()
    for one in mine.mentions:
        name, kind = mine.title[one.start : one.end], _kind_of(one.id)
        is_framed = not bare[one.start : one.end].strip()
        if kind and one.id not in spoken and name not in foreign and not is_framed:
            found.setdefault(kind, name)
    return found


def _own_word(mine: Content, theirs: Content, *, repeated: bool) -> str:
    """A word of the title, no concept of both, that the other need lacks; "" for none."""
    foreign, spoken = f"{theirs.title}\n{theirs.text}", {one.id for one in theirs.subjects}
    met = [(one.start, one.end) for one in mine.mentions if one.id in spoken]
    for start, end in _stretches(_bare(mine.title)):
        part = mine.title[start:end]
        is_met = any(first <= start and end <= last for first, last in met)
        if not is_met and part not in foreign and (part in mine.text or not repeated):
            return part
    return ""


def _stretches(title: str) -> Iterator[tuple[int, int]]:
    """Where pairs of Chinese characters and words of letters stand."""
    for run in _HAN.finditer(title):
        yield from ((at, at + 2) for at in range(run.start(), run.end() - 1))
    yield from (word.span() for word in _LATIN.finditer(title))


def _share_a_name(one: str, other: str) -> bool:
    first, second = _bare(one), _bare(other)
    blocks = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    shared = (first[block.a : block.a + block.size] for block in blocks)
    return any(_tells(run) for run in shared)


def _bare(title: str) -> str:
    """A folded title with blanks for amounts and for what frames it, of the same length."""
    for start, end, _name in base_amounts(title):
        title = title[:start] + " " * (end - start) + title[end:]
    return _FRAME.sub(lambda match: " " * len(match.group()), title)


def _tells(run: str) -> bool:
    """Whether a stretch of a title names something: two characters, or a word of letters."""
    return any(len(part) > 1 for part in _HAN.findall(run)) or _LATIN.search(run) is not None
