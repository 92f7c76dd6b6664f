"""Organisations for programs, and who a token acts for."""

from typing import Any

from marshmallow import fields

from exchange.accounts.kinds import OrganisationKind
from exchange.accounts.me_views import own_row
from exchange.accounts.models import Organisation
from exchange.accounts.organisations.directory import listed_organisations
from exchange.accounts.permissions import can_see_organisation
from exchange.accounts.queries import organisation_by_public_id, organisations_by_ids
from exchange.accounts.schemas import OrganisationRef, organisation_ref
from exchange.api.blueprint import ApiBlueprint
from exchange.api.fields import ApiSchema, Text, length
from exchange.api.paging import PageQuery, PageSchema
from exchange.kernel.actor import Actor
from exchange.kernel.errors import NotFound
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import current_actor, read_session

blp = ApiBlueprint(
    "api_organisations",
    __name__,
    title="Organisations",
    description="Who needs and who offers.",
)


class OrganisationSchema(OrganisationRef):
    """An organisation."""

    name_zh = fields.String()
    name_en = fields.String()
    division = fields.String(metadata={"example": "520402"})
    profile = fields.String()


class OrganisationPage(PageSchema):
    """Organisations."""

    items = fields.List(fields.Nested(OrganisationSchema))


class OrganisationQuery(PageQuery):
    """Which organisations."""

    q = Text(load_default="", validate=length(0, 120))
    kind = fields.Enum(OrganisationKind, by_value=fields.String(), load_default=None)
    division = Text(
        load_default="", validate=length(0, 12), metadata={"description": "A code or its prefix."}
    )


class MeSchema(ApiSchema):
    """Who the token acts as."""

    id = fields.String(metadata={"description": "As /workers/… names social workers."})
    name = fields.String()
    locale = fields.String()
    scopes = fields.List(fields.String(), metadata={"example": ["read", "write"]})
    organisation = fields.Nested(OrganisationRef, allow_none=True)
    organisations = fields.List(
        fields.Nested(OrganisationRef),
        metadata={"description": "Those the person belongs to; each may be named when posting."},
    )
    serves = fields.List(
        fields.String(), metadata={"description": "Divisions that a social worker serves."}
    )
    supervises = fields.List(fields.String())


def _whole(actor: Actor, organisation: Organisation) -> dict[str, Any]:
    ref = organisation_ref(actor, organisation)
    private = organisation.kind is OrganisationKind.INDIVIDUAL_VOLUNTEER
    hidden = private and not actor.belongs_to(organisation.id)
    return {
        **ref,
        "name_zh": ref["name"] if hidden else organisation.name_zh,
        "name_en": "" if hidden else organisation.name_en,
        "division": organisation.division_code,
        "profile": organisation.profile,
    }


@blp.get("/organisations")
@access(PUBLIC)
@blp.query(OrganisationQuery)
@blp.answers(200, OrganisationPage, "Verified organisations")
def index(asked: dict[str, Any]) -> dict[str, Any]:
    """Verified organisations, the oldest first; private persons are not listed."""
    found, more = listed_organisations(
        read_session(),
        asked["q"],
        asked["kind"],
        asked["division"],
        asked["cursor"],
        asked["limit"],
    )
    actor = current_actor()
    return {"items": [_whole(actor, one) for one in found], "next_cursor": more}


@blp.get("/organisations/<public_id:public_id>")
@access(PUBLIC)
@blp.answers(200, OrganisationSchema, "The organisation")
def show(public_id: str) -> dict[str, Any]:
    """One organisation."""
    actor = current_actor()
    found = organisation_by_public_id(read_session(), public_id)
    if found is None or not can_see_organisation(actor, found):
        raise NotFound
    return _whole(actor, found)


@blp.get("/me")
@access(SIGNED_IN)
@blp.answers(200, MeSchema, "The person and their organisations")
def me() -> dict[str, Any]:
    """Who this token acts as, and for whom."""
    actor = current_actor()
    found = organisations_by_ids(read_session(), actor.organisation_ids)
    refs = {key: organisation_ref(actor, found[key]) for key in sorted(found)}
    return {
        "id": own_row().public_id,
        "name": actor.name,
        "locale": actor.locale,
        "scopes": sorted(actor.scopes),
        "organisation": refs.get(actor.organisation_id or 0),
        "organisations": list(refs.values()),
        "serves": actor.serves,
        "supervises": actor.supervises,
    }
