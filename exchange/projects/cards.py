"""Projects as they stand in a list: one bulk load, and only what the reader may know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from exchange.accounts.queries import full_label, organisation_label
from exchange.geography.queries import PathPlace, paths
from exchange.kernel.actor import Actor
from exchange.listings.cards import Badge, place_beside, place_line
from exchange.listings.kinds import OPEN_STATES, State, Visibility
from exchange.listings.models import Listing
from exchange.listings.permissions import can_see, sees_details, sees_owner
from exchange.projects.kinds import Publication, Stage
from exchange.projects.labels import PUBLICATION_LABELS, STAGE_LABELS, STAGE_TONES
from exchange.projects.models import Project
from exchange.projects.queries import needs_of
from exchange.taxonomy.categories import taxonomy
from exchange.taxonomy.units import format_quantity
from exchange.web.sentences import sentence

Paths = Mapping[str, Sequence[PathPlace]]


@dataclass(frozen=True)
class ProjectCard:
    """What the card of a project shows; fits the macro ``listing_card``."""

    project_id: int
    public_id: str
    title: str
    url: str
    category_label: str
    place_label: str
    owner_label: str
    badges: tuple[Badge, ...]
    remaining_label: str
    progress: int | None
    side: str = "project"
    door: str = ""
    distance_km: float | None = None
    highlights: Any = None


def project_cards(
    session: Session, actor: Actor, projects: Sequence[Project], locale: str
) -> list[ProjectCard]:
    """A card for each project, in order. The number of queries does not grow with the list.

    The caller has made sure that the actor may see them.
    """
    lines = paths(session, {code for one in projects for code in one.places})
    needs = needs_of(session, [one.id for one in projects]) if projects else {}
    return [_card(actor, one, lines, needs.get(one.id, ()), locale) for one in projects]


def _card(
    actor: Actor, project: Project, lines: Paths, needs: Sequence[Listing], locale: str
) -> ProjectCard:
    owner = owner_label(actor, project, locale)
    return ProjectCard(
        project_id=project.id,
        public_id=project.public_id,
        title=project.title,
        url=project_url(project),
        category_label=category_label(project, locale),
        place_label=places_label(project, owner, lines, locale),
        owner_label=owner,
        badges=badges(project),
        remaining_label=still_needed(actor, needs),
        progress=milestones_percent(project),
    )


def project_url(project: Project) -> str:
    """The path of the project's page on this site."""
    return f"/projects/{project.public_id}"


def owner_label(actor: Actor, project: Project, locale: str) -> str:
    """Who leads it; a private person's name is masked for others."""
    label = full_label if actor.belongs_to(project.organisation_id) else organisation_label
    return label(project.organisation, locale)


def category_label(project: Project, locale: str) -> str:
    """The name of its category; nothing where it has none."""
    code = project.category_code
    return taxonomy().name(code, locale) if code and code in taxonomy() else ""


def places_label(project: Project, owner: str, lines: Paths, locale: str) -> str:
    """The first place beside its owner's name, and how many more there are."""
    known = [tuple(lines[code]) for code in project.places if lines.get(code)]
    if not known:
        return ""
    first = place_beside(owner, known[0], locale)
    if len(known) == 1:
        return first
    whole = first or place_line(known[0], locale)
    return sentence("project_more_places", {"place": whole, "number": len(known)})


def badges(project: Project) -> tuple[Badge, ...]:
    """Its stage, and whatever keeps it from standing before everybody."""
    found: list[Badge] = [(str(STAGE_LABELS[project.stage]), STAGE_TONES[project.stage])]
    if project.held_at is not None:
        found.append((sentence("badge_held"), "warn"))
    if project.publication is Publication.DRAFT and project.review_note:
        found.append((sentence("badge_returned"), "warn"))
    elif project.publication is not Publication.PUBLISHED:
        found.append(str(PUBLICATION_LABELS[project.publication]))
    if project.visibility is not Visibility.PUBLIC:
        code = "verified" if project.visibility is Visibility.VERIFIED else "brokers"
        found.append(sentence(f"badge_{code}_only"))
    return tuple(found)


def still_needed(actor: Actor, needs: Sequence[Listing]) -> str:
    """How many needs are open of those that this reader may see."""
    seen = [
        need for need in needs
        if can_see(actor, need) and sees_details(actor, need) and sees_owner(actor, need)
    ]  # fmt: skip
    count = sum(need.state in OPEN_STATES for need in seen)
    if count:
        return sentence("project_still_needs", {"number": count})
    met = seen and all(need.state is State.FULFILLED for need in seen)
    return sentence("project_needs_met") if met else ""


def milestones_percent(project: Project) -> int | None:
    """How much of the plan is done; None without a plan, and where the project was completed
    without anybody ticking off a step.
    """
    steps, done = project.milestones, sum(one.done_on is not None for one in project.milestones)
    if not steps or (not done and project.stage in (Stage.COMPLETED, Stage.EVALUATED)):
        return None
    return done * 100 // len(steps)


def money_label(fen: int, locale: str) -> str:
    """A sum as people write it."""
    return format_quantity(fen * 10, "元", locale)
