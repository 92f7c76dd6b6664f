"""A volunteer asks an organisation for what is still missing: the one act that mends a refusal."""

import sqlalchemy as sa

from exchange.accounts.models import Person
from exchange.accounts.rules import AddressKind, read_address
from exchange.accounts.sealing import open_address
from exchange.kernel.act import Act
from exchange.kernel.database import new_public_id
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound, SignInNeeded
from exchange.listings.values import one_line
from exchange.volunteering.locking import lock_people
from exchange.volunteering.models import Shift
from exchange.volunteering.permissions import may_join
from exchange.volunteering.safeguarding.events import AskTakenBack, RecordAsked
from exchange.volunteering.safeguarding.gating import NEEDS, joining_gate
from exchange.volunteering.safeguarding.kinds import AskKind, Need
from exchange.volunteering.safeguarding.models import SafeguardAsk
from exchange.volunteering.safeguarding.queries import ask_of
from exchange.volunteering.safeguarding.rules import LONGEST_NAME, LONGEST_REACH
from exchange.volunteering.safeguarding.sealing import Guardian, seal_guardian

KINDS = {Need.CONSENT: AskKind.CONSENT, Need.CHECK: AskKind.CHECK}


def ask_for_record(act: Act, shift: Shift, guardian: Guardian | None = None) -> SafeguardAsk:
    """Ask whoever runs a shift to record the consent of one's guardian, or one's own check.

    For a consent ``guardian`` says whom to ask. Asked again it is the same, with the newer
    guardian. Raises SignInNeeded, Forbidden, Invalid, or Conflict where nothing of it is missing.
    """
    person_id = act.actor.person_id
    if person_id is None:
        raise SignInNeeded
    if not may_join(act.actor, shift.activity):
        raise Forbidden("activity_members_only")
    lock_people(act, [person_id])
    need = NEEDS.get(joining_gate(act, person_id, shift).code, Need.OTHER)
    kind = KINDS.get(need)
    if kind is None:
        raise Conflict("safeguard_nothing_missing")
    asked = _cleaned(act, guardian) if kind is AskKind.CONSENT else None
    owner_id = shift.activity.organisation_id
    ask = ask_of(act.session, person_id, owner_id, kind)
    if ask is not None and asked is None:
        return ask
    if ask is None:
        ask = SafeguardAsk(
            public_id=new_public_id(), person_id=person_id, organisation_id=owner_id, kind=kind
        )
        act.session.add(ask)
    ask.activity_id, ask.asked_at = shift.activity_id, act.now
    ask.private_sealed = seal_guardian(act.house.secrets, ask, asked) if asked else None
    act.session.flush()
    act.emit(RecordAsked(person_id, owner_id, ask.id))
    return ask


def take_back_ask(act: Act, public_id: str) -> None:
    """Ask no more; what was said of the guardian goes. Raises NotFound for anybody else's."""
    query = sa.select(SafeguardAsk).where(
        SafeguardAsk.public_id == public_id, SafeguardAsk.person_id == act.actor.person_id
    )
    found = act.session.scalars(query.with_for_update()).first()
    if found is None:
        raise NotFound
    act.emit(AskTakenBack(found.person_id, found.organisation_id, found.id))
    act.session.delete(found)
    act.session.flush()


def _cleaned(act: Act, guardian: Guardian | None) -> Guardian:
    given = guardian or Guardian()
    kept = Guardian(one_line(given.name), one_line(given.reach))
    problems: dict[str, list[str]] = {}
    if not kept.name:
        problems["guardian_name"] = ["required"]
    elif len(kept.name) > LONGEST_NAME:
        problems["guardian_name"] = ["too_long"]
    address = read_address(kept.reach) if len(kept.reach) <= LONGEST_REACH else None
    person = act.session.get_one(Person, act.actor.person_id)
    if not kept.reach:
        problems["guardian_reach"] = ["required"]
    elif address is None:
        problems["guardian_reach"] = ["guardian_reach_form"]
    elif address.value in {open_address(act.house.secrets, person, one) for one in AddressKind}:
        problems["guardian_reach"] = ["guardian_reach_own"]
    if problems:
        raise Invalid(fields=problems)
    return kept
