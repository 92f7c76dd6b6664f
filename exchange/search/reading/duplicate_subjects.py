"""Whether two needs are about one thing: by the concepts that they name, and where one post was
written after another by what their titles do not share.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

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
    STATES,
    TOO_WIDE,
    Subject,
    main_objects,
    meeting,
    nearness_of,
    objects_meet,
)

STEEP, EVEN = 7.0, 0.40  # nats for each unit of the share in common, and where it says nothing
FEW, MOST = -1.5, 3.0
SAME_GOODS = 0.7
OTHER_GOODS, OTHER_TITLES, OTHER_KIND = -5.0, -2.5, -1.2
WRITTEN_AFTER = 0.2  # texts with this cosine of words may have been written after one another
COPIED = 0.3
OTHER_SUBJECT = -6.0
BEST = MOST + SAME_GOODS  # what these signs say for a pair at most
# Sorts of one kind tell two titles apart: other goods, another trouble or work, other people to do it.
KINDS = {
    Sort.LIVING: "goods", Sort.MACHINE: "goods", Sort.THING: "goods", Sort.FORM: "goods",
    Sort.WORK: "work", Sort.TROUBLE: "work", Sort.ROLE: "role",
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
    found = (
        _shared(mine, theirs),
        _goods(one, other, mine, theirs),
        _titles(mine, theirs),
        _copied(mine, theirs, like),
    )
    return [ground for ground in found if ground]


def _shared(mine: Content, theirs: Content) -> Ground | None:
    """The share of what either speaks of that the other speaks of, too, the mean of both ways."""
    forth = meeting(dictionary(), mine.subjects, theirs.subjects)
    back = meeting(dictionary(), theirs.subjects, mine.subjects)
    if forth is None or back is None:
        return None
    weight = round(min(MOST, max(FEW, STEEP * ((forth.share + back.share) / 2 - EVEN))), 4)
    concepts = list(dict.fromkeys((*forth.shared, *back.shared)))
    if not concepts or weight < 0:
        return Ground("concepts_few", weight)
    return Ground("concepts_shared", weight, {"concepts": concepts})


def _goods(one: NeedFacts, other: NeedFacts, mine: Content, theirs: Content) -> Ground | None:
    known = dictionary()
    verdicts = [
        objects_meet(known, mine.subjects, theirs.subjects),
        objects_meet(known, theirs.subjects, mine.subjects),
    ]
    if None in verdicts:
        return None
    same = [verdict.is_same for verdict in verdicts if verdict]
    if all(same):
        return Ground("concept_goods", SAME_GOODS, _both(mine, theirs))
    if any(same) or one.category != other.category or not one.category.startswith(OF_GOODS):
        return None
    return Ground("concept_goods_differ", OTHER_GOODS, _both(mine, theirs))


def _both(mine: Content, theirs: Content) -> dict[str, list[str]]:
    known = dictionary()
    return {
        "one_concepts": [subject.id for subject in main_objects(known, mine.subjects)],
        "other_concepts": [subject.id for subject in main_objects(known, theirs.subjects)],
    }


def _titles(mine: Content, theirs: Content) -> Ground | None:
    """Titles that each name something of which the other need does not speak."""
    own, others = _unmet(mine.named, theirs.subjects), _unmet(theirs.named, mine.subjects)
    if not own or not others:
        return None
    alike = {kind for kind, _ in own} & {kind for kind, _ in others}
    told = {"one_concepts": [key for _, key in own], "other_concepts": [key for _, key in others]}
    return Ground("titles_differ", OTHER_TITLES if alike else OTHER_KIND, told)


def _unmet(named: Sequence[Subject], spoken: Sequence[Subject]) -> list[tuple[str, str]]:
    """Kinds and ids of what a title names and the other need does not speak of."""
    known = dictionary()
    return [
        (KINDS[sort], subject.id)
        for subject in named
        if (sort := known.concepts[subject.id].sort) in KINDS
        and subject.id not in STATES
        and known.specific(subject.id) >= TOO_WIDE
        and not any(nearness_of(known, subject.id, one.id) >= ALIKE for one in spoken)
    ]


def _copied(mine: Content, theirs: Content, like: Likeness) -> Ground | None:
    """Against pairs that say the same of two things: a post that was copied and changed.

    Two who describe one need word it in their own ways. Where many words agree, what either title
    names and its text repeats, and the other does not say at all, is another subject.
    """
    if like.words is None or like.words < WRITTEN_AFTER:
        return None
    framed = like.words >= COPIED and not _share_a_name(mine.title, theirs.title)
    own, others = _own_name(mine, theirs, framed), _own_name(theirs, mine, framed)
    if not own or not others:
        return None
    return Ground("subject_differs", OTHER_SUBJECT, {"one_name": own, "other_name": others})


def _own_name(mine: Content, theirs: Content, unrepeated: bool) -> str:
    """The longest stretch of a title that the other need lacks and the own text repeats."""
    foreign = f"{theirs.title}\n{theirs.text}"
    title = _bare(_without_met(mine, theirs))
    stretches = [
        part for part in _stretches(title, foreign) if unrepeated or part in mine.text
    ]
    return max(stretches, key=len, default="")


def _stretches(title: str, foreign: str) -> Iterator[str]:
    """Pairs of Chinese characters and words of letters of which the other says nothing."""
    for run in _HAN.findall(title):
        yield from (run[at : at + 2] for at in range(len(run) - 1) if run[at : at + 2] not in foreign)
    yield from (word for word in _LATIN.findall(title) if word not in foreign)


def _without_met(mine: Content, theirs: Content) -> str:
    """The title without the concepts of which the other speaks in other words."""
    known, signs = dictionary(), list(mine.title)
    for mention in mine.mentions:
        if any(nearness_of(known, mention.id, one.id) >= ALIKE for one in theirs.subjects):
            signs[mention.start : mention.end] = " " * (mention.end - mention.start)
    return "".join(signs)


def _share_a_name(one: str, other: str) -> bool:
    first, second = _bare(one), _bare(other)
    blocks = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    shared = (first[block.a : block.a + block.size] for block in blocks)
    return any(_tells(run) for run in shared)


def _bare(title: str) -> str:
    """A folded title without amounts, and with a blank for what frames it."""
    for start, end, _name in reversed(base_amounts(title)):
        title = f"{title[:start]} {title[end:]}"
    return _FRAME.sub(" ", title)


def _tells(run: str) -> bool:
    """Whether a stretch of a title names something: two characters, or a word of letters."""
    return any(len(part) > 1 for part in _HAN.findall(run)) or _LATIN.search(run) is not None
