"""What came of the matches of a project's needs: projects knows of no matches. The later room that
does says once, while it registers, how to tell.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy.orm import Session

from exchange.kernel.act import House

OUTCOMES = "projects.outcomes"
LEAST_PEOPLE = 5  # what fewer people earn more is theirs to tell


@dataclass(frozen=True)
class Carried:
    """The outcome of one match that both sides have confirmed; amounts in thousandths, money in
    fen for as long as ``period`` says.
    """

    listing_id: int
    match_public_id: str
    delivered_milli: int | None
    unit: str
    people: int
    income_fen: int | None = None
    income_period: str = ""
    saved_fen: int | None = None
    saved_period: str = ""


Tell = Callable[[Session, Sequence[int]], Sequence[Carried]]


@dataclass(frozen=True)
class Summed:
    """Outcomes summed up: per unit, people as each match counts them, money per period."""

    matches: int
    needs: frozenset[int]
    by_unit: tuple[tuple[str, int], ...]
    people: int
    income: tuple[tuple[str, int], ...]
    saved: tuple[tuple[str, int], ...]


def set_outcomes(house: House, tell: Tell) -> None:
    """Say what came of needs. The later room calls this while it registers."""
    house.resources[OUTCOMES] = tell


def outcomes_of(session: Session, house: House, need_ids: Iterable[int]) -> Sequence[Carried]:
    """The confirmed outcomes of these needs, for whoever asks."""
    wanted = sorted(set(need_ids))
    tell = cast("Tell | None", house.resources.get(OUTCOMES))
    return tell(session, wanted) if tell and wanted else ()


def summed(outcomes: Sequence[Carried], *, with_money_of_few: bool = False) -> Summed:
    """The sums. What fewer than five people earn or save is left out, unless it is asked for."""
    told = [one for one in outcomes if with_money_of_few or one.people >= LEAST_PEOPLE]
    units = ((one.unit, one.delivered_milli) for one in outcomes)
    return Summed(
        matches=len(outcomes),
        needs=frozenset(one.listing_id for one in outcomes),
        by_unit=_sums(units),
        people=sum(one.people for one in outcomes),
        income=_sums((one.income_period, one.income_fen) for one in told),
        saved=_sums((one.saved_period, one.saved_fen) for one in told),
    )


def _sums(pairs: Iterable[tuple[str, int | None]]) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = defaultdict(int)
    for name, amount in pairs:
        if amount:
            found[name] += amount
    return tuple(sorted(found.items()))
