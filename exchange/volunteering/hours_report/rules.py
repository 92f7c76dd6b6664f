"""Sums of approved hours, and which of them are too few people to be told. Pure rules on values."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

FEWEST = 5  # people whose sum is told to a reader who may not read their names


@dataclass(frozen=True)
class Entry:
    """What one person did for one organisation, in one place, of one kind of work.

    ``times`` counts shifts, ``minutes`` what was approved. ``may_be_named``: the reader may read
    who it was. ``left_out`` counts shifts whose approved hours they object to: they are in no sum.
    """

    organisation_id: int
    division_code: str
    work: str
    person_id: int
    times: int
    minutes: int
    may_be_named: bool
    left_out: int = 0


@dataclass(frozen=True)
class Sum:
    """People, shifts and minutes of a group; ``key`` is None for small groups taken together."""

    key: Hashable | None
    people: int
    times: int
    minutes: int

    @property
    def is_told(self) -> bool:
        """Whether its numbers stand there."""
        return self.people > 0


def sum_of(key: Hashable | None, entries: Sequence[Entry]) -> Sum:
    """All of these together; a person counts once."""
    return Sum(
        key,
        len({one.person_id for one in entries}),
        sum(one.times for one in entries),
        sum(one.minutes for one in entries),
    )


def sums_by(entries: Iterable[Entry], key: Callable[[Entry], Hashable]) -> list[Sum]:
    """The sums of each group, the most minutes first; ties by the key.

    Where the reader may not read who it was, groups of fewer than five people are taken together,
    with the next smallest ones until they are five: nobody can be worked out from the total.
    """
    known = list(entries)
    groups: dict[Hashable, list[Entry]] = {}
    for one in known:
        groups.setdefault(key(one), []).append(one)
    if all(one.may_be_named for one in known):
        return _ordered(sum_of(name, each) for name, each in groups.items())
    by_size = sorted(groups.items(), key=lambda pair: (sum_of(None, pair[1]).people, str(pair[0])))
    small: list[Entry] = []
    kept: list[Sum] = []
    for name, each in by_size:
        own, together = sum_of(name, each), sum_of(None, small)
        if own.people < FEWEST or (small and together.people < FEWEST):
            small.extend(each)
        else:
            kept.append(own)
    rest = [sum_of(None, small)] if small else []
    return [*_ordered(kept), *(hidden(one) for one in rest)]


def parted(entries: Iterable[Entry]) -> tuple[list[Entry], int]:
    """Those with something to sum up, and how many shifts are left out.

    Nothing is told of what is left out where the reader may not read who it was.
    """
    known = list(entries)
    left_out = sum(one.left_out for one in known if one.may_be_named)
    return [one for one in known if one.times], left_out


def total_of(entries: Iterable[Entry]) -> Sum:
    """All together; nothing is told of fewer than five whose names the reader may not read."""
    known = list(entries)
    found = sum_of("total", known)
    return found if all(one.may_be_named for one in known) else hidden(found)


def hidden(found: Sum) -> Sum:
    """The sum, without its numbers where they are of too few people."""
    return found if found.people >= FEWEST else Sum(found.key, 0, 0, 0)


def _ordered(sums: Iterable[Sum]) -> list[Sum]:
    return sorted(sums, key=lambda one: (-one.minutes, str(one.key)))
