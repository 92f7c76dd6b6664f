"""Who asks for substitutes, and who learns only how many there are.

One's own time is one's own to read and write; brokers read the offer that is made of it. Whoever
looks after an activity of a verified organisation asks for its shifts in the organisation's own
county, or the wider place it stands for; brokers who serve the place of the activity ask, too.
"""

from exchange.kernel.actor import Actor
from exchange.volunteering.availability.rules import is_own_area
from exchange.volunteering.models import Activity
from exchange.volunteering.permissions import may_manage, sees_people


def may_ask(actor: Actor, activity: Activity) -> bool:
    """Whether the actor sees who would fit, and asks them."""
    if actor.serves_division(activity.division_code):
        return True
    owner = activity.organisation
    inside = owner.is_verified and is_own_area(owner.division_code, activity.division_code)
    return inside and may_manage(actor, activity)


def may_count(actor: Actor, activity: Activity) -> bool:
    """Whether the actor learns how many would fit: whoever sees who comes."""
    return sees_people(actor, activity)
