"""What a report is about: found as the reporter sees it, and where it belongs."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.models import ServicePoint, ServicePointDivision
from exchange.accounts.permissions import can_see_organisation
from exchange.accounts.queries import organisation_by_public_id
from exchange.brokering.models import Match
from exchange.brokering.permissions import can_see as can_see_match
from exchange.brokering.queries import match_by_public_id
from exchange.kernel.actor import Actor, ancestors
from exchange.kernel.errors import Forbidden, Invalid, NotFound
from exchange.listings.kinds import Side
from exchange.listings.queries import seen_listing
from exchange.moderation.kinds import Part, TargetKind
from exchange.projects.queries import seen_project
from exchange.volunteering.queries import seen_activity


@dataclass(frozen=True)
class Target:
    """What is reported. ``key`` joins the reports about it to one case."""

    kind: TargetKind
    key: str
    division_code: str
    organisation_id: int | None = None
    listing_id: int | None = None
    match_id: int | None = None
    project_id: int | None = None
    activity_id: int | None = None
    part: Part | None = None
    about_person_id: int | None = None
    at_centre: bool = False


def seen_target(
    session: Session, actor: Actor, kind: TargetKind, public_id: str, part: Part | None = None
) -> Target:
    """The target, for one who may see it. Raises NotFound, Forbidden for one's own, or Invalid."""
    if kind is TargetKind.LISTING:
        return _listing(session, actor, public_id)
    if kind is TargetKind.ORGANISATION:
        return _organisation(session, actor, public_id)
    if kind is TargetKind.PROJECT:
        return _project(session, actor, public_id)
    if kind is TargetKind.ACTIVITY:
        return _activity(session, actor, public_id)
    return _person(session, actor, public_id, part)


def parts_for(actor: Actor, match: Match) -> tuple[Part, ...]:
    """Whom in a match the actor may report: everybody but themself and their own side."""
    sides = [
        Part(side.value)
        for side in Side
        if not actor.belongs_to(match.listing_of(side).organisation_id)
    ]
    broker = [] if actor.person_id == match.broker_id else [Part.BROKER]
    return (*sides, *broker)


def seen_match(session: Session, actor: Actor, public_id: str) -> Match:
    """The match, for one who may see it. Raises NotFound."""
    match = match_by_public_id(session, public_id) if public_id.isalnum() else None
    if match is None or not can_see_match(actor, match):
        raise NotFound
    return match


def is_served(session: Session, division_code: str) -> bool:
    """Whether some open service point serves the place or what contains it."""
    query = (
        sa.select(ServicePoint.id)
        .join(ServicePoint.divisions)
        .where(
            ServicePointDivision.prefix.in_(ancestors(division_code)),
            ServicePoint.closed_at.is_(None),
        )
    )
    return session.execute(query.limit(1)).first() is not None


def _listing(session: Session, actor: Actor, public_id: str) -> Target:
    found = seen_listing(session, actor, public_id)
    _not_own(actor, found.organisation_id)
    return Target(
        kind=TargetKind.LISTING,
        key=f"listing:{found.id}",
        division_code=found.division_code or found.organisation.division_code,
        organisation_id=found.organisation_id,
        listing_id=found.id,
        about_person_id=found.author_id,
    )


def _organisation(session: Session, actor: Actor, public_id: str) -> Target:
    found = organisation_by_public_id(session, public_id)
    if found is None or not can_see_organisation(actor, found):
        raise NotFound
    _not_own(actor, found.id)
    return Target(
        kind=TargetKind.ORGANISATION,
        key=f"organisation:{found.id}",
        division_code=found.division_code,
        organisation_id=found.id,
    )


def _project(session: Session, actor: Actor, public_id: str) -> Target:
    """A project is looked at where its first place is."""
    found = seen_project(session, actor, public_id)
    _not_own(actor, found.organisation_id)
    return Target(
        kind=TargetKind.PROJECT,
        key=f"project:{found.id}",
        division_code=next(iter(found.places), found.organisation.division_code),
        organisation_id=found.organisation_id,
        project_id=found.id,
        about_person_id=found.author_id,
    )


def _activity(session: Session, actor: Actor, public_id: str) -> Target:
    found = seen_activity(session, actor, public_id)
    _not_own(actor, found.organisation_id)
    return Target(
        kind=TargetKind.ACTIVITY,
        key=f"activity:{found.id}",
        division_code=found.division_code,
        organisation_id=found.organisation_id,
        activity_id=found.id,
        about_person_id=found.author_id,
    )


def _person(session: Session, actor: Actor, public_id: str, part: Part | None) -> Target:
    match = seen_match(session, actor, public_id)
    if part is None or part not in parts_for(actor, match):
        raise Invalid(fields={"part": ["report_about_whom"]})
    key = f"match:{match.id}:{part.value}"
    home = match.need.division_code or match.need.organisation.division_code
    if part is Part.BROKER:
        return Target(
            TargetKind.PERSON, key, home, match_id=match.id, part=part,
            about_person_id=match.broker_id, at_centre=True,
        )  # fmt: skip
    listing = match.listing_of(Side(part.value))
    return Target(
        TargetKind.PERSON,
        key,
        home if part is Part.NEED else listing.division_code or home,
        organisation_id=listing.organisation_id,
        match_id=match.id,
        part=part,
        about_person_id=match.side(Side(part.value)).contact_id or listing.author_id,
    )


def _not_own(actor: Actor, organisation_id: int) -> None:
    if actor.belongs_to(organisation_id):
        raise Forbidden("report_not_own")
