"""An organisation in short, as programs read it beside what it owns."""

from typing import Any

from marshmallow import fields

from exchange.accounts.kinds import OrganisationKind
from exchange.accounts.models import Organisation
from exchange.accounts.permissions import can_see_organisation
from exchange.accounts.queries import full_label, organisation_label
from exchange.api.fields import ApiSchema
from exchange.kernel.actor import Actor
from exchange.web.locale import locale_code


class OrganisationRef(ApiSchema):
    """An organisation in short."""

    id = fields.String(
        allow_none=True, metadata={"description": "Null for a private person, to others."}
    )
    external_id = fields.String(allow_none=True)
    name = fields.String(metadata={"description": "A private person's is masked for others."})
    kind = fields.String(metadata={"enum": [kind.value for kind in OrganisationKind]})
    verified = fields.Boolean()


def organisation_ref(actor: Actor, organisation: Organisation) -> dict[str, Any]:
    """An organisation in short, as this reader may know it."""
    own = actor.belongs_to(organisation.id)
    label = full_label if own else organisation_label
    seen = can_see_organisation(actor, organisation)
    return {
        "id": organisation.public_id if seen else None,
        "external_id": organisation.external_id if seen else None,
        "name": label(organisation, locale_code()),
        "kind": organisation.kind.value,
        "verified": organisation.is_verified,
    }
