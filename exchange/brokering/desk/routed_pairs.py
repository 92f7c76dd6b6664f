"""The desk's order: first the work of one's own station, then what else one serves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.elements import ColumnElement

from exchange.accounts.models import Assignment, ServicePoint
from exchange.accounts.points.routing import belongs_to_point, in_any_division, load_routes
from exchange.accounts.points.rules import Routes
from exchange.brokering.centre.caseload_queries import is_waiting
from exchange.brokering.pairs import free_pairs
from exchange.kernel.actor import Actor
from exchange.listings.models import Listing
from exchange.listings.permissions import visible_to
from exchange.matching.exposure import Exposure
from exchange.matching.models import Suggestion
from exchange.matching.queries import Suggested, SuggestedPage

REST = "~"


@dataclass(frozen=True)
class DeskPage:
    """A page of the desk: the first ``own`` of its pairs are the work of the own station."""

    pairs: tuple[Suggested, ...]
    next_cursor: str | None
    own: int


def own_points(session: Session, actor: Actor, routes: Routes) -> tuple[int, ...]:
    """The points whose work is the actor's first: those where they serve; of a village room what
    it hangs under.
    """
    rows = session.execute(
        sa.select(ServicePoint.id, ServicePoint.parent_id)
        .join(Assignment, Assignment.service_point_id == ServicePoint.id)
        .where(Assignment.person_id == actor.person_id, Assignment.ended_at.is_(None))
    ).all()
    return tuple(
        sorted(
            one
            for point_id, parent_id in rows
            for one in {point_id, parent_id if not routes.terms_of(point_id) else None}
            if one is not None and routes.knows(one)
        )
    )


def is_own_work(session: Session, actor: Actor) -> ColumnElement[bool]:
    """As a condition on Listing: the need is the work of the actor's own station."""
    routes = load_routes(session)
    mine = own_points(session, actor, routes)
    return sa.or_(
        sa.false(), *(belongs_to_point(Listing.division_code, routes, one) for one in mine)
    )


def desk_pairs(
    session: Session,
    actor: Actor,
    today: date,
    *,
    least: float,
    limit: int,
    cursor: str | None = None,
    exposure: Exposure | None = None,
    where: tuple[ColumnElement[bool], ...] = (),
) -> DeskPage:
    """Suggestions as ``free_pairs`` gives them, those of the own station before all others.

    ``where`` are further conditions on Suggestion.
    """
    own = sa.select(Listing.id).where(is_own_work(session, actor))

    def page(which: ColumnElement[bool], room: int, after: str | None) -> SuggestedPage:
        return free_pairs(
            session, actor, today, least=least, limit=room, cursor=after, exposure=exposure,
            where=(which, *where),
        )  # fmt: skip

    mine = SuggestedPage((), None)
    if cursor is None or not cursor.startswith(REST):
        mine = page(Suggestion.need_id.in_(own), limit, cursor)
        if mine.next_cursor is not None:
            return DeskPage(mine.pairs, mine.next_cursor, len(mine.pairs))
    after = cursor[1:] if cursor and cursor.startswith(REST) else None
    room = limit - len(mine.pairs)
    rest = page(Suggestion.need_id.not_in(own), max(room, 1), after or None)
    if room == 0:
        return DeskPage(mine.pairs, REST if rest.pairs else None, len(mine.pairs))
    more = None if rest.next_cursor is None else REST + rest.next_cursor
    return DeskPage(mine.pairs + rest.pairs, more, len(mine.pairs))


def count_unclaimed(session: Session, actor: Actor) -> int:
    """How many needs of the own station nobody has taken up."""
    query = sa.select(sa.func.count()).select_from(Listing)
    return session.scalar(query.where(*_waiting(actor), is_own_work(session, actor))) or 0


def unclaimed_needs(
    session: Session, actor: Actor, *, own: bool, after_id: int, limit: int
) -> Sequence[Listing]:
    """Needs that nobody has taken up where the actor serves, the longest waiting first: those of
    the own station, or all others.
    """
    mine = is_own_work(session, actor)
    query = (
        sa.select(Listing)
        .options(joinedload(Listing.organisation, innerjoin=True))
        .where(*_waiting(actor), mine if own else sa.not_(mine), Listing.id > after_id)
        .order_by(Listing.id)
        .limit(limit)
    )
    return session.scalars(query).all()


def _waiting(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return (
        is_waiting(), visible_to(actor), in_any_division(Listing.division_code, actor.serves),
    )  # fmt: skip
