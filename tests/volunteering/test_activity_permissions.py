"""Who may see an activity: the three forms agree; and the API at its doors."""

from itertools import product

import pytest
import sqlalchemy as sa

from exchange.accounts.tokens.service import create_token
from exchange.kernel.actor import VISITOR
from exchange.listings.permissions import audience_tokens
from exchange.volunteering.kinds import ActivityState, Circle, SignupState
from exchange.volunteering.models import Activity, Shift
from exchange.volunteering.permissions import (
    audience_of,
    can_see,
    manageable_by,
    may_manage,
    visible_to,
)
from exchange.volunteering.queries import seen_activity
from tests.cast import Player
from tests.volunteering.conftest import Group


def test_the_three_forms_of_the_permission_agree(group: Group) -> None:
    cast = group.cast
    made = []
    for state, circle, place in product(
        ActivityState, Circle, ("52", "520422", "520422102243", "520502")
    ):
        row = Activity(
            organisation_id=group.leader.organisation_id, title="活动", division_code=place,
            state=state, circle=circle, created_at=cast.now, updated_at=cast.now,
        )  # fmt: skip
        group.session.add(row)
        made.append(row)
    group.session.commit()
    people = (cast.broker, cast.supervisor, cast.stranger, group.leader, group.helper)
    actors = [VISITOR, *(who.actor for who in people)]
    for actor in actors:
        seen = set(group.session.scalars(sa.select(Activity.id).where(visible_to(actor))))
        managed = set(group.session.scalars(sa.select(Activity.id).where(manageable_by(actor))))
        tokens = audience_tokens(actor) or frozenset()
        for row in made:
            assert can_see(actor, row) is (row.id in seen)
            assert bool(audience_of(row) & tokens) is (row.id in seen)
            assert may_manage(actor, row) is (row.id in managed)
        drafts = {row.id for row in made if row.state is ActivityState.DRAFT}
        if not actor.belongs_to(group.leader.organisation_id):
            assert not drafts & seen
            assert not managed


def test_a_program_makes_an_activity_and_a_volunteer_signs_up_by_it(group: Group) -> None:
    client = group.cast.app.test_client()

    def token(player: Player) -> dict[str, str]:
        person, owner = player.person_id, player.organisation_id
        with group.act_as() as act:
            made = create_token(act, person, owner, "program", may_write=True, days=30)
        return {"Authorization": f"Bearer {made.secret}", "Accept-Language": "en"}

    leads, comes = token(group.leader), token(group.volunteer())
    body = {
        "title": "修水渠", "division": "520422102243", "publish": True,
        "shift": {"starts_at": "2026-12-05T09:00:00+08:00", "ends_at": "2026-12-05T11:00:00+08:00",
                  "maximum": 1, "repeat": "weekly", "until": "2026-12-12"},
    }  # fmt: skip
    made = client.post("/api/v1/activities", json=body, headers=leads)
    assert made.status_code == 201, made.text
    found = made.get_json()
    assert (found["state"], len(found["shifts"])) == ("published", 2)
    shift = found["shifts"][0]["id"]
    joined = client.post(f"/api/v1/shifts/{shift}/join", json={}, headers=comes).get_json()
    assert (joined["my_answer"], joined["taken"]) == ("signed_up", 1)
    mine = client.get("/api/v1/me/shifts", headers=comes).get_json()["items"]
    assert [one["id"] for one in mine] == [shift]
    path = f"/api/v1/activities/{found['id']}"
    assert client.get(f"{path}/people", headers=comes).status_code == 403
    people = client.get(f"{path}/people", headers=leads).get_json()["items"]
    assert [one["state"] for one in people] == ["signed_up"]
    wrong = {"starts_at": "2026-12-05T09:00:00", "ends_at": "x", "maximum": -1}
    refused = client.post(f"{path}/shifts", json=wrong, headers=leads)
    assert refused.status_code == 422
    assert refused.content_type == "application/problem+json"
    assert client.post(f"{path}/cancel", json={}, headers=leads).status_code == 422
    assert client.post(f"{path}/cancel", json={"reason": "雨"}, headers=comes).status_code == 403
    gone = client.post(f"{path}/cancel", json={"reason": "大雨"}, headers=leads).get_json()
    assert gone["state"] == "cancelled"
    for bad in ("cursor=x", "cursor=-1", "day=x", "skill=y"):
        assert client.get(f"/api/v1/activities?{bad}").status_code == 422


def test_whoever_has_answered_goes_on_seeing_it(group: Group) -> None:
    activity, (shift,) = group.run()
    who = group.volunteer()
    group.joins(who, shift)
    group.session.execute(sa.update(Activity).values(circle=Circle.MEMBERS))
    group.session.commit()
    assert seen_activity(group.session, who.actor, activity.public_id).id == activity.id
    assert group.state(who, shift) is SignupState.SIGNED_UP


def test_the_database_refuses_one_too_many(group: Group) -> None:
    _, (shift,) = group.run()
    too_many = sa.update(Shift).where(Shift.id == shift.id).values(taken=Shift.maximum + 1)
    with pytest.raises(sa.exc.IntegrityError):
        group.session.execute(too_many)
    group.session.rollback()
