"""What pages show of activities and shifts, made for one reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from exchange.accounts.queries import full_label, organisation_label
from exchange.geography.queries import distances_km, paths
from exchange.geography.rules import Level, path_label
from exchange.kernel.actor import Actor
from exchange.kernel.clock import civil_date
from exchange.volunteering.kinds import ActivityState, ShiftState, SignupState, Skill
from exchange.volunteering.labels import SKILL_LABELS, STATE_LABELS, STATE_TONES, WORK_LABELS
from exchange.volunteering.models import Activity, Shift, Signup
from exchange.volunteering.permissions import may_join, may_manage, sees_people
from exchange.volunteering.queries import (
    last_ends,
    own_answers,
    places_in_line,
    shifts_of,
    waiting_counts,
)
from exchange.volunteering.rules import is_open
from exchange.volunteering.telling import hours_text
from exchange.web.sentences import sentence


@dataclass(frozen=True)
class Reader:
    """Who looks, when, in which language and time zone."""

    actor: Actor
    now: datetime
    locale: str
    zone: str

    @property
    def today(self) -> date:
        """The civil date."""
        return civil_date(self.now, self.zone)


@dataclass(frozen=True)
class ShiftLine:
    """A shift as one reader sees it. ``position`` on the waiting list, 0 when not waiting."""

    shift: Shift
    when: str
    role: str
    place: str
    is_open: bool
    own: Signup | None
    position: int
    waiting: int

    @property
    def state(self) -> SignupState | None:
        """What the reader has answered."""
        return self.own.state if self.own else None

    @property
    def comes(self) -> bool:
        """Whether the reader has a place."""
        return self.state is SignupState.SIGNED_UP

    @property
    def is_asked(self) -> bool:
        """Whether the reader is to say if they still come."""
        return self.comes and self.own is not None and self.own.asked_at is not None

    @property
    def is_moved(self) -> bool:
        """Whether they are asked because time or place have changed."""
        return self.own is not None and self.own.asked_at == self.shift.moved_at is not None

    @property
    def is_cancelled(self) -> bool:
        """Whether it does not take place."""
        return self.shift.state is ShiftState.CANCELLED


@dataclass(frozen=True)
class ActivityPage:
    """Everything on the page of an activity. ``comes``: the reader has a place in some shift."""

    activity: Activity
    owner: str
    owner_url: str
    place_label: str
    work: Any
    state: Any
    tone: str
    skills: tuple[Any, ...]
    ages: str
    lines: tuple[ShiftLine, ...]
    may_manage: bool
    may_join: bool
    sees_people: bool
    comes: bool


def activity_page(session: Session, reader: Reader, activity: Activity) -> ActivityPage:
    """The page of an activity; the caller has made sure that the reader may know of it."""
    actor = reader.actor
    shifts = shifts_of(session, [activity.id], reader.now)[activity.id]
    lines = shift_lines(session, reader, activity, shifts)
    person = activity.organisation.kind == "individual_volunteer"
    return ActivityPage(
        activity=activity,
        owner=owner_label(reader, activity),
        owner_url="" if person else f"/organisations/{activity.organisation.public_id}",
        place_label=place_labels(session, reader, [activity]).get(activity.division_code, ""),
        work=WORK_LABELS[activity.work],
        state=STATE_LABELS[activity.state],
        tone=STATE_TONES[activity.state],
        skills=skill_labels(activity.skills),
        ages=ages_text(activity),
        lines=lines,
        may_manage=may_manage(actor, activity),
        may_join=may_join(actor, activity),
        sees_people=sees_people(actor, activity),
        comes=any(line.comes for line in lines),
    )


def managed_state(page: ActivityPage) -> tuple[Any, str]:
    """The state for whoever looks after it, and its tone: nothing is open where no shift is."""
    if page.activity.state is not ActivityState.PUBLISHED or any(one.is_open for one in page.lines):
        return page.state, page.tone
    if any(not one.is_cancelled for one in page.lines):
        return sentence("badge_running"), "activity"  # begun, and not over yet
    return sentence("managed_nothing_open"), "warn"


def shift_lines(
    session: Session, reader: Reader, activity: Activity, shifts: Sequence[Shift]
) -> tuple[ShiftLine, ...]:
    """The shifts of an activity with what the reader has answered."""
    ids = [shift.id for shift in shifts]
    own = own_answers(session, reader.actor.person_id, ids)
    positions = places_in_line(session, own.values())
    counts = waiting_counts(session, ids)
    return tuple(
        shift_line(reader, activity, shift, own.get(shift.id), positions, counts)
        for shift in shifts
    )


def shift_line(
    reader: Reader,
    activity: Activity,
    shift: Shift,
    own: Signup | None,
    positions: Mapping[int, int],
    waiting: Mapping[int, int],
) -> ShiftLine:
    """One shift. The exact place is told to those who come."""
    comes = own is not None and own.state is SignupState.SIGNED_UP
    inside = comes or sees_people(reader.actor, activity)
    exact = activity.meeting_point if inside else ""
    return ShiftLine(
        shift=shift,
        when=hours_text(shift, reader.zone, reader.today, reader.locale),
        role=shift.role.name if shift.role else "",
        place=shift.place or exact or activity.place,
        is_open=bool(is_open(activity.state, shift.state, shift.starts_at, reader.now)),
        own=own,
        position=positions.get(own.id, 0) if own else 0,
        waiting=waiting.get(shift.id, 0),
    )


@dataclass(frozen=True)
class ActivityCard:
    """An activity in a list; fits the macro ``listing_card``."""

    public_id: str
    title: Any
    url: str
    category_label: Any
    place_label: str
    owner_label: str
    badges: tuple[Any, ...]
    remaining_label: str
    side: str = "activity"
    door: str = ""
    progress: int | None = None
    distance_km: float | None = None
    highlights: Any = None


def activity_cards(
    session: Session, reader: Reader, activities: Sequence[Activity]
) -> list[ActivityCard]:
    """A card for each, in order. The number of queries does not grow with the list."""
    ids = [one.id for one in activities]
    ahead = shifts_of(session, ids, reader.now) if ids else {}
    places = place_labels(session, reader, activities)
    known = {one.division_code for one in activities}
    home = reader.actor.division
    distances = distances_km(session, home, known) if home and known else {}
    return [
        ActivityCard(
            public_id=one.public_id,
            title=one.title,
            url=f"/activities/{one.public_id}",
            category_label=WORK_LABELS[one.work],
            place_label=places.get(one.division_code, ""),
            owner_label=owner_label(reader, one),
            badges=_badges(one),
            remaining_label=_next_text(reader, one, ahead.get(one.id, ())),
            distance_km=distances.get(one.division_code) or None,
        )
        for one in activities
    ]


def managed_cards(
    session: Session, reader: Reader, activities: Sequence[Activity]
) -> list[ActivityCard]:
    """The cards for whoever looks after them: the shift that runs or comes next, and how many of
    its places are taken; of what is over its last day.
    """
    ids = [one.id for one in activities]
    ahead = shifts_of(session, ids, reader.now) if ids else {}
    ends = last_ends(session, ids) if ids else {}
    cards = activity_cards(session, reader, activities)
    return [
        _managed_card(reader, one, card, ahead.get(one.id, ()), ends.get(one.id))
        for one, card in zip(activities, cards, strict=True)
    ]


def _managed_card(
    reader: Reader,
    activity: Activity,
    card: ActivityCard,
    shifts: Sequence[Shift],
    last: datetime | None,
) -> ActivityCard:
    is_alive = activity.state in (ActivityState.PUBLISHED, ActivityState.DRAFT)
    coming = next((one for one in shifts if one.state is ShiftState.OPEN), None)
    if coming is None or not is_alive:
        day = civil_date(last, reader.zone) if last else None
        return replace(card, remaining_label=sentence("managed_last", {"day": day}) if day else "")
    values = {
        "when": hours_text(coming, reader.zone, reader.today, reader.locale),
        "taken": coming.taken,
        "maximum": coming.maximum,
    }
    runs = activity.state is ActivityState.PUBLISHED and coming.starts_at <= reader.now
    badge = ((sentence("badge_running"), "activity"),) if runs else ()
    text = sentence("managed_next", values)
    return replace(card, badges=(*badge, *card.badges), remaining_label=text)


def owner_label(reader: Reader, activity: Activity) -> str:
    """Who runs it; a private person's name is masked for others."""
    own = reader.actor.belongs_to(activity.organisation_id)
    label = full_label if own else organisation_label
    return label(activity.organisation, reader.locale)


