"""Following a project, in one tap, and no more, in one tap too: also from a message, signed out."""

from datetime import timedelta
from typing import cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from exchange.accounts.links.models import SignedLink
from exchange.accounts.links.rules import LinkPurpose
from exchange.accounts.links.service import issue_link, use_link
from exchange.kernel.act import Act
from exchange.kernel.database import is_sqlite
from exchange.kernel.errors import SignInNeeded
from exchange.projects.models import Project, ProjectUpdate
from exchange.projects.news.events import ProjectFollowed, ProjectUnfollowed
from exchange.projects.news.models import ProjectFollower

LINK_LASTS = timedelta(days=90)
LINK_PATH = "/n/"


def follow_project(act: Act, project: Project) -> bool:
    """Hear of this project from now on. Twice is once; whether it is new."""
    person_id, organisation_id = act.actor.person_id, act.actor.organisation_id
    if person_id is None or organisation_id is None:
        raise SignInNeeded
    insert = sqlite.insert if is_sqlite(act.session) else postgresql.insert
    values = {
        "project_id": project.id, "person_id": person_id, "organisation_id": organisation_id,
        "since": act.now,
    }  # fmt: skip
    written = insert(ProjectFollower).values(values).on_conflict_do_nothing()
    fresh = act.session.execute(written.returning(ProjectFollower.person_id)).first()
    if fresh is not None:
        act.emit(ProjectFollowed(person_id, project.id))
    return fresh is not None


def unfollow_project(act: Act, project_id: int) -> bool:
    """Hear of it no more. Twice is once; whether anything was followed."""
    if act.actor.person_id is None:
        raise SignInNeeded
    return _end(act, project_id, act.actor.person_id)


def unfollow_by_link(act: Act, token: str, project_id: int) -> None:
    """The same by the link of a message, which is used up.

    Raises NotFound or Conflict for a link that opens nothing more.
    """
    link = use_link(act, LinkPurpose.UNFOLLOW, token)
    _end(act, project_id, link.person_id)


def link_for(act: Act, follower: ProjectFollower, update: ProjectUpdate) -> str:
    """The path of a message about news: it reads them, and one tap ends the following.

    Each piece of news has a link of its own, so that an older message still works.
    """
    token = issue_link(
        act,
        LinkPurpose.UNFOLLOW,
        subject_of(update),
        follower.person_id,
        follower.organisation_id,
        act.now + LINK_LASTS,
    )
    return f"{LINK_PATH}{token}"


def subject_of(update: ProjectUpdate) -> str:
    """What a link is about."""
    return f"{update.project.public_id}/{update.public_id}"


def keys_of(link: SignedLink) -> tuple[str, str]:
    """Public ids of the project and of the news that a link is about."""
    project, _, update = link.subject.partition("/")
    return project, update


def forget_follower(act: Act, person_id: int) -> None:
    """Somebody has left: what they followed is forgotten."""
    act.session.execute(
        sa.delete(ProjectFollower).where(ProjectFollower.person_id == person_id)
    )


def _end(act: Act, project_id: int, person_id: int) -> bool:
    gone = act.session.execute(
        sa.delete(ProjectFollower).where(
            ProjectFollower.project_id == project_id, ProjectFollower.person_id == person_id
        )
    )
    ended = cast("sa.CursorResult[tuple[()]]", gone).rowcount > 0
    if ended:
        act.emit(ProjectUnfollowed(person_id, project_id))
    return ended
