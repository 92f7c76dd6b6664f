"""News of a project through its pages: posting in a minute, putting right, taking back."""

import io
import re

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from PIL import Image

from exchange.accounts.queries import both_names
from exchange.files.models import StoredFile
from exchange.files.rules import PictureStatement
from exchange.kernel.errors import Forbidden
from exchange.listings.kinds import Visibility
from exchange.projects.kinds import PartnerState, Publication
from exchange.projects.models import Milestone, Project, ProjectPartner
from exchange.projects.news.models import KeptPicture, ProjectUpdatePhoto
from tests.projects.news_scene import NewsScene
from tests.projects.news_scene import scene as scene  # noqa: PLC0414 - a fixture


def test_an_officer_posts_words_a_picture_and_figures(
    scene: NewsScene, client: FlaskClient
) -> None:
    scene.cast.sign_in(client, scene.cast.officer)
    form = client.get(f"{scene.path}/new").text
    assert "比如：今天东坡的果苗栽完了" in form
    answer = scene.send(
        client, 2, text="今天栽完果苗。", children="no_child", figure="新栽果苗|1200000|株",
        **{"figures-0-label": "投工", "figures-0-number": "三百", "figures-0-unit": "工日"},
    )  # fmt: skip
    (update,) = scene.updates()
    assert answer.headers["Location"] == f"{scene.path}/{update.public_id}"
    assert update.figures == ["新栽果苗|1200000|株", "投工|300000|工日"]
    assert update.organisation_id == scene.cast.officer.organisation_id
    assert scene.project.news_at == update.published_at
    page = scene.app.test_client().get(f"{scene.path}/{update.public_id}")
    for said in ("今天栽完果苗。", "1,200 株", "300 工日", "朵贝村村民委员会", 'loading="lazy"'):
        assert said in page.text
    client.get("/locale/en")
    there = client.get(f"{scene.path}/{update.public_id}").text
    assert "300 days of work" in there
    assert "1,200 plants" in there
    assert scene.events() == ["NewsPosted"]
    photos = scene.session.scalars(sa.select(ProjectUpdatePhoto)).all()
    assert {one.statement for one in photos} == {PictureStatement.NO_CHILD}
    assert {one.stated_by_id for one in photos} == {scene.cast.officer.person_id}
    assert {one.stated_at for one in photos} == {update.published_at}


def test_a_picture_alone_is_enough_and_carries_no_place(
    scene: NewsScene, client: FlaskClient
) -> None:
    scene.cast.sign_in(client, scene.cast.officer)
    assert scene.send(client, 1, children="no_child").status_code == 302
    file = scene.session.scalars(sa.select(StoredFile)).one()
    data = scene.app.test_client().get(f"/files/{file.public_id}/full").data
    assert not Image.open(io.BytesIO(data)).getexif()


def test_pictures_without_a_word_about_children_are_refused_and_nothing_typed_is_lost(
    scene: NewsScene, client: FlaskClient
) -> None:
    scene.cast.sign_in(client, scene.cast.officer)
    answer = scene.send(client, 1, text="今天栽完果苗。")
    assert answer.status_code == 422
    assert "照片没有收：请先说照片里认不认得出孩子" in answer.text
    assert "今天栽完果苗。</textarea>" in answer.text
    assert scene.updates() == []
    assert scene.session.scalars(sa.select(StoredFile)).all() == []


def test_a_picture_of_a_child_is_refused_in_words_and_the_text_goes_without_it(
    scene: NewsScene, client: FlaskClient
) -> None:
    scene.cast.sign_in(client, scene.cast.officer)
    assert "不带照片发出去" not in client.get(f"{scene.path}/new").text
    said = {"text": "今天栽完果苗。", "children": "child"}
    answer = scene.send(client, 1, **said)
    assert answer.status_code == 422
    assert "不带照片发出去" in answer.text
    assert 'data-without="不带照片"' in answer.text
    assert scene.updates() == []
    assert scene.send(client, **said).status_code == 302
    assert scene.updates()[0].text == "今天栽完果苗。"
    assert scene.session.scalars(sa.select(StoredFile)).all() == []