def place_labels(
    session: Session, reader: Reader, activities: Sequence[Activity]
) -> dict[str, str]:
    """The places by code, from the county down; one query."""
    lines = paths(session, {one.division_code for one in activities})
    return {
        code: path_label([(place.code, place.name) for place in line], reader.locale, Level.COUNTY)
        for code, line in lines.items()
    }


def skill_labels(codes: Sequence[str]) -> tuple[Any, ...]:
    """The names of skills; unknown ones are left out."""
    return tuple(SKILL_LABELS[Skill(code)] for code in codes if code in set(Skill))


def ages_text(activity: Activity) -> str:
    """Who may come by age."""
    if activity.max_age is None:
        return sentence("ages_from", {"least": activity.min_age})
    return sentence("ages_between", {"least": activity.min_age, "most": activity.max_age})


def _badges(activity: Activity) -> tuple[Any, ...]:
    if activity.held_at is not None:
        return ((sentence("badge_held"), "warn"),)
    if activity.state is ActivityState.PUBLISHED:
        return (sentence("badge_with_children"),) if activity.with_children else ()
    return ((STATE_LABELS[activity.state], STATE_TONES[activity.state]),)


def _next_text(reader: Reader, activity: Activity, shifts: Sequence[Shift]) -> str:
    """The next shift with a free place, else the next one, and how many places are left."""
    coming = [
        shift
        for shift in shifts
        if is_open(ActivityState.PUBLISHED, shift.state, shift.starts_at, reader.now)
    ]
    if not coming or activity.state not in (ActivityState.PUBLISHED, ActivityState.DRAFT):
        return ""
    best = next((shift for shift in coming if shift.free), coming[0])
    values = {"when": hours_text(best, reader.zone, reader.today, reader.locale)}
    code = "next_with_places" if best.free else "next_is_full"
    return sentence(code, {**values, "free": best.free})
