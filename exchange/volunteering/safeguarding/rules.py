"""Who counts as a child, what a guardian's consent and a check of who works with children need.

Of a volunteer under 18 only year and month of birth are known: they are a year older from the first
day of the month after, so that nobody is taken for older than they are.

A check is the look into the records of offences that everybody who works closely with children
needs before they begin, and every year (Law on the Protection of Minors, article 62): when, by
whom, until when. What it said is kept nowhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from exchange.kernel.decisions import Decision, allow, refuse
from exchange.volunteering.rules import ADULT, ADULTS_WITH_CHILDREN, YOUNGEST
from exchange.volunteering.safeguarding.kinds import ConsentState, ConsentWay

LONGEST_NAME, LONGEST_REACH = 80, 120
MOST_PICTURES = 4
OLDEST_BIRTH = 120  # years; earlier is a slip of the finger
WAITS = timedelta(days=14)  # how long a guardian can answer a link, and an ask stays open
# How long who consented is known: after it ended by itself; after they said no, took it back, or
# did not answer. The bare rows, without names of guardians, go after the time in which claims
# lapse (民法典 第一百八十八条: three years).
ENDED_KEPT, REFUSED_KEPT, ROWS_KEPT = (timedelta(days=days) for days in (180, 30, 1096))
REMINDED = timedelta(days=30)  # before the end of a consent or a check
LOOKED_AHEAD = timedelta(days=7)  # coordinators hear of missing checks so long before a shift


@dataclass(frozen=True)
class Birth:
    """Year and month of a birth."""

    year: int
    month: int


@dataclass(frozen=True)
class Age:
    """What somebody has said of their age: a birth while they are under 18, else that they are an
    adult. Neither where they have not been asked.
    """

    birth: Birth | None = None
    adult: bool = False

    @property
    def is_known(self) -> bool:
        """Whether they have said it."""
        return self.adult or self.birth is not None

    def is_minor(self, day: date) -> bool:
        """Whether they are known to be under 18 on a day."""
        return not self.adult and self.birth is not None and age_on(self.birth, day) < ADULT

    def is_adult(self, day: date) -> bool:
        """Whether they are known to be 18 or older on a day."""
        return self.is_known and not self.is_minor(day)


@dataclass(frozen=True)
class ConsentFact:
    """A consent as far as it decides: for which organisation, for one activity or all, how long."""

    organisation_id: int
    activity_id: int | None
    state: ConsentState
    valid_until: date | None


@dataclass(frozen=True)
class CheckFact:
    """A check as far as it decides; one that its person objects to counts for nothing."""

    organisation_id: int
    expires_on: date
    stands: bool = True


def age_on(birth: Birth, day: date) -> int:
    """Full years on a day, as far as the month can tell: never more than they are."""
    return day.year - birth.year - (1 if day.month <= birth.month else 0)


def birth_allowed(birth: Birth, today: date) -> Decision:
    """Whether somebody of this birth may volunteer at all; what is refused is not kept."""
    if not 1 <= birth.month <= 12 or not today.year - OLDEST_BIRTH <= birth.year <= today.year:
        return refuse("birth_form")
    if (birth.year, birth.month) > (today.year, today.month):
        return refuse("birth_form")
    if age_on(birth, today) < YOUNGEST:
        return refuse("age_too_young", youngest=YOUNGEST)
    return allow()


def age_fits(age: Age, day: date, least: int, most: int | None) -> Decision:
    """Whether somebody is of the age that an activity asks for, on the day of a shift.

    Adults say by signing up that they are old enough; of them nothing else is known.
    """
    if not age.is_known:
        return refuse("age_needed")
    if age.birth is None or not age.is_minor(day):
        return refuse("age_above", most=most) if most is not None and most < ADULT else allow()
    years = age_on(age.birth, day)
    if years < least:
        return refuse("age_below", least=least)
    return refuse("age_above", most=most) if most is not None and years > most else allow()


def outside_age(decision: Decision) -> bool:
    """Whether this is the no to somebody too young or too old."""
    return decision.code in ("age_below", "age_above")


def adults_fit(others: int, maximum: int) -> Decision:
    """Whether two adults still find places with children, beside so many who are none."""
    if maximum - others >= ADULTS_WITH_CHILDREN:
        return allow()
    return refuse("children_places_for_adults", least=ADULTS_WITH_CHILDREN)


def minors_fit(others: int, maximum: int) -> Decision:
    """Likewise of a shift with children that is to have so many places."""
    if not others or adults_fit(others, maximum):
        return allow()
    needed = others + ADULTS_WITH_CHILDREN
    return refuse("children_room_for_adults", others=others, needed=needed)


def consent_allows(
    consents: Iterable[ConsentFact], organisation_id: int, activity_id: int, day: date
) -> Decision:
    """Whether a guardian's consent covers an activity on a day."""
    mine = [
        one
        for one in consents
        if one.organisation_id == organisation_id and one.activity_id in (None, activity_id)
    ]
    given = [one.valid_until for one in mine if one.state is ConsentState.GIVEN]
    known = [until for until in given if until is not None]
    if any(until >= day for until in known):
        return allow()
    if known:
        return refuse("consent_ends_before", day=max(known))
    return refuse("consent_missing")


