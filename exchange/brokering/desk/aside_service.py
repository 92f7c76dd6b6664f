"""Setting a suggested pair aside until a day, for oneself, and bringing it back."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from exchange.brokering.desk.aside_events import PairBroughtBack, PairSetAside
from exchange.brokering.desk.aside_models import PairAside
from exchange.brokering.desk.aside_rules import Until, day_of
from exchange.brokering.permissions import may_take_up
from exchange.kernel.act import Act
from exchange.kernel.actor import Actor
from exchange.kernel.errors import Conflict, Forbidden, NotFound
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.listings.permissions import can_see
from exchange.matching.models import Suggestion


def set_aside(act: Act, need_id: int, offer_id: int, until: Until) -> date:
    """The pair does not stand on the actor's desk until that day; others see it as before.

    Said again, the later word counts. Returns the day on which it comes back. Raises NotFound,
    Forbidden or Conflict as taking a pair up does.
    """
    need, offer = (act.session.get(Listing, key) for key in (need_id, offer_id))
    if need is None or offer is None:
        raise NotFound
    if not (can_see(act.actor, need) and can_see(act.actor, offer)):
        raise NotFound
    if need.side is not Side.NEED or offer.side is not Side.OFFER:
        raise Conflict("pair_wrong_side")
    if not may_take_up(act.actor, need) or act.actor.person_id is None:
        raise Forbidden("match_not_your_division")
    day, mine = day_of(until, act.today), PairAside.person_id == act.actor.person_id
    act.session.execute(sa.delete(PairAside).where(mine, PairAside.until <= act.today))
    key = (act.actor.person_id, need_id, offer_id)
    kept = act.session.get(PairAside, key, with_for_update=True, populate_existing=True)
    if kept is None:
        kept = PairAside(person_id=key[0], need_id=need_id, offer_id=offer_id)
        act.session.add(kept)
    kept.until, kept.set_at = day, act.now
    try:
        act.session.flush()
    except IntegrityError as error:  # the same tap twice
        raise Conflict("pair_aside_already") from error
    act.emit(PairSetAside(need_id, offer_id, day))
    return day


def bring_back(act: Act, need_id: int, offer_id: int) -> None:
    """The actor wants to see the pair again. Done twice it does no more."""
    if act.actor.person_id is None:
        raise Forbidden
    key = (act.actor.person_id, need_id, offer_id)
    kept = act.session.get(PairAside, key, with_for_update=True, populate_existing=True)
    if kept is None:
        return
    act.session.delete(kept)
    act.session.flush()
    act.emit(PairBroughtBack(need_id, offer_id))


def is_not_aside(actor: Actor, today: date) -> ColumnElement[bool]:
    """As a condition on Suggestion: the actor has not set the pair aside."""
    return sa.not_(
        sa.exists().where(
            PairAside.person_id == actor.person_id,
            PairAside.need_id == Suggestion.need_id,
            PairAside.offer_id == Suggestion.offer_id,
            PairAside.until > today,
        )
    )


def count_aside(session: Session, actor: Actor, today: date) -> int:
    """How many pairs the actor has set aside."""
    query = sa.select(sa.func.count()).select_from(PairAside)
    mine = query.where(PairAside.person_id == actor.person_id, PairAside.until > today)
    return session.scalar(mine) or 0
