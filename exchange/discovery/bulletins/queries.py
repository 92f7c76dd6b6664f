"""Reading places that have bulletins, issues, and who looks after them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload

from exchange.accounts.models import Assignment, ServicePoint, ServicePointDivision
from exchange.discovery.bulletins.kinds import WAITING, State
from exchange.discovery.bulletins.models import (
    Bulletin,
    BulletinFollower,
    BulletinItem,
    BulletinPlace,
)
from exchange.discovery.bulletins.permissions import may_edit, may_manage, may_read
from exchange.discovery.bulletins.rules import DAY, last_due
from exchange.geography.queries import PathPlace, paths
from exchange.geography.rules import Level, path_label
from exchange.kernel.actor import WHOLE_COUNTRY, Actor, Duty, ancestors
from exchange.kernel.errors import NotFound

PAGE = 20


def _with_point() -> sa.orm.interfaces.ORMOption:
    return joinedload(BulletinPlace.service_point).selectinload(ServicePoint.divisions)


def _with_place() -> sa.orm.interfaces.ORMOption:
    place = joinedload(Bulletin.place, innerjoin=True)
    return place.joinedload(BulletinPlace.service_point).selectinload(ServicePoint.divisions)


def place_called(session: Session, public_id: str, *, lock: bool = False) -> BulletinPlace:
    """The place with this public id. Raises NotFound."""
    if not public_id.isalnum():
        raise NotFound
    query = sa.select(BulletinPlace).where(BulletinPlace.public_id == public_id)
    found = _one(session, query, lock=lock)
    if found is None:
        raise NotFound
    return found


def place_numbered(session: Session, place_id: int, *, lock: bool = False) -> BulletinPlace | None:
    """The place with this id."""
    query = sa.select(BulletinPlace).where(BulletinPlace.id == place_id)
    return _one(session, query, lock=lock)


def _one(
    session: Session, query: sa.Select[BulletinPlace], *, lock: bool
) -> BulletinPlace | None:
    if lock:
        locked = query.with_for_update(of=BulletinPlace)
        return session.scalars(locked.execution_options(populate_existing=True)).first()
    return session.scalars(query.options(_with_point())).first()


def managed_place(
    session: Session, actor: Actor, public_id: str, *, lock: bool = False
) -> BulletinPlace:
    """A place that the actor manages. Raises NotFound for any other."""
    place = place_called(session, public_id, lock=lock)
    if not may_manage(actor, place):
        raise NotFound
    return place


def seen_bulletin(
    session: Session, actor: Actor, public_id: str, *, lock: bool = False
) -> Bulletin:
    """The issue. Raises NotFound when the actor may not know of it."""
    if not public_id.isalnum():
        raise NotFound
    query = sa.select(Bulletin).where(Bulletin.public_id == public_id)
    if lock:
        locked = query.with_for_update(of=Bulletin).execution_options(populate_existing=True)
        found = session.scalars(locked).first()
    else:
        found = session.scalars(query.options(_with_place())).first()
    if found is None or not may_read(actor, found):
        raise NotFound
    return found


def bulletin_numbered(session: Session, bulletin_id: int) -> Bulletin | None:
    """The issue with this id, whoever asks."""
    return session.get(Bulletin, bulletin_id)


def issue_of(session: Session, place_id: int, due_on: date) -> Bulletin | None:
    """A place's issue of a day."""
    query = sa.select(Bulletin).where(
        Bulletin.bulletin_place_id == place_id, Bulletin.due_on == due_on
    )
    return session.scalars(query).first()


def last_day_told(session: Session, place_id: int, before: date) -> date | None:
    """The last day that an issue before this day covers; those that were dropped tell nothing.

    Where all were dropped, it is the eve of the first of them.
    """
    told = sa.case((Bulletin.state != State.DROPPED, Bulletin.to_on))
    query = sa.select(sa.func.max(told), sa.func.min(Bulletin.from_on)).where(
        Bulletin.bulletin_place_id == place_id, Bulletin.due_on < before
    )
    last, first = session.execute(query).one()
    return last or (first - DAY if first else None)


def items_of(session: Session, bulletin_ids: Iterable[int]) -> dict[int, list[BulletinItem]]:
    """What stands in these issues, in order, left out or not; one query."""
    query = (
        sa.select(BulletinItem)
        .where(BulletinItem.bulletin_id.in_(sorted(bulletin_ids)))
        .order_by(BulletinItem.bulletin_id, BulletinItem.position, BulletinItem.number)
    )
    found: dict[int, list[BulletinItem]] = defaultdict(list)
    for item in session.scalars(query):
        found[item.bulletin_id].append(item)
    return found


