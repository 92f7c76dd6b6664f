"""Who may see an activity, in three forms that a property test holds together, and who runs it.

The organisation's people see all of it; brokers whose service point serves the place, or lies in
it, see what was published; everybody sees what is public. The tokens are those that an actor
carries into the one search (``listings.permissions.audience_tokens``). Whoever has answered to a
shift goes on seeing its activity, see ``queries.seen_activity``.
"""

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from exchange.kernel.actor import WHOLE_COUNTRY, Actor, ancestors, overlaps
from exchange.volunteering.kinds import SHOWN_STATES, Circle
from exchange.volunteering.models import Activity, ActivityCoordinator


def can_see(actor: Actor, activity: Activity) -> bool:
    """Whether the actor may know that the activity exists."""
    if actor.is_system or actor.belongs_to(activity.organisation_id):
        return True
    if activity.state not in SHOWN_STATES:
        return False
    if activity.circle is Circle.PUBLIC and activity.held_at is None:
        return True
    return any(overlaps(served, activity.division_code) for served in actor.serves)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """``can_see`` as a condition on Activity."""
    if actor.is_system:
        return sa.true()
    shown = Activity.state.in_(SHOWN_STATES)
    ways = [sa.and_(shown, Activity.circle == Circle.PUBLIC, Activity.held_at.is_(None))]
    if actor.organisation_ids:
        ways.append(Activity.organisation_id.in_(sorted(actor.organisation_ids)))
    if actor.serves:
        ways.append(sa.and_(shown, _near(actor.serves)))
    return sa.or_(*ways)


def audience_of(activity: Activity) -> frozenset[str]:
    """The tokens of those who may see an activity that stands in the search index."""
    tokens = {f"org:{activity.organisation_id}"}
    if activity.state in SHOWN_STATES:
        tokens.add(f"reach:{activity.division_code}")
        tokens.update(f"under:{code}" for code in ancestors(activity.division_code))
        if activity.circle is Circle.PUBLIC and activity.held_at is None:
            tokens.add("all")
    return frozenset(tokens)


def may_run(actor: Actor, organisation_id: int) -> bool:
    """Who begins an activity for an organisation: its managers."""
    return actor.is_system or organisation_id in actor.manages


def may_manage(actor: Actor, activity: Activity) -> bool:
    """The organisation's managers, and those of its members who are named as coordinators."""
    if may_run(actor, activity.organisation_id):
        return True
    if not actor.belongs_to(activity.organisation_id):
        return False
    return any(one.person_id == actor.person_id for one in activity.coordinators)


def manageable_by(actor: Actor) -> ColumnElement[bool]:
    """``may_manage`` as a condition on Activity."""
    if actor.is_system:
        return sa.true()
    named = sa.exists().where(
        ActivityCoordinator.activity_id == Activity.id,
        ActivityCoordinator.person_id == actor.person_id,
    )
    member = Activity.organisation_id.in_(sorted(actor.organisation_ids))
    return sa.or_(Activity.organisation_id.in_(sorted(actor.manages)), sa.and_(member, named))


def sees_people(actor: Actor, activity: Activity) -> bool:
    """Who reads the names of those who come: its managers, and brokers who serve the place."""
    return may_manage(actor, activity) or actor.serves_division(activity.division_code)


def may_join(actor: Actor, activity: Activity) -> bool:
    """Who may sign up: any signed-in person, for what is for members only one of them."""
    if not actor.is_signed_in:
        return False
    return activity.circle is Circle.PUBLIC or actor.belongs_to(activity.organisation_id)


def _near(serves: tuple[str, ...]) -> ColumnElement[bool]:
    if WHOLE_COUNTRY in serves:
        return Activity.division_code.is_not(None)
    above = sorted({code for served in serves for code in ancestors(served)})
    below = [Activity.division_code.startswith(served, autoescape=True) for served in serves]
    return sa.or_(Activity.division_code.in_(above), *below)
