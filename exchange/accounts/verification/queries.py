"""Reading requests to be verified, and what was decided."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload
from sqlalchemy.sql.elements import ColumnElement

from exchange.accounts.kinds import OrganisationKind, Verification
from exchange.accounts.models import Organisation, VerificationRequest
from exchange.accounts.permissions import decidable_by, place_is_served
from exchange.accounts.rules import VerificationCase
from exchange.accounts.verification.kinds import DecisionKind, Wanted
from exchange.accounts.verification.models import VerificationDecision
from exchange.accounts.verification.rules import Standing
from exchange.kernel.actor import Actor

PAGE = 50


@dataclass(frozen=True)
class Filters:
    """Which requests of the queue; ``text`` stands somewhere in the name."""

    wanted: Wanted = Wanted.WAITING
    kind: OrganisationKind | None = None
    text: str = ""


def open_requests(
    session: Session,
    actor: Actor,
    after: int = 0,
    limit: int = PAGE,
    filters: Filters | None = None,
) -> Sequence[VerificationRequest]:
    """What the actor may decide, the oldest first, from behind the id ``after``. One query."""
    query = (
        sa.select(VerificationRequest)
        .join(VerificationRequest.organisation)
        .options(
            contains_eager(VerificationRequest.organisation),
            joinedload(VerificationRequest.claimed_by),
        )
        .where(VerificationRequest.id > after, _decidable(actor), *_chosen(actor, filters))
        .order_by(VerificationRequest.id)
        .limit(limit)
    )
    return session.scalars(query).all()


def count_requests(session: Session, actor: Actor) -> dict[Wanted, int]:
    """How many requests stand under each filter, in one query."""
    sums = [
        sa.func.count(sa.case((sa.and_(*_of(actor, wanted)), VerificationRequest.id)))
        for wanted in Wanted
    ]
    query = sa.select(*sums).join(VerificationRequest.organisation).where(_decidable(actor))
    found = session.execute(query).one()
    return dict(zip(Wanted, found, strict=True))


def waiting_count(session: Session, actor: Actor) -> int:
    """How many requests wait for the actor's station or centre."""
    query = (
        sa.select(sa.func.count(VerificationRequest.id))
        .join(VerificationRequest.organisation)
        .where(_decidable(actor), *_of(actor, Wanted.WAITING))
    )
    return session.scalar(query) or 0


def open_request(session: Session, actor: Actor, public_id: str) -> VerificationRequest | None:
    """One open request, if the actor may decide it."""
    query = (
        sa.select(VerificationRequest)
        .join(VerificationRequest.organisation)
        .options(
            contains_eager(VerificationRequest.organisation),
            joinedload(VerificationRequest.claimed_by),
            joinedload(VerificationRequest.asked_by),
        )
        .where(VerificationRequest.public_id == public_id, _decidable(actor))
    )
    return session.scalars(query).first()


def request_id_of(session: Session, public_id: str) -> int | None:
    """The id of a request, decided or not; None where there is none."""
    query = sa.select(VerificationRequest.id).where(VerificationRequest.public_id == public_id)
    return session.scalar(query)


def open_request_of(session: Session, organisation_id: int) -> VerificationRequest | None:
    """The organisation's undecided request."""
    query = sa.select(VerificationRequest).where(
        VerificationRequest.organisation_id == organisation_id,
        VerificationRequest.decided_at.is_(None),
    )
    return session.scalars(query).first()


def latest_request(session: Session, organisation_id: int) -> VerificationRequest | None:
    """The organisation's newest request, decided or not."""
    query = (
        sa.select(VerificationRequest)
        .where(VerificationRequest.organisation_id == organisation_id)
        .order_by(VerificationRequest.id.desc())
        .limit(1)
    )
    return session.scalars(query).first()


def decisions_about(session: Session, organisation_id: int) -> Sequence[VerificationDecision]:
    """The organisation's record, the newest first, with who decided. One query."""
    query = (
        sa.select(VerificationDecision)
        .options(joinedload(VerificationDecision.by))
        .where(VerificationDecision.organisation_id == organisation_id)
        .order_by(VerificationDecision.id.desc())
    )
    return session.scalars(query).all()


def latest_suspension(session: Session, organisation_id: int) -> VerificationDecision | None:
    """The newest decision by which it was suspended."""
    query = (
        sa.select(VerificationDecision)
        .where(
            VerificationDecision.organisation_id == organisation_id,
            VerificationDecision.kind == DecisionKind.SUSPENDED,
        )
        .order_by(VerificationDecision.id.desc())
        .limit(1)
    )
    return session.scalars(query).first()


def namesakes(session: Session, organisation: Organisation) -> Sequence[Organisation]:
    """Other organisations with its credit code that are verified, refused or suspended."""
    if organisation.credit_code is None:
        return ()
    known = (Verification.VERIFIED, Verification.REFUSED, Verification.SUSPENDED)
    query = sa.select(Organisation).where(
        Organisation.credit_code == organisation.credit_code,
        Organisation.id != organisation.id,
        Organisation.verification.in_(known),
    )
    return session.scalars(query.order_by(Organisation.id).limit(5)).all()


def standing_of(session: Session, organisation: Organisation) -> Standing:
    """What the rule about who may ask needs to know."""
    request = open_request_of(session, organisation.id)
    return Standing(
        verification=organisation.verification,
        until=organisation.verified_until,
        has_open_request=request is not None,
        more_wanted=request is not None and request.more_asked_at is not None,
    )


def case_of(session: Session, organisation: Organisation) -> VerificationCase:
    """What the rule about who may verify needs to know."""
    served = session.scalar(sa.select(place_is_served()).where(Organisation.id == organisation.id))
    return VerificationCase(
        organisation_id=organisation.id,
        kind=organisation.kind,
        division_code=organisation.division_code,
        place_is_served=bool(served),
    )


def _decidable(actor: Actor) -> ColumnElement[bool]:
    return sa.and_(VerificationRequest.decided_at.is_(None), decidable_by(actor))


def _of(actor: Actor, wanted: Wanted) -> tuple[ColumnElement[bool], ...]:
    ours = VerificationRequest.more_asked_at.is_(None)
    if wanted is Wanted.MINE:
        return (VerificationRequest.claimed_by_id == actor.person_id,)
    if wanted is Wanted.RENEWALS:
        return (ours, VerificationRequest.renewal.is_(True))
    return (ours,) if wanted is Wanted.WAITING else (sa.not_(ours),)


def _chosen(actor: Actor, filters: Filters | None) -> list[ColumnElement[bool]]:
    if filters is None:
        return []
    chosen = list(_of(actor, filters.wanted))
    if filters.kind is not None:
        chosen.append(Organisation.kind == filters.kind)
    if filters.text:
        columns = (Organisation.name_zh, Organisation.name_en)
        chosen.append(sa.or_(*(one.icontains(filters.text, autoescape=True) for one in columns)))
    return chosen
