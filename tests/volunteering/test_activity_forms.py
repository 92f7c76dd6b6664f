"""What is typed of an activity, its roles and its first shift, and what is wrong with it."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.volunteering.models import Activity, Shift
from tests.cast import Player
from tests.volunteering.conftest import Group
from tests.volunteering.test_activity_pages import FORM

SignIn = Callable[[Player], FlaskClient]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title": ""}, "Please fill this in."),
        ({"title": "打我电话 13812345678"}, "Please leave out phone numbers"),
        ({"ends": "08:00"}, "later than the beginning"),
        ({"day": "2020-01-01"}, "passed already"),
        ({"maximum": "0"}, "between 1 and"),
        ({"maximum": "9" * 40}, "cannot be right"),
        ({"minimum": "9"}, "cannot be more than"),
        ({"division": "", "division_text": "哪里都没有"}, "do not know this place"),
        ({"repeat": "weekly"}, "until which day"),
        ({"repeat": "weekly", "until": "2026-11-29"}, "only once"),
        ({"min_age": "3"}, "youngest age lies"),
        ({"with_children": "y", "minimum": "1"}, "two adults"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    group: Group, signed_in: SignIn, changed: dict[str, str], said: str
) -> None:
    client = signed_in(group.leader)
    answer = client.post("/activities/new", data={**FORM, "text": "带手套", **changed})
    assert answer.status_code == 422
    assert said in answer.text
    assert "带手套" in answer.text
    group.session.rollback()
    assert group.session.scalar(sa.select(sa.func.count(Activity.id))) == 0


@pytest.mark.parametrize(("more", "least"), [({}, 1), ({"with_children": "y"}, 2)])
def test_two_are_needed_at_least_only_with_children(
    group: Group, signed_in: SignIn, more: dict[str, str], least: int
) -> None:
    form = {**FORM, "do": "draft", **more}
    assert signed_in(group.leader).post("/activities/new", data=form).status_code == 302
    group.session.rollback()
    assert group.session.scalars(sa.select(Shift.minimum)).one() == least


def test_a_reason_that_is_missing_is_named_in_few_words(group: Group, signed_in: SignIn) -> None:
    activity, _shifts = group.run()
    page = signed_in(group.leader).post(f"/activities/{activity.public_id}/cancel", data={})
    assert page.status_code == 422
    assert '<a href="#reason">Why? Please fill this in.</a>' in page.text
    assert "Everybody who signed up reads it." in page.text.split("error-summary")[1]


def test_a_role_that_is_there_already_is_not_added_again(group: Group, signed_in: SignIn) -> None:
    activity, _shifts = group.run()
    client, path = signed_in(group.leader), f"/activities/{activity.public_id}/roles"
    taken = "There is a role of this name already."
    first = client.post(path, data={"name": "朗读"}, follow_redirects=True).text
    assert "Added." in first
    assert taken not in first
    again = client.post(path, data={"name": "朗读"}, follow_redirects=True).text
    assert taken in again
    assert "Added." not in again
    other = client.post(path, data={"name": "朗读", "note": "给低年级"})
    assert other.status_code == 422
    assert taken in other.text
    assert "给低年级" in other.text
    headers = group.token(group.leader)
    body = {"name": "朗读", "note": "给低年级"}
    said = client.post(f"/api/v1{path}", json=body, headers=headers)
    assert (said.status_code, said.json["code"]) == (422, "invalid")


def test_all_that_is_wrong_with_a_new_activity_is_told_at_once(
    group: Group, signed_in: SignIn
) -> None:
    client = signed_in(group.leader)
    wrong = {"title": "", "day": "2020-01-01", "ends": "08:00", "maximum": "0", "min_age": "3",
             "place": "打我电话 13812345678", "division": "52"}  # fmt: skip
    page = client.post("/activities/new", data={**FORM, **wrong})
    assert page.status_code == 422
    for field in ("title", "day", "ends", "maximum", "min_age", "place"):
        assert f'id="{field}-error"' in page.text, field
    assert "Please give a number between 1 and 2000." in page.text
    assert "The youngest age lies between 14 and 90." in page.text
    without = {"title": "", "day": "", "maximum": "", "repeat": "weekly"}
    page = client.post("/activities/new", data={**FORM, "ends": "08:00", **without}).text
    assert 'id="ends-error"' in page
    weekly = {"title": "", "repeat": "weekly", "until": "2026-11-29"}
    page = client.post("/activities/new", data={**FORM, **weekly}).text
    assert 'id="title-error"' in page
    assert 'id="until-error"' in page
