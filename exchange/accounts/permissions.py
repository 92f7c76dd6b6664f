"""Who may see an organisation's page, manage it, verify it, and look after service points."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from exchange.accounts.kinds import OrganisationKind
from exchange.accounts.models import Organisation, ServicePoint, ServicePointDivision
from exchange.kernel.actor import WHOLE_COUNTRY, Actor


def can_see_organisation(actor: Actor, organisation: Organisation) -> bool:
    """Everybody sees organisations; a private person's own is for them and for their station."""
    if organisation.kind is not OrganisationKind.INDIVIDUAL_VOLUNTEER or actor.is_system:
        return True
    mine = actor.belongs_to(organisation.id)
    return mine or actor.serves_division(organisation.division_code)


def can_manage(actor: Actor, organisation: Organisation) -> bool:
    """Managers manage; a private person's own organisation is managed on their own page."""
    return organisation.id in actor.manages


def can_supervise_point(actor: Actor, point: ServicePoint) -> bool:
    """Whether everything that the point serves lies within what the actor supervises."""
    return covers_all(actor, (served.prefix for served in point.divisions))


def covers_all(actor: Actor, prefixes: Iterable[str]) -> bool:
    """Whether the actor supervises every one of the divisions."""
    return all(actor.supervises_division(prefix) for prefix in prefixes)


def place_is_served() -> ColumnElement[bool]:
    """SQL: some open service point serves the organisation's place or what contains it."""
    code = Organisation.division_code
    above = [sa.func.substr(code, 1, length) for length in (2, 4, 6, 9, 12)]
    return (
        sa.exists()
        .where(
            ServicePointDivision.prefix.in_([WHOLE_COUNTRY, *above]),
            ServicePointDivision.service_point_id == ServicePoint.id,
            ServicePoint.closed_at.is_(None),
        )
        .correlate(Organisation)
    )


def decidable_by(actor: Actor) -> ColumnElement[bool]:
    """SQL: ``rules.may_verify`` as a condition on Organisation."""
    ways: list[ColumnElement[bool]] = [_within(actor.supervises)]
    if actor.supervises:
        ways.append(sa.not_(place_is_served()))
    not_a_station = Organisation.kind != OrganisationKind.SOCIAL_WORK_STATION
    ways.append(sa.and_(not_a_station, _within(actor.serves)))
    mine = Organisation.id.in_(sorted(actor.organisation_ids))
    return sa.and_(sa.or_(*ways), sa.not_(mine))


def _within(prefixes: tuple[str, ...]) -> ColumnElement[bool]:
    if WHOLE_COUNTRY in prefixes:
        return sa.true()
    inside = [Organisation.division_code.startswith(item, autoescape=True) for item in prefixes]
    return sa.or_(sa.false(), *inside)
