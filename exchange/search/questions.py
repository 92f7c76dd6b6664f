"""What a question asks for, and how it grows while its text is read."""

from dataclasses import dataclass

CROSSING_WEIGHT = 0.35  # of a bigram that lies across two words
STOP_WEIGHT = 0.15  # of a word that says little


@dataclass(frozen=True, slots=True)
class Group:
    """One thing a question asks for: any alternative will do, all terms of it are needed."""

    alternatives: tuple[tuple[str, ...], ...]
    required: bool = True


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a question that may also be said otherwise.

    ``terms`` are those of the question that stand in it, each of ``others`` the weighted terms of
    one other wording.
    """

    terms: tuple[str, ...]
    others: tuple[dict[str, float], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """An analysed question: what is required, excluded, and how much each term tells."""

    groups: tuple[Group, ...]
    phrases: tuple[tuple[str, ...], ...]
    excluded: tuple[tuple[str, ...], ...]
    weights: dict[str, float]
    spans: tuple[Span, ...] = ()

    @property
    def terms(self) -> tuple[str, ...]:
        """Every term that can earn a score, other wordings included, each once."""
        others = (term for span in self.spans for other in span.others for term in other)
        return tuple(dict.fromkeys((*self.weights, *others)))


@dataclass(frozen=True, slots=True)
class Inside:
    """What of a draft stands within a part of the question."""

    groups: tuple[int, ...]
    terms: tuple[str, ...]


class Draft:
    """The growing question, with the place of each group and term in it."""

    def __init__(self, amounts: list[tuple[int, int, str]]) -> None:
        self.amounts = {start: name for start, _, name in amounts}
        self._units = [(start + 1, end) for start, end, _ in amounts]
        self.start, self.end = 0, 0
        self.weights: dict[str, float] = {}
        self._groups: list[tuple[int, int, Group]] = []
        self._places: dict[str, tuple[int, int]] = {}

    @property
    def groups(self) -> list[Group]:
        return [group for _, _, group in self._groups]

    @property
    def has_required(self) -> bool:
        return any(group.required for group in self.groups)

    def all_required(self) -> list[Group]:
        """A question of small words only takes them seriously."""
        return [Group(group.alternatives) for group in self.groups]

    def all_terms(self) -> tuple[str, ...]:
        """The terms of the first alternatives of all groups."""
        return tuple(dict.fromkeys(term for group in self.groups for term in group.alternatives[0]))

    def stand(self, start: int, end: int) -> None:
        """What is added next stands here."""
        self.start, self.end = start, end

    def group(self, alternatives: tuple[tuple[str, ...], ...], *, required: bool) -> None:
        is_unit = any(start <= self.start < end for start, end in self._units)
        self._groups.append((self.start, self.end, Group(alternatives, required and not is_unit)))

    def add(self, alternatives: tuple[tuple[str, ...], ...], *, required: bool) -> None:
        self.group(alternatives, required=required)
        for terms in alternatives:
            for term in terms:
                self.set(term, 1.0 if required else STOP_WEIGHT)

    def weigh(self, term: str, weight: float) -> None:
        self.weights.setdefault(term, weight)
        self._places.setdefault(term, (self.start, self.end))

    def set(self, term: str, weight: float) -> None:
        crossing = self.weights.get(term) == CROSSING_WEIGHT
        self.weights[term] = weight if crossing else max(weight, self.weights.get(term, 0.0))
        self._places.setdefault(term, (self.start, self.end))

    def inside(self, start: int, end: int) -> Inside:
        """Whole groups and terms between two places of the question."""
        numbers = tuple(
            number
            for number, (first, last, _) in enumerate(self._groups)
            if start <= first and last <= end
        )
        terms = tuple(
            t for t, (first, last) in self._places.items() if start <= first and last <= end
        )
        return Inside(numbers, terms)

    def replace(self, inside: Inside, wordings: list[tuple[str, ...]]) -> None:
        """Let any of the wordings do in place of the groups inside."""
        some = [self._groups[number][2] for number in inside.groups]
        if not some:
            return
        own = tuple(dict.fromkeys(term for group in some for term in group.alternatives[0]))
        more = some[0].alternatives[1:] if len(some) == 1 else ()
        required = any(group.required for group in some)
        first = inside.groups[0]
        start, end, _ = self._groups[first]
        merged = Group((own, *more, *(terms for terms in wordings if terms)), required)
        self._groups[first] = (start, end, merged)
        for number in reversed(inside.groups[1:]):
            self._groups[number] = (start, end, Group(((),), required=False))
