"""News of projects for programs: reading, posting, changing, taking back, following."""

from dataclasses import replace
from typing import Any

from flask import url_for

from exchange.api.blueprint import ApiBlueprint
from exchange.api.paging import PageQuery
from exchange.files.stating import insist_on_answer
from exchange.files.upload_schemas import ChildrenBody, PicturesBody, taken_pictures
from exchange.kernel.errors import Invalid, NotFound
from exchange.projects.models import ProjectUpdate
from exchange.projects.news.following import follow_project, unfollow_project
from exchange.projects.news.forms import fields_of
from exchange.projects.news.permissions import may_change
from exchange.projects.news.queries import count_followers, follows, news_of, seen_update
from exchange.projects.news.rules import MOST_PICTURES, unpack_figure
from exchange.projects.news.schemas import (
    EXAMPLE,
    FollowingSchema,
    NewsPage,
    NewsPatch,
    NewsPost,
    NewsSchema,
    figures_from,
    news_items,
)
from exchange.projects.news.service import (
    NewsValues,
    Pictures,
    change_news,
    post_news,
    withdraw_news,
)
from exchange.projects.queries import seen_project
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, read_session

blp = ApiBlueprint(
    "api_project_news",
    __name__,
    title="Project news",
    description="News of projects, with figures and pictures, and following them.",
    takes_files=True,
)
ALL = "/projects/<public_id:public_id>/news"
ONE = f"{ALL}/<public_id:update_id>"
FOLLOWING = "/projects/<public_id:public_id>/following"
LARGEST_CURSOR = 1_000_000
Given = dict[str, Any]


@blp.get(ALL)
@access(PUBLIC)
@blp.query(PageQuery)
@blp.answers(200, NewsPage, "News, the newest first")
def index(asked: Given, public_id: str) -> Given:
    """The news of a project that you may see."""
    session, actor, limit = read_session(), current_actor(), asked["limit"]
    project, behind = seen_project(session, actor, public_id), _behind(asked["cursor"])
    found = news_of(session, project.id, limit + 1, behind)
    more = str(behind + limit) if len(found) > limit else None
    return {"items": news_items(session, actor, found[:limit]), "next_cursor": more}


@blp.post(ALL)
@access(SIGNED_IN)
@blp.body(NewsPost, EXAMPLE)
@blp.answers(201, NewsSchema, "Posted")
def post(given: Given, public_id: str) -> tuple[Given, int, dict[str, str]]:
    """Post news of a project that you take part in. Pictures follow on their own."""
    values = NewsValues(given["text"], figures_from(given["figures"]), given["milestone"])
    with acting() as act:
        project = seen_project(act.session, act.actor, public_id)
        update_id = post_news(act, project, values, token=given["token"]).public_id
    where = url_for("api_project_news.show", public_id=public_id, update_id=update_id)
    return _read(public_id, update_id), 201, {"Location": where}


@blp.get(ONE)
@access(PUBLIC)
@blp.answers(200, NewsSchema, "The news")
def show(public_id: str, update_id: str) -> Given:
    """One piece of news."""
    return _read(public_id, update_id)


@blp.patch(ONE)
@access(SIGNED_IN)
@blp.body(NewsPatch, {"text": "今天栽完东坡的果苗，一共 1300 株。", "version": 1})
@blp.answers(200, NewsSchema, "Changed")
def change(given: Given, public_id: str, update_id: str) -> Given:
    """Put right what your organisation has posted, or what stands in a project you manage."""
    with acting() as act:
        update = seen_update(act.session, act.actor, public_id, update_id)
        values = _as_it_is(update)
        if "figures" in given:
            values = replace(values, figures=figures_from(given["figures"]))
        told = {name: given[name] for name in ("text", "milestone") if name in given}
        change_news(act, update, replace(values, **told), given.get("version"))
    return _read(public_id, update_id)


@blp.delete(ONE)
@access(SIGNED_IN)
@blp.answers_nothing("Taken back")
def withdraw(public_id: str, update_id: str) -> None:
    """Take news back; their pictures are deleted."""
    with acting() as act:
        withdraw_news(act, seen_update(act.session, act.actor, public_id, update_id))


@blp.post(f"{ONE}/pictures")
@access(SIGNED_IN)
@blp.form(ChildrenBody)
@blp.files(PicturesBody)
@blp.answers(201, NewsSchema, "Added")
def add_pictures(said: Given, given: Given, public_id: str, update_id: str) -> Given:
    """Add pictures, six in all; they are encoded anew without place, device and time."""
    update = seen_update(read_session(), current_actor(), public_id, update_id)
    if not may_change(current_actor(), update):
        raise NotFound
    insist_on_answer(said["children"])
    fresh = taken_pictures(given["photos"], MOST_PICTURES, "news_too_many_pictures")
    with acting() as act:
        update = seen_update(act.session, act.actor, public_id, update_id)
        change_news(act, update, _as_it_is(update), None, Pictures(fresh, said["children"]))
    return _read(public_id, update_id)


@blp.delete(f"{ONE}/pictures/<public_id:file_id>")
@access(SIGNED_IN)
@blp.answers(200, NewsSchema, "Taken away")
def remove_picture(public_id: str, update_id: str, file_id: str) -> Given:
    """Take a picture away; it is deleted."""
    with acting() as act:
        update = seen_update(act.session, act.actor, public_id, update_id)
        change_news(act, update, _as_it_is(update), None, Pictures(removed=[file_id]))
    return _read(public_id, update_id)


@blp.get(FOLLOWING)
@access(SIGNED_IN)
@blp.answers(200, FollowingSchema, "Whether you follow it")
def following(public_id: str) -> Given:
    """Whether you follow a project, and how many people do."""
    return _following(public_id)


@blp.post(FOLLOWING)
@access(SIGNED_IN)
@blp.answers(200, FollowingSchema, "You follow it")
def follow(public_id: str) -> Given:
    """Follow a project: its news comes to your messages. Twice is once."""
    with acting() as act:
        follow_project(act, seen_project(act.session, act.actor, public_id))
    return _following(public_id)


@blp.delete(FOLLOWING)
@access(SIGNED_IN)
@blp.answers_nothing("You do not follow it")
def unfollow(public_id: str) -> None:
    """Follow a project no more. Twice is once."""
    with acting() as act:
        unfollow_project(act, seen_project(act.session, act.actor, public_id).id)


def _as_it_is(update: ProjectUpdate) -> NewsValues:
    figures = [one for one in map(unpack_figure, update.figures) if one]
    return NewsValues(update.text, figures, fields_of(update)["milestone"])


def _read(public_id: str, update_id: str) -> Given:
    session, actor = read_session(), current_actor()
    update = seen_update(session, actor, public_id, update_id)
    return news_items(session, actor, [update])[0]


def _following(public_id: str) -> Given:
    session, actor = read_session(), current_actor()
    project = seen_project(session, actor, public_id)
    return {
        "follows": follows(session, project.id, actor.person_id),
        "followers": count_followers(session, project.id),
    }


def _behind(cursor: str | None) -> int:
    """How many come before the page. Raises Invalid."""
    if not cursor:
        return 0
    is_number = cursor.isascii() and cursor.isdecimal() and len(cursor) <= 7
    if not is_number or int(cursor) > LARGEST_CURSOR:
        raise Invalid("invalid_cursor", fields={"cursor": ["invalid_cursor"]})
    return int(cursor)
