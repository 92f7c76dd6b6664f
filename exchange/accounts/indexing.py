"""What may be found of an organisation in the documents of what it posts."""

from exchange.accounts.kinds import OrganisationKind
from exchange.accounts.models import Organisation


def names_to_find(organisation: Organisation) -> tuple[str, ...]:
    """Its names; a single person's is nobody's search word."""
    if organisation.kind is OrganisationKind.INDIVIDUAL_VOLUNTEER:
        return ()
    return tuple(name for name in (organisation.name_zh, organisation.name_en) if name)
