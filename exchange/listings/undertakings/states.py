"""How far the needs of an undertaking are: listings knows of no matches. The later room that does
says once, while it registers, how to tell.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from sqlalchemy.orm import Session

from exchange.kernel.act import House
from exchange.kernel.actor import Actor
from exchange.listings.models import Listing
from exchange.listings.undertakings.rules import PartState, state_alone

STATES = "listings.part_states"
# Of open needs, those of which the actor may know; suggestions are looked at only where asked for.
Tell = Callable[[Session, House, Actor, Sequence[Listing], bool], Mapping[int, PartState]]


def set_part_states(house: House, tell: Tell) -> None:
    """Say how far open needs are. The later room calls this while it registers."""
    house.resources[STATES] = tell


def part_states(
    session: Session,
    house: House,
    actor: Actor,
    needs: Sequence[Listing],
    *,
    suggested: bool = False,
) -> dict[int, PartState]:
    """By need; open ones of which the actor may not know how they stand are left out."""
    alone = {need.id: state_alone(need.state) for need in needs}
    known = {key: state for key, state in alone.items() if state is not None}
    waiting = [need for need in needs if need.id not in known]
    tell = cast("Tell | None", house.resources.get(STATES))
    told = tell(session, house, actor, waiting, suggested) if tell and waiting else {}
    return {**known, **told}
