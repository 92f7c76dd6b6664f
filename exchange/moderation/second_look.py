"""Who decides about an appeal: never the one who decided before, and the nearest there is."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from exchange.kernel.act import Act
from exchange.kernel.actor import Actor
from exchange.kernel.decisions import Decision, allow, refuse
from exchange.kernel.errors import NotFound
from exchange.moderation.kinds import Nearest
from exchange.moderation.models import ModerationCase
from exchange.moderation.permissions import can_handle, facts_of
from exchange.moderation.queries import deciders_of, operators_for, pending_appeal
from exchange.moderation.rules import may_decide_appeal


@dataclass(frozen=True)
class SecondLook:
    """The nearest who may decide about an appeal, and their ids."""

    nearest: Nearest
    people: frozenset[int]


def second_look(session: Session, case: ModerationCase) -> SecondLook:
    """Supervisors of the place, else those of every other centre, else those who run the site."""
    before = {case.decided_by_id}
    here = deciders_of(session, case, centre=True) - before
    if here:
        return SecondLook(Nearest.PLACE, frozenset(here))
    elsewhere = deciders_of(session, case, centre=True, anywhere=True) - before
    if elsewhere:
        return SecondLook(Nearest.ELSEWHERE, frozenset(elsewhere))
    site = operators_for(session, case) - before
    return SecondLook(Nearest.SITE if site else Nearest.NOBODY, frozenset(site))


def may_look_again(session: Session, actor: Actor, case: ModerationCase) -> Decision:
    """Whether the actor decides about the appeal; the code of a no says who does."""
    usual = may_decide_appeal(actor, facts_of(case), case.decided_by_id)
    if usual:
        return usual
    look = second_look(session, case)
    if look.nearest is Nearest.PLACE:
        return usual
    if actor.person_id in look.people:
        return allow()
    return refuse(f"appeal_by_{look.nearest.value}")


def can_read_case(session: Session, actor: Actor, case: ModerationCase) -> bool:
    """Whoever looks after the case, and, while an appeal waits, to whom that has passed."""
    if can_handle(actor, case):
        return True
    if not (actor.supervises or actor.is_operator) or pending_appeal(session, case.id) is None:
        return False
    return bool(may_look_again(session, actor, case))


def insist_reads(act: Act, case: ModerationCase | None) -> ModerationCase:
    """The case, for those who may read it. Raises NotFound."""
    if case is None or not can_read_case(act.session, act.actor, case):
        raise NotFound
    return case
