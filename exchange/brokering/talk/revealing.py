"""The record of who was shown whose contact data, and what the person concerned reads of it."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from exchange.brokering.events import ContactRevealed
from exchange.brokering.matches import note_step
from exchange.brokering.models import ContactReveal, Match
from exchange.brokering.permissions import parties_of
from exchange.brokering.queries import reveal_of
from exchange.brokering.rules import Party
from exchange.kernel.act import Act
from exchange.kernel.errors import Forbidden
from exchange.listings.kinds import Side
from exchange.listings.models import Listing


def insist_consent(act: Act, match: Match, side: Side) -> None:
    """Raises Forbidden where the side has withdrawn its contact from the other side.

    Its own people and whoever brokers still see it.
    """
    if match.side(side).contact_withdrawn_at is None:
        return
    if not parties_of(act.actor, match) & {Party(side.value), Party.BROKER}:
        raise Forbidden("contact_withdrawn")


def note_reveal(act: Act, match: Match, side: Side, contact_id: int) -> None:
    """Put on record that the actor is shown this contact: each time, the first on the timeline."""
    person_id = act.actor.person_id
    if person_id is None or person_id == contact_id:
        return
    known = reveal_of(act.session, match.id, person_id, contact_id)
    if known is None:
        act.session.add(
            ContactReveal(
                match_id=match.id,
                shown_to_id=person_id,
                contact_id=contact_id,
                as_side=_looks_for(act, match, side),
                at=act.now,
                last_at=act.now,
                times=1,
            )
        )
        note_step(act, match, "contact_shown", side=side.value)
    else:
        known.last_at, known.times = act.now, known.times + 1
    act.emit(ContactRevealed(match_id=match.id, shown_to_id=person_id, contact_id=contact_id))


def _looks_for(act: Act, match: Match, side: Side) -> Side | None:
    parties = parties_of(act.actor, match)
    return side.other if Party(side.other.value) in parties else None


def reveals_of_person(
    session: Session,
    person_id: int,
    *,
    match_id: int | None = None,
    before_id: int | None = None,
    limit: int = 20,
) -> Sequence[ContactReveal]:
    """Who was shown the contact of this person, the newest first."""
    query = sa.select(ContactReveal).where(ContactReveal.contact_id == person_id)
    if match_id is not None:
        query = query.where(ContactReveal.match_id == match_id)
    if before_id is not None:
        query = query.where(ContactReveal.id < before_id)
    whole = joinedload(ContactReveal.match, innerjoin=True)
    query = query.options(
        joinedload(ContactReveal.shown_to, innerjoin=True),
        whole.joinedload(Match.need, innerjoin=True).joinedload(
            Listing.organisation, innerjoin=True
        ),
        whole.joinedload(Match.offer, innerjoin=True).joinedload(
            Listing.organisation, innerjoin=True
        ),
        whole.selectinload(Match.sides),
    )
    return session.scalars(query.order_by(ContactReveal.id.desc()).limit(limit)).all()