def running_places(session: Session) -> Sequence[BulletinPlace]:
    """Every place whose bulletin does not rest; not those of points that are closed."""
    query = (
        sa.select(BulletinPlace)
        .outerjoin(BulletinPlace.service_point)
        .where(BulletinPlace.is_on, ServicePoint.closed_at.is_(None))
        .options(_with_point())
        .order_by(BulletinPlace.id)
    )
    return session.scalars(query).all()


def places_of(session: Session, actor: Actor) -> list[BulletinPlace]:
    """The places whose bulletins the actor edits."""
    if not actor.serves:
        return []
    query = sa.select(BulletinPlace).options(_with_point()).order_by(BulletinPlace.id)
    return [place for place in session.scalars(query) if may_edit(actor, place)]


def last_issues(session: Session, place_ids: Collection[int]) -> dict[int, list[Bulletin]]:
    """By place: the newest issue, and all that wait; the newest first."""
    other = aliased(Bulletin)
    newest = (
        sa.select(sa.func.max(other.due_on))
        .where(other.bulletin_place_id == Bulletin.bulletin_place_id)
        .scalar_subquery()
    )
    query = (
        sa.select(Bulletin)
        .where(
            Bulletin.bulletin_place_id.in_(sorted(place_ids)),
            sa.or_(Bulletin.state.in_(WAITING), Bulletin.due_on == newest),
        )
        .order_by(Bulletin.due_on.desc(), Bulletin.id)
    )
    found: dict[int, list[Bulletin]] = defaultdict(list)
    for issue in session.scalars(query):
        found[issue.bulletin_place_id].append(issue)
    return found


def dues_with_issue(
    session: Session, places: Iterable[BulletinPlace], now: datetime, time_zone: str
) -> list[tuple[BulletinPlace, date, Bulletin | None]]:
    """The day on which each place was last due, with its issue; two queries for all together."""
    dues = {
        place.id: (place, due_on)
        for place in places
        if place.is_on and (due_on := last_due(place.when, place.begins_on, now, time_zone))
    }
    pair = sa.tuple_(Bulletin.bulletin_place_id, Bulletin.due_on)
    wanted = [(key, due_on) for key, (_place, due_on) in dues.items()]
    query = sa.select(Bulletin).where(pair.in_(wanted))
    issues = {one.bulletin_place_id: one for one in session.scalars(query)} if wanted else {}
    return [(place, due_on, issues.get(key)) for key, (place, due_on) in dues.items()]


def published(
    session: Session,
    *,
    place_id: int | None = None,
    prefix: str = "",
    public_ids: Sequence[str] | None = None,
    before: tuple[datetime, int] | None = None,
    limit: int = PAGE,
) -> Sequence[Bulletin]:
    """What came out, the newest first; of one place, of a division and what lies in it, or those
    with these public ids.

    ``before``: moment and id of the last one that was read.
    """
    query = sa.select(Bulletin).where(Bulletin.state == State.PUBLISHED)
    if place_id is not None:
        query = query.where(Bulletin.bulletin_place_id == place_id)
    if prefix:
        query = query.join(Bulletin.place).where(
            BulletinPlace.division_code.startswith(prefix, autoescape=True)
        )
    if public_ids is not None:
        query = query.where(Bulletin.public_id.in_(public_ids))
    if before is not None:
        moment, row_id = before
        query = query.where(
            sa.or_(
                Bulletin.published_at < moment,
                sa.and_(Bulletin.published_at == moment, Bulletin.id < row_id),
            )
        )
    ordered = query.order_by(Bulletin.published_at.desc(), Bulletin.id.desc()).limit(limit)
    return session.scalars(ordered.options(_with_place())).all()


def published_called(session: Session, place_id: int | None, public_id: str) -> Bulletin | None:
    """An issue (of a place) that has come out, by its public id; None for any other."""
    if not public_id.isalnum():
        return None
    query = sa.select(Bulletin).where(
        Bulletin.public_id == public_id[:20], Bulletin.state == State.PUBLISHED
    )
    if place_id is not None:
        query = query.where(Bulletin.bulletin_place_id == place_id)
    return session.scalars(query).first()