def test_pictures_of_a_form_that_comes_back_need_not_be_sent_twice(
    scene: NewsScene, client: FlaskClient
) -> None:
    scene.cast.sign_in(client, scene.cast.officer)
    back = scene.send(client, 2, text="打 13900001234 找我", children="no_child")
    assert back.status_code == 422
    assert "请不要写电话" in back.text
    kept = re.findall(r'name="kept" value="(\w+)"', back.text)
    assert len(kept) == 2
    assert client.get(f"/files/{kept[0]}/thumb").status_code == 200
    stranger = scene.app.test_client()
    assert stranger.get(f"/files/{kept[0]}/thumb").status_code == 404
    dropped = scene.send(client, text="好了", kept=kept, drop=kept[0])
    assert re.findall(r'name="kept" value="(\w+)"', dropped.text) == kept[1:]
    assert scene.send(client, text="好了", kept=kept[1:]).status_code == 302
    assert stranger.get(f"/files/{kept[1]}/thumb").status_code == 200
    assert client.get(f"/files/{kept[0]}/thumb").status_code == 404
    assert scene.session.scalars(sa.select(KeptPicture)).all() == []


def test_pictures_that_another_has_sent_cannot_be_taken(
    scene: NewsScene, client: FlaskClient
) -> None:
    scene.cast.sign_in(client, scene.cast.officer)
    back = scene.send(client, 1, text="微信 abc12345 联系", children="no_child")
    kept = re.findall(r'name="kept" value="(\w+)"', back.text)
    assert len(kept) == 1
    scene.cast.sign_in(client, scene.member("石榴"))
    assert scene.send(client, text="我来发", kept=kept).status_code == 302
    assert scene.session.scalars(sa.select(ProjectUpdatePhoto)).all() == []


def test_figures_in_the_words_are_proposed_once_and_a_tap_shows_them(
    scene: NewsScene, client: FlaskClient
) -> None:
    scene.cast.sign_in(client, scene.cast.officer)
    asked = client.post(f"{scene.path}/new", data={"text": "新栽果苗 1200 株"})
    assert asked.status_code == 200
    assert 'value="新栽果苗|1200000|株"' in asked.text
    assert scene.updates() == []
    part = client.post(f"{scene.path}/understand", data={"text": "修了 3 公里路"}).text
    assert 'value="修路|3000|公里"' in part
    assert scene.send(client, text="新栽果苗 1200 株").status_code == 302
    assert scene.updates()[0].figures == []


def test_sent_twice_is_posted_once(scene: NewsScene, client: FlaskClient) -> None:
    scene.cast.sign_in(client, scene.cast.officer)
    form = client.get(f"{scene.path}/new").text
    token = re.findall(r'name="token" value="(\w+)"', form)[0]
    answers = [scene.send(client, text="好了", token=token) for _ in range(2)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert scene.send(client, text="好了", token="another1").status_code == 302
    assert len(scene.updates()) == 2


def test_a_step_that_is_reached_counts_as_done(scene: NewsScene, client: FlaskClient) -> None:
    scene.cast.sign_in(client, scene.cast.officer)
    step = scene.project.milestones[0]
    assert "建冷库" in client.get(f"{scene.path}/new").text
    scene.send(client, text="冷库好了", milestone=step.public_id)
    scene.session.rollback()
    done = scene.session.get_one(Milestone, step.id)
    assert done.done_on is not None
    assert done.done_by_id == scene.cast.officer.person_id
    assert "完成一步：建冷库" in client.get(scene.path).text
    assert "建冷库" not in client.get(f"{scene.path}/new").text
    gone = scene.send(client, text="好了", milestone="nosuchstep")
    assert gone.status_code == 422
    assert "计划里已经没有这一步了" in gone.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "请写几句话，或者放一张照片"),
        ("账号 6222021234567890123 可以打款", "不要写账号"),
        ("好" * 2001, "最多 2000 个字"),
        ("村里老王家孩子患白血病", "不能公开"),
    ],
)
def test_bad_words_are_refused_beside_the_field(
    scene: NewsScene, client: FlaskClient, text: str, said: str
) -> None:
    scene.cast.sign_in(client, scene.cast.officer)
    answer = scene.send(client, text=text)
    assert answer.status_code == 422
    assert said in answer.text
    assert text[:50] in answer.text
    assert scene.updates() == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("果苗", "很多", "株"), "这个数字没看懂"),
        (("果苗", "-3", "株"), "必须大于 0"),
        (("果苗", "99999999999999", "株"), "最多填 1,000,000,000,000"),
        (("", "12", "株"), "写清楚数的是什么"),
        (("果苗", "12", ""), "写单位"),
        (("打13900001234", "12", "株"), "请不要写电话"),
    ],
)
def test_a_bad_figure_is_refused_beside_its_row(
    scene: NewsScene, client: FlaskClient, row: tuple[str, str, str], said: str
) -> None:
    scene.cast.sign_in(client, scene.cast.officer)
    names = ("figures-0-label", "figures-0-number", "figures-0-unit")
    answer = scene.send(client, 0, text="好了", **dict(zip(names, row, strict=True)))
    assert answer.status_code == 422
    assert said in answer.text
    assert all(part in answer.text for part in row)


