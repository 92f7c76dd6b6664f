"""News as a page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from exchange.accounts.queries import full_label, organisation_label
from exchange.files.models import StoredFile
from exchange.kernel.actor import Actor
from exchange.projects.models import Project, ProjectUpdate
from exchange.projects.news.permissions import may_change
from exchange.projects.news.queries import photos_by_update
from exchange.projects.news.rules import Figure, unpack_figure
from exchange.taxonomy.units import format_amount, format_quantity, is_known
from exchange.web.dates import local_day

PROJECT_LINK, UPDATE_LINK = "/p/", "/p/n/"  # where short addresses begin
UPDATE_TITLE = 40


@dataclass(frozen=True)
class Shot:
    """A picture and its size, so that the page does not jump when it comes."""

    public_id: str
    width: int
    height: int


@dataclass(frozen=True)
class NewsView:
    """One piece of news. ``figures`` are pairs of an amount and what it counts."""

    public_id: str
    url: str
    day: str
    moment: str
    owner: str
    text: str
    paragraphs: tuple[str, ...]
    figures: tuple[tuple[str, str], ...]
    photos: tuple[Shot, ...]
    milestone: str
    changed: str
    may_change: bool
    version: int


def news_views(
    session: Session, actor: Actor, updates: Sequence[ProjectUpdate], locale: str
) -> list[NewsView]:
    """Each as this reader sees it, in as many queries for many as for one."""
    photos = photos_by_update(session, [one.id for one in updates])
    views = []
    for one in updates:
        own = actor.belongs_to(one.organisation_id)
        label = full_label if own else organisation_label
        shots = tuple(_shot(photo.file) for photo in photos[one.id])
        steps = {step.id: step.title for step in one.project.milestones}
        views.append(
            NewsView(
                public_id=one.public_id,
                url=news_url(one.project, one),
                day=local_day(one.published_at),
                moment=one.published_at.isoformat(),
                owner=label(one.organisation, locale),
                text=one.text,
                paragraphs=tuple(line for line in one.text.split("\n") if line.strip()),
                figures=figure_texts(one, locale),
                photos=shots,
                milestone=steps.get(one.milestone_id or 0, ""),
                changed=local_day(one.changed_at) if one.changed_at else "",
                may_change=may_change(actor, one),
                version=one.version,
            )
        )
    return views


def figure_texts(update: ProjectUpdate, locale: str) -> tuple[tuple[str, str], ...]:
    """How much and of what, for each figure."""
    read = [one for one in map(unpack_figure, update.figures) if one]
    return tuple((amount_text(one, locale), one.label) for one in read)


def amount_text(figure: Figure, locale: str) -> str:
    """1,200 株; a unit that is not ours stays as it was typed."""
    if is_known(figure.unit):
        return format_quantity(figure.milli, figure.unit, locale)
    return f"{format_amount(figure.milli)} {figure.unit}"


def news_url(project: Project, update: ProjectUpdate) -> str:
    """The page of a piece of news."""
    return f"/projects/{project.public_id}/news/{update.public_id}"


def project_url(project: Project) -> str:
    """The page of a project."""
    return f"/projects/{project.public_id}"


def update_title(update: ProjectUpdate) -> str:
    """The first words of it, for heads and feeds; the project's title where it has only pictures.
    """
    first = next((line.strip() for line in update.text.split("\n") if line.strip()), "")
    if not first:
        return update.project.title
    return first if len(first) <= UPDATE_TITLE else f"{first[: UPDATE_TITLE - 1]}…"


def _shot(file: StoredFile) -> Shot:
    return Shot(file.public_id, file.width, file.height)
