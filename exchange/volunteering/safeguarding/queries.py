"""Reading ages, consents and checks."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from exchange.accounts.kinds import MembershipState
from exchange.accounts.models import Membership, Organisation, Person
from exchange.accounts.queries import organisation_by_public_id
from exchange.kernel.actor import Actor
from exchange.kernel.errors import NotFound
from exchange.kernel.secret_box import SecretBox
from exchange.volunteering.kinds import LIVE_STATES, ShiftState, SignupState
from exchange.volunteering.models import Activity, ActivityCoordinator, Shift, Signup
from exchange.volunteering.rules import ADULT
from exchange.volunteering.safeguarding.kinds import AskKind
from exchange.volunteering.safeguarding.models import (
    AgeStatement,
    ChildrenCheck,
    ConsentFile,
    GuardianConsent,
    SafeguardAsk,
)
from exchange.volunteering.safeguarding.permissions import may_keep_checks
from exchange.volunteering.safeguarding.rules import Age, CheckFact, ConsentFact
from exchange.volunteering.safeguarding.sealing import age_of

PAGE = 30
LONGEST_ID = 20
M = TypeVar("M", AgeStatement, GuardianConsent, ChildrenCheck)


@dataclass(frozen=True)
class Standing:
    """What is on record about a person, as far as it decides."""

    age: Age
    consents: tuple[ConsentFact, ...] = ()
    checks: tuple[CheckFact, ...] = ()


def standings(
    session: Session, box: SecretBox, person_ids: Iterable[int], today: date
) -> dict[int, Standing]:
    """What is on record about these people; three queries for any number of them."""
    wanted = sorted(set(person_ids))
    if not wanted:
        return {}
    ages = {one.person_id: one for one in session.scalars(_fresh(AgeStatement, wanted))}
    consents: dict[int, list[ConsentFact]] = defaultdict(list)
    for one in session.scalars(_fresh(GuardianConsent, wanted)):
        fact = ConsentFact(one.organisation_id, one.activity_id, one.state(today), one.valid_until)
        consents[one.person_id].append(fact)
    checks: dict[int, list[CheckFact]] = defaultdict(list)
    live = _fresh(ChildrenCheck, wanted).where(ChildrenCheck.ended_at.is_(None))
    for check in session.scalars(live):
        fact_of_check = CheckFact(check.organisation_id, check.expires_on, check.stands)
        checks[check.person_id].append(fact_of_check)
    return {
        one: Standing(age_of(box, ages.get(one)), tuple(consents[one]), tuple(checks[one]))
        for one in wanted
    }


def standing_of(session: Session, box: SecretBox, person_id: int, today: date) -> Standing:
    """What is on record about one person."""
    return standings(session, box, [person_id], today)[person_id]


def age_row(session: Session, person_id: int) -> AgeStatement | None:
    """What somebody has said of their age."""
    return session.scalars(_fresh(AgeStatement, [person_id])).first()


def _fresh(model: type[M], person_ids: Sequence[int]) -> sa.Select[M]:
    """Read as they are now: these decide under a lock."""
    query = sa.select(model).where(model.person_id.in_(person_ids)).order_by(model.id)
    return query.execution_options(populate_existing=True)


def looks_after(session: Session, actor: Actor, organisation: Organisation) -> bool:
    """Who puts consents on record: managers, social workers of the place, and coordinators."""
    if may_keep_checks(actor, organisation):
        return True
    if not actor.belongs_to(organisation.id):
        return False
    query = (
        sa.select(ActivityCoordinator.activity_id)
        .join(Activity, Activity.id == ActivityCoordinator.activity_id)
        .where(
            Activity.organisation_id == organisation.id,
            ActivityCoordinator.person_id == actor.person_id,
        )
    )
    return session.scalar(query.limit(1)) is not None


def kept_organisation(
    session: Session, actor: Actor, public_id: str, *, checks: bool = False
) -> Organisation:
    """The organisation, for those who keep its consents, or its checks. Raises NotFound."""
    known = organisation_by_public_id(session, public_id) if public_id.isalnum() else None
    if known is None:
        raise NotFound
    may = may_keep_checks(actor, known) if checks else looks_after(session, actor, known)
    if not may:
        raise NotFound
    return known


def volunteer_of(session: Session, organisation_id: int, public_id: str) -> Person:
    """Somebody who has to do with the organisation: a member, or one who asked or signed up.

    Raises NotFound for anybody else, known here or not.
    """
    if not public_id.isalnum() or len(public_id) > LONGEST_ID:
        raise NotFound
    query = sa.select(Person).where(Person.public_id == public_id, Person.closed_at.is_(None))
    found = session.scalars(query.where(_has_to_do(organisation_id))).first()
    if found is None:
        raise NotFound
    return found


def _has_to_do(organisation_id: int) -> sa.ColumnElement[bool]:
    member = sa.exists().where(
        Membership.person_id == Person.id,
        Membership.organisation_id == organisation_id,
        Membership.state == MembershipState.ACTIVE,
    )
    asked = sa.exists().where(
        SafeguardAsk.person_id == Person.id, SafeguardAsk.organisation_id == organisation_id
    )
    came = sa.exists().where(
        Signup.person_id == Person.id,
        Shift.id == Signup.shift_id,
        Activity.id == Shift.activity_id,
        Activity.organisation_id == organisation_id,
    )
    consents = sa.exists().where(
        GuardianConsent.person_id == Person.id,
        GuardianConsent.organisation_id == organisation_id,
    )
    checks = sa.exists().where(
        ChildrenCheck.person_id == Person.id, ChildrenCheck.organisation_id == organisation_id
    )
    return sa.or_(member, asked, came, consents, checks)


def consent_by_public_id(session: Session, public_id: str) -> GuardianConsent | None:
    """The consent, whoever may see it."""
    if not public_id.isalnum() or len(public_id) > LONGEST_ID:
        return None
    query = sa.select(GuardianConsent).where(GuardianConsent.public_id == public_id)
    return session.scalars(query.options(*_consent_rows())).first()


def seen_consent(session: Session, actor: Actor, public_id: str) -> GuardianConsent:
    """The consent, for those who keep it and for whom it is about. Raises NotFound."""
    found = consent_by_public_id(session, public_id)
    if found is None:
        raise NotFound
    own = actor.person_id is not None and found.person_id == actor.person_id
    if not own and not looks_after(session, actor, found.organisation):
        raise NotFound
    return found


def seen_check(session: Session, actor: Actor, public_id: str) -> ChildrenCheck:
    """The check, for those who keep it and for whom it is about. Raises NotFound."""
    found = None
    if public_id.isalnum() and len(public_id) <= LONGEST_ID:
        query = sa.select(ChildrenCheck).where(ChildrenCheck.public_id == public_id)
        found = session.scalars(query.options(*_check_rows())).first()
    if found is None:
        raise NotFound
    own = actor.person_id is not None and found.person_id == actor.person_id
    if not own and not may_keep_checks(actor, found.organisation):
        raise NotFound
    return found


def consents_of_person(session: Session, person_id: int) -> Sequence[GuardianConsent]:
    """All consents about somebody, the newest first."""
    query = sa.select(GuardianConsent).where(GuardianConsent.person_id == person_id)
    ordered = query.options(*_consent_rows()).order_by(GuardianConsent.id.desc())
    return session.scalars(ordered.limit(100)).all()


def checks_of_person(session: Session, person_id: int) -> Sequence[ChildrenCheck]:
    """All checks of somebody that stand, with those they object to."""
    query = sa.select(ChildrenCheck).where(
        ChildrenCheck.person_id == person_id, ChildrenCheck.ended_at.is_(None)
    )
    return session.scalars(query.options(*_check_rows()).order_by(ChildrenCheck.id.desc())).all()


def consents_of_organisation(
    session: Session, organisation_id: int, today: date, page: int
) -> tuple[Sequence[GuardianConsent], bool]:
    """Those that are asked for or hold, the first to end first; and whether there are more."""
    query = sa.select(GuardianConsent).where(
        GuardianConsent.organisation_id == organisation_id,
        GuardianConsent.withdrawn_at.is_(None),
        GuardianConsent.refused_at.is_(None),
        GuardianConsent.forgotten_at.is_(None),
        sa.or_(GuardianConsent.valid_until.is_(None), GuardianConsent.valid_until >= today),
    )
    until = sa.func.coalesce(GuardianConsent.valid_until, sa.literal(date.max, sa.Date()))
    ordered = query.options(*_consent_rows()).order_by(until, GuardianConsent.id)
    rows = session.scalars(ordered.offset((page - 1) * PAGE).limit(PAGE + 1)).all()
    return rows[:PAGE], len(rows) > PAGE


def checks_of_organisation(
    session: Session, organisation_id: int, page: int
) -> tuple[Sequence[ChildrenCheck], bool]:
    """Those that stand, the first to expire first, expired ones too; whether there are more."""
    query = sa.select(ChildrenCheck).where(
        ChildrenCheck.organisation_id == organisation_id, ChildrenCheck.ended_at.is_(None)
    )
    ordered = query.options(*_check_rows()).order_by(ChildrenCheck.expires_on, ChildrenCheck.id)
    rows = session.scalars(ordered.offset((page - 1) * PAGE).limit(PAGE + 1)).all()
    return rows[:PAGE], len(rows) > PAGE


def members_unchecked(session: Session, organisation_id: int) -> Sequence[Person]:
    """Members without a check on record, by how long they are members."""
    has = sa.exists().where(
        ChildrenCheck.person_id == Person.id,
        ChildrenCheck.organisation_id == organisation_id,
        ChildrenCheck.ended_at.is_(None),
    )
    query = (
        sa.select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.state == MembershipState.ACTIVE,
            Person.closed_at.is_(None),
            sa.not_(has),
        )
        .order_by(Membership.id)
    )
    return session.scalars(query.limit(100)).all()


def asks_of_organisation(
    session: Session, organisation_id: int, kinds: Collection[AskKind]
) -> Sequence[SafeguardAsk]:
    """What volunteers ask of an organisation, the oldest first."""
    query = sa.select(SafeguardAsk).where(
        SafeguardAsk.organisation_id == organisation_id, SafeguardAsk.kind.in_(sorted(kinds))
    )
    ordered = query.options(joinedload(SafeguardAsk.person), joinedload(SafeguardAsk.activity))
    return session.scalars(ordered.order_by(SafeguardAsk.id).limit(100)).all()


def asks_of_person(session: Session, person_id: int) -> Sequence[SafeguardAsk]:
    """What somebody has asked for."""
    query = sa.select(SafeguardAsk).where(SafeguardAsk.person_id == person_id)
    ordered = query.options(
        joinedload(SafeguardAsk.organisation), joinedload(SafeguardAsk.activity)
    )
    return session.scalars(ordered.order_by(SafeguardAsk.id.desc())).all()


def ask_of(
    session: Session, person_id: int, organisation_id: int, kind: AskKind
) -> SafeguardAsk | None:
    """The open ask of a kind, if any."""
    query = sa.select(SafeguardAsk).where(
        SafeguardAsk.person_id == person_id,
        SafeguardAsk.organisation_id == organisation_id,
        SafeguardAsk.kind == kind,
    )
    return session.scalars(query.execution_options(populate_existing=True)).first()


def expiries_of(session: Session, organisation_id: int) -> list[date]:
    """Until when the checks of an organisation's people are good."""
    query = sa.select(ChildrenCheck.expires_on).where(
        ChildrenCheck.organisation_id == organisation_id,
        ChildrenCheck.ended_at.is_(None),
        ChildrenCheck.objected_at.is_(None),
    )
    return list(session.scalars(query))


