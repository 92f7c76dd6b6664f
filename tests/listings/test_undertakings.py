"""Several needs for one thing that somebody wants to do: who may put them together, who sees it."""


import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from exchange.accounts.kinds import OrganisationKind
from exchange.audit.models import AuditEntry
from exchange.kernel.actor import Role
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.kinds import Side, State
from exchange.listings.models import Listing
from exchange.listings.undertakings.rules import MOST_PARTS, PartState, progress
from exchange.listings.undertakings.service import (
    add_needs,
    change_undertaking,
    dissolve_undertaking,
    make_undertaking,
    remove_need,
)
from exchange.notifications.models import Notice
from tests.cast import ELSEWHERE, VILLAGE
from tests.factories import make_listing
from tests.listings.undertaking_village import NAME, Village
from tests.listings.undertaking_village import cast as cast  # noqa: PLC0414 - a fixture
from tests.listings.undertaking_village import two as two  # noqa: PLC0414 - a fixture
from tests.listings.undertaking_village import village as village  # noqa: PLC0414 - a fixture


@given(states=st.lists(st.sampled_from(PartState), max_size=MOST_PARTS))
def test_what_ended_unmet_is_not_counted(states: list[PartState]) -> None:
    met, counted = progress(states)
    assert 0 <= met <= counted == len(states) - states.count(PartState.ENDED)


def test_the_owner_puts_needs_together_from_the_page_of_one(
    village: Village, two: list[Listing], client: FlaskClient
) -> None:
    first, second = two
    hers = village.need("别村的需求", village.cast.stranger)
    village.cast.sign_in(client, village.cast.officer)
    client.get("/locale/en")
    assert f"/undertakings/new?need={first.public_id}" in client.get(
        f"/listings/{first.public_id}"
    ).text
    form = client.get(f"/undertakings/new?need={first.public_id}").text
    assert second.title in form
    assert hers.title not in form
    sent = {"need": first.public_id, "name": "", "note": "两百亩茶"}
    refused = client.post("/undertakings/new", data=sent)
    assert refused.status_code == 422
    assert "Please fill this in." in refused.text
    assert "两百亩茶" in refused.text
    sent |= {"name": NAME, "needs": [first.public_id, second.public_id]}
    made = client.post("/undertakings/new", data=sent, follow_redirects=True)
    assert NAME in made.text
    assert "0 of 2 needs have a partner" in made.text
    again = client.post("/undertakings/new", data=sent)
    assert again.headers["Location"] in made.request.path
    assert NAME in client.get(f"/listings/{second.public_id}").text
    assert NAME in client.get("/my/undertakings").text
    assert village.events() == ["UndertakingMade", "NeedGrouped", "NeedGrouped"]


def test_put_in_take_out_rename_and_dissolve_through_the_pages(
    village: Village, two: list[Listing], client: FlaskClient
) -> None:
    third = village.need("要五万元")
    public_id = village.make(*two)
    ids = [need.public_id for need in (*two, third)]
    village.cast.sign_in(client, village.cast.officer)
    path = f"/undertakings/{public_id}"
    client.post(f"{path}/needs", data={"needs": [ids[2]]})
    assert len(village.inside(public_id)) == 3
    client.post(f"{path}/needs", data={"needs": [ids[2]]})  # twice
    client.post(f"{path}/remove", data={"need": ids[0]})
    client.post(f"{path}/remove", data={"need": ids[0]})
    assert village.inside(public_id) == [two[1].id, third.id]
    stale = client.post(f"{path}/edit", data={"name": "新名字", "version": "1"})
    assert stale.status_code == 422
    assert "新名字" in stale.text
    assert client.post(f"{path}/edit", data={"name": "新名字", "version": "3"}).status_code == 302
    assert "新名字" in client.get(path).text
    client.post(f"{path}/dissolve", data={"version": "3"})
    assert client.get(path).status_code == 200
    client.post(f"{path}/dissolve", data={"version": "4"})
    assert client.get(path).status_code == 404
    assert village.events().count("NeedUngrouped") == 1
    assert village.events()[-1] == "UndertakingDissolved"
    village.session.expire_all()
    assert [village.session.get_one(Listing, one.id).state for one in (*two, third)] == [
        State.PUBLISHED
    ] * 3
    assert [village.session.get_one(Listing, one.id).version for one in two] == [1, 1]


def test_another_need_is_posted_for_it(
    village: Village, two: list[Listing], client: FlaskClient
) -> None:
    public_id = village.make(*two)
    village.cast.sign_in(client, village.cast.officer)
    page = client.get(f"/post/help?undertaking={public_id}").text
    assert NAME in page
    assert VILLAGE in page
    sent = {
        "undertaking": public_id, "understood": "1", "text": "做茶的季节要十个人帮忙采茶",
        "category": "talent.jobs", "division": VILLAGE, "terms": "free", "not_duplicate": "1",
    }  # fmt: skip
    answer = client.post("/post/help", data=sent, follow_redirects=True)
    assert NAME in answer.text
    assert len(village.inside(public_id)) == 3
    village.cast.sign_in(client, village.cast.enterprise)
    assert f'name="undertaking" value="{public_id}"' not in client.get(
        f"/post/help?undertaking={public_id}"
    ).text


