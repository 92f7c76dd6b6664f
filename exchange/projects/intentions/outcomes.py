"""What has become of an accepted intention for a need: brokering says it, this room shows it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import cast

from sqlalchemy.orm import Session

from exchange.kernel.act import House
from exchange.kernel.actor import Actor

KEY = "intention_outcomes"


@dataclass(frozen=True)
class Outcome:
    """The offer that was made of it and the match, by public ids; None where the reader may not
    know of it yet. ``state`` is the match's; ``waits`` a code of what stands in the way.
    """

    offer: str | None = None
    match: str | None = None
    state: str | None = None
    waits: str = ""


Reader = Callable[[Session, Actor, Collection[int]], Mapping[int, Outcome]]


def set_outcomes(house: House, reader: Reader) -> None:
    """Let brokering tell, for the ids of intentions, what has become of them."""
    house.resources[KEY] = reader


def outcomes_of(
    house: House, session: Session, actor: Actor, intention_ids: Collection[int]
) -> Mapping[int, Outcome]:
    """What has become of these; those without anything are left out."""
    reader = cast("Reader | None", house.resources.get(KEY))
    return reader(session, actor, intention_ids) if reader and intention_ids else {}
