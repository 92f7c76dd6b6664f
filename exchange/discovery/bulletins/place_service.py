"""Which places have a bulletin, on which day, by whom; and who follows it."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from exchange.accounts.models import Person, ServicePoint
from exchange.discovery.bulletins.events import (
    BulletinFollowed,
    BulletinPlaceChanged,
    BulletinPlaceOpened,
    BulletinUnfollowed,
)
from exchange.discovery.bulletins.models import BulletinFollower, BulletinPlace
from exchange.discovery.bulletins.permissions import may_manage
from exchange.discovery.bulletins.queries import managed_place, place_called, workers_of
from exchange.discovery.bulletins.rules import When, is_place
from exchange.geography.queries import division
from exchange.kernel.act import Act
from exchange.kernel.database import is_sqlite
from exchange.kernel.errors import Conflict, Forbidden, Invalid, SignInNeeded


@dataclass(frozen=True)
class PlaceSettings:
    """How the bulletin of a place comes about. ``editor`` is a person's public id, or empty."""

    when: When
    editor: str = ""
    needs_approval: bool = True
    is_on: bool = True


def open_place(
    act: Act, settings: PlaceSettings, *, division_code: str = "", point: str = ""
) -> BulletinPlace:
    """Let a county, a township, or a service point (by its public id) have a bulletin.

    Raises Invalid with the fields, Forbidden, or Conflict "bulletin_place_twice".
    """
    made = BulletinPlace(
        begins_on=act.today, created_at=act.now, updated_at=act.now,
        updated_by_id=act.actor.person_id,
    )  # fmt: skip
    _put_place(act, made, division_code, point)
    if not may_manage(act.actor, made):
        raise Forbidden("bulletin_place_not_yours")
    _put(act, made, settings)
    try:
        with act.session.begin_nested():
            act.session.add(made)
            act.session.flush()
    except IntegrityError as error:
        raise Conflict("bulletin_place_twice") from error
    act.emit(BulletinPlaceOpened(made.id))
    return made


def change_place(
    act: Act, public_id: str, settings: PlaceSettings, version: int | None = None
) -> BulletinPlace:
    """Give it other settings. What was due before does not count as missed.

    Raises NotFound, Invalid, Conflict "bulletin_place_changed".
    """
    place = managed_place(act.session, act.actor, public_id, lock=True)
    if version is not None and version != place.version:
        raise Conflict("bulletin_place_changed", version=place.version)
    before = (place.when, place.is_on, place.editor_id, place.needs_approval)
    _put(act, place, settings)
    if (place.when, place.is_on, place.editor_id, place.needs_approval) == before:
        return place
    if (place.when, place.is_on) != before[:2]:
        place.begins_on = act.today
    place.version += 1
    place.updated_at, place.updated_by_id = act.now, act.actor.person_id
    act.session.flush()
    act.emit(BulletinPlaceChanged(place.id))
    return place


def follow(act: Act, public_id: str) -> BulletinPlace:
    """Be told when an issue of the place comes out. Sent twice it is done once."""
    place = place_called(act.session, public_id)
    person_id = act.actor.person_id
    if person_id is None:
        raise SignInNeeded
    insert = sqlite.insert if is_sqlite(act.session) else postgresql.insert
    row = {"person_id": person_id, "bulletin_place_id": place.id, "followed_at": act.now}
    added = insert(BulletinFollower).values(row).on_conflict_do_nothing()
    if act.session.scalars(added.returning(BulletinFollower.person_id)).first() is not None:
        act.emit(BulletinFollowed(place.id, person_id))
    return place


def unfollow(act: Act, public_id: str) -> BulletinPlace:
    """Be told no more."""
    place = place_called(act.session, public_id)
    person_id = act.actor.person_id
    if person_id is None:
        raise SignInNeeded
    gone = sa.delete(BulletinFollower).where(
        BulletinFollower.person_id == person_id, BulletinFollower.bulletin_place_id == place.id
    )
    if act.session.scalars(gone.returning(BulletinFollower.person_id)).first() is not None:
        act.emit(BulletinUnfollowed(place.id, person_id))
    return place


def forget_person(act: Act, person_id: int) -> None:
    """Whoever has left follows nothing and edits nothing any more."""
    act.session.execute(
        sa.delete(BulletinFollower).where(BulletinFollower.person_id == person_id)
    )
    for place in act.session.scalars(
        sa.select(BulletinPlace).where(BulletinPlace.editor_id == person_id)
    ):
        place.editor_id = None


def _put_place(act: Act, place: BulletinPlace, division_code: str, point: str) -> None:
    if bool(division_code) == bool(point):
        raise Invalid(fields={"division": ["bulletin_place_one"]})
    if division_code:
        if not is_place(division_code) or division(act.session, division_code) is None:
            raise Invalid(fields={"division": ["bulletin_place_level"]})
        place.division_code = division_code
        return
    found = act.session.scalar(
        sa.select(ServicePoint).where(
            ServicePoint.public_id == point, ServicePoint.closed_at.is_(None)
        )
    )
    if found is None:
        raise Invalid(fields={"point": ["bulletin_place_one"]})
    with act.session.no_autoflush:
        place.service_point = found


def _put(act: Act, place: BulletinPlace, settings: PlaceSettings) -> None:
    when = settings.when
    if not when.is_sound:
        raise Invalid(fields={"hour": ["bulletin_when"]})
    editor_id = None
    if settings.editor:
        query = sa.select(Person.id).where(
            Person.public_id == settings.editor, Person.closed_at.is_(None)
        )
        with act.session.no_autoflush:
            editor_id = act.session.scalar(query)
            if editor_id not in workers_of(act.session, place):
                raise Invalid(fields={"editor": ["bulletin_editor"]})
    place.rhythm, place.weekday = when.rhythm, when.weekday
    place.month_day, place.hour = when.month_day, when.hour
    place.editor_id = editor_id
    place.needs_approval, place.is_on = settings.needs_approval, settings.is_on
