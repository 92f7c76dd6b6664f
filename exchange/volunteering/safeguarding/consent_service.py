"""Guardians' consents: put on record, asked for by a link, looked at, taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from exchange.accounts.links.rules import LinkPurpose
from exchange.accounts.links.service import close_links
from exchange.accounts.models import Organisation, Person
from exchange.accounts.rules import AddressKind, read_address
from exchange.accounts.sealing import open_address
from exchange.files.pictures import Picture
from exchange.files.service import forget_file, keep_picture
from exchange.kernel.act import Act
from exchange.kernel.database import new_public_id
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.values import one_line
from exchange.notifications.channels import channels_of
from exchange.notifications.kinds import Channel
from exchange.volunteering.kinds import ActivityState
from exchange.volunteering.locking import lock_people
from exchange.volunteering.models import Activity
from exchange.volunteering.safeguarding.events import (
    ConsentAsked,
    ConsentRecorded,
    ConsentWithdrawn,
    GuardianShown,
)
from exchange.volunteering.safeguarding.kinds import AskKind, ConsentState, ConsentWay
from exchange.volunteering.safeguarding.link_making import send_link
from exchange.volunteering.safeguarding.models import ConsentFile, GuardianConsent
from exchange.volunteering.safeguarding.places_service import (
    give_back_uncovered,
    take_person_with_shifts,
)
from exchange.volunteering.safeguarding.queries import (
    age_row,
    ask_of,
    looks_after,
    seen_consent,
)
from exchange.volunteering.safeguarding.rules import (
    LONGEST_NAME,
    LONGEST_REACH,
    consent_problems,
    may_record,
    year_later,
)
from exchange.volunteering.safeguarding.sealing import (
    Guardian,
    age_of,
    guardian_of,
    seal_guardian,
)

OWNER_KIND = "guardian_consent"
SENT_TWICE = timedelta(minutes=10)


@dataclass(frozen=True)
class ConsentValues:
    """What is put on record. ``until`` is a year later where none is given."""

    way: ConsentWay
    guardian: Guardian
    on: date | None = None
    until: date | None = None


def record_consent(
    act: Act,
    organisation: Organisation,
    person: Person,
    values: ConsentValues,
    activity: Activity | None = None,
    pictures: Sequence[Picture] = (),
) -> GuardianConsent:
    """Put a guardian's consent on record, or have a link sent to them that asks for it.

    For one activity, or all of the organisation. The same sent twice is one. Raises Forbidden,
    Conflict where the volunteer is not known to be under 18, or Invalid by field.
    """
    _require_may(act, organisation, person)
    guardian = Guardian(one_line(values.guardian.name), one_line(values.guardian.reach))
    problems = _problems(act, person, values, guardian, len(pictures))
    if activity is not None and not _is_theirs(activity, organisation):
        raise NotFound
    if problems:
        raise Invalid(fields=problems)
    lock_people(act, [person.id])
    present = _same(act, organisation, person, values, guardian, activity)
    if present is not None:
        return present
    made = GuardianConsent(
        public_id=new_public_id(),
        person_id=person.id,
        organisation_id=organisation.id,
        activity_id=activity.id if activity else None,
        way=values.way,
        recorded_by_id=act.actor.person_id,
        recorded_at=act.now,
    )
    made.private_sealed = seal_guardian(act.house.secrets, made, guardian)
    if values.way is not ConsentWay.LINK and values.on is not None:
        made.consent_on = values.on
        made.valid_until = values.until or year_later(values.on)
    act.session.add(made)
    act.session.flush()
    _keep(act, made, pictures)
    _answered(act, made)
    if values.way is ConsentWay.LINK:
        send_link(act, made)
        act.emit(ConsentAsked(person.id, organisation.id, made.id))
    else:
        act.emit(ConsentRecorded(person.id, organisation.id, made.id))
    return made


def withdraw_consent(act: Act, public_id: str) -> GuardianConsent:
    """It holds no more, because the guardian or the volunteer says so; places ahead go back.

    Raises NotFound, or Conflict when it has ended already.
    """
    found = seen_consent(act.session, act.actor, public_id)
    return end_consent(act, found, by_guardian=False)


def end_consent(act: Act, found: GuardianConsent, *, by_guardian: bool) -> GuardianConsent:
    """Take a consent back, for whoever may. Raises Conflict when it has ended already."""
    shifts = take_person_with_shifts(act, found.person_id, found.organisation_id)
    act.session.refresh(found)
    if found.state(act.today) not in (ConsentState.GIVEN, ConsentState.ASKED):
        raise Conflict("consent_over")
    found.withdrawn_at, found.withdrawn_by_id = act.now, act.actor.person_id
    found.link_sealed = None
    close_links(act, LinkPurpose.GUARDIAN, found.public_id)
    act.session.flush()
    act.emit(ConsentWithdrawn(found.person_id, found.organisation_id, found.id, by_guardian))
    give_back_uncovered(act, found.person_id, found.organisation_id, shifts, minors=True)
    return found


def show_guardian(act: Act, public_id: str) -> Guardian:
    """Who consented and how to reach them, on record each time.

    For those who keep it; the volunteer knows. Raises NotFound, or Conflict once it is forgotten.
    """
    found = seen_consent(act.session, act.actor, public_id)
    if not looks_after(act.session, act.actor, found.organisation):
        raise NotFound
    if found.private_sealed is None:
        raise Conflict("guardian_forgotten")
    act.emit(GuardianShown(found.person_id, found.organisation_id, found.id))
    return guardian_of(act.house.secrets, found)


def drop_pictures(act: Act, consent: GuardianConsent) -> None:
    """Forget the pictures of the signed form."""
    files = [row.file for row in consent.files]
    consent.files.clear()
    act.session.flush()
    for file in files:
        forget_file(act, file)


def _is_theirs(activity: Activity, organisation: Organisation) -> bool:
    """A draft may still be thrown away, and consents with it: it has none of its own."""
    is_draft = activity.state is ActivityState.DRAFT
    return activity.organisation_id == organisation.id and not is_draft


def _require_may(act: Act, organisation: Organisation, person: Person) -> None:
    if not looks_after(act.session, act.actor, organisation):
        raise Forbidden("safeguard_not_yours")
    own = act.actor.person_id
    recorder = age_of(act.house.secrets, age_row(act.session, own)) if own else None
    decision = may_record(
        own, person.id, recorder_is_minor=bool(recorder and recorder.is_minor(act.today))
    )
    if not decision:
        raise Forbidden(decision.code)
    age = age_of(act.house.secrets, age_row(act.session, person.id))
    if not age.is_minor(act.today):
        raise Conflict("consent_for_adult" if age.is_known else "consent_age_unknown")


def _problems(
    act: Act, person: Person, values: ConsentValues, guardian: Guardian, pictures: int
) -> dict[str, list[str]]:
    found = consent_problems(values.way, values.on, values.until, pictures, act.today)
    for name, text, most in (
        ("guardian_name", guardian.name, LONGEST_NAME),
        ("guardian_reach", guardian.reach, LONGEST_REACH),
    ):
        if not text:
            found[name] = ["required"]
        elif len(text) > most:
            found[name] = ["too_long"]
    return found if "guardian_reach" in found else found | _reach_problems(act, person, values)


def _reach_problems(act: Act, person: Person, values: ConsentValues) -> dict[str, list[str]]:
    """A number of the guardian's own; for a link one that this site can send to."""
    is_link = values.way is ConsentWay.LINK
    address = read_address(one_line(values.guardian.reach))
    if address is None:
        return {"guardian_reach": ["guardian_reach_form"]} if is_link else {}
    own = {open_address(act.house.secrets, person, kind) for kind in AddressKind}
    if address.value in own:
        return {"guardian_reach": ["guardian_reach_own"]}
    channel = Channel.SMS if address.kind is AddressKind.PHONE else Channel.EMAIL
    if is_link and channel not in channels_of(act.house.settings):
        return {"way": ["consent_no_channel"]}
    return {}


