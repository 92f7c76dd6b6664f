"""Telling those who follow a project of its news: once each, and only those who still see it."""

from collections.abc import Sequence

import sqlalchemy as sa

from exchange.accounts.actor_queries import load_actor
from exchange.kernel.act import Act
from exchange.kernel.actor import VISITOR
from exchange.notifications.models import Notice
from exchange.notifications.service import notify
from exchange.projects.models import Project, ProjectUpdate
from exchange.projects.news.following import link_for
from exchange.projects.news.models import ProjectFollower
from exchange.projects.permissions import can_see

LONGEST_WORDS = 60


def tell_followers(
    act: Act, update: ProjectUpdate, followers: Sequence[ProjectFollower]
) -> None:
    """Tell these followers, unless it was withdrawn meanwhile. A second time tells nobody anew.

    In the app the notice leads to the news; what goes out leads to a page that also ends it.
    """
    project, key = update.project, f"project_news:{update.id}"
    before = {update.author_id, *_told(act, key, followers)}
    told = [
        one for one in followers if one.person_id not in before and _may_know(act, project, one)
    ]
    if update.withdrawn_at is not None or not told:
        return
    links = {one.person_id: link_for(act, one, update) for one in told}
    notify(
        act,
        set(links),
        "project_news",
        {"title": project.title, "words": in_short(update)},
        f"/projects/{project.public_id}/news/{update.public_id}",
        dedupe_key=key,
        out_paths=links,
    )


def in_short(update: ProjectUpdate) -> str:
    """The first words, on one line."""
    words = " ".join(update.text.split())
    return words if len(words) <= LONGEST_WORDS else f"{words[: LONGEST_WORDS - 1]}…"


def _told(act: Act, key: str, followers: Sequence[ProjectFollower]) -> set[int]:
    """Who has heard of it already: a new link would end the one that they were sent."""
    people = [one.person_id for one in followers]
    query = sa.select(Notice.person_id).where(
        Notice.dedupe_key == key, Notice.person_id.in_(people)
    )
    return set(act.session.scalars(query))


def _may_know(act: Act, project: Project, follower: ProjectFollower) -> bool:
    if can_see(VISITOR, project):
        return True
    actor = load_actor(act.session, follower.person_id, follower.organisation_id)
    return actor.is_signed_in and can_see(actor, project)
