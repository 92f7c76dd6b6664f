"""Everything on the page of one project, as this reader may know it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from exchange.accounts.queries import full_label, organisation_label
from exchange.geography.queries import paths
from exchange.kernel.act import House
from exchange.kernel.actor import Actor
from exchange.listings.cards import ListingCard, listing_cards, place_line
from exchange.listings.kinds import State
from exchange.listings.labels import VISIBILITY_LABELS
from exchange.listings.models import Listing
from exchange.listings.undertakings.labels import PART_LABELS, PART_TONES
from exchange.listings.undertakings.rules import PartState, progress
from exchange.listings.undertakings.states import part_states
from exchange.projects.cards import badges, category_label, owner_label
from exchange.projects.kinds import PartnerState
from exchange.projects.labels import PARTNER_STATE_LABELS, ROLE_LABELS, TEMPLATE_LABELS
from exchange.projects.models import Milestone, Project, ProjectPartner
from exchange.projects.permissions import (
    in_reach_of_broker,
    is_inside,
    may_manage,
    may_report,
    readable_needs,
)
from exchange.projects.queries import needs_of
from exchange.projects.rules import is_late, yuan
from exchange.taxonomy.panels import BENEFICIARY_LABELS
from exchange.taxonomy.terms import Beneficiary
from exchange.web.dates import day_text, span_text
from exchange.web.sentences import sentence


@dataclass(frozen=True)
class StepLine:
    """A milestone: its day in words, and whether it is done or late."""

    public_id: str
    title: str
    day: str
    done: str
    is_done: bool
    is_late: bool


@dataclass(frozen=True)
class NeedLine:
    """A need of the project and how far it is; others read only that it is settled."""

    need: Listing
    card: ListingCard
    label: str
    tone: str


@dataclass(frozen=True)
class PartnerLine:
    """Another organisation: what it does, and, before it has agreed, where that stands."""

    public_id: str
    name: str
    role: str
    state: PartnerState
    state_label: str


@dataclass(frozen=True)
class ProjectPage:
    """What the page shows. ``with_partner`` of ``counted`` needs have one, ``partly`` for a part of
    their amount only; for those inside.
    """

    title: str
    badges: tuple[Any, ...]
    owner: str
    template: str
    category: str
    places: tuple[str, ...]
    dates: str
    groups: tuple[str, ...]
    people: str
    visibility: str
    budget: tuple[tuple[str, str], ...]
    budget_total: str
    steps: tuple[StepLine, ...]
    partners: tuple[PartnerLine, ...]
    needs: tuple[NeedLine, ...]
    with_partner: int
    partly: int
    counted: int
    inside: bool
    may_manage: bool
    may_report: bool

    @property
    def percent(self) -> int:
        """How many of the steps are done, of a hundred."""
        done = sum(one.is_done for one in self.steps)
        return done * 100 // len(self.steps) if self.steps else 0

    @property
    def next_step(self) -> StepLine | None:
        """The first step that is not done."""
        return next((one for one in self.steps if not one.is_done), None)


def project_page(
    session: Session, house: House, actor: Actor, project: Project, locale: str, today: date
) -> ProjectPage:
    """The page. The caller has made sure that the actor may know of the project."""
    inside = looks_inside(actor, project)
    needs = seen_needs(session, actor, project)
    states = part_states(session, house, actor, needs, suggested=True) if inside else {}
    met, counted = progress(states.values())
    lines = paths(session, project.places)
    return ProjectPage(
        title=project.title,
        badges=badges(project),
        owner=owner_label(actor, project, locale),
        template=str(TEMPLATE_LABELS[project.template]),
        category=category_label(project, locale),
        places=tuple(place_line(tuple(lines.get(code, ())), locale) for code in project.places),
        dates=span_text(project.from_date, project.to_date, today, locale),
        groups=group_labels(project.beneficiaries),
        people=people_label(project),
        visibility=str(VISIBILITY_LABELS[project.visibility]),
        budget=tuple((one.purpose, yuan(one.planned_fen)) for one in project.budget),
        budget_total=yuan(project.planned_fen) if project.planned_fen else "",
        steps=step_lines(project, today, locale),
        partners=partner_lines(actor, project, locale, inside=inside),
        needs=_need_lines(session, actor, needs, states, locale, today),
        with_partner=met,
        partly=sum(one is PartState.PARTLY for one in states.values()),
        counted=counted,
        inside=inside,
        may_manage=may_manage(actor, project),
        may_report=may_report(actor, project),
    )


def looks_inside(actor: Actor, project: Project) -> bool:
    """Its people and partners, its worker, and the brokers of its places: they read how far the
    needs are and who was asked.
    """
    return (
        may_manage(actor, project)
        or is_inside(actor, project)
        or in_reach_of_broker(actor, project)
    )


def seen_needs(session: Session, actor: Actor, project: Project) -> list[Listing]:
    """Its needs that this reader may read in full."""
    return readable_needs(actor, needs_of(session, [project.id]).get(project.id, []))


def step_lines(project: Project, today: date, locale: str) -> tuple[StepLine, ...]:
    """The plan in order of days; steps without a day come last."""
    ordered = sorted(
        project.milestones, key=lambda one: (one.due_on is None, one.due_on or today, one.position)
    )
    return tuple(_step(one, today, locale) for one in ordered)


def partner_lines(
    actor: Actor, project: Project, locale: str, *, inside: bool
) -> tuple[PartnerLine, ...]:
    """Those that said yes; those inside also read who was asked and has not answered."""
    shown = {PartnerState.ACCEPTED, *([PartnerState.INVITED] if inside else [])}
    return tuple(_partner(actor, row, locale) for row in project.partners if row.state in shown)


def group_labels(groups: Sequence[str]) -> tuple[str, ...]:
    """Whom it is for, in words."""
    known = {one.value: one for one in Beneficiary}
    return tuple(str(BENEFICIARY_LABELS[known[one]]) for one in groups if one in known)


def people_label(project: Project) -> str:
    """How many people it is to reach."""
    if project.beneficiary_count is None:
        return ""
    return sentence("project_people", {"number": f"{project.beneficiary_count:,}"})


def _partner(actor: Actor, row: ProjectPartner, locale: str) -> PartnerLine:
    label = full_label if actor.belongs_to(row.organisation_id) else organisation_label
    return PartnerLine(
        public_id=row.organisation.public_id,
        name=label(row.organisation, locale),
        role=str(ROLE_LABELS[row.role]),
        state=row.state,
        state_label=str(PARTNER_STATE_LABELS[row.state]),
    )


def _step(one: Milestone, today: date, locale: str) -> StepLine:
    return StepLine(
        public_id=one.public_id,
        title=one.title,
        day=day_text(one.due_on, today, locale) if one.due_on else "",
        done=day_text(one.done_on, today, locale) if one.done_on else "",
        is_done=one.done_on is not None,
        is_late=is_late(one.due_on, one.done_on, today),
    )


def _need_lines(
    session: Session,
    actor: Actor,
    needs: Sequence[Listing],
    states: Mapping[int, PartState],
    locale: str,
    today: date,
) -> tuple[NeedLine, ...]:
    cards = listing_cards(session, actor, needs, locale, today)
    return tuple(
        NeedLine(need, card, *_state_label(states.get(need.id) or _public_state(need)))
        for need, card in zip(needs, cards, strict=True)
    )


def _public_state(need: Listing) -> PartState | None:
    """What everybody reads of it: that nothing is missing any more."""
    return PartState.MET if need.state is State.FULFILLED else None


def _state_label(state: PartState | None) -> tuple[str, str]:
    """The words and the colour."""
    return ("", "") if state is None else (str(PART_LABELS[state]), PART_TONES.get(state, ""))
