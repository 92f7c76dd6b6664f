"""Who puts consents and checks on record, and who reads them.

Consents: coordinators and managers of the organisation, and social workers who serve its place.
Checks: its managers and those social workers. Each of us reads what is on record about ourselves.
"""

from exchange.accounts.models import Organisation
from exchange.kernel.actor import Actor


def may_keep_checks(actor: Actor, organisation: Organisation) -> bool:
    """Managers of the organisation, and social workers who serve its place."""
    if actor.is_system or organisation.id in actor.manages:
        return True
    return actor.serves_division(organisation.division_code)
