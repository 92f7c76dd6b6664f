"""Whether one gives what the other takes, from what both writers want to do.

A seller is no answer to a seller, a vacancy none to somebody who looks for hands or for a lorry,
and a franchise none to somebody who wants to sell. What a text says is read in
``search.reading.stances``.
"""

from functools import cache

from exchange.search.reading.stances import Stance

# The stance of the one who offers that answers the stance of the one who needs.
_ANSWERS = {
    Stance.SELLS: Stance.BUYS,
    Stance.BUYS: Stance.SELLS,
    Stance.SEEKS_WORK: Stance.SEEKS_HANDS,
    Stance.SEEKS_HANDS: Stance.SEEKS_WORK,
    Stance.LETS: Stance.RENTS,
    Stance.RENTS: Stance.LETS,
}
# A vacancy answers nobody but who looks for work; who recruits agents wants no goods brought.
_ONLY_FOR = {
    Stance.SEEKS_HANDS: frozenset({Stance.SEEKS_WORK}),
    Stance.RECRUITS: frozenset({Stance.BUYS, Stance.SEEKS_WORK, Stance.RECRUITS}),
}


@cache
def direction_fit(asked: frozenset[Stance], given: frozenset[Stance]) -> tuple[float | None, str]:
    """1 where one gives what the other takes, 0 where both want the same thing, None unknown."""
    if any(_ANSWERS.get(stance) in given for stance in asked):
        return 1.0, "direction_fits"
    for_others = any(stance in given and not asked & only for stance, only in _ONLY_FOR.items())
    if asked & given or for_others:
        return 0.0, "direction_clashes"
    return None, ""