def public_places(session: Session) -> Sequence[BulletinPlace]:
    """Places of which something has come out, or whose bulletin is on its way."""
    came_out = sa.exists().where(
        Bulletin.bulletin_place_id == BulletinPlace.id, Bulletin.state == State.PUBLISHED
    )
    query = sa.select(BulletinPlace).where(sa.or_(BulletinPlace.is_on, came_out))
    whole = query.options(_with_point(), joinedload(BulletinPlace.editor))
    return session.scalars(whole.order_by(BulletinPlace.id)).all()


def place_name(session: Session, place: BulletinPlace, locale: str) -> str:
    """What a place is called."""
    return place_names(session, [place], locale)[place.id]


def place_names(
    session: Session, places: Sequence[BulletinPlace], locale: str
) -> dict[int, str]:
    """What several places are called, by id; one query for their divisions."""
    lines = paths(session, {one.division_code for one in places if one.division_code})
    return {one.id: _name(one, lines.get(one.division_code or "", ()), locale) for one in places}


def both_place_names(session: Session, place: BulletinPlace) -> dict[str, str]:
    """The name by language, as notices carry it."""
    return {locale: place_name(session, place, locale) for locale in ("zh", "en")}


def _name(place: BulletinPlace, line: Sequence[PathPlace], locale: str) -> str:
    point = place.service_point
    if point is not None:
        return point.name_zh if locale.startswith("zh") else point.name_en or point.name_zh
    said = path_label([(one.code, one.name) for one in line], locale, Level.COUNTY)
    return said or (place.division_code or "")


def supervisors_of(session: Session, place: BulletinPlace) -> set[int]:
    """Ids of those who supervise the whole place."""
    return _everywhere(_by_prefix(session, place, (Duty.SUPERVISOR,)))


def hearers_of_missed(session: Session, place: BulletinPlace) -> set[int]:
    """Ids of those who hear of a missed day: who supervises the whole place; where nobody does,
    who supervises a part of it.
    """
    found = _by_prefix(session, place, (Duty.SUPERVISOR,))
    return _everywhere(found) or set[int]().union(*found)


def workers_of(session: Session, place: BulletinPlace) -> set[int]:
    """Ids of those who serve the whole place."""
    return _everywhere(_by_prefix(session, place, tuple(Duty)))


def _by_prefix(
    session: Session, place: BulletinPlace, duties: tuple[Duty, ...]
) -> list[set[int]]:
    return [set(_with_duty(session, prefix, duties)) for prefix in place.prefixes]


def _everywhere(found: list[set[int]]) -> set[int]:
    return set.intersection(*found) if found else set()


def _with_duty(session: Session, prefix: str, duties: tuple[Duty, ...]) -> Sequence[int]:
    above = (WHOLE_COUNTRY,) if prefix == WHOLE_COUNTRY else ancestors(prefix)
    query = (
        sa.select(Assignment.person_id)
        .join(ServicePoint, ServicePoint.id == Assignment.service_point_id)
        .join(ServicePointDivision, ServicePointDivision.service_point_id == ServicePoint.id)
        .where(
            ServicePointDivision.prefix.in_(above),
            Assignment.duty.in_(duties),
            Assignment.ended_at.is_(None),
            ServicePoint.closed_at.is_(None),
        )
        .distinct()
    )
    return session.scalars(query).all()


def followed_by(session: Session, person_id: int | None) -> set[int]:
    """Ids of the places whose bulletins a person follows."""
    if person_id is None:
        return set()
    query = sa.select(BulletinFollower.bulletin_place_id).where(
        BulletinFollower.person_id == person_id
    )
    return set(session.scalars(query))


def followers_of(session: Session, place_id: int) -> Sequence[int]:
    """Ids of the people who follow a place's bulletins."""
    query = sa.select(BulletinFollower.person_id).where(
        BulletinFollower.bulletin_place_id == place_id
    )
    return session.scalars(query.order_by(BulletinFollower.person_id)).all()


def newest_near(session: Session, division: str) -> Bulletin | None:
    """The newest issue of a place that contains the division: the nearest place first."""
    query = (
        sa.select(Bulletin)
        .join(Bulletin.place)
        .where(
            Bulletin.state == State.PUBLISHED,
            BulletinPlace.division_code.in_(ancestors(division)),
        )
        .order_by(sa.func.length(BulletinPlace.division_code).desc(), Bulletin.published_at.desc())
        .limit(1)
    )
    return session.scalars(query.options(_with_place())).first()