def check_allows(checks: Iterable[CheckFact], organisation_id: int, day: date) -> Decision:
    """Whether somebody's check of an organisation is good on the day of a shift."""
    known = [one for one in checks if one.organisation_id == organisation_id and one.stands]
    if any(one.expires_on >= day for one in known):
        return allow()
    if known:
        return refuse("check_ends_before", day=max(one.expires_on for one in known))
    return refuse("check_missing")


def year_later(day: date) -> date:
    """The same day of the next year; the 28th of February for the 29th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def consent_problems(
    way: ConsentWay, on: date | None, until: date | None, pictures: int, today: date
) -> dict[str, list[str]]:
    """What is missing of a consent that is put on record, as codes by field."""
    if way is ConsentWay.LINK:
        return {}
    found: dict[str, list[str]] = {}
    if on is None:
        found["consent_on"] = ["required"]
    elif on > today or year_later(on) < today:
        found["consent_on"] = ["consent_day"]
    elif until is not None and not max(on, today) <= until <= year_later(on):
        found["valid_until"] = ["consent_until"]
    if way is ConsentWay.PHOTO and not pictures:
        found["photos"] = ["consent_photo_needed"]
    if pictures > MOST_PICTURES:
        found["photos"] = ["consent_photos_many"]
    return found


def check_day_allowed(on: date | None, today: date) -> Decision:
    """Whether a check of this day can still be put on record: not ahead, not expired."""
    if on is None:
        return refuse("required")
    return allow() if on <= today <= year_later(on) else refuse("check_day")


def may_record(recorder_id: int | None, person_id: int, *, recorder_is_minor: bool) -> Decision:
    """Nobody records for themselves, and nobody under 18 does at all."""
    if recorder_id == person_id:
        return refuse("safeguard_own")
    return refuse("safeguard_minor_records") if recorder_is_minor else allow()


def may_publish_with_children(expiries: Iterable[date], first_day: date) -> Decision:
    """Whether enough adults of an organisation are checked for its first shift with children."""
    good = sum(1 for one in expiries if one >= first_day)
    if good >= ADULTS_WITH_CHILDREN:
        return allow()
    return refuse("children_checks_missing", least=ADULTS_WITH_CHILDREN, have=good)


def state_of(
    *,
    given_on: date | None,
    valid_until: date | None,
    refused: bool,
    withdrawn: bool,
    today: date,
) -> ConsentState:
    """What has become of a consent by today."""
    if withdrawn:
        return ConsentState.WITHDRAWN
    if refused:
        return ConsentState.REFUSED
    if given_on is None or valid_until is None:
        return ConsentState.ASKED
    return ConsentState.GIVEN if valid_until >= today else ConsentState.ENDED
