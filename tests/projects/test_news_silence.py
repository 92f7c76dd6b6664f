"""Projects without news for long: their people are asked, their social worker sees them."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from exchange.notifications.models import Delivery
from exchange.projects.kinds import Stage
from exchange.projects.models import Project
from exchange.projects.news.jobs import ask_silent
from tests.conftest import SettableClock
from tests.mailed import open_mailbox
from tests.projects.news_scene import NewsScene
from tests.projects.news_scene import scene as scene  # noqa: PLC0414 - a fixture

RunJobs = Callable[[], int]


def run(scene: NewsScene) -> None:
    with scene.app.app_context():
        ask_silent.handler(scene.app.extensions["exchange.jobs"], [])


def asked(scene: NewsScene) -> list[str]:
    return [one.code for one in scene.notices(scene.cast.officer)]


def test_its_people_are_asked_after_thirty_days_and_after_thirty_more(
    scene: NewsScene, clock: SettableClock
) -> None:
    clock.forward(days=28)
    run(scene)
    assert asked(scene) == []
    clock.forward(days=2)
    run(scene)
    run(scene)
    (notice,) = scene.notices(scene.cast.officer)
    assert notice.code == "project_silent"
    assert notice.path == f"{scene.path}/new"
    clock.forward(days=29)
    run(scene)
    assert len(asked(scene)) == 1
    clock.forward(days=1)
    run(scene)
    assert len(asked(scene)) == 2
    assert scene.events() == ["NewsAsked", "NewsAsked"]


def test_news_end_the_silence(scene: NewsScene, clock: SettableClock) -> None:
    clock.forward(days=20)
    scene.post("还在做")
    clock.forward(days=20)
    run(scene)
    assert asked(scene) == []
    clock.forward(days=10)
    run(scene)
    assert asked(scene) == ["project_silent"]


@pytest.mark.parametrize("stage", [Stage.IDEA, Stage.COMPLETED, Stage.STOPPED])
def test_what_has_not_begun_or_has_ended_may_be_silent(
    scene: NewsScene, clock: SettableClock, stage: Stage
) -> None:
    with scene.act_as() as act:
        act.session.get_one(Project, scene.project_id).stage = stage
    clock.forward(days=90)
    run(scene)
    assert asked(scene) == []


def test_nobody_is_woken_at_night(
    scene: NewsScene, clock: SettableClock, run_jobs: RunJobs
) -> None:
    open_mailbox(scene.house, scene.cast, scene.cast.officer)
    clock.forward(days=31, hours=10)  # two in the morning
    run(scene)
    (delivery,) = scene.session.query(Delivery).all()
    assert (delivery.send_after - clock.now()).total_seconds() >= 4 * 3600


def test_a_social_worker_sees_the_silent_ones_and_asks(
    scene: NewsScene, client: FlaskClient, clock: SettableClock
) -> None:
    scene.make("说话的项目")
    clock.forward(days=35)
    scene.post("好着呢", project=scene.session.query(Project).filter_by(title="说话的项目").one())
    scene.cast.sign_in(client, scene.cast.broker)
    page = client.get("/projects/silent").text
    assert "冷链项目" in page
    assert "说话的项目" not in page
    assert "久无动态的项目" in client.get("/me").text
    said = client.post(f"/projects/{scene.key}/ask-for-news", follow_redirects=True).text
    assert "已经问了" in said
    assert asked(scene) == ["project_silent"]
    again = client.post(f"/projects/{scene.key}/ask-for-news", follow_redirects=True).text
    assert "一天之内已经问过了" in again
    assert asked(scene) == ["project_silent"]
    run(scene)  # it counts as asked
    assert asked(scene) == ["project_silent"]


def test_a_project_with_news_is_not_asked(scene: NewsScene, client: FlaskClient) -> None:
    scene.cast.sign_in(client, scene.cast.broker)
    said = client.post(f"/projects/{scene.key}/ask-for-news", follow_redirects=True).text
    assert "这个项目又有动态了" in said
    assert asked(scene) == []


def test_others_have_no_such_page(
    scene: NewsScene, client: FlaskClient, clock: SettableClock
) -> None:
    clock.forward(days=35)
    for who in (scene.cast.officer, scene.cast.stranger):
        scene.cast.sign_in(client, who)
        assert client.get("/projects/silent").status_code == 403
        assert client.post(f"/projects/{scene.key}/ask-for-news").status_code == 403
    far = scene.make("远处的项目", owner=scene.cast.stranger)
    clock.forward(days=35)
    scene.cast.sign_in(client, scene.cast.broker)
    assert "远处的项目" not in client.get("/projects/silent").text
    assert client.post(f"/projects/{far.public_id}/ask-for-news").status_code == 403
