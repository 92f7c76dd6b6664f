"""Who marks, who approves, who certifies, and who reads hours.

Coordinators mark and propose; managers of the organisation that runs it approve, certify and take
the hours to the national system. Brokers who serve the place read the list. A volunteer reads
their own.
"""

from exchange.kernel.actor import Actor
from exchange.volunteering.attendance.models import Certificate
from exchange.volunteering.models import Activity
from exchange.volunteering.permissions import may_manage


def may_mark(actor: Actor, activity: Activity) -> bool:
    """Who ticks the list, shows the code and proposes hours: whoever looks after the activity."""
    return may_manage(actor, activity)


def may_answer_for(actor: Actor, organisation_id: int) -> bool:
    """Who approves hours, certifies and exports for an organisation: its managers."""
    return actor.is_system or organisation_id in actor.manages


def may_issue(actor: Actor, organisation_id: int, person_id: int) -> bool:
    """Managers for anybody; a volunteer draws their own, of hours that a manager has approved."""
    return may_answer_for(actor, organisation_id) or is_own(actor, person_id)


def is_own(actor: Actor, person_id: int) -> bool:
    """Whether these are the actor's own hours."""
    return actor.person_id is not None and actor.person_id == person_id


def can_see_certificate(actor: Actor, certificate: Certificate) -> bool:
    """Whoever it is about, and the managers of the organisation that made it."""
    return may_issue(actor, certificate.organisation_id, certificate.person_id)
