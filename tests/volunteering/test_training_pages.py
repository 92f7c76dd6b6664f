"""Trainings at the pages and in the API; strangers and odd input at the same doors."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from exchange.search.jobs import ensure_index
from exchange.volunteering.kinds import Circle, SignupState
from exchange.volunteering.models import Activity
from exchange.volunteering.training.models import Completion, RequiredTraining, Training
from tests.cast import VILLAGE, Player
from tests.conftest import Queries
from tests.volunteering.conftest import Group
from tests.volunteering.test_activity_pages import FORM as ACTIVITY_FORM
from tests.volunteering.training_scene import (
    FRIDAY,
    LESSON,
    RIGHT,
    WRONG,
    School,
    make_school,
)

SignIn = Callable[[Player], FlaskClient]
After = Callable[[datetime], None]
Catch = Callable[[], AbstractContextManager[Queries]]
FORM = {
    "title": LESSON, "learns": "怎样和孩子说话。", "for_whom": "第一次来的人",
    "division": VILLAGE, "division_text": "", "place": "村委会二楼", "valid_months": "12",
    "circle": "public",
}  # fmt: skip
DATE = {"day": "2026-11-27", "starts": "19:00", "ends": "21:00", "maximum": "10", "minimum": ""}
MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x04GPS!" + b"\xff\xfb\x90\x00" + b"\0" * 400


@pytest.fixture
def school(group: Group) -> School:
    return make_school(group)


def test_a_manager_makes_dates_and_publishes_a_training(group: Group, signed_in: SignIn) -> None:
    client = signed_in(group.leader)
    made = client.post("/trainings/new", data=FORM)
    assert made.status_code == 302, made.text
    page = made.headers["Location"].removesuffix("/manage")
    assert client.post("/trainings/new", data=FORM).headers["Location"] == made.headers["Location"]
    empty = client.post(f"{page}/publish", follow_redirects=True).text
    assert "Please add a material or a date first." in empty
    text = {"title": "读前须知", "text": "先问老师。", "url": ""}
    assert client.post(f"{page}/materials/new", data=text).status_code == 302
    link = {"title": "更多", "text": "", "url": "https://www.example.org/lesson"}
    assert client.post(f"{page}/materials/new", data=link).status_code == 302
    sound = {"title": "录音", "text": "", "url": "", "file": (io.BytesIO(MP3), "a.mp3")}
    assert client.post(f"{page}/materials/new", data=sound).status_code == 302
    dated = client.post(f"{page}/dates/new", data=DATE)
    assert dated.status_code == 302, dated.text
    asked = {
        "first-text": "先做什么？", "first-first": "问老师", "first-third": "自己来",
        "first-right": "2", "pass_mark": "1",
        "version": str(group.session.scalars(sa.select(Training)).one().version),
    }  # fmt: skip
    kept = client.post(f"{page}/questions/edit", data=asked)
    assert kept.status_code == 302, kept.text
    assert "Published" in client.post(f"{page}/publish", follow_redirects=True).text
    group.session.rollback()
    training = group.session.scalars(sa.select(Training)).one()
    assert training.questions == [
        {"text": "先做什么？", "options": ["问老师", "自己来"], "right": 1}
    ]
    shown = client.get(page).text
    for words in ("读前须知", "www.example.org", "录音", "10 places left", "村委会二楼"):
        assert words in shown
    listed = client.get("/trainings").text
    assert LESSON in listed
    assert "读前须知 (1 KB)" in listed
    for path in ("manage", "edit", "materials/new", "questions/edit", "dates/new", "completed"):
        assert client.get(f"{page}/{path}").status_code == 200
    assert (
        LESSON in client.get(f"/organisations/{group.leader.organisation.public_id}/trainings").text
    )


@pytest.mark.parametrize(
    ("path", "changed", "said"),
    [
        ("/trainings/new", {**FORM, "title": ""}, "Please fill this in."),
        ("/trainings/new", {**FORM, "learns": "打我电话 13812345678"}, "leave out phone numbers"),
        ("/trainings/new", {**FORM, "valid_months": "0"}, "Between 1 and 120 months"),
        ("/trainings/new", {**FORM, "valid_months": "9" * 40}, "cannot be right"),
        ("/trainings/new", {**FORM, "division": "", "division_text": "哪里都没有"}, "do not know"),
        ("materials/new", {"title": "题"}, "Please write a text"),
        ("materials/new", {"title": "题", "text": "文", "url": "http://a.cn"}, "only one of"),
        ("materials/new", {"title": "题", "url": "javascript:alert(1)"}, "whole address"),
        ("dates/new", {**DATE, "ends": "18:00"}, "later than the beginning"),
        ("dates/new", {**DATE, "maximum": "0"}, "between 1 and"),
        ("questions/edit", {"first-text": "题", "first-first": "一", "first-second": ""},
         "two to four answers"),
        ("questions/edit", {"first-text": "题", "first-first": "一", "first-second": "一",
                            "first-right": "0"}, "same answer twice"),
        ("questions/edit", {"first-text": "题", "first-first": "一", "first-second": "二",
                            "first-right": "x"}, "which answer to question 1 is right"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    school: School, signed_in: SignIn, path: str, changed: dict[str, str], said: str
) -> None:
    client = signed_in(school.group.leader)
    address = path if path.startswith("/") else f"{school.page}/{path}"
    data = {**changed, "version": str(school.training().version)}
    answer = client.post(address, data=data)
    assert answer.status_code == 422
    assert said in answer.text
    assert all(value in answer.text for value in changed.values() if len(value) < 20)


def test_a_file_that_is_none_is_refused_with_a_sentence(school: School, signed_in: SignIn) -> None:
    client = signed_in(school.group.leader)
    for data, said in (
        (b"MZ" + b"\0" * 99, "cannot open"),
        (b"%PDF-1.4 /JavaScript %%EOF", "scripts"),
        (b"ID3\x04\0\0\0\0\0\x04none" + b"x" * 99, "cannot open this recording"),
    ):
        form = {"title": "文件", "file": (io.BytesIO(data), "x.bin")}
        answer = client.post(f"{school.page}/materials/new", data=form)
        assert answer.status_code == 422
        assert said in answer.text


def test_a_material_to_look_at_needs_a_word_about_children(
    school: School, signed_in: SignIn
) -> None:
    client, page = signed_in(school.group.leader), f"{school.page}/materials/new"

    def send(**said: str) -> TestResponse:
        file = io.BytesIO(b"%PDF-1.4\n%%EOF\n")
        return client.post(page, data={"title": "图解", "file": (file, "a.pdf"), **said})

    before = len(school.training().materials)
    for said, words in (({}, "say first whether a child"), ({"children": "child"}, "never public")):
        answer = send(**said)
        assert answer.status_code == 422
        assert words in answer.text
    assert len(school.training().materials) == before
    assert send(children="no_child").status_code == 302
    assert school.training().materials[-1].statement == "no_child"


def test_a_download_goes_on_where_it_was_and_only_for_who_may_see_the_training(
    group: Group, signed_in: SignIn, client: FlaskClient
) -> None:
    school = make_school(group, circle=Circle.MEMBERS)
    leader = signed_in(group.leader)
    form = {"title": "录音", "file": (io.BytesIO(MP3), "a.mp3")}
    leader.post(f"{school.page}/materials/new", data=form)
    url = f"/files/{school.training().materials[-1].file.public_id}/full"
    whole = leader.get(url)
    assert (whole.status_code, whole.mimetype) == (200, "audio/mpeg")
    assert b"GPS!" not in whole.data
    part = leader.get(url, headers={"Range": "bytes=4-"})
    assert part.status_code == 206
    assert part.data == whole.data[4:]
    assert leader.get(url, headers={"Range": "bytes=99999-"}).status_code == 416
    assert signed_in(group.cast.stranger).get(url).status_code == 404


def test_a_page_reads_prints_and_is_kept_as_one_file(school: School, client: FlaskClient) -> None:
    material = school.training().materials[0]
    page = f"{school.page}/materials/{material.public_id}"
    assert "先问老师" in client.get(page).text
    kept = client.get(f"{page}/file")
    assert "attachment" in kept.headers["Content-Disposition"]
    assert "先问老师" in kept.text
    for fetched in ("src=", "href=", "<script"):
        assert fetched not in kept.text
    assert len(kept.data) < 3_000


def test_a_volunteer_signs_up_is_confirmed_and_then_joins_what_asked_for_it(
    school: School, group: Group, signed_in: SignIn, after: After
) -> None:
    shift, who = school.date(), group.volunteer()
    activity, (wanted,) = group.run()
    school.asked_by(activity)
    client = signed_in(who)
    page = client.get(f"/activities/{activity.public_id}").text
    assert "still to do" in page
    assert school.page in page
    refused = client.post(f"/shifts/{wanted.public_id}/join", follow_redirects=True).text
    assert f"The training “{LESSON}” has to be done first." in refused
    assert f'<a href="{school.page}">Look at it</a>' in refused
    joined = client.post(
        f"/shifts/{shift.public_id}/join", data={"next": school.page}, follow_redirects=True
    ).text
    assert "You are signed up." in joined
    after(FRIDAY + timedelta(hours=2))
    leader = signed_in(group.leader)
    confirm = f"{school.page}/dates/{shift.public_id}/completed"
    assert confirm in leader.get(school.page).text
    assert who.person.name in leader.get(confirm).text
    told = leader.post(
        confirm, data={"signup": school.signup(who, shift)}, follow_redirects=True
    ).text
    assert "On record: 1." in told
    listed = leader.get(f"{school.page}/completed").text
    assert who.person.name in listed
    assert who.person.name in leader.get(f"{school.page}/completed/paper").text
    assert LESSON in leader.get(f"/activities/{activity.public_id}/trainings").text
    client = signed_in(who)
    mine = client.get("/my/volunteering").text
    assert LESSON in mine
    assert "counts until 26\xa0Nov\xa02027" in mine
    client.post(f"/shifts/{wanted.public_id}/join")
    assert group.state(who, wanted) is SignupState.SIGNED_UP


def test_answers_are_given_at_home(school: School, group: Group, signed_in: SignIn) -> None:
    client, version = signed_in(group.volunteer()), school.training().version
    questions = f"{school.page}/questions"
    assert "孩子说不舒服" in client.get(questions).text

    def send(answers: tuple[int, ...]) -> str:
        data = {f"answer-{number}": str(one) for number, one in enumerate(answers)}
        form = {**data, "version": str(version)}
        return client.post(questions, data=form, follow_redirects=True).text

    assert "Please answer every question." in send((1,))
    assert "1 of 2 right, 2 are needed" in send(WRONG)
    assert "you have completed this training" in send(RIGHT)


def test_a_revoked_completion_says_why(school: School, group: Group, signed_in: SignIn) -> None:
    who = group.volunteer()
    school.answers(who, RIGHT)
    (done,) = school.completions(who)
    revoke = f"{school.page}/completed/{done.public_id}/revoke"
    assert signed_in(group.helper).get(revoke).status_code == 403
    client = signed_in(group.leader)
    assert client.post(revoke, data={"reason": ""}).status_code == 422
    told = client.post(revoke, data={"reason": "登记错了人"}, follow_redirects=True).text
    assert "Revoked. The volunteer is told." in told
    assert "登记错了人" in signed_in(who).get("/my/volunteering").text
    group.session.rollback()
    assert group.session.scalar(sa.select(sa.func.count(Completion.id))) == 1


def test_an_activity_says_in_its_form_what_it_asks_for(
    school: School, group: Group, signed_in: SignIn
) -> None:
    client = signed_in(group.leader)
    assert LESSON in client.get("/activities/new").text
    made = client.post("/activities/new", data={**ACTIVITY_FORM, "trainings": school.training_key})
    assert made.status_code == 302, made.text
    page = made.headers["Location"]
    group.session.rollback()
    assert group.session.scalars(sa.select(RequiredTraining.training_id)).all() == [
        school.training_id
    ]
    activity = group.session.scalars(
        sa.select(Activity).where(Activity.title == ACTIVITY_FORM["title"])
    ).one()
    assert f'value="{school.training_key}" checked' in client.get(f"{page}/edit").text
    edit = {**ACTIVITY_FORM, "version": str(activity.version)}
    assert client.post(f"{page}/edit", data=edit).status_code == 302
    group.session.rollback()
    assert group.session.scalars(sa.select(RequiredTraining)).all() == []
    odd = client.post("/activities/new", data={**ACTIVITY_FORM, "title": "别", "trainings": "x"})
    assert odd.status_code == 422


def test_strangers_find_closed_doors(group: Group, signed_in: SignIn, client: FlaskClient) -> None:
    inside, outside = make_school(group, circle=Circle.MEMBERS), make_school(group, title="公开课")
    stranger = signed_in(group.cast.stranger)
    assert stranger.get(inside.page).status_code == 404
    assert LESSON not in stranger.get("/trainings").text
    for path in ("manage", "edit", "materials/new", "questions/edit", "dates/new", "completed"):
        assert stranger.get(f"{inside.page}/{path}").status_code == 404
        assert stranger.get(f"{outside.page}/{path}").status_code == 403
    for path in ("publish", "withdraw", "discard"):
        assert stranger.post(f"{outside.page}/{path}").status_code == 403
    owner = group.leader.organisation.public_id
    assert stranger.get(f"/organisations/{owner}/trainings").status_code == 403
    for odd in ("x" * 300, "';--", "不存在"):
        assert stranger.get(f"/trainings/{odd}").status_code == 404
        assert stranger.get(f"{outside.page}/materials/{odd}").status_code == 404
        assert stranger.get(f"{outside.page}/dates/{odd}/completed").status_code == 404
    for query in ("day=9999-12-31", "day=x", "division=abc", "page=-3", "at_home=2", "page=x"):
        assert stranger.get(f"/trainings?{query}").status_code == 200


def test_filters_narrow_the_list(school: School, group: Group, client: FlaskClient) -> None:
    school.date()
    make_school(group, title="哪里都行的课", division_code=None)
    for query, shown in (
        ("", {LESSON, "哪里都行的课"}),
        ("?day=2026-11-27", {LESSON}),
        ("?day=2026-11-26", set()),
        ("?division=520402", {"哪里都行的课"}),
        ("?at_home=1", {LESSON, "哪里都行的课"}),
    ):
        page = client.get(f"/trainings{query}").text
        assert {name for name in (LESSON, "哪里都行的课") if f">{name}</a>" in page} == shown


def test_twice_the_trainings_take_the_same_queries(
    group: Group, client: FlaskClient, catch_queries: Catch
) -> None:
    counts = []
    for _round in range(2):
        for number in range(3):
            make_school(group, title=f"课{_round}{number}").date(
                FRIDAY + timedelta(days=3 * _round + number)
            )
        client.get("/trainings")
        with catch_queries() as queries:
            assert client.get("/trainings").status_code == 200
        counts.append(queries.count)
    assert counts[0] == counts[1]


def test_trainings_are_found_in_the_one_search(
    group: Group, client: FlaskClient, run_jobs: Callable[[], int]
) -> None:
    app = group.cast.app
    with app.app_context():
        ensure_index(app.extensions["exchange.jobs"])
    school = make_school(group, title="陪孩子读书第一课")
    hidden = make_school(group, title="队内陪读课", circle=Circle.MEMBERS)
    run_jobs()
    page = client.get("/search/trainings?q=陪孩子读书").text
    assert school.training_key in page
    assert hidden.training_key not in page
    assert school.training_key in client.get("/search?q=陪孩子读书第一课").text
    assert school.training_key not in client.get("/search/activities?q=陪孩子读书").text
    group.cast.sign_in(client, group.helper)
    assert hidden.training_key in client.get("/search/trainings?q=队内陪读课").text
