"""Beginning a project, and throwing a draft away. ``origins`` says what it may come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from exchange.accounts.models import Organisation
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, NotFound
from exchange.listings.models import Listing
from exchange.listings.rules import language_of
from exchange.projects.checking import kept_problems, refuse_problems
from exchange.projects.events import ProjectDiscarded, ProjectMade
from exchange.projects.kinds import Publication, Template
from exchange.projects.locking import lock_project
from exchange.projects.models import Milestone, Project
from exchange.projects.needs import add_needs
from exchange.projects.partnering import invite_partner
from exchange.projects.permissions import may_manage
from exchange.projects.templates import Outline
from exchange.projects.values import ProjectValues, put_values

TWICE = timedelta(minutes=10)  # the same title sent again within so long is the same project


@dataclass(frozen=True)
class Beginning:
    """What a new project starts with beside its words.

    ``met``: ids of needs that may be met already. ``by_worker``: a social worker writes it for the
    organisation and looks after it.
    """

    template: Template = Template.OTHER
    outline: Outline | None = None
    needs: tuple[Listing, ...] = ()
    met: tuple[int, ...] = ()
    partners: tuple[int, ...] = ()
    by_worker: bool = False


def make_project(
    act: Act, organisation_id: int, values: ProjectValues, beginning: Beginning
) -> Project:
    """Begin a draft that its own people see. Sent twice it is made once.

    The caller has made sure that the actor may see the needs, and, with ``by_worker``, that they
    look after the match it comes from. Raises Forbidden, Invalid with the fields, or Conflict.
    """
    actor = act.actor
    if not (actor.is_system or actor.belongs_to(organisation_id) or beginning.by_worker):
        raise Forbidden("project_not_yours")
    said = values.cleaned()
    refuse_problems(kept_problems(act, said))
    _lock_owner(act, organisation_id)
    present = _just_made(act, organisation_id, said.title)
    if present is not None:
        return present
    project = Project(
        organisation_id=organisation_id, author_id=actor.person_id,
        worker_id=actor.person_id if beginning.by_worker else None,
        template=beginning.template, lang=language_of(said.words),
        origin_listing_id=beginning.needs[0].id if beginning.needs else None,
        version=1, created_at=act.now, updated_at=act.now,
    )  # fmt: skip
    put_values(project, said)
    _put_milestones(act, project, beginning.outline)
    act.session.add(project)
    act.session.flush()
    act.emit(ProjectMade(project.id, organisation_id))
    if beginning.needs:
        add_needs(act, project, beginning.needs, beginning.met)
    for one in beginning.partners:
        if one != organisation_id:
            invite_partner(act, project, act.session.get_one(Organisation, one))
    return project


def discard_project(act: Act, project: Project) -> None:
    """Throw a draft away; its needs stay. Raises Forbidden, or Conflict once it was shown."""
    if not may_manage(act.actor, project):
        raise Forbidden("project_not_yours")
    lock_project(act, project)
    if project.publication is not Publication.DRAFT or project.published_at is not None:
        raise Conflict("project_not_draft")
    act.emit(ProjectDiscarded(project.id, project.organisation_id))
    act.session.delete(project)
    act.session.flush()


def _put_milestones(act: Act, project: Project, outline: Outline | None) -> None:
    steps: Sequence[tuple[int, str]] = outline.milestones if outline else ()
    first = project.from_date or act.today
    project.milestones = [
        Milestone(position=number, title=title, due_on=first + timedelta(days=days))
        for number, (days, title) in enumerate(steps)
    ]


def _just_made(act: Act, organisation_id: int, title: str) -> Project | None:
    query = sa.select(Project).where(
        Project.organisation_id == organisation_id,
        Project.title == title,
        Project.author_id == act.actor.person_id,
        Project.publication == Publication.DRAFT,
        Project.created_at >= act.now - TWICE,
    )
    return act.session.scalars(query.order_by(Project.id)).first()


def _lock_owner(act: Act, organisation_id: int) -> None:
    query = sa.select(Organisation.id).where(Organisation.id == organisation_id)
    if act.session.scalar(query.with_for_update(key_share=True)) is None:
        raise NotFound