def test_a_need_is_posted_even_when_its_undertaking_is_gone(
    village: Village, two: list[Listing], client: FlaskClient
) -> None:
    public_id = village.make(*two)
    with village.act_as(village.cast.officer.actor) as act:
        dissolve_undertaking(act, public_id)
    village.cast.sign_in(client, village.cast.officer)
    sent = {
        "undertaking": public_id, "understood": "1", "text": "做茶的季节要十个人帮忙采茶",
        "category": "talent.jobs", "division": VILLAGE, "terms": "free", "not_duplicate": "1",
    }  # fmt: skip
    answer = client.post("/post/help", data=sent, follow_redirects=True)
    assert "需求发出去了，但那件要办的事已经不在了" in answer.text


def test_only_open_needs_of_one_owner_and_each_in_one_only(
    village: Village, two: list[Listing]
) -> None:
    public_id = village.make(two[0])
    hers = village.need("别村的需求", village.cast.enterprise)
    offer = make_listing(village.house, village.cast.officer, Side.OFFER)
    ended = village.need("过期的", state=State.EXPIRED)
    officer = village.cast.officer.actor
    for one, code in (
        (two[0], "undertaking_need_taken"),
        (offer, "undertaking_only_needs"),
        (ended, "undertaking_need_closed"),
    ):
        with pytest.raises(Conflict) as refused, village.act_as(officer) as act:
            make_undertaking(act, "别的名字", "", [act.session.get_one(Listing, one.id)])
        assert refused.value.code == code
    with pytest.raises(Forbidden), village.act_as(officer) as act:
        add_needs(act, public_id, [act.session.get_one(Listing, hers.id)])
    both = village.cast.enterprise.actor
    with pytest.raises(NotFound), village.act_as(both) as act:
        add_needs(act, "nothing", [act.session.get_one(Listing, hers.id)])
    assert village.inside(public_id) == [two[0].id]


def test_needs_of_two_owners_are_not_put_together_by_a_broker_either(
    village: Village, two: list[Listing]
) -> None:
    committee = village.cast.make_organisation(OrganisationKind.COOPERATIVE, "合作社", VILLAGE)
    farmer = village.cast.make_player("农", VILLAGE, committee, Role.MANAGER)
    other = village.need("合作社的需求", farmer, division_code=VILLAGE)
    with pytest.raises(Conflict) as refused:
        village.make(two[0], other, who=village.cast.broker)
    assert refused.value.code == "undertaking_other_owner"


def test_not_more_than_twelve_and_words_without_contacts(
    village: Village, two: list[Listing]
) -> None:
    many = [village.need(f"需求{number}") for number in range(MOST_PARTS + 1)]
    with pytest.raises(Conflict) as refused:
        village.make(*many)
    assert refused.value.code == "undertaking_full"
    for name in ("", "  ", "名" * 61, "打电话13812345678", "给老王家筹医药费"):
        with pytest.raises(Invalid) as wrong:
            village.make(two[0], name=name)
        assert list(wrong.value.fields) == ["name"]
    public_id = village.make(*many[:MOST_PARTS])
    with (
        pytest.raises(Conflict) as refused,
        village.act_as(village.cast.officer.actor) as act,
    ):
        add_needs(act, public_id, [act.session.get_one(Listing, many[-1].id)])
    assert refused.value.code == "undertaking_full"


def test_a_broker_of_the_place_may_and_the_owner_hears_of_it(
    village: Village, two: list[Listing], client: FlaskClient
) -> None:
    public_id = village.make(*two, who=village.cast.broker)
    entry = village.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.event == "UndertakingMade")
    ).one()
    assert entry.person_id == village.cast.broker.person_id
    assert entry.details["owner_id"] == village.cast.officer.organisation_id
    told = village.session.scalars(sa.select(Notice).where(Notice.code == "undertaking_made")).all()
    assert [notice.person_id for notice in told] == [village.cast.officer.person_id]
    page = village.page(client, public_id, village.cast.broker)
    assert "Take a need out" in page
    assert "Post another need for this" not in page


def test_a_broker_who_serves_not_all_places_reads_but_changes_nothing(
    village: Village, two: list[Listing], client: FlaskClient
) -> None:
    village.cast.make_place(ELSEWHERE)
    far = village.need("远处的需求", division_code=ELSEWHERE)
    public_id = village.make(two[0], far)
    page = village.page(client, public_id, village.cast.broker)
    assert NAME in page
    assert "Dissolve" not in page
    broker = village.cast.broker.actor
    with pytest.raises(Forbidden), village.act_as(broker) as act:
        change_undertaking(act, public_id, "改名", None)
    with pytest.raises(Forbidden), village.act_as(broker) as act:
        remove_need(act, public_id, act.session.get_one(Listing, two[0].id))
    with pytest.raises(Forbidden):
        village.make(two[1], far, who=village.cast.broker)
