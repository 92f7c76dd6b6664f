"""Posting news, changing and withdrawing them."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from exchange.files.pictures import Picture
from exchange.files.stating import statement_on
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.kinds import Visibility
from exchange.listings.rules import language_of
from exchange.listings.values import clean_text, one_line
from exchange.listings.wording import words_problem
from exchange.projects.checking import visibility_allowed
from exchange.projects.locking import lock_project
from exchange.projects.models import Milestone, Project, ProjectUpdate
from exchange.projects.news.events import NewsChanged, NewsPosted, NewsWithdrawn
from exchange.projects.news.permissions import may_change, speaks_for
from exchange.projects.news.picturing import (
    adopt_kept,
    attach_pictures,
    forget_photos,
    remove_pictures,
    waiting_pictures,
)
from exchange.projects.news.queries import last_news_at, photos_by_update, sent_before
from exchange.projects.news.rules import (
    Figure,
    content_allowed,
    figure_allowed,
    may_have_news,
    pack_figure,
)
from exchange.projects.permissions import may_report

LONGEST_TOKEN = 40


@dataclass(frozen=True)
class Pictures:
    """Pictures that come with news: new ones with what was said of children on them, public ids of
    those that waited, and of those that go.
    """

    fresh: Sequence[Picture] = ()
    children: str = ""
    kept: Sequence[str] = ()
    removed: Sequence[str] = ()


@dataclass(frozen=True)
class NewsValues:
    """What somebody has written: words, figures, and the public id of the step reached with it."""

    text: str = ""
    figures: Sequence[Figure] = ()
    milestone: str = ""


NO_PICTURES = Pictures()


def post_news(
    act: Act,
    project: Project,
    values: NewsValues,
    pictures: Pictures = NO_PICTURES,
    token: str | None = None,
) -> ProjectUpdate:
    """Post news of a project that the actor sees. Sent twice with one token it is posted once.

    A step that is reached with it counts as done today. Raises Forbidden, Conflict where the
    project is not published, or Invalid with the fields.
    """
    if not may_report(act.actor, project):
        raise Forbidden("news_not_yours")
    lock_project(act, project)
    token = token if token and token.isalnum() and len(token) <= LONGEST_TOKEN else None
    present = sent_before(act.session, project.id, act.actor.person_id, token)
    if present is not None:
        return present
    decision = may_have_news(project.publication)
    if not decision:
        raise Conflict(decision.code)
    text, figures = _checked(act, project, values, pictures)
    milestone = _milestone(project, values.milestone)
    made = ProjectUpdate(
        project=project, author_id=act.actor.person_id,
        organisation_id=speaks_for(act.actor, project),
        milestone_id=milestone.id if milestone else None, text=text, figures=figures,
        lang=language_of(text), sent_token=token, published_at=act.now,
    )  # fmt: skip
    act.session.add(made)
    act.session.flush()
    adopt_kept(act, made, waiting_pictures(act, project, pictures.kept))
    attach_pictures(act, made, pictures.fresh, pictures.children)
    project.news_at, project.silent_told_at = act.now, None
    if milestone:
        _reach(act, milestone)
    act.session.flush()
    act.emit(NewsPosted(project.id, project.organisation_id, made.id, made.milestone_id))
    return made


def change_news(
    act: Act,
    update: ProjectUpdate,
    values: NewsValues,
    version: int | None = None,
    pictures: Pictures = NO_PICTURES,
) -> ProjectUpdate:
    """Put right what was posted. ``version`` is the one that was read.

    Raises Forbidden, Invalid with the fields, NotFound when it was withdrawn meanwhile, or Conflict
    "changed_meanwhile".
    """
    _lock(act, update, version)
    project = update.project
    text, figures = _checked(act, project, values, pictures, update)
    milestone = _milestone(project, values.milestone)
    milestone_id = milestone.id if milestone else None
    gone = remove_pictures(act, update, pictures.removed)
    waiting = waiting_pictures(act, project, pictures.kept)
    adopt_kept(act, update, waiting)
    attach_pictures(act, update, pictures.fresh, pictures.children)
    same = (text, figures, milestone_id) == (update.text, update.figures, update.milestone_id)
    if same and not (gone or waiting or pictures.fresh):
        return update
    if milestone and milestone_id != update.milestone_id:
        _reach(act, milestone)
    update.text, update.figures, update.milestone_id = text, figures, milestone_id
    update.lang, update.changed_at = language_of(text), act.now
    update.version += 1
    act.session.flush()
    act.emit(NewsChanged(project.id, project.organisation_id, update.id))
    return update


def withdraw_news(act: Act, update: ProjectUpdate, version: int | None = None) -> None:
    """Take news back: no page shows them any more, and their pictures are deleted.

    A step that was reached stays reached. Raises as changing does.
    """
    _lock(act, update, version)
    project = update.project
    forget_photos(act, photos_by_update(act.session, [update.id])[update.id])
    update.withdrawn_at = act.now
    update.version += 1
    act.session.flush()
    project.news_at = last_news_at(act.session, project.id)
    act.session.flush()
    act.emit(
        NewsWithdrawn(project.id, project.organisation_id, update.id, update.organisation_id)
    )


def _lock(act: Act, update: ProjectUpdate, version: int | None) -> None:
    """The project's row first, as everybody who writes news does; then what the row says now."""
    if not may_change(act.actor, update):
        raise Forbidden("news_not_yours")
    lock_project(act, update.project)
    act.session.refresh(update)
    if update.withdrawn_at is not None:
        raise NotFound
    if version is not None and version != update.version:
        raise Conflict("changed_meanwhile", version=update.version)