def test_contact_data_is_taken_out_on_request(scene: NewsScene, client: FlaskClient) -> None:
    scene.cast.sign_in(client, scene.cast.officer)
    back = scene.send(client, text="电话 13900001234 来看看")
    assert 'name="mask"' in back.text
    masked = scene.send(client, text="电话 13900001234 来看看", mask="1")
    assert masked.status_code == 200
    assert "13900001234" not in masked.text


def test_what_was_typed_survives_a_sign_in_that_ran_out(
    scene: NewsScene, client: FlaskClient
) -> None:
    answer = scene.send(client, text="今天栽完果苗。")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in")
    scene.cast.sign_in(client, scene.cast.officer)
    assert "今天栽完果苗。</textarea>" in client.get(f"{scene.path}/new").text
    assert "今天栽完果苗。" not in client.get(f"{scene.path}/new").text
    assert scene.app.test_client().get(f"{scene.path}/new").status_code == 302


def test_who_stands_outside_posts_nothing(scene: NewsScene, client: FlaskClient) -> None:
    scene.cast.sign_in(client, scene.cast.enterprise)
    assert client.get(f"{scene.path}/new").status_code == 403
    assert scene.send(client, 1, text="好了", children="no_child").status_code == 403
    assert "发动态" not in client.get(scene.path).text
    with pytest.raises(Forbidden):
        scene.post("好了", scene.cast.stranger)
    assert scene.session.scalars(sa.select(StoredFile)).all() == []


@pytest.mark.parametrize("state", [PartnerState.ACCEPTED, PartnerState.INVITED])
def test_a_partner_posts_under_its_own_name_once_it_has_agreed(
    scene: NewsScene, client: FlaskClient, state: PartnerState
) -> None:
    firm = scene.cast.enterprise
    with scene.act_as() as act:
        act.session.add(
            ProjectPartner(
                project_id=scene.project_id, organisation_id=firm.organisation_id, state=state,
                invited_at=act.now,
            )
        )  # fmt: skip
    scene.cast.sign_in(client, firm)
    status = scene.send(client, text="车买好了").status_code
    if state is PartnerState.INVITED:
        assert status == 403
        return
    assert status == 302
    (update,) = scene.updates()
    assert update.organisation_id == firm.organisation_id
    assert both_names(firm.organisation)["zh"] in client.get(scene.path).text


def test_its_social_worker_posts_too(scene: NewsScene, client: FlaskClient) -> None:
    with scene.act_as() as act:
        project = act.session.get_one(Project, scene.project_id)
        project.worker_id = scene.cast.broker.person_id
    scene.cast.sign_in(client, scene.cast.broker)
    assert scene.send(client, text="陪老师看了冷库").status_code == 302


def test_a_project_that_is_not_published_has_no_news(
    scene: NewsScene, client: FlaskClient
) -> None:
    draft = scene.make("草稿", publication=Publication.SUBMITTED)
    scene.cast.sign_in(client, scene.cast.officer)
    answer = client.get(f"/projects/{draft.public_id}/news/new")
    assert answer.status_code == 409
    assert "项目发布以后才能发动态" in answer.text


def test_news_are_as_hidden_as_their_project(scene: NewsScene, client: FlaskClient) -> None:
    hidden = scene.make("内部项目", visibility=Visibility.BROKERS)
    update = scene.post("只给社工看", project=hidden)
    for path in ("", f"/{update.public_id}", ".atom"):
        assert client.get(f"/projects/{hidden.public_id}/news{path}").status_code == 404
    scene.cast.sign_in(client, scene.cast.broker)
    assert "只给社工看" in client.get(f"/projects/{hidden.public_id}/news").text
    other = f"{scene.path}/{update.public_id}"
    assert client.get(other).status_code == 404  # of another project


def test_old_news_stand_on_further_pages(scene: NewsScene, client: FlaskClient) -> None:
    for number in range(12):
        scene.post(f"第{number}次")
    first = client.get(scene.path).text
    assert "第11次" in first
    assert "第1次" not in first
    second = client.get(f"{scene.path}?page=2").text
    assert "第1次" in second
    assert client.get(f"{scene.path}?page=-3").status_code == 200
    assert client.get(f"{scene.path}?page=x").status_code == 200
    assert client.get(f"{scene.path}?page=99999999999999999999").status_code == 404
