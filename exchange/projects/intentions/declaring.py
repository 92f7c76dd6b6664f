"""Declaring an intention, changing it, taking it back: what the organisation outside does."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from exchange.accounts.kinds import Verification
from exchange.accounts.models import Organisation, Person
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid, SignInNeeded
from exchange.listings.models import Listing
from exchange.listings.rules import may_submit
from exchange.projects.intentions.events import (
    IntentionChanged,
    IntentionDeclared,
    IntentionWithdrawn,
)
from exchange.projects.intentions.keeping import intention_for, move, news
from exchange.projects.intentions.kinds import OPEN_STATES, IntentionState, Step
from exchange.projects.intentions.models import Intention
from exchange.projects.intentions.queries import open_needs
from exchange.projects.intentions.rules import MOST_OPEN, may_declare
from exchange.projects.intentions.values import IntentionValues, in_unit_of, insist
from exchange.projects.models import Project
from exchange.projects.permissions import is_inside
from exchange.projects.queries import seen_project

BAD_STANDING = (Verification.REFUSED, Verification.SUSPENDED)


def declare(act: Act, project_id: str, values: IntentionValues) -> Intention:
    """Say what the actor's organisation would bring to the project with this public id.

    Sent twice it is declared once. Raises NotFound, SignInNeeded, Forbidden, Invalid with the
    fields, or Conflict: the project takes none, or one of this kind waits already.
    """
    project = seen_project(act.session, act.actor, project_id)
    owner = _declarer(act, project)
    need = _need(act, project, values.cleaned().need)
    given, until = _checked(act, values, need)
    _insist_on_room(act, owner.id)
    made = Intention(
        project_id=project.id, organisation_id=owner.id, author_id=act.actor.person_id,
        state=IntentionState.DECLARED, until=until, created_at=act.now, updated_at=act.now,
    )  # fmt: skip
    _put(made, given, need)
    try:
        with act.session.begin_nested():
            act.session.add(made)
            act.session.flush()
    except IntegrityError as error:
        return _already_there(act, made, error)
    act.session.refresh(made)
    news(act, made, IntentionDeclared)
    return made


def change_intention(
    act: Act, public_id: str, values: IntentionValues, version: int | None = None
) -> Intention:
    """Say it differently while nobody has answered; it waits for an answer again.

    Raises as declaring does, and Conflict "intention_changed" for another version.
    """
    intention, _ = intention_for(act, public_id, Step.CHANGE, version)
    need = _need(act, intention.project, values.cleaned().need, keep=intention.need_id)
    given, until = _checked(act, values, need)
    if until != intention.until:
        intention.lapse_told_on = None
    intention.until = until
    _put(intention, given, need)
    try:
        with act.session.begin_nested():
            act.session.flush()
    except IntegrityError as error:
        raise Conflict("intention_already_open") from error
    move(act, intention, Step.CHANGE, IntentionState.DECLARED)
    news(act, intention, IntentionChanged)
    return intention


def withdraw(act: Act, public_id: str) -> Intention:
    """Take it back before it is answered. Raises NotFound, Forbidden or Conflict."""
    intention, _ = intention_for(act, public_id, Step.WITHDRAW)
    intention.closed_at = act.now
    move(act, intention, Step.WITHDRAW, IntentionState.WITHDRAWN)
    news(act, intention, IntentionWithdrawn)
    return intention


def _declarer(act: Act, project: Project) -> Organisation:
    """The organisation that declares. Raises SignInNeeded, Forbidden or Conflict."""
    if act.actor.organisation_id is None:
        raise SignInNeeded
    owner = act.session.get_one(Organisation, act.actor.organisation_id)
    decision = may_declare(
        inside=is_inside(act.actor, project), publication=project.publication,
        stage=project.stage, held=project.held_at is not None,
        in_standing=owner.verification not in BAD_STANDING,
    )  # fmt: skip
    if not decision:
        if decision.code == "intention_project_closed":
            raise Conflict(decision.code)
        raise Forbidden(decision.code)
    person = act.session.get(Person, act.actor.person_id) if act.actor.person_id else None
    confirmed = act.actor.phone_ok or (
        person is not None
        and any((person.phone_confirmed_at, person.phone_vouched_at, person.email_confirmed_at))
    )
    reachable = may_submit(contact_confirmed=confirmed, is_system=act.actor.is_system)
    if not reachable:
        raise Forbidden(reachable.code)
    return owner


def _need(act: Act, project: Project, public_id: str, keep: int | None = None) -> Listing | None:
    """The need of the project it is for. Raises Invalid where it is not among the open ones."""
    if not public_id:
        return None
    for need in open_needs(act.session, act.actor, project.id):
        if need.public_id == public_id:
            return need
    kept = act.session.get(Listing, keep) if keep is not None else None
    if kept is not None and kept.public_id == public_id:
        return kept
    raise Invalid("intention_invalid", fields={"need": ["intention_need_gone"]})


def _checked(
    act: Act, values: IntentionValues, need: Listing | None
) -> tuple[IntentionValues, date]:
    """The values as they are kept, with their last day; a bare amount is in the need's unit. Any
    other may be meant: two trucks carry thirty tonnes.
    """
    given = in_unit_of(values.cleaned(), need.unit if need is not None else None)
    return given, insist(given, act.today)


def _insist_on_room(act: Act, organisation_id: int) -> None:
    query = sa.select(sa.func.count(Intention.id)).where(
        Intention.organisation_id == organisation_id, Intention.state.in_(OPEN_STATES)
    )
    if (act.session.scalar(query) or 0) >= MOST_OPEN:
        raise Conflict("intention_too_many", most=MOST_OPEN)


def _put(intention: Intention, values: IntentionValues, need: Listing | None) -> None:
    intention.kind, intention.text, intention.terms = values.kind, values.text, values.terms
    intention.quantity_milli, intention.unit = values.quantity_milli, values.unit
    intention.need_id = need.id if need else None
    intention.slot = f"{values.kind.value}:{intention.need_id or 0}"


def _already_there(act: Act, made: Intention, error: IntegrityError) -> Intention:
    """The one that waits, where the very same was sent before; else Conflict."""
    query = sa.select(Intention).where(
        Intention.project_id == made.project_id,
        Intention.organisation_id == made.organisation_id,
        Intention.slot == made.slot,
        Intention.state.in_(OPEN_STATES),
    )
    present = act.session.scalars(query).first()
    if present is not None and _said(present) == _said(made):
        return present
    raise Conflict("intention_already_open") from error


def _said(one: Intention) -> tuple[object, ...]:
    return one.text, one.terms, one.quantity_milli, one.unit, one.until