def _checked(
    act: Act,
    project: Project,
    values: NewsValues,
    pictures: Pictures,
    update: ProjectUpdate | None = None,
) -> tuple[str, list[str]]:
    """Words and figures as they are kept. Raises Invalid with the fields."""
    text = clean_text(values.text)
    figures = [
        Figure(one_line(one.label), one.milli, one.unit.strip()) for one in values.figures
    ]
    statement_on(pictures.fresh, pictures.children)
    shown = photos_by_update(act.session, [update.id])[update.id] if update else []
    left = sum(photo.file.public_id not in set(pictures.removed) for photo in shown)
    waiting = waiting_pictures(act, project, pictures.kept)
    decision = content_allowed(text, left + len(waiting) + len(pictures.fresh), figures)
    if not decision:
        raise Invalid(fields={_field_of(decision.code): [decision.code]}, **decision.params)
    for figure in figures:
        decision = figure_allowed(figure)
        if not decision:
            raise Invalid(fields={"figures": [decision.code]}, **decision.params)
    _require_fit_words(project, text, [f"{one.label} {one.unit}" for one in figures])
    return text, [pack_figure(one) for one in figures]


def _require_fit_words(project: Project, text: str, labels: Sequence[str]) -> None:
    """No contact or payment data, and nothing about a person that is never public."""
    for field, words in (("text", text), *(("figures", label) for label in labels)):
        problem = words_problem(words)
        if problem:
            raise Invalid(fields={field: [f"news_{problem}"]})
    told = f"{project.title}\n{text}\n" + "\n".join(labels)
    if not visibility_allowed(Visibility.PUBLIC, project.beneficiaries, told):
        raise Invalid(fields={"text": ["news_names_person"]})


def _field_of(code: str) -> str:
    return {"news_too_many_pictures": "photos", "news_too_many_figures": "figures"}.get(
        code, "text"
    )


def _milestone(project: Project, key: str) -> Milestone | None:
    if not key:
        return None
    found = next((one for one in project.milestones if one.public_id == key), None)
    if found is None:
        raise Invalid(fields={"milestone": ["news_milestone_gone"]})
    return found


def _reach(act: Act, milestone: Milestone) -> None:
    """It is done today; what was done before stays as it is."""
    fresh = sa.select(Milestone).where(Milestone.id == milestone.id)
    row = act.session.scalars(
        fresh.with_for_update().execution_options(populate_existing=True)
    ).one()
    if row.done_on is None:
        row.done_on, row.done_by_id = act.today, act.actor.person_id
