"""Whom the ids in events and rows concern: the audit asks when an act commits.

One query for each kind of id. A room that comes with ids of its own adds a resolver here or in
its own ``register``.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.kinds import MembershipState, OrganisationKind
from exchange.accounts.models import (
    Assignment,
    Membership,
    Organisation,
    ServicePoint,
    ServicePointDivision,
)
from exchange.audit.concerning import Concern, Found, tell_concerns
from exchange.brokering.centre.escalation_models import Escalation
from exchange.brokering.models import Match, MatchSide
from exchange.discovery.bulletins.models import Bulletin, BulletinPlace
from exchange.kernel.act import House
from exchange.listings.models import Listing
from exchange.listings.undertakings.models import Undertaking
from exchange.matching.plans.models import MatchingPlan, PlanDivision
from exchange.moderation.models import ModerationCase
from exchange.projects.intentions.models import Intention
from exchange.projects.models import Project, ProjectDivision

Pairs = Iterable[tuple[int, Concern]]
PERSONS = ("person_id", "contact_id", "shown_to_id")
ORGANISATIONS = ("organisation_id", "owner_id")
LISTINGS = ("listing_id", "need_id", "offer_id", "kept_id", "merged_id", "first_id", "second_id")


def install(house: House) -> None:
    """Tell the audit of every kind of id that events and rows carry."""
    tell_concerns(house, "person", PERSONS, persons)
    tell_concerns(house, "organisation", ORGANISATIONS, organisations)
    tell_concerns(house, "listing", LISTINGS, listings)
    tell_concerns(house, "match", ("match_id",), matches)
    tell_concerns(house, "point", ("service_point_id",), points)
    tell_concerns(house, "undertaking", ("undertaking_id",), undertakings)
    tell_concerns(house, "plan", ("plan_id",), plans)
    tell_concerns(house, "case", ("case_id",), cases)
    tell_concerns(house, "escalation", ("escalation_id",), escalations)
    tell_concerns(house, "bulletin_place", ("bulletin_place_id",), bulletin_places)
    tell_concerns(house, "bulletin", ("bulletin_id",), bulletins)
    tell_concerns(house, "project", ("project_id",), projects)
    tell_concerns(house, "intention", ("intention_id",), intentions)


def persons(session: Session, ids: Collection[int]) -> Found:
    """A person counts where their own organisation is, else where they serve."""
    found = {one: Concern(person_id=one) for one in ids}
    own = (
        sa.select(Membership.person_id, Organisation.division_code)
        .join(Membership.organisation)
        .where(
            Membership.person_id.in_(ids),
            Organisation.kind == OrganisationKind.INDIVIDUAL_VOLUNTEER,
        )
    )
    serving = (
        sa.select(Assignment.person_id, sa.func.min(ServicePointDivision.prefix))
        .join(ServicePointDivision, sa.and_(
            ServicePointDivision.service_point_id == Assignment.service_point_id
        ))
        .where(Assignment.person_id.in_(ids), Assignment.ended_at.is_(None))
        .group_by(Assignment.person_id)
    )  # fmt: skip
    for query in (serving, own):
        for person_id, code in session.execute(query):
            found[person_id] = Concern(person_id=person_id, division_code=code)
    return {key: (concern,) for key, concern in found.items()}


def organisations(session: Session, ids: Collection[int]) -> Found:
    """An organisation; one of a person's own with the person."""
    query = (
        sa.select(Organisation.id, Organisation.division_code, Membership.person_id)
        .outerjoin(
            Membership,
            sa.and_(
                Membership.organisation_id == Organisation.id,
                Organisation.kind == OrganisationKind.INDIVIDUAL_VOLUNTEER,
                Membership.state == MembershipState.ACTIVE,
            ),
        )
        .where(Organisation.id.in_(ids))
    )
    return _grouped(
        (key, Concern(person_id, key, division_code=code))
        for key, code, person_id in session.execute(query)
    )


def listings(session: Session, ids: Collection[int]) -> Found:
    """A listing: who wrote it, who owns it, where."""
    query = (
        sa.select(
            Listing.id,
            Listing.author_id,
            Listing.organisation_id,
            sa.func.coalesce(Listing.division_code, Organisation.division_code),
        )
        .join(Listing.organisation)
        .where(Listing.id.in_(ids))
    )
    return _grouped(
        (key, Concern(author, owner, key, division_code=code))
        for key, author, owner, code in session.execute(query)
    )


def matches(session: Session, ids: Collection[int]) -> Found:
    """A match concerns both sides, and whose contact is shown for them."""
    on_a_side = sa.or_(Listing.id == Match.need_id, Listing.id == Match.offer_id)
    its_side = sa.and_(MatchSide.match_id == Match.id, MatchSide.side == Listing.side)
    query = (
        sa.select(
            Match.id,
            Listing.id,
            Listing.author_id,
            MatchSide.contact_id,
            Listing.organisation_id,
            sa.func.coalesce(Listing.division_code, Organisation.division_code),
        )
        .join(Listing, on_a_side)
        .join(Listing.organisation)
        .outerjoin(MatchSide, its_side)
        .where(Match.id.in_(ids))
        .order_by(Match.id, Listing.side, Listing.id)
    )
    authors, contacts = [], []
    for key, listing, author, contact, owner, code in session.execute(query):
        authors.append((key, Concern(author, owner, listing, key, code)))
        if contact not in (None, author):
            contacts.append((key, Concern(contact, owner, listing, key, code)))
    return _grouped([*authors, *contacts])  # the first have the key of what is sealed


