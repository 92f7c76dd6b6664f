"""What a project may be made from besides a need: a later room that knows says how to read it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from sqlalchemy.orm import Session

from exchange.kernel.act import House
from exchange.kernel.actor import Actor
from exchange.listings.models import Listing

MATCHES = "projects.matches"


@dataclass(frozen=True)
class Origin:
    """What is handed over: words to start from, where, who leads, who is asked to take part.

    ``by_worker``: the reader is neither side but the social worker who looks after it.
    """

    title: str
    leader_id: int
    places: tuple[str, ...] = ()
    partners: tuple[int, ...] = ()
    needs: tuple[Listing, ...] = ()
    category_code: str | None = None
    groups: tuple[str, ...] = ()
    by_worker: bool = False

    @property
    def met(self) -> tuple[int, ...]:
        """Ids of needs that come along also where the match has met them already."""
        return tuple(need.id for need in self.needs)


# Raises NotFound for whoever may not make a project from it.
ReadMatch = Callable[[Session, Actor, str], Origin]


def set_match_reader(house: House, read: ReadMatch) -> None:
    """Say how a match is read. The later room calls this while it registers."""
    house.resources[MATCHES] = read


def match_reader(house: House) -> ReadMatch | None:
    """How a match is read, where there are matches."""
    return cast("ReadMatch | None", house.resources.get(MATCHES))
