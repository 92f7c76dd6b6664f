"""Up to four projects side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from exchange.geography.queries import paths
from exchange.kernel.actor import Actor
from exchange.listings.cards import place_line, shown_title
from exchange.listings.kinds import OPEN_STATES
from exchange.listings.models import Listing
from exchange.projects.cards import (
    category_label,
    milestones_percent,
    money_label,
    owner_label,
    project_url,
)
from exchange.projects.labels import STAGE_LABELS, STAGE_TONES, TEMPLATE_LABELS
from exchange.projects.models import Project
from exchange.projects.permissions import readable_needs
from exchange.projects.queries import needs_of
from exchange.projects.showing import group_labels, partner_lines, people_label
from exchange.web.dates import span_text


@dataclass(frozen=True)
class Compared:
    """One column."""

    public_id: str
    title: str
    url: str
    aim: str
    owner: str
    partners: tuple[str, ...]
    template: str
    category: str
    places: tuple[str, ...]
    stage: str
    tone: str
    budget: str
    people: str
    groups: tuple[str, ...]
    needs: tuple[str, ...]
    dates: str
    progress: int | None


def compared(
    session: Session, actor: Actor, projects: Sequence[Project], locale: str, today: date
) -> list[Compared]:
    """A column for each, in order, in a fixed number of queries."""
    lines = paths(session, {code for one in projects for code in one.places})
    needs = needs_of(session, [one.id for one in projects]) if projects else {}
    return [
        Compared(
            public_id=one.public_id,
            title=one.title,
            url=project_url(one),
            aim=one.aim,
            owner=owner_label(actor, one, locale),
            partners=tuple(row.name for row in partner_lines(actor, one, locale, inside=False)),
            template=str(TEMPLATE_LABELS[one.template]),
            category=category_label(one, locale),
            places=tuple(place_line(tuple(lines.get(code, ())), locale) for code in one.places),
            stage=str(STAGE_LABELS[one.stage]),
            tone=STAGE_TONES[one.stage],
            budget=money_label(one.planned_fen, locale) if one.planned_fen else "",
            people=people_label(one),
            groups=group_labels(one.beneficiaries),
            needs=_open_needs(actor, needs.get(one.id, ())),
            dates=span_text(one.from_date, one.to_date, today, locale),
            progress=milestones_percent(one),
        )
        for one in projects
    ]


def _open_needs(actor: Actor, needs: Sequence[Listing]) -> tuple[str, ...]:
    return tuple(
        shown_title(actor, need)
        for need in readable_needs(actor, needs)
        if need.state in OPEN_STATES
    )
