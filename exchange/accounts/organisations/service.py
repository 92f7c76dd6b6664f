"""Making and changing organisations, and who belongs to them."""

from dataclasses import dataclass

from exchange.accounts.events import OrganisationChanged, OrganisationCreated
from exchange.accounts.kinds import MembershipState, OrganisationKind
from exchange.accounts.models import Membership, Organisation
from exchange.accounts.people_service import me, require_division
from exchange.accounts.permissions import can_manage, can_see_organisation
from exchange.accounts.queries import organisation_by_public_id
from exchange.accounts.rules import read_credit_code
from exchange.accounts.standing import (
    code_is_verified_elsewhere,
    identity,
    lock_organisation,
    lose_verification,
)
from exchange.accounts.wording import require_public_words
from exchange.kernel.act import Act
from exchange.kernel.actor import Role
from exchange.kernel.errors import Forbidden, Invalid, NotFound


@dataclass(frozen=True)
class OrganisationData:
    """What people tell about an organisation."""

    kind: OrganisationKind
    name_zh: str
    division_code: str
    name_en: str = ""
    profile: str = ""
    credit_code: str = ""


def create_organisation(act: Act, data: OrganisationData) -> Organisation:
    """Make an organisation whose first manager is the actor, who acts for it from now on."""
    person = me(act)
    made = Organisation(created_at=act.now, updated_at=act.now)
    _take(act, made, data)
    act.session.add(made)
    act.session.flush()
    act.session.add(
        Membership(
            person_id=person.id,
            organisation_id=made.id,
            role=Role.MANAGER,
            state=MembershipState.ACTIVE,
            created_at=act.now,
        )
    )
    person.acting_organisation_id = made.id
    act.emit(OrganisationCreated(organisation_id=made.id, by_person_id=person.id))
    return made


def edit_organisation(act: Act, public_id: str, data: OrganisationData) -> Organisation:
    """Change an organisation's data.

    What was verified, or waits for it, must be looked at again when kind, name, place or credit
    code change. A suspension stays.
    """
    found = managed_organisation(act, public_id)
    lock_organisation(act, found)
    before = identity(found)
    _take(act, found, data)
    found.updated_at = act.now
    if identity(found) != before:
        lose_verification(act, found)
    act.emit(OrganisationChanged(organisation_id=found.id, by_person_id=act.actor.person_id))
    return found


def seen_organisation(act: Act, public_id: str) -> Organisation:
    """The organisation. Raises NotFound when the actor may not know of it."""
    found = organisation_by_public_id(act.session, public_id)
    if found is None or not can_see_organisation(act.actor, found):
        raise NotFound
    return found


def managed_organisation(act: Act, public_id: str) -> Organisation:
    """The organisation, for its managers. Raises NotFound or Forbidden.

    A private person's own organisation is changed through their profile, never here.
    """
    found = seen_organisation(act, public_id)
    if not can_manage(act.actor, found) or found.kind is OrganisationKind.INDIVIDUAL_VOLUNTEER:
        raise Forbidden("only_managers")
    return found


def _take(act: Act, organisation: Organisation, data: OrganisationData) -> None:
    if data.kind is OrganisationKind.INDIVIDUAL_VOLUNTEER:
        raise Invalid(fields={"kind": ["kind_not_here"]})
    if not data.name_zh.strip():
        raise Invalid(fields={"name_zh": ["required"]})
    if data.division_code != organisation.division_code:
        require_division(act, data.division_code)
    require_public_words(name_zh=data.name_zh, name_en=data.name_en, profile=data.profile)
    code = _credit_code(act, organisation.id, data.credit_code)
    organisation.kind = data.kind
    organisation.name_zh = data.name_zh.strip()
    organisation.name_en = data.name_en.strip()
    organisation.division_code = data.division_code
    organisation.profile = data.profile.strip()
    organisation.credit_code = code


def _credit_code(act: Act, organisation_id: int | None, text: str) -> str | None:
    if not text.strip():
        return None
    code = read_credit_code(text)
    if code is None:
        raise Invalid(fields={"credit_code": ["credit_code_wrong"]})
    if code_is_verified_elsewhere(act, code, organisation_id):
        raise Invalid(fields={"credit_code": ["credit_code_taken"]})
    return code
