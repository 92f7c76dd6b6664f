"""Who may see a training, in three forms that a property test holds together, and who runs it.

The organisation's people see all of it; everybody sees what is public and was published; brokers
whose service point serves the place, or lies in it, see what was published for members, too.
"""

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from exchange.kernel.actor import WHOLE_COUNTRY, Actor, ancestors, overlaps
from exchange.volunteering.kinds import Circle
from exchange.volunteering.permissions import may_manage, may_run
from exchange.volunteering.training.kinds import TrainingState
from exchange.volunteering.training.models import Training


def can_see(actor: Actor, training: Training) -> bool:
    """Whether the actor may know that the training exists."""
    if actor.is_system or actor.belongs_to(training.organisation_id):
        return True
    if training.state is TrainingState.DRAFT:
        return False
    if training.circle is Circle.PUBLIC:
        return True
    code = training.division_code
    return code is not None and any(overlaps(served, code) for served in actor.serves)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """``can_see`` as a condition on Training."""
    if actor.is_system:
        return sa.true()
    shown = Training.state != TrainingState.DRAFT
    ways = [sa.and_(shown, Training.circle == Circle.PUBLIC)]
    if actor.organisation_ids:
        ways.append(Training.organisation_id.in_(sorted(actor.organisation_ids)))
    if actor.serves:
        ways.append(sa.and_(shown, _near(actor.serves)))
    return sa.or_(*ways)


def audience_of(training: Training) -> frozenset[str]:
    """The tokens of those who may see a training that stands in the search index."""
    tokens = {f"org:{training.organisation_id}"}
    if training.state is not TrainingState.DRAFT:
        if training.division_code is not None:
            tokens.add(f"reach:{training.division_code}")
            tokens.update(f"under:{code}" for code in ancestors(training.division_code))
        if training.circle is Circle.PUBLIC:
            tokens.add("all")
    return frozenset(tokens)


def may_look_after(actor: Actor, training: Training) -> bool:
    """Who changes it, revokes, and reads who completed it: the organisation's managers."""
    return may_run(actor, training.organisation_id)


def may_confirm_at(actor: Actor, training: Training) -> bool:
    """Who confirms that somebody completed it at a date: whoever looks after the dates."""
    if training.activity is None:
        return may_look_after(actor, training)
    return may_manage(actor, training.activity)


def may_do(actor: Actor, training: Training) -> bool:
    """Who may do it: any signed-in person, for what is for members only one of them."""
    return actor.is_signed_in and (
        training.circle is Circle.PUBLIC or actor.belongs_to(training.organisation_id)
    )


def _near(serves: tuple[str, ...]) -> ColumnElement[bool]:
    if WHOLE_COUNTRY in serves:
        return Training.division_code.is_not(None)
    above = sorted({code for served in serves for code in ancestors(served)})
    below = [Training.division_code.startswith(served, autoescape=True) for served in serves]
    return sa.or_(Training.division_code.in_(above), *below)
