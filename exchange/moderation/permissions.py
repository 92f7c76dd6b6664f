"""Who looks after a case, as values and as SQL; and who reads what was decided about their own."""

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from exchange.kernel.actor import WHOLE_COUNTRY, Actor
from exchange.moderation.kinds import TargetKind
from exchange.moderation.models import ModerationCase
from exchange.moderation.passing import passed_to
from exchange.moderation.rules import CaseFacts, may_handle


def facts_of(
    case: ModerationCase, *, is_held: bool = False, is_suspended: bool = False
) -> CaseFacts:
    """What the rules ask of a case."""
    return CaseFacts(
        kind=case.kind,
        state=case.state,
        division_code=case.division_code,
        organisation_id=case.organisation_id,
        about_person_id=case.about_person_id,
        at_centre=case.at_centre,
        unserved=case.unserved,
        is_held=is_held,
        is_suspended=is_suspended,
    )


def can_handle(actor: Actor, case: ModerationCase) -> bool:
    """Whether the actor looks after the case; nobody else knows that it exists."""
    return may_handle(actor, facts_of(case))


def handled_by(actor: Actor) -> ColumnElement[bool]:
    """SQL: ``can_handle`` as a condition on ModerationCase, and the appeals that have passed to
    the actor because nobody nearer may decide.
    """
    if actor.is_system:
        return sa.true()
    station = sa.and_(ModerationCase.at_centre.is_(False), _within(actor.serves))
    ways: list[ColumnElement[bool]] = [station, _within(actor.supervises), passed_to(actor)]
    if actor.supervises:
        ways.append(ModerationCase.unserved.is_(True))
    owner, about = ModerationCase.organisation_id, ModerationCase.about_person_id
    strange = sa.or_(owner.is_(None), owner.not_in(sorted(actor.organisation_ids)))
    not_me = sa.or_(about.is_(None), about != (actor.person_id or 0))
    return sa.and_(sa.or_(*ways), strange, not_me)


def is_owner(actor: Actor, case: ModerationCase) -> bool:
    """Whether it is about the actor's own: they read what was decided, never who reported.

    What is about a person is for them and for the managers of the organisation they speak for.
    """
    owner, about = case.organisation_id, case.about_person_id
    if case.kind is not TargetKind.PERSON:
        return actor.belongs_to(owner)
    return (about is not None and about == actor.person_id) or owner in actor.manages


def can_appeal(actor: Actor, case: ModerationCase) -> bool:
    """Managers of the owner, whoever wrote it, or the person whom it is about."""
    if not is_owner(actor, case):
        return False
    if case.kind is TargetKind.PERSON or case.organisation_id in actor.manages:
        return True
    return case.thing is not None and case.thing.author_id == actor.person_id


def owned_by(actor: Actor) -> ColumnElement[bool]:
    """SQL: ``is_owner`` as a condition on ModerationCase."""
    about_person = ModerationCase.kind == TargetKind.PERSON
    owner = ModerationCase.organisation_id
    of_mine = sa.and_(sa.not_(about_person), owner.in_(sorted(actor.organisation_ids)))
    me = ModerationCase.about_person_id == (actor.person_id or 0)
    of_person = sa.and_(about_person, sa.or_(me, owner.in_(sorted(actor.manages))))
    return sa.or_(of_mine, of_person)


def _within(prefixes: tuple[str, ...]) -> ColumnElement[bool]:
    if WHOLE_COUNTRY in prefixes:
        return sa.true()
    code = ModerationCase.division_code
    inside = [code.startswith(prefix, autoescape=True) for prefix in prefixes]
    return sa.or_(sa.false(), *inside)
