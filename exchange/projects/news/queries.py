"""Reading news of projects, those who follow them, and projects that have fallen silent."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.elements import ColumnElement

from exchange.accounts.points.routing import in_any_division
from exchange.files.models import StoredFile
from exchange.kernel.actor import VISITOR, Actor
from exchange.kernel.errors import NotFound
from exchange.projects.kinds import LIVE_STAGES, Publication, Stage
from exchange.projects.list_queries import in_division
from exchange.projects.models import Project, ProjectDivision, ProjectUpdate
from exchange.projects.news.models import KeptPicture, ProjectFollower, ProjectUpdatePhoto
from exchange.projects.news.permissions import may_read
from exchange.projects.permissions import reached_by, visible_to
from exchange.projects.queries import loaded
from exchange.projects.rules import SILENT_DAYS

PAGE = 10
SHOWN = ProjectUpdate.withdrawn_at.is_(None)
NEWEST = (ProjectUpdate.published_at.desc(), ProjectUpdate.id.desc())


def news_of(
    session: Session, project_id: int, limit: int, offset: int = 0
) -> Sequence[ProjectUpdate]:
    """News of one project, the newest first. Whether the reader sees the project is asked before.
    """
    query = (
        sa.select(ProjectUpdate)
        .where(ProjectUpdate.project_id == project_id, SHOWN)
        .options(joinedload(ProjectUpdate.organisation), joinedload(ProjectUpdate.project))
        .order_by(*NEWEST)
    )
    return session.scalars(query.limit(limit).offset(offset)).all()


def seen_update(
    session: Session, actor: Actor, project_key: str, update_key: str
) -> ProjectUpdate:
    """One piece of news of a project. Raises NotFound when the actor may not know of it."""
    if not (project_key.isalnum() and update_key.isalnum()):
        raise NotFound
    query = with_project().where(
        ProjectUpdate.public_id == update_key, Project.public_id == project_key
    )
    found = session.scalars(query).unique().first()
    if found is None or not may_read(actor, found):
        raise NotFound
    return found


def update_with_id(session: Session, update_id: int) -> ProjectUpdate | None:
    """The piece of news with this number, withdrawn or not; for jobs and short links."""
    return session.scalars(with_project().where(ProjectUpdate.id == update_id)).unique().first()


def public_news(
    session: Session,
    places: Iterable[str],
    since: datetime,
    until: datetime,
    limit: int,
) -> Sequence[ProjectUpdate]:
    """News that everybody may read, of projects in (or within) these divisions, the newest first.

    Without places those of everywhere; ``since`` is included, ``until`` is not. Each has its
    project with places and partners, and its organisation.
    """
    query = with_project().where(
        SHOWN,
        visible_to(VISITOR),
        ProjectUpdate.published_at >= since,
        ProjectUpdate.published_at < until,
    )
    prefixes = tuple(sorted(set(places)))
    if prefixes:
        query = query.where(_happens_in(prefixes))
    return session.scalars(query.order_by(*NEWEST).limit(limit)).unique().all()


def public_updates(session: Session, ids: Collection[int]) -> Sequence[ProjectUpdate]:
    """Of these the pieces of news that everybody may read."""
    query = with_project().where(SHOWN, visible_to(VISITOR), ProjectUpdate.id.in_(ids))
    return session.scalars(query).unique().all()


def seen_by_ids(
    session: Session, actor: Actor, public_ids: Sequence[str]
) -> dict[str, ProjectUpdate]:
    """Of these the pieces of news of published projects that the actor may read, by public id."""
    query = with_project().where(ProjectUpdate.public_id.in_(public_ids), *_readable(actor))
    return {one.public_id: one for one in session.scalars(query).unique()}


def latest_news(
    session: Session, actor: Actor, place: str, limit: int
) -> Sequence[ProjectUpdate]:
    """What the actor may read of published projects of a division, or of everywhere, the newest
    first.
    """
    query = with_project().where(*_readable(actor))
    if place:
        query = query.where(in_division(place))
    return session.scalars(query.order_by(*NEWEST).limit(limit)).unique().all()


def _readable(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return SHOWN, Project.publication == Publication.PUBLISHED, visible_to(actor)


def _happens_in(prefixes: tuple[str, ...]) -> ColumnElement[bool]:
    return sa.exists().where(
        ProjectDivision.project_id == Project.id,
        in_any_division(ProjectDivision.division_code, prefixes),
    )


def with_project() -> sa.Select[ProjectUpdate]:
    """Pieces of news with all that readers of their projects need."""
    project = joinedload(ProjectUpdate.project)
    whole = cast("tuple[Any, ...]", loaded())  # the library's own type of them is not public
    return (
        sa.select(ProjectUpdate)
        .join(Project, Project.id == ProjectUpdate.project_id)
        .options(project.options(*whole), joinedload(ProjectUpdate.organisation))
    )


def sent_before(
    session: Session, project_id: int, person_id: int | None, token: str | None
) -> ProjectUpdate | None:
    """What this very form has posted already."""
    if not token:
        return None
    query = sa.select(ProjectUpdate).where(
        ProjectUpdate.project_id == project_id,
        ProjectUpdate.author_id == person_id,
        ProjectUpdate.sent_token == token,
    )
    return session.scalars(query).first()


def last_news_at(session: Session, project_id: int) -> datetime | None:
    """When the newest of its news was posted."""
    query = sa.select(sa.func.max(ProjectUpdate.published_at)).where(
        ProjectUpdate.project_id == project_id, SHOWN
    )
    return session.scalar(query)


def photos_by_update(
    session: Session, update_ids: Iterable[int]
) -> dict[int, list[ProjectUpdatePhoto]]:
    """The pictures of these pieces of news with their files, in their order. One query."""
    wanted = sorted(update_ids)
    found: dict[int, list[ProjectUpdatePhoto]] = defaultdict(list)
    if wanted:
        query = (
            sa.select(ProjectUpdatePhoto)
            .where(ProjectUpdatePhoto.update_id.in_(wanted))
            .options(joinedload(ProjectUpdatePhoto.file))
            .order_by(ProjectUpdatePhoto.position, ProjectUpdatePhoto.file_id)
        )
        for photo in session.scalars(query):
            found[photo.update_id].append(photo)
    return found


def kept_pictures(
    session: Session, project_id: int, person_id: int | None, keys: Iterable[str]
) -> list[KeptPicture]:
    """Of these pictures those that the person has sent for the project and that still wait."""
    query = (
        sa.select(KeptPicture)
        .join(StoredFile, StoredFile.id == KeptPicture.file_id)
        .where(
            StoredFile.public_id.in_(sorted(set(keys))),
            KeptPicture.project_id == project_id,
            KeptPicture.person_id == person_id,
        )
        .options(joinedload(KeptPicture.file))
        .order_by(KeptPicture.file_id)
    )
    return list(session.scalars(query))


def kept_before(session: Session, moment: datetime, limit: int) -> Sequence[KeptPicture]:
    """Pictures whose words never came."""
    query = sa.select(KeptPicture).where(KeptPicture.kept_at < moment)
    ordered = query.options(joinedload(KeptPicture.file)).order_by(KeptPicture.kept_at)
    return session.scalars(ordered.limit(limit)).all()


def count_followers(session: Session, project_id: int) -> int:
    """How many people follow a project; who they are is told to nobody."""
    query = sa.select(sa.func.count()).where(ProjectFollower.project_id == project_id)
    return session.scalar(query) or 0


def follows(session: Session, project_id: int, person_id: int | None) -> bool:
    """Whether the person follows the project."""
    if person_id is None:
        return False
    return session.get(ProjectFollower, (project_id, person_id)) is not None


def followers_after(
    session: Session, project_id: int, person_id: int, limit: int
) -> Sequence[ProjectFollower]:
    """Those who follow, in the order of their ids, behind this one."""
    query = (
        sa.select(ProjectFollower)
        .where(ProjectFollower.project_id == project_id, ProjectFollower.person_id > person_id)
        .order_by(ProjectFollower.person_id)
    )
    return session.scalars(query.limit(limit)).all()


def followed_by(session: Session, actor: Actor, limit: int) -> Sequence[Project]:
    """The projects that the actor follows and still sees, those with the newest news first."""
    query = (
        sa.select(Project)
        .join(ProjectFollower, ProjectFollower.project_id == Project.id)
        .where(ProjectFollower.person_id == actor.person_id, visible_to(actor))
        .options(*loaded())
        .order_by(sa.func.coalesce(Project.news_at, Project.published_at).desc(), Project.id)
    )
    return session.scalars(query.limit(limit)).unique().all()


def is_silent_now(today: date, zone: str) -> ColumnElement[bool]:
    """Projects under way that have had no news for 30 days; ``rules.is_silent`` as SQL."""
    under_way = [stage for stage in LIVE_STAGES if stage is not Stage.IDEA]
    return sa.and_(
        Project.publication == Publication.PUBLISHED,
        Project.held_at.is_(None),
        Project.stage.in_(under_way),
        first_moment(today - timedelta(days=SILENT_DAYS - 1), zone) > QUIET_SINCE,
    )


QUIET_SINCE = sa.func.coalesce(Project.news_at, Project.published_at, Project.created_at)


def first_moment(day: date, zone: str) -> datetime:
    """The beginning of a civil day."""
    return datetime.combine(day, time(), ZoneInfo(zone))


def silent_projects(
    session: Session, actor: Actor, today: date, zone: str, limit: int, offset: int = 0
) -> Sequence[Project]:
    """Those in the places that the actor serves, the longest silent first."""
    if not actor.serves:
        return ()
    query = (
        sa.select(Project)
        .where(is_silent_now(today, zone), reached_by(actor.serves))
        .options(*loaded(), joinedload(Project.worker))
        .order_by(QUIET_SINCE, Project.id)
    )
    return session.scalars(query.limit(limit).offset(offset)).unique().all()


def count_silent(session: Session, actor: Actor, today: date, zone: str) -> int:
    """How many there are."""
    if not actor.serves:
        return 0
    query = sa.select(sa.func.count(Project.id)).where(
        is_silent_now(today, zone), reached_by(actor.serves)
    )
    return session.scalar(query) or 0


def silent_to_ask(session: Session, today: date, zone: str, limit: int) -> Sequence[int]:
    """Ids of the silent projects whose people were not asked within the last 30 days."""
    before = first_moment(today - timedelta(days=SILENT_DAYS - 1), zone)
    asked = sa.or_(Project.silent_told_at.is_(None), Project.silent_told_at < before)
    query = sa.select(Project.id).where(is_silent_now(today, zone), asked).order_by(Project.id)
    return session.scalars(query.limit(limit)).all()
