"""News of projects in the days of a bulletin, and which cooperation projects of the place look for.

Both only as everybody may read them. Of a project's news the newest piece stands for the others of
the same days.
"""

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.discovery.bulletins.labels import (
    NEWS,
    NO_NEWS,
    NO_WISHES,
    WISHES,
    news_figures,
    wish_figures,
)
from exchange.discovery.bulletins.sections import (
    Asked,
    Findings,
    Found,
    Kept,
    Line,
    Section,
    Wanted,
    picked,
)
from exchange.kernel.act import House
from exchange.kernel.actor import VISITOR
from exchange.listings.sharing.rules import short_code
from exchange.projects.intentions.labels import KIND_LABELS
from exchange.projects.intentions.models import WantedIntention
from exchange.projects.intentions.queries import wanted_in
from exchange.projects.kinds import LIVE_STAGES
from exchange.projects.models import Project, ProjectUpdate
from exchange.projects.news.queries import public_news, public_updates
from exchange.projects.news.showing import (
    PROJECT_LINK,
    UPDATE_LINK,
    figure_texts,
    news_url,
    project_url,
)
from exchange.projects.permissions import visible_to

MOST, MOST_READ = 12, 200
LONGEST_LINE = 90


def find_news(session: Session, _house: House, asked: Asked) -> Findings:
    """The newest piece of each project that told something in these days."""
    news = public_news(session, asked.prefixes, asked.start, asked.end, MOST_READ)
    newest = {one.project_id: one for one in reversed(news)}
    items = sorted(newest.values(), key=lambda one: (one.published_at, one.id), reverse=True)
    figures = {"new": len(news), "projects": len(newest)}
    return Findings([Found(one.id, True) for one in items[:MOST]], figures)


def choose_news(
    session: Session, house: House, asked: Asked, wanted: Wanted
) -> Sequence[Found]:
    """Every piece of these days, the newest first: also a second one of a project."""
    news = public_news(session, asked.prefixes, asked.start, asked.end, MOST_READ)
    return picked(session, house, show_news, [Found(one.id, True) for one in news], wanted)


def show_news(
    session: Session, _house: House, kept: Sequence[Kept], locale: str
) -> list[Line | None]:
    """By the name of the project, with the first words of its news."""
    known = {one.id: one for one in public_updates(session, {item.subject_id for item in kept})}
    return [
        _news_line(known[one.subject_id], locale) if one.subject_id in known else None
        for one in kept
    ]


def find_wishes(session: Session, _house: House, asked: Asked) -> Findings:
    """The public, living projects of the place that look for somebody."""
    wishes = wanted_in(session, asked.prefixes, MOST_READ)
    ids = list(dict.fromkeys(one.project_id for one in wishes))
    new = session.scalar(
        sa.select(sa.func.count(Project.id)).where(
            Project.id.in_(ids),
            Project.published_at >= asked.start,
            Project.published_at < asked.end,
        )
    )
    figures = {"new": new or 0, "open": len(wishes), "projects": len(ids)}
    return Findings([Found(key, False) for key in ids[:MOST]], figures)


def choose_wishes(
    session: Session, house: House, asked: Asked, wanted: Wanted
) -> Sequence[Found]:
    """All of them."""
    ids = dict.fromkeys(one.project_id for one in wanted_in(session, asked.prefixes, MOST_READ))
    return picked(session, house, show_wishes, [Found(key, False) for key in ids], wanted)


def show_wishes(
    session: Session, _house: House, kept: Sequence[Kept], locale: str
) -> list[Line | None]:
    """By the name of the project, with what it looks for."""
    query = (
        sa.select(WantedIntention, Project)
        .join(Project, Project.id == WantedIntention.project_id)
        .where(
            Project.id.in_({one.subject_id for one in kept}),
            Project.stage.in_(LIVE_STAGES),
            visible_to(VISITOR),
        )
        .order_by(WantedIntention.project_id, WantedIntention.position)
    )
    words, projects = defaultdict[int, list[str]](list), dict[int, Project]()
    for wish, project in session.execute(query):
        projects[project.id] = project
        words[project.id].append(wish.words or str(KIND_LABELS[wish.kind]))
    mark = "；" if locale.startswith("zh") else "; "
    return [
        Line(
            title=projects[one.subject_id].title,
            line=mark.join(words[one.subject_id]),
            url=project_url(projects[one.subject_id]),
            short=PROJECT_LINK + short_code(one.subject_id),
        )
        if one.subject_id in projects
        else None
        for one in kept
    ]


def _news_line(update: ProjectUpdate, locale: str) -> Line:
    text = " ".join(update.text.split())
    if len(text) > LONGEST_LINE:
        text = f"{text[: LONGEST_LINE - 1]}…"
    return Line(
        title=update.project.title,
        line=text,
        url=news_url(update.project, update),
        facts=tuple(f"{label} {amount}" for label, amount in figure_texts(update, locale)),
        short=UPDATE_LINK + short_code(update.id),
    )


NEWS_SECTION = Section(
    "news", 30, NEWS, NO_NEWS, "", find_news, show_news, news_figures, ("projects",),
    choose=choose_news,
)  # fmt: skip
WISH_SECTION = Section(
    "wishes", 40, WISHES, NO_WISHES, "", find_wishes, show_wishes, wish_figures, ("projects",),
    choose=choose_wishes,
)  # fmt: skip
