"""Reading saved searches, and what of the listings may be told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.elements import ColumnElement

from exchange.alerts.kinds import TOLD_RHYTHMS, Rhythm
from exchange.alerts.models import SavedSearch, SavedSearchItem
from exchange.discovery.queries import is_open
from exchange.kernel.actor import Actor
from exchange.kernel.errors import NotFound
from exchange.listings.models import Listing
from exchange.listings.permissions import visible_to
from exchange.listings.queries import loaded

PAGE = 2_000
MOST_RECENT = 500


@dataclass(frozen=True)
class Follower:
    """What matters of a saved search for weighing: not the whole row, there may be thousands."""

    search_id: int
    question: str
    since: datetime
    at_once: bool


def searches_of(session: Session, person_id: int) -> Sequence[SavedSearch]:
    """A person's saved searches, the newest first."""
    query = sa.select(SavedSearch).where(SavedSearch.person_id == person_id)
    return session.scalars(query.order_by(SavedSearch.id.desc())).all()


def count_of(session: Session, person_id: int) -> int:
    """How many saved searches the person has."""
    query = sa.select(sa.func.count()).where(SavedSearch.person_id == person_id)
    return session.scalar(query) or 0


def own_search(
    session: Session, person_id: int | None, public_id: str, *, lock: bool = False
) -> SavedSearch:
    """A person's own saved search. Raises NotFound for anybody else's."""
    query = sa.select(SavedSearch).where(
        SavedSearch.public_id == public_id, SavedSearch.person_id == person_id
    )
    found = session.scalars(query.with_for_update() if lock else query).first()
    if found is None:
        raise NotFound
    return found


def followed(session: Session, person_id: int, question_hash: str) -> SavedSearch | None:
    """The person's saved search of this very question."""
    query = sa.select(SavedSearch).where(
        SavedSearch.person_id == person_id, SavedSearch.question_hash == question_hash
    )
    return session.scalars(query).first()


def search_with_feed(session: Session, feed_hash: str) -> SavedSearch | None:
    """The saved search whose feed has this address, with its person."""
    query = sa.select(SavedSearch).where(SavedSearch.feed_hash == feed_hash)
    return session.scalars(query.options(joinedload(SavedSearch.person))).first()


def anybody_follows(session: Session) -> bool:
    """Whether anything is to be weighed for anybody."""
    return session.execute(sa.select(SavedSearch.id).where(_active()).limit(1)).first() is not None


def followers(session: Session) -> Iterator[list[Follower]]:
    """Every saved search of which somebody wants to be told, in pages by id."""
    columns = (SavedSearch.id, SavedSearch.question, SavedSearch.created_at, SavedSearch.rhythm)
    after = 0
    while True:
        query = sa.select(*columns).where(_active(), SavedSearch.id > after)
        rows = session.execute(query.order_by(SavedSearch.id).limit(PAGE)).all()
        if not rows:
            return
        yield [
            Follower(search_id, question, since, rhythm is Rhythm.AT_ONCE)
            for search_id, question, since, rhythm in rows
        ]
        after = rows[-1][0]


def questions_of(session: Session, search_ids: Sequence[int]) -> dict[int, str]:
    """The questions of these searches, in one query."""
    query = sa.select(SavedSearch.id, SavedSearch.question).where(SavedSearch.id.in_(search_ids))
    return dict(session.execute(query).all())


def due_with_news(session: Session, now: datetime) -> Sequence[int]:
    """Ids of the saved searches that have something to tell and whose moment has come."""
    query = sa.select(SavedSearch.id).where(_due(now), has_waiting())
    return session.scalars(query.order_by(SavedSearch.id)).all()


def due_without_news(rhythm: Rhythm, now: datetime) -> ColumnElement[bool]:
    """SQL: the moment of this digest has come, and there is nothing to tell."""
    return sa.and_(SavedSearch.rhythm == rhythm, _due(now), sa.not_(has_waiting()))


def has_waiting() -> ColumnElement[bool]:
    """SQL: something waits to be told."""
    return sa.exists().where(
        SavedSearchItem.search_id == SavedSearch.id, SavedSearchItem.told_at.is_(None)
    )


def waiting_listings(session: Session, search_id: int, limit: int) -> Sequence[int]:
    """Ids of the listings that a saved search has to tell of, the first noted first."""
    query = sa.select(SavedSearchItem.listing_id).where(
        SavedSearchItem.search_id == search_id, SavedSearchItem.told_at.is_(None)
    )
    ordered = query.order_by(SavedSearchItem.noted_at, SavedSearchItem.listing_id)
    return session.scalars(ordered.limit(limit)).all()


def tellable(
    session: Session, actor: Actor, listing_ids: Sequence[int], today: date
) -> Sequence[Listing]:
    """Which of these the actor may see now, are open now and are somebody else's; newest first."""
    query = sa.select(Listing).where(
        Listing.id.in_(listing_ids),
        visible_to(actor),
        is_open(today),
        Listing.organisation_id.not_in(sorted(actor.organisation_ids)),
    )
    newest = query.order_by(Listing.published_at.desc(), Listing.id.desc())
    return session.scalars(newest.options(*loaded())).all()


def recently_changed(session: Session, actor: Actor, since: datetime) -> Sequence[int]:
    """Ids of what the actor may see that changed from then on, the last first, some hundreds."""
    query = sa.select(Listing.id).where(Listing.updated_at >= since, visible_to(actor))
    return session.scalars(query.order_by(Listing.updated_at.desc()).limit(MOST_RECENT)).all()


def _active() -> ColumnElement[bool]:
    return sa.and_(SavedSearch.paused_at.is_(None), SavedSearch.rhythm.in_(TOLD_RHYTHMS))


def _due(now: datetime) -> ColumnElement[bool]:
    return sa.and_(_active(), SavedSearch.due_at <= now)
