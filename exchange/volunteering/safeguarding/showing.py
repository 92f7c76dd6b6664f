"""How ages, consents and checks read on a page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from exchange.accounts.queries import organisation_label
from exchange.kernel.clock import civil_date
from exchange.kernel.secret_box import SecretBox
from exchange.volunteering.kinds import LIVE_STATES
from exchange.volunteering.models import Activity, Shift, Signup
from exchange.volunteering.rules import ADULTS_WITH_CHILDREN
from exchange.volunteering.safeguarding.gating import covered
from exchange.volunteering.safeguarding.kinds import AskKind, ConsentState
from exchange.volunteering.safeguarding.labels import STATE_LABELS, STATE_TONES, WAYS_DONE
from exchange.volunteering.safeguarding.models import ChildrenCheck, GuardianConsent
from exchange.volunteering.safeguarding.queries import Standing, standings, with_places
from exchange.volunteering.safeguarding.rules import check_allows
from exchange.volunteering.safeguarding.watching_service import adults_among, unchecked_among
from exchange.web.acting import house
from exchange.web.dates import day_here, local_day
from exchange.web.sentences import sentence

NO_DAY = ""


def today() -> date:
    """The civil date of this request."""
    return civil_date(house().clock.now(), house().settings.time_zone)


@dataclass(frozen=True)
class Badge:
    """What stands beside a name: words, a colour, and which record mends it, if any."""

    words: str
    tone: str
    mends: str = ""


@dataclass(frozen=True)
class RecordLine:
    """A consent or a check on a page."""

    public_id: str
    person_id: str
    name: str
    organisation: str
    title: str
    state: Any
    tone: str
    is_live: bool
    on: str
    until: str
    how: Any
    recorded_by: str
    recorded_on: str
    objected: bool = False


def badges_of(
    session: Session,
    box: SecretBox,
    activity: Activity,
    answers: Mapping[int, Sequence[Signup]],
    shifts: Iterable[Shift],
    today: date,
    zone: str,
) -> dict[int, Badge]:
    """What is on record about those who come or wait, by sign-up, in a fixed number of queries.

    Until when a check is good is said on the organisation's page, to those who keep it.
    """
    by_shift = {one.id: one for one in shifts}
    live = [
        one
        for shift_id in by_shift
        for one in answers.get(shift_id, ())
        if one.state in LIVE_STATES
    ]
    known = standings(session, box, {one.person_id for one in live}, today)
    found = {}
    for signup in live:
        shift = by_shift[signup.shift_id]
        badge = _badge(known[signup.person_id], activity, shift, zone)
        if badge is not None:
            found[signup.id] = badge
    return found


def _badge(one: Standing, activity: Activity, shift: Shift, zone: str) -> Badge | None:
    day, answer = civil_date(shift.starts_at, zone), covered(one, shift, zone)
    if not one.age.is_known:
        return Badge(sentence("badge_age_unknown"), "warn")
    if one.age.is_minor(day):
        if answer:
            return Badge(sentence("badge_consent"), "offer")
        if answer.code.startswith("consent_"):
            return Badge(sentence("badge_no_consent"), "need", AskKind.CONSENT.value)
        return Badge(sentence("badge_wrong_age"), "need")
    if not activity.with_children:
        return None
    if check_allows(one.checks, activity.organisation_id, day):
        return Badge(sentence("badge_checked"), "offer")
    return Badge(sentence("badge_unchecked"), "need", AskKind.CHECK.value)


@dataclass(frozen=True)
class Lacks:
    """What a shift with children lacks."""

    adults: int
    unchecked: int

    @property
    def adults_missing(self) -> bool:
        """Whether fewer than two adults have a place."""
        return self.adults < ADULTS_WITH_CHILDREN


def lacks_of(
    session: Session, box: SecretBox, shifts: Sequence[Shift], today: date, zone: str
) -> dict[int, Lacks]:
    """What these shifts with children lack, as far as they lack anything."""
    with_children = [one for one in shifts if one.activity.with_children]
    places = with_places(session, [one.id for one in with_children])
    known = standings(session, box, {one for some in places.values() for one in some}, today)
    found = {}
    for shift in with_children:
        mine = [known[one] for one in places.get(shift.id, ())]
        lacks = Lacks(adults_among(zone, shift, mine), unchecked_among(zone, shift, mine))
        if lacks.adults_missing or lacks.unchecked:
            found[shift.id] = lacks
    return found


def consent_line(one: GuardianConsent, today: date, locale: str) -> RecordLine:
    """A consent, without who gave it."""
    state = one.state(today)
    return RecordLine(
        public_id=one.public_id,
        person_id=one.person.public_id,
        name=one.person.name,
        organisation=organisation_label(one.organisation, locale),
        title=one.activity.title if one.activity else "",
        state=STATE_LABELS[state],
        tone=STATE_TONES[state],
        is_live=state in (ConsentState.GIVEN, ConsentState.ASKED),
        on=day_here(one.consent_on) if one.consent_on else NO_DAY,
        until=day_here(one.valid_until) if one.valid_until else NO_DAY,
        how=WAYS_DONE[one.way],
        recorded_by=one.recorded_by.name if one.recorded_by else "",
        recorded_on=local_day(one.recorded_at),
    )


def check_line(one: ChildrenCheck, today: date, locale: str) -> RecordLine:
    """A check: when, by whom, until when."""
    if one.objected_at is not None:
        state, tone = sentence("check_said_wrong"), "need"
    elif one.expires_on < today:
        state, tone = sentence("check_expired"), "need"
    else:
        state, tone = sentence("check_good_until", {"day": day_here(one.expires_on)}), "offer"
    return RecordLine(
        public_id=one.public_id,
        person_id=one.person.public_id,
        name=one.person.name,
        organisation=organisation_label(one.organisation, locale),
        title="",
        state=state,
        tone=tone,
        is_live=one.ended_at is None,
        on=day_here(one.checked_on),
        until=day_here(one.expires_on),
        how=organisation_label(one.checked_by, locale),
        recorded_by=one.recorded_by.name if one.recorded_by else "",
        recorded_on=local_day(one.recorded_at),
        objected=one.objected_at is not None,
    )
