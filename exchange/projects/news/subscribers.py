"""What follows from news, and what is forgotten of people who leave."""

import sqlalchemy as sa

from exchange.accounts.closing.events import AccountClosed
from exchange.accounts.kinds import OrganisationKind
from exchange.accounts.models import Organisation
from exchange.accounts.queries import concerned
from exchange.jobs.service import enqueue
from exchange.kernel.act import Act
from exchange.kernel.events import EventBus
from exchange.notifications.service import notify
from exchange.projects.events import ProjectEvent
from exchange.projects.indexing import listen_to_projects
from exchange.projects.models import Project, ProjectUpdate
from exchange.projects.news.events import NewsPosted, NewsWithdrawn
from exchange.projects.news.following import forget_follower
from exchange.projects.news.jobs import index_news, tell_news
from exchange.projects.news.models import KeptPicture
from exchange.projects.news.picturing import forget_kept
from exchange.projects.news.service import withdraw_news


def register(bus: EventBus) -> None:
    """Listen."""
    listen_to_projects(bus, _index_with_project)
    bus.listen(NewsPosted, _tell_followers)
    bus.listen(NewsWithdrawn, _tell_poster)
    bus.listen(AccountClosed, _forget)


def _tell_followers(act: Act, event: NewsPosted) -> None:
    enqueue(act, tell_news, {"update_id": event.update_id}, key=str(event.update_id))


def _index_with_project(act: Act, event: ProjectEvent) -> None:
    """The search shows news to whoever reads the project, and to nobody else."""
    payload = {"project_id": event.project_id}
    enqueue(act, index_news, payload, key=str(event.project_id))


def _tell_poster(act: Act, event: NewsWithdrawn) -> None:
    """Whoever posted hears of it when somebody else took it back."""
    if act.actor.is_system or act.actor.belongs_to(event.poster_id):
        return
    project = act.session.get_one(Project, event.project_id)
    author_id = act.session.get_one(ProjectUpdate, event.update_id).author_id
    people = concerned(act.session, event.poster_id, author_id)
    link = f"/projects/{project.public_id}/news"
    notify(act, people, "project_news_withdrawn", {"title": project.title}, link)


def _forget(act: Act, event: AccountClosed) -> None:
    """What they followed, pictures that wait, and what a private person posted as themself."""
    forget_follower(act, event.person_id)
    kept = sa.select(KeptPicture).where(KeptPicture.person_id == event.person_id)
    forget_kept(act, act.session.scalars(kept).all())
    own = sa.select(ProjectUpdate).join(
        Organisation, Organisation.id == ProjectUpdate.organisation_id
    ).where(
        Organisation.id.in_(event.emptied),
        Organisation.kind == OrganisationKind.INDIVIDUAL_VOLUNTEER,
    )  # fmt: skip
    for update in act.session.scalars(own.order_by(ProjectUpdate.id)).all():
        if update.withdrawn_at is None:
            withdraw_news(act, update)
        update.text, update.figures = "", []
    act.session.flush()
