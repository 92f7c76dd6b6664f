"""Following a project: told of its news, known to nobody, ended in one tap, also by a message."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.accounts.closing.events import AccountClosed
from exchange.listings.kinds import Visibility
from exchange.projects.models import Project
from exchange.projects.news.jobs import forget_pictures
from exchange.projects.news.models import KeptPicture, ProjectFollower
from exchange.projects.news.service import withdraw_news
from exchange.projects.queries import project_with_id
from tests.conftest import SettableClock
from tests.mailed import open_mailbox
from tests.projects.news_scene import NewsScene
from tests.projects.news_scene import scene as scene  # noqa: PLC0414 - a fixture

RunJobs = Callable[[], int]


def follow(scene: NewsScene, client: FlaskClient, who: str) -> None:
    scene.cast.sign_in(client, getattr(scene.cast, who))
    assert client.post(f"/projects/{scene.key}/follow").status_code == 302


def test_who_follows_is_told_once_and_the_poster_is_not(
    scene: NewsScene, client: FlaskClient, run_jobs: RunJobs
) -> None:
    follow(scene, client, "officer")
    follow(scene, client, "enterprise")
    client.post(f"/projects/{scene.key}/follow")  # twice
    page = client.get(scene.path).text
    assert "2 人关注这个项目" in page
    assert "不再关注" in page
    update = scene.post("冷库好了")
    run_jobs()
    run_jobs()
    (notice,) = scene.notices(scene.cast.enterprise)
    assert (notice.code, notice.params["words"]) == ("project_news", "冷库好了")
    assert notice.path == f"{scene.path}/{update.public_id}"
    assert scene.notices(scene.cast.officer) == []
    assert scene.events().count("ProjectFollowed") == 2


def test_one_tap_ends_it(scene: NewsScene, client: FlaskClient, run_jobs: RunJobs) -> None:
    follow(scene, client, "enterprise")
    assert "冷链项目" in client.get("/my/followed-projects").text
    client.post(f"/projects/{scene.key}/unfollow", data={"back": "list"})
    client.post(f"/projects/{scene.key}/unfollow")  # twice
    assert "冷链项目" not in client.get("/my/followed-projects").text
    scene.post("冷库好了")
    run_jobs()
    assert scene.notices(scene.cast.enterprise) == []
    assert scene.events().count("ProjectUnfollowed") == 1


def test_who_follows_is_named_to_nobody(scene: NewsScene, client: FlaskClient) -> None:
    follow(scene, client, "enterprise")
    for who in ("officer", "broker", "stranger"):
        scene.cast.sign_in(client, getattr(scene.cast, who))
        page = client.get(scene.path).text
        assert "1 人关注这个项目" in page
        assert "杨帆" not in page
        assert "黔山冷链" not in page


def test_a_project_that_one_does_not_see_cannot_be_followed(
    scene: NewsScene, client: FlaskClient
) -> None:
    hidden = scene.make("内部项目", visibility=Visibility.BROKERS)
    scene.cast.sign_in(client, scene.cast.stranger)
    assert client.post(f"/projects/{hidden.public_id}/follow").status_code == 404
    assert scene.app.test_client().post(f"/projects/{scene.key}/follow").status_code in (302, 401)
    assert scene.session.scalars(sa.select(ProjectFollower)).all() == []


def test_who_sees_it_no_more_hears_no_more(
    scene: NewsScene, client: FlaskClient, run_jobs: RunJobs
) -> None:
    follow(scene, client, "enterprise")
    follow(scene, client, "stranger")
    with scene.act_as() as act:
        act.session.get_one(Project, scene.project_id).visibility = Visibility.VERIFIED
    scene.post("冷库好了")
    run_jobs()
    assert len(scene.notices(scene.cast.enterprise)) == 1
    assert scene.notices(scene.cast.stranger) == []


def test_news_that_were_taken_back_at_once_are_told_to_nobody(
    scene: NewsScene, client: FlaskClient, run_jobs: RunJobs
) -> None:
    follow(scene, client, "enterprise")
    update = scene.post("发错了")
    with scene.act_as(scene.cast.officer.actor) as act:
        withdraw_news(act, act.session.merge(update))
    run_jobs()
    assert scene.notices(scene.cast.enterprise) == []


def test_a_message_leads_to_the_news_and_ends_following_in_one_tap(
    scene: NewsScene, client: FlaskClient, run_jobs: RunJobs, clock: SettableClock
) -> None:
    firm = scene.cast.enterprise
    mailbox = open_mailbox(scene.house, scene.cast, firm)
    follow(scene, client, "enterprise")
    scene.post("冷库好了")
    run_jobs()
    clock.forward(days=1)
    scene.post("车买好了")
    run_jobs()
    first, second = mailbox.links_to(firm)
    assert "冷库好了" not in "".join(one.text for one in mailbox)
    visitor = scene.app.test_client()
    page = visitor.get(first)
    assert "冷库好了" in page.text
    assert "不再关注这个项目" in page.text
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert "车买好了" in visitor.get(second).text
    ended = visitor.post(first, follow_redirects=True)
    assert "已不再关注这个项目" in ended.text
    assert visitor.post(first).status_code == 409
    assert "已不再关注这个项目" in visitor.get(second).text
    scene.post("都好了")
    run_jobs()
    assert len(scene.notices(firm)) == 2
    assert visitor.get("/n/" + "x" * 24).status_code == 404
    assert visitor.post("/n/" + "x" * 24).status_code == 404


def test_a_link_of_hidden_news_says_nothing_of_them(
    scene: NewsScene, client: FlaskClient, run_jobs: RunJobs
) -> None:
    firm = scene.cast.enterprise
    mailbox = open_mailbox(scene.house, scene.cast, firm)
    follow(scene, client, "enterprise")
    scene.post("冷库好了")
    run_jobs()
    (link,) = mailbox.links_to(firm)
    with scene.act_as() as act:
        act.session.get_one(Project, scene.project_id).visibility = Visibility.BROKERS
    page = scene.app.test_client().get(link).text
    assert "冷库好了" not in page
    assert "冷链项目" not in page


def test_an_account_that_closes_leaves_nothing_behind(
    scene: NewsScene, client: FlaskClient
) -> None:
    follow(scene, client, "stranger")
    person = scene.cast.stranger.person_id
    own = scene.cast.stranger.organisation_id
    project_id = scene.make("自己的项目", owner=scene.cast.stranger).id
    with scene.act_as() as act:
        project = project_with_id(act.session, project_id)
        assert project is not None
    scene.post("我修好了路", scene.cast.stranger, project)
    with scene.act_as() as act:
        act.emit(AccountClosed(person, (own,)))
    (update,) = scene.updates()
    assert update.withdrawn_at is not None
    assert update.text == ""
    assert scene.session.scalars(sa.select(ProjectFollower)).all() == []


@pytest.mark.parametrize(("hours", "left"), [(23, 1), (25, 0)])
def test_pictures_whose_words_never_came_are_deleted_after_a_day(
    scene: NewsScene, client: FlaskClient, clock: SettableClock, hours: int, left: int
) -> None:
    scene.cast.sign_in(client, scene.cast.officer)
    scene.send(client, 1, text="打 13900001234", children="no_child")
    clock.set(clock.now() + timedelta(hours=hours))
    with scene.app.app_context():
        forget_pictures.handler(scene.app.extensions["exchange.jobs"], [])
    scene.session.rollback()
    assert len(scene.session.scalars(sa.select(KeptPicture)).all()) == left
