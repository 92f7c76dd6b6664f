"""The list behind a figure of a centre, page by page: what has waited longest stands first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from exchange.accounts.models import ServicePoint
from exchange.accounts.points.routing import load_routes
from exchange.accounts.points.rules import Routes
from exchange.brokering.centre.overview_cuts import Condition, Cut, Scope, matches_in, needs_in
from exchange.brokering.models import Match
from exchange.brokering.queries import WHOLE
from exchange.listings.models import Listing

START = datetime(1970, 1, 1, tzinfo=UTC)
MICRO = timedelta(microseconds=1)
MOST = 2**63


@dataclass(frozen=True)
class Behind:
    """A page of the list behind a figure: matches first, then needs; where the next begins."""

    matches: Sequence[Match]
    needs: Sequence[Listing]
    next_cursor: str | None


@dataclass(frozen=True)
class _Place:
    """Where a page begins: behind this row of its kind; behind none where it begins with it."""

    kind: str
    at: datetime | None = None
    row_id: int = 0

    def behind(self, kind: str, key: Any, column: Any = None) -> Condition:
        """As a condition on the rows of a kind, in the order of ``column`` (if any) and ``key``."""
        if self.kind != kind or self.at is None:
            return sa.true()
        if column is None:
            found: Condition = key > self.row_id
            return found
        same = sa.and_(column == self.at, key > self.row_id)
        return sa.and_(column >= self.at, sa.or_(column > self.at, same))


def behind(session: Session, scope: Scope, cut: Cut, cursor: str, limit: int) -> Behind:
    """One page of what a figure counts: matches by the moment from which they wait, needs by that
    at which they were posted.
    """
    routes, place = load_routes(session), _read(cursor)
    matches: Sequence[Match] = ()
    if place.kind == "m":
        matches = _matches_behind(session, scope, routes, cut, place, limit + 1)
    if len(matches) > limit:
        last = matches[limit - 1]
        return Behind(matches[:limit], (), _write("m", _since(cut, last), last.id))
    room = limit - len(matches)
    needs = _needs_behind(session, scope, routes, cut, place, room + 1)
    if len(needs) <= room:
        return Behind(matches, needs, None)
    if not room:
        return Behind(matches, (), "n")
    last_need = needs[room - 1]
    return Behind(matches, needs[:room], _write("n", last_need.published_at, last_need.id))


def _since(cut: Cut, match: Match) -> datetime | None:
    found: datetime | None = getattr(match, cut.since) if cut.since else None
    return found


def _matches_behind(
    session: Session, scope: Scope, routes: Routes, cut: Cut, place: _Place, limit: int
) -> Sequence[Match]:
    if cut.matches is None:
        return ()
    since = getattr(Match, cut.since) if cut.since else None
    known = sa.select(ServicePoint.id).where(ServicePoint.closed_at.is_(None))
    points = tuple(session.scalars(known).all())
    query = (
        sa.select(Match)
        .join(Listing, Listing.id == Match.need_id)
        .where(
            matches_in(scope, routes, points), cut.matches,
            place.behind("m", Match.id, since),
        )
        .order_by(*([] if since is None else [since]), Match.id)
        .limit(limit)
    )  # fmt: skip
    return session.scalars(query.options(*WHOLE)).unique().all()


def _needs_behind(
    session: Session, scope: Scope, routes: Routes, cut: Cut, place: _Place, limit: int
) -> Sequence[Listing]:
    """What was never posted has no place in such a list."""
    if cut.needs is None:
        return ()
    query = (
        sa.select(Listing)
        .where(
            needs_in(scope, routes), cut.needs, Listing.published_at.is_not(None),
            place.behind("n", Listing.id, Listing.published_at),
        )
        .options(joinedload(Listing.organisation, innerjoin=True))
        .order_by(Listing.published_at, Listing.id)
        .limit(limit)
    )  # fmt: skip
    return session.scalars(query).all()


def _write(kind: str, at: datetime | None, row_id: int) -> str:
    micros = 0 if at is None else (at - START) // MICRO
    return f"{kind}{micros}-{row_id}"


def _read(cursor: str) -> _Place:
    """Where to go on; the first page for what is no place."""
    kind = "n" if cursor.startswith("n") else "m"
    micros, _dash, row_id = cursor[1:].partition("-")
    if not (_is_number(micros) and _is_number(row_id)):
        return _Place(kind)
    try:
        return _Place(kind, START + int(micros) * MICRO, int(row_id))
    except OverflowError:
        return _Place(kind)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 20 and int(text) < MOST
