"""What pages show of trainings, made for one reader."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from exchange.accounts.queries import full_label, organisation_label
from exchange.files.rules import size_words
from exchange.geography.queries import distances_km, paths
from exchange.geography.rules import Level, path_label
from exchange.volunteering.models import Shift, Signup
from exchange.volunteering.showing import Reader, ShiftLine, shift_lines
from exchange.volunteering.telling import hours_text
from exchange.volunteering.training.completion_queries import (
    completions_of_person,
    held_by,
    people_of_activity,
    shown_completions,
)
from exchange.volunteering.training.kinds import MaterialKind, TrainingState
from exchange.volunteering.training.labels import STATE_LABELS, STATE_TONES
from exchange.volunteering.training.models import Completion, Training, TrainingMaterial
from exchange.volunteering.training.permissions import may_confirm_at, may_do, may_look_after
from exchange.volunteering.training.queries import dates_of, next_dates, required_by
from exchange.volunteering.training.rules import Held, holds_on
from exchange.web.dates import day_text
from exchange.web.sentences import sentence


@dataclass(frozen=True)
class MaterialLine:
    """A material: where it stands, its size, whether one listens to it or leaves the site."""

    material: TrainingMaterial
    title: str
    url: str
    size: str
    is_page: bool
    is_sound: bool
    is_picture: bool
    host: str


@dataclass(frozen=True)
class TrainingPage:
    """Everything on the page of a training. ``held`` is the reader's own completion that counts."""

    training: Training
    owner: str
    owner_url: str
    place_label: str
    validity: str
    state: Any
    tone: str
    materials: tuple[MaterialLine, ...]
    dates: tuple[ShiftLine, ...]
    past: tuple[ShiftLine, ...]
    held: Completion | None
    until: str
    may_do: bool
    may_look_after: bool
    may_confirm: bool


def training_page(session: Session, reader: Reader, training: Training) -> TrainingPage:
    """The page of a training; the caller has made sure that the reader may know of it."""
    lines = _date_lines(session, reader, training)
    own = _own(session, reader, training)
    is_person = training.organisation.kind == "individual_volunteer"
    return TrainingPage(
        training=training,
        owner=owner_label(reader, training),
        owner_url="" if is_person else f"/organisations/{training.organisation.public_id}",
        place_label=place_text(session, reader, training),
        validity=validity_text(training),
        state=STATE_LABELS[training.state],
        tone=STATE_TONES[training.state],
        materials=tuple(material_line(training, one) for one in training.materials),
        dates=tuple(line for line in lines if line.shift.starts_at > reader.now),
        past=tuple(line for line in reversed(lines) if line.shift.starts_at <= reader.now),
        held=own,
        until=day_text(own.expires_on, reader.today, reader.locale)
        if own and own.expires_on
        else "",
        may_do=may_do(reader.actor, training) and training.state is TrainingState.PUBLISHED,
        may_look_after=may_look_after(reader.actor, training),
        may_confirm=may_confirm_at(reader.actor, training),
    )


def _date_lines(session: Session, reader: Reader, training: Training) -> tuple[ShiftLine, ...]:
    shifts = dates_of(session, training, reader.now)
    if not shifts or training.activity is None:
        return ()
    return shift_lines(session, reader, training.activity, shifts)


def _own(session: Session, reader: Reader, training: Training) -> Completion | None:
    """The reader's completion that counts longest from today on."""
    if reader.actor.person_id is None:
        return None
    own = completions_of_person(session, reader.actor.person_id)
    counting = [one for one in own if one.training_id == training.id and counts(one, reader.today)]
    return max(counting, key=lambda one: (one.expires_on or date.max, one.id), default=None)


def counts(completion: Completion, day: date) -> bool:
    """Whether a completion counts on a day."""
    held = Held(completion.training_id, completion.expires_on, completion.revoked_at is not None)
    return holds_on(held, day)


def material_line(training: Training, material: TrainingMaterial) -> MaterialLine:
    """One material with its size."""
    page = f"/trainings/{training.public_id}/materials/{material.public_id}"
    media = material.file.media_type if material.file else ""
    if material.kind is MaterialKind.TEXT:
        url, size = page, len(material.text.encode())
    elif material.file is not None:
        url, size = f"/files/{material.file.public_id}/full", material.file.size_bytes
    else:
        url, size = material.url, 0
    return MaterialLine(
        material=material,
        title=material.title,
        url=url,
        size=" ".join(size_words(size)) if size else "",
        is_page=material.kind is MaterialKind.TEXT,
        is_sound=media.startswith("audio/"),
        is_picture=media.startswith("image/"),
        host=material.url.partition("//")[2].partition("/")[0],
    )


@dataclass(frozen=True)
class TrainingCard:
    """A training in a list; fits the macro ``listing_card``."""

    public_id: str
    title: Any
    url: str
    category_label: Any
    place_label: str
    owner_label: str
    badges: tuple[Any, ...]
    remaining_label: str
    materials: tuple[MaterialLine, ...] = ()
    side: str = "activity"
    door: str = "training"
    progress: int | None = None
    distance_km: float | None = None
    highlights: Any = None


