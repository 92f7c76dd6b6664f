"""Announcing a roadshow or visit, changing it, calling it off; telling the day before."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.values import clean_text, one_line
from exchange.listings.wording import words_problem
from exchange.projects.permissions import can_see
from exchange.projects.queries import seen_project
from exchange.projects.visits.events import (
    VisitAnnounced,
    VisitCancelled,
    VisitChanged,
    VisitComesNear,
)
from exchange.projects.visits.kinds import VisitKind, VisitState
from exchange.projects.visits.models import Visit
from exchange.projects.visits.permissions import may_run, takes_visits
from exchange.projects.visits.queries import loaded
from exchange.projects.visits.rules import (
    LONGEST_PLACE,
    LONGEST_REASON,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_AHEAD,
    REMIND_BEFORE,
    link_allowed,
    may_change,
    seats_allowed,
    times_allowed,
)
from exchange.projects.visits.seats import fill_seats

BATCH = 50
MATTERS = ("starts_at", "ends_at", "place", "link")


@dataclass(frozen=True)
class VisitValues:
    """All that is said of one. Moments are aware; ``closes_at``: until when to sign up."""

    kind: VisitKind
    title: str
    starts_at: datetime | None
    seats: int
    text: str = ""
    place: str = ""
    link: str = ""
    ends_at: datetime | None = None
    closes_at: datetime | None = None

    def cleaned(self) -> "VisitValues":
        """The same without characters that no text has; sign-up closes as it starts, if unsaid."""
        return replace(
            self, title=one_line(self.title), text=clean_text(self.text),
            place=one_line(self.place), link=self.link.strip(),
            closes_at=self.closes_at or self.starts_at,
        )  # fmt: skip


def announce(act: Act, project_id: str, values: VisitValues) -> Visit:
    """Announce one for the project with this public id. The same, sent twice, is announced once.

    Raises NotFound, Forbidden, Conflict where the project takes none, or Invalid with the fields.
    """
    project = seen_project(act.session, act.actor, project_id)
    if not may_run(act.actor, project):
        raise Forbidden
    if not takes_visits(project):
        raise Conflict("visit_project_closed")
    given = values.cleaned()
    starts_at, closes_at = _insist(given, act.now, 0)
    ahead = act.session.scalars(
        sa.select(Visit).where(
            Visit.project_id == project.id, Visit.state == VisitState.ANNOUNCED,
            Visit.starts_at > act.now,
        )
    ).all()  # fmt: skip
    for one in ahead:
        if (one.title, one.starts_at) == (given.title, starts_at):
            return one
    if len(ahead) >= MOST_AHEAD:
        raise Conflict("visit_too_many", most=MOST_AHEAD)
    made = Visit(
        project_id=project.id, author_id=act.actor.person_id, taken=0, version=1,
        state=VisitState.ANNOUNCED, created_at=act.now, updated_at=act.now,
    )  # fmt: skip
    _put(made, given, starts_at, closes_at)
    act.session.add(made)
    act.session.flush()
    act.emit(VisitAnnounced(made.id, project.id, project.organisation_id))
    return made


def change_visit(
    act: Act, public_id: str, values: VisitValues, version: int | None = None
) -> Visit:
    """Say it differently; all who signed up are told at once when it matters to them.

    More seats let those who wait move up; nobody loses a seat. Raises NotFound, Forbidden,
    Conflict ("changed_meanwhile" for another version than was read) or Invalid.
    """
    visit = run_visit(act, public_id, version)
    given = values.cleaned()
    starts_at, closes_at = _insist(given, act.now, visit.taken)
    before = [getattr(visit, name) for name in MATTERS]
    if starts_at != visit.starts_at:
        visit.reminded_at = None
    _put(visit, given, starts_at, closes_at)
    _touch(act, visit)
    matters = before != [getattr(visit, name) for name in MATTERS]
    act.emit(
        VisitChanged(visit.id, visit.project_id, visit.project.organisation_id, matters=matters)
    )
    fill_seats(act, visit)
    return visit


def cancel(act: Act, public_id: str, reason: str) -> Visit:
    """Call it off with a reason; all who signed up are told at once. Raises as changing does."""
    visit = run_visit(act, public_id)
    words = clean_text(reason)
    codes = _word_codes(words, LONGEST_REASON, needed=True)
    if codes:
        raise Invalid("visit_invalid", fields={"reason": codes})
    visit.state, visit.cancel_reason = VisitState.CANCELLED, words
    _touch(act, visit)
    act.emit(VisitCancelled(visit.id, visit.project_id, visit.project.organisation_id))
    return visit


def run_visit(act: Act, public_id: str, version: int | None = None) -> Visit:
    """The visit, locked, for those who run it. Raises NotFound, Forbidden or Conflict."""
    visit = locked_visit(act, public_id)
    if not may_run(act.actor, visit.project):
        raise Forbidden
    if version is not None and version != visit.version:
        raise Conflict("changed_meanwhile", version=visit.version)
    decision = may_change(visit.state, visit.starts_at, act.now)
    if not decision:
        raise Conflict(decision.code)
    return visit


def locked_visit(act: Act, public_id: str) -> Visit:
    """The visit, its row locked until the act ends. Raises NotFound."""
    query = (
        sa.select(Visit)
        .where(Visit.public_id == public_id)
        .with_for_update(of=Visit)
        .options(*loaded())
        .execution_options(populate_existing=True)
    )
    act.session.flush()
    found = act.session.scalars(query).unique().first()
    if found is None or not can_see(act.actor, found.project):
        raise NotFound
    return found


def remind_due(act: Act) -> int:
    """Remind those who come tomorrow, once; returns how many visits were looked at."""
    query = (
        sa.select(Visit)
        .where(
            Visit.state == VisitState.ANNOUNCED,
            Visit.reminded_at.is_(None),
            Visit.starts_at > act.now,
            Visit.starts_at <= act.now + REMIND_BEFORE,
        )
        .order_by(Visit.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True, of=Visit)
        .execution_options(populate_existing=True)
    )
    due = act.session.scalars(query).all()
    for visit in due:
        visit.reminded_at = act.now
        act.session.flush()
        act.emit(VisitComesNear(visit.id, visit.project_id, visit.project.organisation_id))
    return len(due)


def _insist(values: VisitValues, now: datetime, taken: int) -> tuple[datetime, datetime]:
    """Raise Invalid with the fields when anything stands against it; the two moments it needs."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, longest, needed in (
        ("title", LONGEST_TITLE, True),
        ("text", LONGEST_TEXT, False),
        ("place", LONGEST_PLACE, not values.link),
    ):
        found[name].extend(_word_codes(getattr(values, name), longest, needed=needed))
    if not link_allowed(values.link):
        found["link"].append("visit_link")
    seats = seats_allowed(values.seats, taken)
    if not seats:
        found["seats"].append(seats.code)
    if values.starts_at is None or values.closes_at is None:
        found["starts_at"].append("required")
        raise Invalid("visit_invalid", fields=dict(found), **seats.params)
    times = times_allowed(values.starts_at, values.ends_at, values.closes_at, now)
    for name, code in times.items():
        found[name].append(code)
    problems = {name: codes for name, codes in found.items() if codes}
    if problems:
        raise Invalid("visit_invalid", fields=problems, **seats.params)
    return values.starts_at, values.closes_at


def _word_codes(text: str, longest: int, *, needed: bool) -> list[str]:
    codes = ["required"] if needed and not text else []
    if len(text) > longest:
        codes.append("too_long")
    problem = words_problem(text)
    if problem:
        codes.append(f"visit_{problem}")
    return codes


def _put(visit: Visit, values: VisitValues, starts_at: datetime, closes_at: datetime) -> None:
    visit.kind, visit.title, visit.text = values.kind, values.title, values.text
    visit.place, visit.link, visit.seats = values.place, values.link, values.seats
    visit.starts_at, visit.ends_at, visit.closes_at = starts_at, values.ends_at, closes_at


def _touch(act: Act, visit: Visit) -> None:
    visit.version += 1
    visit.updated_at = act.now
    act.session.flush()
