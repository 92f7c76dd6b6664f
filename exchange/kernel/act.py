"""One act: one actor, one moment, one transaction.

A door opens it, a service verb works in it, and it commits when the door's block ends without
an error. Services never commit.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from exchange.kernel.actor import Actor
from exchange.kernel.clock import Clock, civil_date
from exchange.kernel.database import WRITES
from exchange.kernel.events import Event, EventBus
from exchange.kernel.secret_box import SecretBox
from exchange.kernel.settings import Settings

OPEN = "exchange_act_open"


@dataclass(frozen=True)
class House:
    """What lives as long as the application and is handed to every act."""

    settings: Settings
    clock: Clock
    bus: EventBus
    secrets: SecretBox
    resources: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Act:
    """What a service verb needs: the session to work in, who acts, when, and the house."""

    session: Session
    actor: Actor
    now: datetime
    house: House
    origin: str = ""

    @property
    def today(self) -> date:
        """The civil date of this act."""
        return civil_date(self.now, self.house.settings.time_zone)

    def emit(self, event: Event) -> None:
        """Tell the rooms that listen, within this transaction."""
        self.house.bus.publish(self, event)


def act_of(session: Session) -> Act | None:
    """The act that is open in a session, for those who listen to the session itself."""
    found = session.info.get(OPEN)
    return found if isinstance(found, Act) else None


@contextmanager
def open_act(
    house: House,
    get_session: Callable[[], Session],
    actor: Actor,
    origin: str = "",
) -> Iterator[Act]:
    """Open the one writing transaction of an act; commit at the end, roll back on any error.

    Acts do not nest: a second one in the same session would silently undo the first.
    """
    session = get_session()
    if session.info.get(OPEN):
        raise RuntimeError("an act is already open in this session: acts do not nest")
    session.rollback()
    session.info[OPEN] = True
    try:
        session.connection(execution_options={WRITES: True})
        act = Act(session=session, actor=actor, now=house.clock.now(), house=house, origin=origin)
        session.info[OPEN] = act
        yield act
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(OPEN, None)