def live_shift_ids(
    session: Session, person_id: int, organisation_id: int | None, now: datetime
) -> list[int]:
    """The shifts ahead in which somebody has a place or waits, of an organisation or of all."""
    query = (
        sa.select(Shift.id)
        .join(Signup, Signup.shift_id == Shift.id)
        .join(Activity, Activity.id == Shift.activity_id)
        .where(
            Signup.person_id == person_id,
            Signup.state.in_(LIVE_STATES),
            Shift.starts_at > now,
        )
        .order_by(Shift.id)
    )
    if organisation_id is not None:
        query = query.where(Activity.organisation_id == organisation_id)
    return list(session.scalars(query))


def young_ahead(session: Session, after: int, now: datetime, limit: int) -> dict[int, list[Shift]]:
    """The shifts ahead of the next people after an id who have said to be under 18; of adults those
    that are not for them.
    """
    base = (
        sa.select(AgeStatement.person_id)
        .join(Signup, Signup.person_id == AgeStatement.person_id)
        .join(Shift, Shift.id == Signup.shift_id)
        .join(Activity, Activity.id == Shift.activity_id)
        .where(
            sa.or_(AgeStatement.birth_sealed.is_not(None), Activity.max_age < ADULT),
            AgeStatement.person_id > after,
            Signup.state.in_(LIVE_STATES),
            Shift.state == ShiftState.OPEN,
            Shift.starts_at > now,
        )
    )
    people = session.scalars(base.distinct().order_by(AgeStatement.person_id).limit(limit)).all()
    query = base.add_columns(Shift).where(AgeStatement.person_id.in_(people))
    found: dict[int, list[Shift]] = {one: [] for one in people}
    for person_id, shift in session.execute(query.options(joinedload(Shift.activity))):
        found[person_id].append(shift)
    return found


def with_places(session: Session, shift_ids: Iterable[int]) -> dict[int, list[int]]:
    """Who has a place, by shift."""
    query = sa.select(Signup.shift_id, Signup.person_id).where(
        Signup.shift_id.in_(sorted(set(shift_ids))), Signup.state == SignupState.SIGNED_UP
    )
    found: dict[int, list[int]] = defaultdict(list)
    for shift_id, person_id in session.execute(query):
        found[shift_id].append(person_id)
    return found


def _consent_rows() -> tuple[sa.orm.interfaces.ORMOption, ...]:
    return (
        joinedload(GuardianConsent.person),
        joinedload(GuardianConsent.organisation),
        joinedload(GuardianConsent.activity),
        joinedload(GuardianConsent.recorded_by),
        selectinload(GuardianConsent.files).joinedload(ConsentFile.file),
    )


def _check_rows() -> tuple[sa.orm.interfaces.ORMOption, ...]:
    return (
        joinedload(ChildrenCheck.person),
        joinedload(ChildrenCheck.organisation),
        joinedload(ChildrenCheck.checked_by),
        joinedload(ChildrenCheck.recorded_by),
    )
