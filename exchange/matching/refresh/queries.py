"""How far the refresh of all suggestions has come."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from exchange.listings.models import Listing
from exchange.matching.facts import is_open_on
from exchange.matching.models import ListingMatched, Refresh, RefreshState
from exchange.matching.openings import parts


@dataclass(frozen=True)
class RefreshStatus:
    """A refresh and its progress: open listings in all, and those that it is done with.

    ``changed`` counts rows of suggestions, ``failed`` listings that could not be matched.
    """

    state: RefreshState
    engine: str
    started_at: datetime
    ended_at: datetime | None
    total: int
    done: int
    changed: int
    failed: int

    @property
    def percent(self) -> int:
        """0 to 100; 100 only when nothing is left."""
        return 100 if self.done >= self.total else int(100 * self.done / self.total)


def present_refresh(session: Session) -> Refresh | None:
    """The one that runs, was stopped, or ran last; None on a site that never had one."""
    return session.scalars(sa.select(Refresh)).first()


def refresh_status(session: Session, today: date) -> RefreshStatus | None:
    """Where it stands, in three queries."""
    refresh = present_refresh(session)
    if refresh is None:
        return None
    is_open = is_open_on(today)
    total = session.scalar(sa.select(sa.func.count(Listing.id)).where(is_open)) or 0
    left = sa.select(sa.func.count(Listing.id)).where(is_open, is_left(refresh))
    return RefreshStatus(
        state=refresh.state,
        engine=refresh.engine,
        started_at=refresh.started_at,
        ended_at=refresh.ended_at,
        total=total,
        done=total - (session.scalar(left) or 0),
        changed=refresh.changed,
        failed=refresh.failed,
    )


def ids_left(session: Session, refresh: Refresh, today: date) -> list[int]:
    """The open listings that it has yet to do, by id."""
    query = sa.select(Listing.id).where(is_open_on(today), is_left(refresh)).order_by(Listing.id)
    return list(session.scalars(query))


def is_left(refresh: Refresh) -> ColumnElement[bool]:
    """Whether a listing was not matched in this round, as a condition on Listing."""
    done = sa.exists().where(
        ListingMatched.listing_id == Listing.id,
        ListingMatched.engine == refresh.engine,
        ListingMatched.round == refresh.round,
    )
    return sa.not_(done)


def matched_in_present_round(session: Session, ids: Collection[int], engine: str) -> set[int]:
    """Of these the listings that this engine has matched since the present refresh began."""
    number = sa.select(Refresh.round).scalar_subquery()
    query = sa.select(ListingMatched.listing_id).where(
        ListingMatched.engine == engine, ListingMatched.round == number
    )
    found = set[int]()
    for some in parts(sorted(ids)):
        found.update(session.scalars(query.where(ListingMatched.listing_id.in_(some))))
    return found
