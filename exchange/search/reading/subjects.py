"""How near what one listing speaks of is to what the other speaks of, concept by concept.

Matching asks it of a need and an offer, the search for duplicates of two needs.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from exchange.search.reading.concepts import Dictionary, Mention, Sort

TITLE, TEXT = 1.5, 1.0  # what a mention counts
# How much a concept of each sort tells of what is asked.
TELLING = {
    Sort.LIVING: 1.0, Sort.MACHINE: 1.0, Sort.THING: 1.0, Sort.WORK: 1.0, Sort.TROUBLE: 1.0,
    Sort.ROLE: 0.8, Sort.PLACE: 0.7, Sort.FORM: 0.5, Sort.MONEY: 0.5, Sort.PEOPLE: 0.3,
}  # fmt: skip
STEP = 0.75  # what one step up or down the tree leaves
RELATED = 0.6
SIBLINGS = 0.25
ALIKE = 0.5  # from which on two concepts are shown as the same
AKIN = 0.1  # from which on two things may do for each other
SHOWN = 3
ASKED_LATELY = 500  # concepts whose neighbours are remembered
# Of these sorts two different ones do not stand in for each other: a cow is no pig.
EXCLUSIVE = frozenset({Sort.LIVING, Sort.THING, Sort.MACHINE})
# Forms that goods of any sort may have.
STATES = frozenset(
    f"form.{name}"
    for name in (
        "produce", "fresh", "frozen", "dried", "processed", "packaged", "graded", "ecoproduct",
        "seed", "seedling", "cutting", "rhizome", "powder",
    )
)  # fmt: skip
TOO_WIDE = 0.45  # less specific concepts ("crops") tell no goods apart
MAIN = 0.8  # share of the greatest weight, from which on goods are what a listing is about
# Categories in which other goods are no answer at all.
OF_GOODS = (
    "market.purchase", "market.ecommerce", "materials.", "equipment.", "funds.insurance",
    "training.craft", "technology.crop", "technology.livestock",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subject:
    """A concept that a listing speaks of (see ``concepts``), and what it counts."""

    id: str
    weight: float


@dataclass(frozen=True, slots=True)
class Meeting:
    """The share of what is asked, 0 to 1, and ids of the weightiest concepts that both speak of."""

    share: float
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Objects:
    """Whether the goods are the same, and the nearest pair of them."""

    is_same: bool
    asked: str
    given: str


def subjects_of(known: Dictionary, title: str, text: str) -> tuple[Subject, ...]:
    """What a listing speaks of, each concept once; those of the title count more."""
    return weigh_mentions(known, known.read(title), known.read(text))


def weigh_mentions(
    known: Dictionary, in_title: Sequence[Mention], in_text: Sequence[Mention]
) -> tuple[Subject, ...]:
    """As ``subjects_of``, of what was read already."""
    weights: dict[str, float] = {}
    for part, worth in ((in_title, TITLE), (in_text, TEXT)):
        for mention in part:
            if mention.is_refused:
                continue
            sort = known.concepts[mention.id].sort
            telling = worth * TELLING[sort] * known.specific(mention.id)
            weights[mention.id] = max(weights.get(mention.id, 0.0), telling)
    return tuple(Subject(key, weight) for key, weight in weights.items())


def refused_by(known: Dictionary, title: str, text: str) -> frozenset[str]:
    """What a listing says it does not want."""
    return refused_of(known.read(title), known.read(text))


def refused_of(*parts: Sequence[Mention]) -> frozenset[str]:
    """As ``refused_by``, of what was read already."""
    return frozenset(mention.id for part in parts for mention in part if mention.is_refused)


class _Neighbours(dict[str, float]):
    """How near others come to one concept, each worked out when it is first asked for."""

    def __init__(self, known: Dictionary, one: str) -> None:
        super().__init__()
        self._known = known
        self._one = one

    def __missing__(self, other: str) -> float:
        found = self[other] = _nearness(self._known, self._one, other)
        return found


@lru_cache(maxsize=ASKED_LATELY)
def _neighbours(known: Dictionary, one: str) -> _Neighbours:
    return _Neighbours(known, one)


def nearness_of(known: Dictionary, one: str, other: str) -> float:
    """1 the same, less for each step between a concept and one that contains it, and for those
    that answer each other or have a wider one in common.
    """
    return _neighbours(known, one)[other]


def _nearness(known: Dictionary, one: str, other: str) -> float:
    if one == other:
        return 1.0
    above, also = known.wider(one), known.wider(other)
    if other in above:
        return STEP ** above[other]
    if one in also:
        return STEP ** also[one]
    best = 0.0
    if _answers(known, above, also) or _answers(known, also, above):
        best = RELATED
    shared = [above[key] + also[key] for key in above.keys() & also.keys()]
    if shared:
        best = max(best, SIBLINGS * STEP ** (min(shared) - 2))
    return best


def _answers(known: Dictionary, above: Mapping[str, int], also: Mapping[str, int]) -> bool:
    return any(
        other in also for key, steps in above.items() if steps <= 1
        for other in known.concepts[key].related
    )


def meeting(
    known: Dictionary, asked: Sequence[Subject], given: Sequence[Subject]
) -> Meeting | None:
    """The share of what one speaks of, by weight, each part times the nearness of what comes
    nearest to it in the other; None where either says nothing.
    """
    if not asked or not given:
        return None
    others = [other.id for other in given]
    nearest = [max(map(_neighbours(known, one.id).__getitem__, others)) for one in asked]
    whole = sum(one.weight for one in asked)
    met = sum(one.weight * near for one, near in zip(asked, nearest, strict=True)) / whole
    shared = [
        (-one.weight * near, one.id)
        for one, near in zip(asked, nearest, strict=True)
        if near >= ALIKE
    ]
    return Meeting(met, tuple(key for _, key in sorted(shared)[:SHOWN]))


def objects_meet(
    known: Dictionary, asked: Sequence[Subject], given: Sequence[Subject]
) -> Objects | None:
    """Whether the other names the goods that one is about; None where either names none, and
    where they name different ones that may do for each other: a stove for a heater, but no cow
    for a pig.
    """
    mine, theirs = main_objects(known, asked), _objects(known, given)
    if not mine or not theirs:
        return None
    near, own, other = max(
        (nearness_of(known, one.id, other.id), one.id, other.id)
        for one in mine
        for other in theirs
    )
    if near >= ALIKE:
        return Objects(is_same=True, asked=own, given=other)
    rivals = [
        (nearness_of(known, one.id, other.id), _is_living(known, one), one.id, other.id)
        for one in mine
        for other in _main(theirs)
        if _is_living(known, one) == _is_living(known, other)
    ]
    if not rivals:
        return None
    near, _, own, other = max(rivals)
    if near >= AKIN and not any(living for _, living, _, _ in rivals):
        return None
    return Objects(is_same=False, asked=own, given=other)


def is_refused(known: Dictionary, refused: Collection[str], given: Sequence[Subject]) -> str:
    """What the other is about and this one does not want; "" for nothing of the kind."""
    if not refused:
        return ""
    main = [one.id for one in main_objects(known, given)]
    return next((key for key in main if any(wider in refused for wider in known.wider(key))), "")


def _main(objects: Sequence[Subject]) -> list[Subject]:
    most = max((one.weight for one in objects), default=0.0)
    return [one for one in objects if one.weight >= MAIN * most]


def _is_living(known: Dictionary, one: Subject) -> bool:
    return known.concepts[one.id].sort is Sort.LIVING


def _objects(known: Dictionary, some: Sequence[Subject]) -> list[Subject]:
    return [one for one in some if is_object(known, one.id)]


@lru_cache(maxsize=50_000)
def is_object(known: Dictionary, key: str) -> bool:
    """Whether a concept is goods, an animal or a machine, and none too wide to tell them apart."""
    sort = known.concepts[key].sort
    is_of_goods = sort in EXCLUSIVE or (sort is Sort.FORM and key not in STATES)
    return is_of_goods and known.specific(key) >= TOO_WIDE


def main_objects(known: Dictionary, some: Sequence[Subject]) -> list[Subject]:
    """The goods that a listing is about, in the order in which it speaks of them."""
    return _main(_objects(known, some))
