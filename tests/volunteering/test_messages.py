"""Messages to those of a shift, and what they answer."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.notifications.models import Notice
from exchange.notifications.words import OUTWARD
from exchange.volunteering.kinds import ActivityState, ShiftState, SignupState
from exchange.volunteering.messaging.kinds import Addressed, Answer, AskedBy
from exchange.volunteering.messaging.models import ComingAsk, ShiftMessage
from exchange.volunteering.messaging.queries import messages_of, silent_shifts
from exchange.volunteering.messaging.rules import (
    MOST_OF_A_SHIFT,
    Standing,
    addressed,
    asked_by,
    may_ask_again,
    may_release,
    may_write,
    release_choices,
)
from exchange.volunteering.models import Activity
from exchange.volunteering.service import cancel_activity
from tests.volunteering.conftest import SATURDAY, Group
from tests.volunteering.messages_scene import (
    TEXT,
    Catch,
    SignIn,
    answer,
    key,
    letter,
    recipients,
    send,
    silent_people,
)


def test_each_circle_reaches_those_it_names() -> None:
    placed, waits = SignupState.SIGNED_UP, SignupState.WAITING
    people = [
        Standing("a", 1, placed, is_confirmed=True), Standing("b", 2, placed, is_confirmed=False),
        Standing("c", 3, waits, is_confirmed=False),
    ]  # fmt: skip

    def reached(to: Addressed, *chosen: str) -> list[int]:
        return [one.person_id for one in addressed(to, people, chosen)]

    assert reached(Addressed.PLACED) == [1, 2]
    assert reached(Addressed.WAITING) == [3]
    assert reached(Addressed.UNCONFIRMED) == [2]
    assert reached(Addressed.CHOSEN, "c", "a", "z") == [1, 3]
    assert reached(Addressed.CHOSEN) == []


def test_people_are_written_to_until_a_week_after_and_never_of_drafts() -> None:
    on, opened = ActivityState.PUBLISHED, ShiftState.OPEN
    week = timedelta(days=7)
    assert may_write(on, opened, SATURDAY, SATURDAY + week - timedelta(minutes=1))
    assert may_write(on, opened, SATURDAY, SATURDAY + week).code == "message_too_late"
    assert may_write(ActivityState.DRAFT, opened, SATURDAY, SATURDAY).code == "message_draft"
    assert may_write(on, ShiftState.CANCELLED, SATURDAY, SATURDAY).code == "shift_cancelled"


def test_places_are_released_before_the_shift_begins_only() -> None:
    now = SATURDAY - timedelta(hours=13)
    assert release_choices(SATURDAY, now) == (3, 6, 12)
    assert may_release(24, SATURDAY, now).code == "release_too_late"
    assert may_release(5, SATURDAY, now).code == "release_hours"
    day = timedelta(hours=24)
    assert may_ask_again(SATURDAY, SATURDAY + day)
    assert may_ask_again(SATURDAY, SATURDAY + day - timedelta(seconds=1)).code == "asked_today"


def test_what_made_somebody_be_asked_is_told_by_its_moment() -> None:
    other = SATURDAY + timedelta(hours=1)
    assert asked_by(SATURDAY, SATURDAY, other) is AskedBy.CHANGE
    assert asked_by(SATURDAY, other, SATURDAY) is AskedBy.REMINDER
    assert asked_by(SATURDAY, None, None) is AskedBy.COORDINATOR


def test_a_message_reaches_those_with_a_place_once_and_is_on_record(group: Group) -> None:
    _, (shift,) = group.run(group.shift(maximum=1))
    first, second = group.volunteer(), group.volunteer()
    group.joins(first, shift)
    group.joins(second, shift)
    made = send(group, shift, letter(wants_answer=True))
    again = send(group, shift, letter(wants_answer=True))
    same_words = send(group, shift, letter(form="two"))
    assert made.id == again.id == same_words.id
    assert recipients(group) == {first.person_id: None}
    assert group.told(first).count("shift_message") == 1
    assert "shift_message" not in group.told(second)
    (kept,) = messages_of(group.session, shift.id)
    assert (kept.text, kept.author_id) == (TEXT, group.leader.person_id)
    waiting = send(group, shift, letter(Addressed.WAITING, "three"))
    assert [one.person_id for one in waiting.recipients] == [second.person_id]


def test_who_gets_a_message_reads_in_their_record_who_sent_it(
    group: Group, signed_in: SignIn
) -> None:
    _, (shift,) = group.run()
    who, other = group.volunteer(), group.volunteer()
    group.joins(who, shift)
    group.joins(other, shift)
    send(group, shift, letter())
    page = signed_in(who).get("/me/audit").text
    line = page[page.index("Sent you a message about a shift") :].split("</li>")[0]
    assert group.leader.organisation.name_zh in line
    assert group.leader.person.name not in line
    assert page.count("Sent you a message about a shift") == 1
    assert "Changed data" not in page


def test_nothing_of_a_message_leaves_the_site(group: Group) -> None:
    _, (shift,) = group.run()
    who = group.volunteer()
    group.joins(who, shift)
    send(group, shift, letter())
    group.session.rollback()
    notice = group.session.scalars(sa.select(Notice).where(Notice.code == "shift_message")).one()
    assert TEXT not in str(notice.params)
    for code in ("shift_message", "shift_message_soon", "shift_released", "shift_question"):
        assert "%(" not in str(OUTWARD[code].sentence)


def test_only_those_who_look_after_it_write_and_only_so_often(group: Group) -> None:
    _, (shift,) = group.run()
    who = group.volunteer()
    group.joins(who, shift)
    for stranger in (who, group.helper):
        with pytest.raises(Forbidden):
            send(group, shift, letter(), stranger)
    for number in range(MOST_OF_A_SHIFT):
        send(group, shift, letter(form=str(number), text=f"第 {number} 条"))
    with pytest.raises(Conflict, match="message_shift_limit"):
        send(group, shift, letter(form="more", text="还有一条"))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": " \n "}, "text"),
        ({"text": "水" * 301}, "text"),
        ({"text": "请打款到 6222021234567890128"}, "text"),
        ({"token": ""}, "token"),
        ({"to": Addressed.CHOSEN}, "people"),
    ],
)
def test_a_message_that_cannot_be_sent_says_which_field(
    group: Group, values: dict[str, object], field: str
) -> None:
    _, (shift,) = group.run()
    group.joins(group.volunteer(), shift)
    with pytest.raises(Invalid) as refused:
        send(group, shift, letter(**values))  # type: ignore[arg-type]  # values of a test
    assert list(refused.value.fields) == [field]


def test_a_message_that_nobody_would_get_is_refused(group: Group) -> None:
    activity, (shift,) = group.run()
    with pytest.raises(Conflict, match="message_nobody"):
        send(group, shift, letter())
    group.joins(group.volunteer(), shift)
    with group.act_as(group.leader.actor) as act:
        cancel_activity(act, act.session.get_one(Activity, activity.id), "大雨")
    with pytest.raises(Conflict, match="shift_cancelled"):
        send(group, shift, letter())


def test_coming_and_not_coming_count_for_the_shift(group: Group) -> None:
    _, (shift,) = group.run(group.shift(maximum=2))
    comes, stays, waits = group.volunteer(), group.volunteer(), group.volunteer()
    for who in (comes, stays, waits):
        group.joins(who, shift)
    made = send(group, shift, letter(wants_answer=True))
    assert set(silent_people(group, shift)) == {comes.person_id, stays.person_id}
    answer(group, comes, made, Answer.COMING)
    answer(group, comes, made, Answer.COMING)
    answer(group, stays, made, Answer.NOT_COMING)
    assert recipients(group) == {
        comes.person_id: Answer.COMING, stays.person_id: Answer.NOT_COMING
    }  # fmt: skip
    assert silent_people(group, shift) == []
    assert group.state(waits, shift) is SignupState.SIGNED_UP
    with pytest.raises(Conflict, match="signup_no_place"):
        answer(group, stays, made, Answer.COMING)
    with pytest.raises(NotFound):
        answer(group, waits, made, Answer.COMING)
    group.session.rollback()
    assert group.session.scalars(sa.select(ComingAsk)).all() == []


def test_an_answer_on_the_page_of_the_shift_answers_the_message_too(group: Group) -> None:
    _, (shift,) = group.run()
    who = group.volunteer()
    group.joins(who, shift)
    send(group, shift, letter(wants_answer=True))
    group.says_no(who, shift)
    assert recipients(group) == {who.person_id: Answer.NOT_COMING}


def test_a_question_reaches_those_who_look_after_it(group: Group) -> None:
    _, (shift,) = group.run()
    who = group.volunteer()
    group.joins(who, shift)
    made = send(group, shift, letter(wants_answer=True))
    answer(group, who, made, Answer.QUESTION, "可以带孩子来吗？")
    answer(group, who, made, Answer.QUESTION, "可以带孩子来吗？")
    assert group.told(group.leader).count("shift_question") == 1
    assert silent_people(group, shift) == [who.person_id]
    with pytest.raises(Invalid):
        answer(group, who, made, Answer.QUESTION, "问" * 201)


def test_a_coordinator_writes_reads_answers_and_asks_on_pages(
    group: Group, signed_in: SignIn, after: Callable[[datetime], None]
) -> None:
    activity, (shift,) = group.run(group.shift(SATURDAY + timedelta(days=7)))
    who = group.volunteer("韦小田")
    group.joins(who, shift)
    found = key(group, who, shift)
    client = signed_in(group.leader)
    path = f"/shifts/{shift.public_id}/messages"
    assert "韦小田" in client.get(path).text
    form = {"to": "chosen", "people": [found], "text": TEXT, "wants_answer": "y", "token": "abc"}
    sent = client.post(path, data=form, follow_redirects=True).text
    assert "Sent to 1 person." in sent
    assert "1 person got it" in sent
    assert "Sent to 1 person." in client.post(path, data=form, follow_redirects=True).text
    bad = client.post(path, data={**form, "text": "", "token": "abd", "to": "nobody"})
    assert bad.status_code == 422
    people = client.get(f"/activities/{activity.public_id}/people").text
    assert "Has not answered" in people
    assert activity.title in client.get("/my/activities").text.split("Has not answered")[1]
    again = client.post(
        f"/shifts/{shift.public_id}/ask", data={"signup": found}, follow_redirects=True
    ).text
    assert "Once a day is enough" in again
    free = f"/shifts/{shift.public_id}/release/{found}"
    assert client.post(free, data={"hours": "7"}).status_code == 422
    told = client.post(free, data={"hours": "12", "reason": "还有人在等"}, follow_redirects=True)
    assert "the place goes on" in told.text
    volunteer = signed_in(who)
    message = group.session.scalars(sa.select(ShiftMessage.public_id)).one()
    page = volunteer.get(f"/shift-messages/{message}").text
    assert TEXT in page
    odd = volunteer.post(f"/shift-messages/{message}/answer", data={"answer": "x"})
    assert odd.status_code == 302
    done = volunteer.post(
        f"/shift-messages/{message}/answer", data={"answer": "coming"}, follow_redirects=True
    ).text
    assert "You have answered: Comes" in done
    group.session.rollback()
    assert silent_shifts(group.session, group.leader.actor, group.cast.now) == []


def test_strangers_find_no_message_and_ask_nobody(group: Group, signed_in: SignIn) -> None:
    _, (shift,) = group.run()
    who = group.volunteer()
    group.joins(who, shift)
    made = send(group, shift, letter(wants_answer=True)).public_id
    found = key(group, who, shift)
    client = signed_in(group.cast.stranger)
    assert client.get(f"/shift-messages/{made}").status_code == 404
    said = client.post(f"/shift-messages/{made}/answer", data={"answer": "coming"})
    assert said.status_code == 404
    assert client.get(f"/shifts/{shift.public_id}/messages").status_code == 403
    assert client.post(f"/shifts/{shift.public_id}/ask").status_code == 403
    assert client.get(f"/shifts/{shift.public_id}/release/{found}").status_code == 403
    leader = signed_in(group.leader)
    assert leader.get(f"/shift-messages/{made}").status_code == 404
    assert leader.get(f"/shifts/{shift.public_id}/release/nobody").status_code == 404


def test_the_page_of_who_comes_asks_as_often_for_many_shifts_as_for_one(
    group: Group, signed_in: SignIn, catch_queries: Catch
) -> None:
    activity, (one,) = group.run()
    group.joins(group.volunteer(), one)
    send(group, one, letter(wants_answer=True))
    client = signed_in(group.leader)
    path = f"/activities/{activity.public_id}/people"
    client.get(path)
    with catch_queries() as few:
        client.get(path)
    with catch_queries() as few_managed:
        client.get("/my/activities")
    other, shifts = group.run(
        *(group.shift(SATURDAY + timedelta(days=day)) for day in range(1, 4)), title="另一次"
    )
    for shift in shifts:
        group.joins(group.volunteer(), shift)
        send(group, shift, letter(form=shift.public_id, wants_answer=True))
    client = signed_in(group.leader)
    path = f"/activities/{other.public_id}/people"
    client.get(path)
    with catch_queries() as many:
        client.get(path)
    with catch_queries() as many_managed:
        client.get("/my/activities")
    assert many.count <= few.count
    assert many_managed.count <= few_managed.count


def test_programs_write_and_answer(group: Group, client: FlaskClient) -> None:
    _, (shift,) = group.run()
    who = group.volunteer()
    group.joins(who, shift)
    leads, comes = group.token(group.leader), group.token(who)
    base = f"/api/v1/shifts/{shift.public_id}"

    def post(path: str, body: object, headers: dict[str, str] = leads) -> TestResponse:
        return client.post(path, json=body, headers=headers)

    body = {"text": TEXT, "to": "placed", "wants_answer": True, "client_id": "x1"}
    made = post(f"{base}/messages", body)
    assert made.status_code == 201
    assert made.get_json()["told"] == 1
    assert post(f"{base}/messages", body).get_json()["id"] == made.get_json()["id"]
    assert len(client.get(f"{base}/messages", headers=leads).get_json()["items"]) == 1
    (quiet,) = client.get(f"{base}/silent", headers=leads).get_json()["items"]
    assert post(f"{base}/ask", {"signups": []}).status_code == 409
    wanted = {"signup": quiet["signup"], "hours": 3, "reason": "还有人在等"}
    assert post(f"{base}/release", wanted).status_code == 204
    assert post(f"{base}/release", {**wanted, "hours": 4}).status_code == 422
    assert post(f"{base}/messages", body, comes).status_code == 403
    path = f"/api/v1/shift-messages/{made.get_json()['id']}"
    assert client.get(path, headers=comes).get_json()["my_answer"] is None
    assert client.get(path, headers=leads).status_code == 404
    said = post(f"{path}/answer", {"answer": "coming"}, comes)
    assert said.get_json()["my_answer"] == "coming"
    assert client.get(f"{base}/silent", headers=comes).status_code == 404