def points(session: Session, ids: Collection[int]) -> Found:
    """A service point counts in every division that it serves."""
    query = (
        sa.select(ServicePoint.id, ServicePoint.organisation_id, ServicePointDivision.prefix)
        .join(ServicePoint.divisions)
        .where(ServicePoint.id.in_(ids))
        .order_by(ServicePoint.id, ServicePointDivision.prefix)
    )
    return _grouped(
        (key, Concern(organisation_id=owner, division_code=prefix))
        for key, owner, prefix in session.execute(query)
    )


def undertakings(session: Session, ids: Collection[int]) -> Found:
    """An undertaking concerns its owner."""
    query = (
        sa.select(Undertaking.id, Undertaking.organisation_id, Organisation.division_code)
        .join(Undertaking.organisation)
        .where(Undertaking.id.in_(ids))
    )
    return _grouped(
        (key, Concern(organisation_id=owner, division_code=code))
        for key, owner, code in session.execute(query)
    )


def plans(session: Session, ids: Collection[int]) -> Found:
    """A plan counts in its divisions."""
    query = (
        sa.select(MatchingPlan.id, PlanDivision.prefix)
        .join(PlanDivision, PlanDivision.plan_id == MatchingPlan.id)
        .where(MatchingPlan.id.in_(ids))
        .order_by(MatchingPlan.id, PlanDivision.prefix)
    )
    return _grouped(
        (key, Concern(division_code=prefix)) for key, prefix in session.execute(query)
    )


def cases(session: Session, ids: Collection[int]) -> Found:
    """A case of moderation counts in its place alone: whom it is about may not read who reported.
    """
    query = sa.select(ModerationCase.id, ModerationCase.division_code).where(
        ModerationCase.id.in_(ids)
    )
    return _grouped((key, Concern(division_code=code)) for key, code in session.execute(query))


def escalations(session: Session, ids: Collection[int]) -> Found:
    """A case that rests concerns the worker in whose hands it is, by its need and its match.

    Who posted is not told that a worker was reminded.
    """
    query = (
        sa.select(
            Escalation.id,
            Escalation.person_id,
            Listing.id,
            Escalation.match_id,
            sa.func.coalesce(Listing.division_code, Organisation.division_code),
        )
        .outerjoin(Match, Match.id == Escalation.match_id)
        .join(Listing, Listing.id == sa.func.coalesce(Escalation.need_id, Match.need_id))
        .join(Listing.organisation)
        .where(Escalation.id.in_(ids))
    )
    return _grouped(
        (key, Concern(worker, None, listing, match, code))
        for key, worker, listing, match, code in session.execute(query)
    )


def bulletin_places(session: Session, ids: Collection[int]) -> Found:
    """A place with a bulletin counts there: in its division, or where its service point serves."""
    return _grouped(_places_of_bulletins(session, BulletinPlace.id, BulletinPlace.id.in_(ids)))


def bulletins(session: Session, ids: Collection[int]) -> Found:
    """An issue counts where its place does."""
    return _grouped(_places_of_bulletins(session, Bulletin.id, Bulletin.id.in_(ids)))


def _places_of_bulletins(
    session: Session, key: Any, where: sa.ColumnElement[bool]
) -> list[tuple[int, Concern]]:
    prefix = sa.func.coalesce(BulletinPlace.division_code, ServicePointDivision.prefix)
    query = (
        sa.select(key, prefix)
        .select_from(BulletinPlace)
        .outerjoin(Bulletin, Bulletin.bulletin_place_id == BulletinPlace.id)
        .outerjoin(
            ServicePointDivision,
            ServicePointDivision.service_point_id == BulletinPlace.service_point_id,
        )
        .where(where)
        .distinct()
        .order_by(key, prefix)
    )
    rows = session.execute(query)
    return [(found, Concern(division_code=code)) for found, code in rows if code]


def projects(session: Session, ids: Collection[int]) -> Found:
    """A project concerns the organisation that leads it, and counts in each of its places."""
    place = sa.func.coalesce(ProjectDivision.division_code, Organisation.division_code)
    query = (
        sa.select(Project.id, Project.author_id, Organisation.id, place)
        .join(Organisation, Organisation.id == Project.organisation_id)
        .outerjoin(ProjectDivision, ProjectDivision.project_id == Project.id)
        .where(Project.id.in_(ids))
        .order_by(Project.id, place)
    )
    return _grouped(
        (key, Concern(author, owner, division_code=code))
        for key, author, owner, code in session.execute(query)
    )


def intentions(session: Session, ids: Collection[int]) -> Found:
    """An intention concerns who declared it, and whose project it is for."""
    query = (
        sa.select(Intention.id, Organisation.id, Organisation.division_code)
        .join(Project, Project.id == Intention.project_id)
        .join(
            Organisation,
            sa.or_(
                Organisation.id == Intention.organisation_id,
                Organisation.id == Project.organisation_id,
            ),
        )
        .where(Intention.id.in_(ids))
        .order_by(Intention.id, Organisation.id)
    )
    return _grouped(
        (key, Concern(organisation_id=owner, division_code=code))
        for key, owner, code in session.execute(query)
    )


def _grouped(pairs: Pairs) -> Found:
    found: dict[int, list[Concern]] = defaultdict(list)
    for key, concern in pairs:
        found[key].append(concern)
    return {key: tuple(concerns) for key, concerns in found.items()}