def training_cards(
    session: Session, reader: Reader, trainings: Sequence[Training]
) -> list[TrainingCard]:
    """A card for each, in order. The number of queries does not grow with the list."""
    dates = next_dates(session, [one.activity_id for one in trainings], reader.now)
    codes = {one.division_code for one in trainings if one.division_code}
    lines = paths(session, codes)
    home = reader.actor.division
    distances = distances_km(session, home, codes) if home and codes else {}
    return [
        TrainingCard(
            public_id=one.public_id,
            title=one.title,
            url=f"/trainings/{one.public_id}",
            category_label=validity_text(one),
            place_label=_place(reader, one, lines),
            owner_label=owner_label(reader, one),
            badges=_badges(one),
            remaining_label=_next_text(reader, dates.get(one.activity_id or 0)),
            materials=tuple(material_line(one, each) for each in one.materials),
            distance_km=distances.get(one.division_code or "") or None,
        )
        for one in trainings
    ]


def owner_label(reader: Reader, training: Training) -> str:
    """Who runs it; a private person's name is masked for others."""
    own = reader.actor.belongs_to(training.organisation_id)
    label = full_label if own else organisation_label
    return label(training.organisation, reader.locale)


def place_text(session: Session, reader: Reader, training: Training) -> str:
    """The place from the county down, or everywhere."""
    codes = {training.division_code} if training.division_code else set()
    return _place(reader, training, paths(session, codes))


def _place(reader: Reader, training: Training, lines: Mapping[str, Sequence[Any]]) -> str:
    if not training.division_code:
        return sentence("training_everywhere")
    line = lines.get(training.division_code, ())
    return path_label([(one.code, one.name) for one in line], reader.locale, Level.COUNTY)


def validity_text(training: Training) -> str:
    """For how long it counts."""
    if training.valid_months is None:
        return sentence("training_valid_for_ever")
    return sentence("training_valid_months", {"months": training.valid_months})


def _badges(training: Training) -> tuple[Any, ...]:
    at_home = (sentence("training_at_home"),) if training.pass_mark else ()
    if training.state is TrainingState.PUBLISHED:
        return at_home
    return (*at_home, (STATE_LABELS[training.state], STATE_TONES[training.state]))


def _next_text(reader: Reader, shift: Shift | None) -> str:
    if shift is None:
        return ""
    when = hours_text(shift, reader.zone, reader.today, reader.locale)
    code = "training_next_date" if shift.free > 0 else "training_next_full"
    return sentence(code, {"when": when, "free": shift.free})


@dataclass(frozen=True)
class NeededLine:
    """A training that an activity asks for, and whether the reader has it until some day."""

    training: Training
    url: str
    done: bool
    until: str
    next_text: str


def needed_lines(session: Session, reader: Reader, activity_id: int) -> list[NeededLine]:
    """What an activity asks for, as the reader stands to it."""
    asked = required_by(session, activity_id)
    if not asked:
        return []
    person_id = reader.actor.person_id
    held = held_by(session, [person_id] if person_id else [], [one.id for one in asked])
    dates = next_dates(session, [one.activity_id for one in asked], reader.now)
    lines = []
    for one in asked:
        own = [
            each for each in held.get(person_id or 0, ())
            if each.training_id == one.id and holds_on(each, reader.today)
        ]  # fmt: skip
        last = max((each.expires_on or date.max for each in own), default=None)
        until = "" if last in (None, date.max) else day_text(last, reader.today, reader.locale)
        lines.append(
            NeededLine(
                one, f"/trainings/{one.public_id}", bool(own), until,
                _next_text(reader, dates.get(one.activity_id or 0)),
            )
        )  # fmt: skip
    return lines


@dataclass(frozen=True)
class CompletionLine:
    """A completion as its volunteer and managers read it."""

    completion: Completion
    day: str
    until: str
    counts: bool
    ends_soon: bool


def completion_lines(reader: Reader, completions: Iterable[Completion]) -> list[CompletionLine]:
    """Each with whether it counts today."""
    return [completion_line(reader, one) for one in completions]


def completion_line(reader: Reader, one: Completion) -> CompletionLine:
    """One completion."""
    ends = one.expires_on
    return CompletionLine(
        completion=one,
        day=day_text(one.completed_on, reader.today, reader.locale, with_year=True),
        until=day_text(ends, reader.today, reader.locale, with_year=True) if ends else "",
        counts=counts(one, reader.today),
        ends_soon=bool(ends) and 0 <= ((ends or reader.today) - reader.today).days <= 30,
    )


@dataclass(frozen=True)
class PersonLine:
    """Somebody who comes: what they have completed, and what they lack of what is asked for."""

    signup: Signup
    completions: list[CompletionLine]
    lacking: tuple[Training, ...]


def people_lines(
    session: Session, reader: Reader, activity_id: int
) -> tuple[list[Training], list[PersonLine]]:
    """What an activity asks for, and everybody who comes or waits; a fixed number of queries."""
    asked = required_by(session, activity_id)
    people = people_of_activity(session, activity_id, reader.now)
    done = shown_completions(session, reader.actor, [one.person_id for one in people])
    lines = []
    for one in people:
        own = done.get(one.person_id, [])
        standing = {each.training_id for each in own if counts(each, reader.today)}
        lacking = tuple(each for each in asked if each.id not in standing)
        newest = {each.training_id: each for each in reversed(own)}
        lines.append(PersonLine(one, completion_lines(reader, newest.values()), lacking))
    return asked, lines
