"""A roadshow or visit as pages show it to one reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from exchange.accounts.queries import full_label, organisation_label
from exchange.geography.queries import paths
from exchange.kernel.act import House
from exchange.kernel.actor import Actor
from exchange.listings.cards import place_line
from exchange.projects.indexing import Paths, known_places
from exchange.projects.models import Project
from exchange.projects.visits.kinds import SignUpState, VisitState
from exchange.projects.visits.labels import KIND_LABELS
from exchange.projects.visits.models import Visit
from exchange.projects.visits.permissions import may_run, sees_link
from exchange.projects.visits.queries import own_sign_up
from exchange.projects.visits.rules import may_change, may_sign_up
from exchange.web.calendar_file import CalendarEvent
from exchange.web.dates import local_moment

USUAL_LENGTH = timedelta(hours=2)


@dataclass(frozen=True)
class Comer:
    """An organisation that comes, for those who run it."""

    who: str
    people: int
    waits: bool


@dataclass(frozen=True)
class VisitView:
    """What a page shows of one."""

    public_id: str
    project: str
    project_id: str
    kind: str
    title: str
    text: str
    place: str
    link: str
    is_online: bool
    when: str
    until: str
    closes: str
    seats: int
    left: int
    waiting: int
    cancelled: bool
    reason: str
    over: bool
    ended: bool
    open: bool
    may_run: bool
    may_change: bool
    own_people: int
    own_waits: bool
    comers: Sequence[Comer]
    version: int

    @property
    def room(self) -> int:
        """How many the reader may bring: what is left and what they hold; all where one waits."""
        held = 0 if self.own_waits else self.own_people
        return self.left + held or self.seats


def visit_views(
    house: House, actor: Actor, visits: Sequence[Visit], locale: str
) -> list[VisitView]:
    """A view for each; no query of its own."""
    return [visit_view(house, actor, one, locale) for one in visits]


@dataclass(frozen=True)
class VisitLine:
    """One in a list across projects: with the project's place, and in answers to a search with
    title and words marked.
    """

    view: VisitView
    area: str
    title: str = ""
    words: str = ""


def visit_lines(
    session: Session, house: House, actor: Actor, visits: Sequence[Visit], locale: str
) -> list[VisitLine]:
    """A line for each, in one query for all of their places."""
    lines = paths(session, {code for one in visits for code in one.project.places})
    return [
        VisitLine(visit_view(house, actor, one, locale), _area(one.project, lines, locale))
        for one in visits
    ]


def _area(project: Project, lines: Paths, locale: str) -> str:
    known = known_places(project, lines)
    return place_line(known[0], locale) if known else ""


def visit_view(house: House, actor: Actor, visit: Visit, locale: str) -> VisitView:
    """The whole of one. The caller has made sure that the actor may see it."""
    now, own = house.clock.now(), own_sign_up(visit, actor.organisation_id)
    runs = may_run(actor, visit.project)
    return VisitView(
        public_id=visit.public_id,
        project=visit.project.title,
        project_id=visit.project.public_id,
        kind=str(KIND_LABELS[visit.kind]),
        title=visit.title,
        text=visit.text,
        place=visit.place,
        link=visit.link if sees_link(actor, visit) else "",
        is_online=bool(visit.link),
        when=local_moment(visit.starts_at),
        until=local_moment(visit.ends_at) if visit.ends_at else "",
        closes=local_moment(visit.closes_at) if visit.closes_at != visit.starts_at else "",
        seats=visit.seats,
        left=visit.seats - visit.taken,
        waiting=sum(row.state is SignUpState.WAITING for row in visit.sign_ups),
        cancelled=visit.state is VisitState.CANCELLED,
        reason=visit.cancel_reason,
        over=now >= visit.starts_at,
        ended=now >= _end_of(visit),
        open=bool(may_sign_up(visit.state, visit.closes_at, now)),
        may_run=runs,
        may_change=runs and bool(may_change(visit.state, visit.starts_at, now)),
        own_people=own.people if own else 0,
        own_waits=own is not None and own.state is SignUpState.WAITING,
        comers=_comers(actor, visit, locale) if runs else (),
        version=visit.version,
    )


def _comers(actor: Actor, visit: Visit, locale: str) -> list[Comer]:
    rows = [row for row in visit.sign_ups if row.state is not SignUpState.LEFT]
    rows.sort(key=lambda row: (row.state is SignUpState.WAITING, row.queued_at, row.id))
    return [
        Comer(
            (full_label if actor.belongs_to(row.organisation_id) else organisation_label)(
                row.organisation, locale
            ),
            row.people,
            row.state is SignUpState.WAITING,
        )
        for row in rows
    ]


def calendar_event(house: House, actor: Actor, visit: Visit) -> CalendarEvent:
    """One as a calendar keeps it; the link only for those who may read it."""
    base = house.settings.base_url.rstrip("/")
    link = visit.link if sees_link(actor, visit) else ""
    return CalendarEvent(
        uid=f"{visit.public_id}@visits.{base.partition('://')[2].partition('/')[0]}",
        title=visit.title,
        starts_at=visit.starts_at,
        ends_at=_end_of(visit),
        changed_at=visit.updated_at,
        place=visit.place or link,
        text="\n".join(part for part in (visit.project.title, visit.text, link) if part),
        url=f"{base}/visits/{visit.public_id}",
        sequence=visit.version - 1,
        is_cancelled=visit.state is VisitState.CANCELLED,
    )


def _end_of(visit: Visit) -> datetime:
    return visit.ends_at or visit.starts_at + USUAL_LENGTH