def _same(
    act: Act,
    organisation: Organisation,
    person: Person,
    values: ConsentValues,
    guardian: Guardian,
    activity: Activity | None,
) -> GuardianConsent | None:
    """The same consent, when the form was sent before."""
    query = sa.select(GuardianConsent).where(
        GuardianConsent.person_id == person.id,
        GuardianConsent.organisation_id == organisation.id,
        GuardianConsent.activity_id.is_(None)
        if activity is None
        else GuardianConsent.activity_id == activity.id,
        GuardianConsent.way == values.way,
        GuardianConsent.withdrawn_at.is_(None),
        GuardianConsent.refused_at.is_(None),
        GuardianConsent.recorded_at > act.now - SENT_TWICE,
    )
    for one in act.session.scalars(query.order_by(GuardianConsent.id.desc())):
        same_day = values.way is ConsentWay.LINK or one.consent_on == values.on
        if same_day and guardian_of(act.house.secrets, one) == guardian:
            return one
    return None


def _keep(act: Act, made: GuardianConsent, pictures: Sequence[Picture]) -> None:
    if made.way is not ConsentWay.PHOTO:
        return
    for position, picture in enumerate(pictures):
        kept = keep_picture(act, picture, OWNER_KIND, made.id)
        made.files.append(ConsentFile(file_id=kept.id, position=position))
    act.session.flush()


def _answered(act: Act, made: GuardianConsent) -> None:
    """What the volunteer asked for is done."""
    ask = ask_of(act.session, made.person_id, made.organisation_id, AskKind.CONSENT)
    if ask is not None:
        act.session.delete(ask)
        act.session.flush()
