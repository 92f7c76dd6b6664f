"""What volunteers say of their time through pages and programs, and what others read of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask.testing import FlaskClient

from exchange.accounts.tokens.service import create_token
from exchange.listings.kinds import Side, State
from exchange.volunteering.availability.queries import sums_in
from exchange.volunteering.kinds import Skill
from tests.cast import FIRM_AREA, STATION_AREA, VILLAGE, Player
from tests.conftest import Queries
from tests.factories import make_listing
from tests.volunteering.conftest import Group
from tests.volunteering.test_availability import TODAY, all_offers, found, offer, said
from tests.volunteering.test_availability import who as who  # noqa: PLC0414 - a fixture


def test_sums_are_public_and_small_ones_are_not(
    group: Group, client: FlaskClient, catch_queries: Callable[[], AbstractContextManager[Queries]]
) -> None:
    client.get("/locale/en")
    for number in range(4):
        said(group, group.volunteer(f"人{number}"))
    page = client.get(f"/volunteers?division={STATION_AREA}").get_data(as_text=True)
    assert "Fewer than five" in page
    said(group, group.volunteer("第五"), skills=("tutoring", "law"))
    with catch_queries() as few:
        page = client.get(f"/volunteers?division={STATION_AREA}").get_data(as_text=True)
    assert "5 volunteers have time here" in page
    assert "Tutoring" in page
    assert "Law" not in page
    assert "第" not in page.partition("<main")[2].partition("</main>")[0]
    in_all, by_skill = sums_in(group.session, FIRM_AREA, TODAY)
    assert (in_all, by_skill[Skill.LAW]) == (0, 0)
    answer = client.get(f"/api/v1/volunteers/sums?division={STATION_AREA}").get_json()
    assert (answer["count"], answer["skills"]["tutoring"], answer["skills"]["law"]) == (5, 5, None)
    for number in range(5):
        said(group, group.volunteer(f"更多{number}"))
    with catch_queries() as many:
        client.get(f"/volunteers?division={STATION_AREA}")
    assert many.count == few.count
    for odd in ("x", "99", "5204%27", "", "520422102243"):
        assert client.get("/volunteers", query_string={"division": odd}).status_code == 200


def form(**changes: Any) -> dict[str, Any]:
    chosen: dict[str, Any] = {
        "skills": ["tutoring"], "words": "", "times": ["5-morning"], "division": VILLAGE,
        "reach": "county", "may_be_asked": "y", "is_adult": "y", "version": "0",
    }  # fmt: skip
    return chosen | changes


def test_the_page_saves_pauses_and_ends(
    group: Group, who: Player, signed_in: Callable[[Player], FlaskClient]
) -> None:
    client = signed_in(who)
    assert "What can you do?" in client.get("/my/availability").get_data(as_text=True)
    answer = client.post("/my/availability", data=form(), follow_redirects=True)
    assert "The station can find you." in answer.get_data(as_text=True)
    assert "Sat mornings" in answer.get_data(as_text=True)
    assert found(group, who).may_be_asked
    bad = client.post("/my/availability", data=form(times=[], skills=[], words="随便", version="1"))
    assert bad.status_code == 422
    assert "at least one time" in bad.get_data(as_text=True)
    assert "随便" in bad.get_data(as_text=True)
    late = client.post("/my/availability", data=form(words="晚了", version="9"))
    assert late.status_code == 422
    day = group.cast.house.clock.now().date().isoformat()
    bad = client.post("/my/availability/pause", data={"begins": "nonsense", "version": "1"})
    assert bad.status_code == 422
    answer = client.post(
        "/my/availability/pause", data={"begins": day, "version": "1"}, follow_redirects=True
    )
    assert "You pause until you come back." in answer.get_data(as_text=True)
    answer = client.post("/my/availability/resume", follow_redirects=True)
    assert "The station can find you." in answer.get_data(as_text=True)
    listing = client.get(f"/listings/{offer(group, who).public_id}").get_data(as_text=True)
    assert "Change, pause or end it" in listing
    assert "volunteer&#39;s time" in listing or "volunteer's time" in listing
    assert f"/listings/{offer(group, who).public_id}/edit" not in listing
    client.post("/my/availability/end")
    assert all_offers(group)[0].state is State.WITHDRAWN
    for path in ("/my/availability/pause", "/my/availability/resume"):
        assert client.post(path, data={"begins": day, "version": "1"}).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"reach": "moon"}, {"times": ["9-night"]}, {"skills": ["flying"]}, {"tongues": ["x"]},
        {"from_date": "0001-01-01"}, {"to_date": "9999-12-31"}, {"version": "²"},
        {"division": "'; --"}, {"words": "\x00\ud800" * 3}, {"words": "长" * 5000},
    ],
)  # fmt: skip
def test_odd_input_is_answered(
    signed_in: Callable[[Player], FlaskClient], who: Player, changes: dict[str, Any]
) -> None:
    client = signed_in(who)
    data = {
        key: value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        for key, value in form(**changes).items()
    }
    assert client.post("/my/availability", data=data).status_code in (302, 422)


def test_brokers_find_it_with_its_badge_and_filter(
    group: Group, who: Player, signed_in: Callable[[Player], FlaskClient]
) -> None:
    said(group, who)
    broker = signed_in(group.cast.broker)
    page = broker.get(f"/listings/{offer(group, who).public_id}").get_data(as_text=True)
    assert "A volunteer and their time" in page
    assert "Sat–Sun mornings" in page
    assert "王小雨" not in page.partition("<h1>")[0]


def test_programs_say_it_too(group: Group, who: Player, client: FlaskClient) -> None:
    with group.act_as(who.actor) as act:
        made = create_token(
            act, who.person_id, who.organisation_id, "phone", may_write=True, days=5
        )
    headers = {"Authorization": f"Bearer {made.secret}"}
    assert client.get("/api/v1/me/availability", headers=headers).status_code == 404
    body = {
        "skills": ["tutoring"], "times": ["5-morning"], "division": VILLAGE, "is_adult": True,
    }  # fmt: skip
    answer = client.post("/api/v1/me/availability", json=body, headers=headers)
    assert answer.status_code == 200, answer.get_json()
    assert answer.get_json()["listing_state"] == "published"
    changed = client.post(
        "/api/v1/me/availability", json={"words": "会木工", "is_adult": True}, headers=headers
    ).get_json()
    assert (changed["words"], changed["times"], changed["version"]) == ("会木工", ["5-morning"], 2)
    bad = client.post(
        "/api/v1/me/availability", json={"times": ["x"], "is_adult": True}, headers=headers
    )
    assert bad.status_code == 422
    day = {"from_date": group.cast.house.clock.now().date().isoformat()}
    paused = client.post("/api/v1/me/availability/pause", json=day, headers=headers).get_json()
    assert paused["listing_state"] == "parked"
    back = client.post("/api/v1/me/availability/resume", headers=headers).get_json()
    assert back["listing_state"] == "published"
    assert client.delete("/api/v1/me/availability", headers=headers).status_code == 204


def test_a_need_of_the_county_is_not_told_who_it_is(
    group: Group, who: Player, signed_in: Callable[[Player], FlaskClient]
) -> None:
    said(group, who)
    make_listing(group.cast.house, group.cast.officer, Side.NEED)
    officer = signed_in(group.cast.officer)
    assert officer.get(f"/listings/{offer(group, who).public_id}").status_code == 404
