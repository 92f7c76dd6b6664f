"""News of a project are put right, lose a picture, or are withdrawn."""

import re

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.files.models import StoredFile
from exchange.projects.kinds import PartnerState
from exchange.projects.models import ProjectPartner
from exchange.projects.news.models import ProjectUpdatePhoto
from exchange.projects.news.rules import Figure
from tests.cast import Player
from tests.projects.news_scene import NewsScene
from tests.projects.news_scene import scene as scene  # noqa: PLC0414 - a fixture


def changed(scene: NewsScene, client: FlaskClient, path: str, **fields: str) -> int:
    return scene.send(client, 0, path=f"{path}/edit", **fields).status_code


def test_news_are_put_right_by_a_colleague(scene: NewsScene, client: FlaskClient) -> None:
    update = scene.post("栽了果苗", figures=[Figure("果苗", 1_000_000, "株")])
    path = f"{scene.path}/{update.public_id}"
    scene.cast.sign_in(client, scene.member("石榴"))
    form = client.get(f"{path}/edit").text
    assert "栽了果苗</textarea>" in form
    assert 'value="1000"' in form
    assert changed(scene, client, path, text="栽了桃苗", version="1") == 302
    page = client.get(path).text
    assert "栽了桃苗" in page
    assert "改过" in page
    for stale in ("1", "9" * 5000, "x"):
        assert changed(scene, client, path, text="栽了李苗", version=stale) == 409
    assert scene.updates()[0].text == "栽了桃苗"
    assert scene.updates()[0].figures == []
    assert scene.events() == ["NewsPosted", "NewsChanged"]
    assert changed(scene, client, path, text="栽了桃苗", version="2") == 302
    assert scene.events() == ["NewsPosted", "NewsChanged"]


def test_two_at_once_lose_nothing_they_typed(scene: NewsScene, client: FlaskClient) -> None:
    update = scene.post("栽了果苗")
    path = f"{scene.path}/{update.public_id}"
    scene.cast.sign_in(client, scene.cast.officer)
    changed(scene, client, path, text="栽了桃苗", version="1")
    sent = {"text": "栽了李苗", "version": "1", "children": "no_child"}
    late = scene.send(client, 1, path=f"{path}/edit", **sent)
    assert late.status_code == 409
    assert "栽了李苗</textarea>" in late.text
    assert "刚才有人改过" in late.text
    kept = re.findall(r'name="kept" value="(\w+)"', late.text)
    version = re.findall(r'name="version" value="(\d+)"', late.text)[0]
    again = scene.send(client, path=f"{path}/edit", text="栽了李苗", version=version, kept=kept)
    assert again.status_code == 302
    assert scene.updates()[0].text == "栽了李苗"
    assert len(scene.session.scalars(sa.select(ProjectUpdatePhoto)).all()) == 1


def test_a_picture_is_taken_away_and_deleted(scene: NewsScene, client: FlaskClient) -> None:
    scene.cast.sign_in(client, scene.cast.officer)
    scene.send(client, 2, text="好了", children="no_child")
    (update,) = scene.updates()
    files = scene.session.scalars(sa.select(StoredFile).order_by(StoredFile.id)).all()
    path, gone = f"{scene.path}/{update.public_id}", files[0].public_id
    assert changed(scene, client, path, text="好了", version="1", removed=gone) == 302
    assert client.get(f"/files/{gone}/full").status_code == 404
    assert client.get(f"/files/{files[1].public_id}/full").status_code == 200
    rest = files[1].public_id
    empty = scene.send(client, path=f"{path}/edit", text="", version="2", removed=rest)
    assert empty.status_code == 422


def test_withdrawn_news_are_gone_with_their_pictures(
    scene: NewsScene, client: FlaskClient
) -> None:
    first = scene.post("第一条")
    scene.cast.sign_in(client, scene.cast.officer)
    scene.send(client, 1, text="第二条", children="no_child")
    update = scene.updates()[-1]
    file = scene.session.scalars(sa.select(StoredFile)).one().public_id
    path = f"{scene.path}/{update.public_id}"
    client.post(f"{path}/withdraw", data={"version": "7"})
    assert "收回这条动态" in client.get(path).text
    answer = client.post(f"{path}/withdraw", data={"version": "1"})
    assert answer.headers["Location"] == scene.path
    assert client.get(path).status_code == 404
    assert client.get(f"/files/{file}/full").status_code == 404
    assert client.post(f"{path}/withdraw", data={"version": "1"}).status_code == 404
    assert "第二条" not in client.get(scene.path).text
    assert scene.project.news_at == first.published_at
    assert scene.events()[-1] == "NewsWithdrawn"


@pytest.mark.parametrize("who", ["stranger", "enterprise", "broker"])
def test_others_do_not_change_news(scene: NewsScene, client: FlaskClient, who: str) -> None:
    update = scene.post("好了")
    player: Player = getattr(scene.cast, who)
    scene.cast.sign_in(client, player)
    path = f"{scene.path}/{update.public_id}"
    assert client.get(f"{path}/edit").status_code == 403
    assert changed(scene, client, path, text="坏了", version="1") == 403
    assert client.post(f"{path}/withdraw", data={"version": "1"}).status_code == 403
    assert scene.updates()[0].text == "好了"


def test_whoever_posted_hears_that_another_took_it_back(
    scene: NewsScene, client: FlaskClient
) -> None:
    firm = scene.cast.enterprise
    with scene.act_as() as act:
        act.session.add(
            ProjectPartner(
                project_id=scene.project_id, organisation_id=firm.organisation_id,
                state=PartnerState.ACCEPTED, invited_at=act.now,
            )
        )  # fmt: skip
    update = scene.post("车买好了", firm)
    scene.cast.sign_in(client, scene.cast.officer)
    client.post(f"{scene.path}/{update.public_id}/withdraw", data={"version": "1"})
    assert [one.code for one in scene.notices(firm)] == ["project_news_withdrawn"]
