"""Opening, renewing and closing the feed of one's own shifts."""

import secrets

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from exchange.accounts.models import Person
from exchange.kernel.act import Act
from exchange.kernel.database import new_public_id
from exchange.kernel.errors import SignInNeeded
from exchange.kernel.secret_box import SecretBox, UnreadableSecret
from exchange.volunteering.calendar.events import CalendarFeedClosed, CalendarFeedRenewed
from exchange.volunteering.calendar.models import CalendarFeed

RANDOM_BYTES = 24
TOKEN_LENGTH = 32  # characters of so many bytes in the alphabet of addresses


def renew_calendar(act: Act) -> str:
    """Give the actor's feed a new address, its first one too; returns the token.

    Raises SignInNeeded.
    """
    person_id = act.actor.person_id
    if person_id is None:
        raise SignInNeeded
    query = sa.select(Person.id).where(Person.id == person_id)
    act.session.execute(query.with_for_update(key_share=True)).all()  # two taps, one row
    return renew_for(act, person_id)


def renew_for(act: Act, person_id: int) -> str:
    """Likewise for a person, by subscribers."""
    token, box = secrets.token_urlsafe(RANDOM_BYTES), act.house.secrets
    feed = act.session.get(CalendarFeed, person_id, populate_existing=True)
    if feed is None:
        feed = CalendarFeed(person_id=person_id, public_id=new_public_id())
        act.session.add(feed)
    feed.token_hash = token_hash(box, token)
    feed.token_sealed = box.seal(token, _place(feed.public_id))
    feed.renewed_at = act.now
    act.session.flush()
    act.emit(CalendarFeedRenewed(person_id))
    return token


def close_calendar(act: Act, person_id: int) -> None:
    """Nobody reads the feed any more."""
    feed = act.session.get(CalendarFeed, person_id)
    if feed is not None:
        act.session.delete(feed)
        act.session.flush()
        act.emit(CalendarFeedClosed(person_id))


def own_token(session: Session, box: SecretBox, person_id: int | None) -> str | None:
    """The token of a person's feed, for themself; None without a feed."""
    feed = session.get(CalendarFeed, person_id) if person_id is not None else None
    if feed is None:
        return None
    try:
        return box.open(feed.token_sealed, _place(feed.public_id))
    except UnreadableSecret:
        return None


def feed_owner(session: Session, box: SecretBox, token: str) -> Person | None:
    """Whose shifts an address shows; None for an address that is nobody's."""
    query = (
        sa.select(CalendarFeed)
        .where(CalendarFeed.token_hash == token_hash(box, token))
        .options(joinedload(CalendarFeed.person, innerjoin=True))
    )
    feed = session.scalars(query).first()
    return feed.person if feed is not None and feed.person.closed_at is None else None


def token_hash(box: SecretBox, token: str) -> str:
    """The keyed hash by which a feed is found."""
    return box.lookup_hash(token, "volunteer_feed.token")


def _place(public_id: str) -> str:
    return f"volunteer_feed.token.{public_id}"
