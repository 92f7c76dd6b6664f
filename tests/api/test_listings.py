"""Posting, changing and reading listings through the API."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Thread
from typing import Any

import pytest
from sqlalchemy.orm import Session

from exchange.kernel.act import Act
from exchange.listings.filing.service import file_for
from exchange.listings.kinds import Door, State
from exchange.listings.models import Listing
from tests.api.conftest import NEED, OFFER, MakeProgram, Program
from tests.cast import Cast
from tests.listings.filing_scene import GRANNY, said_so, tidy

ActAs = Callable[..., AbstractContextManager[Act]]


def test_a_verified_organisations_need_is_published_at_once(
    program: MakeProgram, cast: Cast
) -> None:
    answer = program(cast.officer).post("/listings", {**NEED, "external_id": "N1"})
    body = answer.get_json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/listings/{body['id']}"
    assert body["state"] == "published"
    assert {name: body[name] for name in NEED} == NEED
    assert body["external_id"] == "N1"
    assert body["remaining"] == 30


def test_a_least_lot_is_posted_changed_and_read(program: MakeProgram, cast: Cast) -> None:
    caller = program(cast.enterprise)
    sent = {**OFFER, "quantity": 2000, "unit": "斤", "lot": 500}
    body = caller.post("/listings", sent).get_json()
    assert (body["lot"], body["whole"]) == (500, False)
    changed = caller.patch(f"/listings/{body['id']}", {"whole": True}).get_json()
    assert (changed["lot"], changed["whole"]) == (None, True)
    refused = caller.patch(f"/listings/{body['id']}", {"whole": False, "lot": 2001})
    assert refused.status_code == 422
    assert "lot" in refused.get_json()["errors"]


def test_an_unverified_organisations_offer_waits_for_review(
    program: MakeProgram, cast: Cast
) -> None:
    body = program(cast.stranger).post("/listings", {**OFFER, "division": "520502"}).get_json()
    assert body["state"] == "submitted"


def test_posting_the_same_key_again_changes_instead_of_doubling(
    program: MakeProgram, cast: Cast, session: Session
) -> None:
    caller = program(cast.officer)
    first = caller.post("/listings", {**NEED, "external_id": "N1"})
    same = caller.post("/listings", {**NEED, "external_id": "N1"})
    changed = caller.post("/listings", {**NEED, "external_id": "N1", "quantity": 24})
    assert [first.status_code, same.status_code, changed.status_code] == [201, 200, 200]
    bodies = [answer.get_json() for answer in (first, same, changed)]
    assert len({body["id"] for body in bodies}) == 1
    assert [body["version"] for body in bodies] == [1, 1, 2]
    assert [body["quantity"] for body in bodies] == [30, 30, 24]
    assert session.query(Listing).count() == 1


def test_the_same_key_of_two_owners_is_two_listings(program: MakeProgram, cast: Cast) -> None:
    posted = [
        program(who).post("/listings", {**OFFER, "external_id": "1"}).get_json()["id"]
        for who in (cast.officer, cast.enterprise)
    ]
    assert len(set(posted)) == 2


def test_two_who_post_the_same_key_at_once_make_one_listing(
    program: MakeProgram, cast: Cast, session: Session
) -> None:
    callers = [program(cast.officer) for _ in range(2)]
    statuses: list[int] = []

    def post(caller: Program) -> None:
        row = {**NEED, "external_id": "N1"}
        statuses.extend(caller.post("/listings", row).status_code for _ in range(3))

    threads = [Thread(target=post, args=(caller,)) for caller in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {200, 201}
    assert len(statuses) == 6
    assert session.query(Listing).count() == 1


@pytest.mark.parametrize(
    ("sent", "milli", "shown"),
    [
        (2.5, 2500, 2.5),
        ("2.5", 2500, 2.5),
        (0.001, 1, 0.001),
        (1_000_000_000_000, 10**15, 1_000_000_000_000),
        ("999999999999.999", 999_999_999_999_999, 999999999999.999),
        (None, None, None),
    ],
)
def test_quantities_are_exact(
    program: MakeProgram, cast: Cast, session: Session, sent: Any, milli: Any, shown: Any
) -> None:
    body = program(cast.officer).post("/listings", {**NEED, "quantity": sent}).get_json()
    assert body["quantity"] == shown
    assert session.query(Listing).one().quantity_milli == milli


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (0, "quantity_not_positive"), (-1, "quantity_not_positive"),
        ("-0.5", "quantity_not_positive"), (0.0005, "quantity_too_fine"),
        (1e15, "quantity_too_large"), (10**30, "quantity_too_large"),
        (1_000_000_000_001, "quantity_too_large"), ("2,5", "quantity_unreadable"),
        ("", "quantity_unreadable"), (True, "quantity_unreadable"), ([], "quantity_unreadable"),
        ("٣x", "quantity_unreadable"),
    ],
)  # fmt: skip
def test_quantities_that_are_none_are_refused_and_told_why(
    program: MakeProgram, cast: Cast, sent: Any, code: str
) -> None:
    answer = program(cast.officer).post("/listings", {**NEED, "quantity": sent})
    assert answer.status_code == 422
    errors = answer.get_json()["errors"]
    assert [(name, one["code"]) for name, found in errors.items() for one in found] == [
        ("quantity", code)
    ]
    assert errors["quantity"][0]["detail"] != "That did not work."


def test_rows_of_a_file_can_be_posted_as_they_are(program: MakeProgram, cast: Cast) -> None:
    row = {
        "id": "DO001",
        "side": "offer",
        "organisation": cast.enterprise.organisation.public_id,
        "title": "PE pipe surplus 余料捐赠",
        "text": "聚乙烯管约3500米,全新没拆盘,贵阳自提。",
        "category": "materials.building",
        "division": "520402",
        "quantity": 3.5,
        "unit": "公里",
        "terms": "free",
        "serves": ["52"],
        "from_date": "2026-11-01",
        "to_date": "2027-03-31",
        "urgency": "normal",
        "beneficiaries": ["general"],
        "lang": "mixed",
    }
    caller = program(cast.enterprise)
    assert caller.post("/listings", row).get_json()["external_id"] == "DO001"
    assert caller.post("/listings", row).status_code == 200


def test_a_person_posts_for_any_organisation_of_theirs(program: MakeProgram, cast: Cast) -> None:
    caller = program(cast.officer)
    own = next(
        one for one in caller.get("/me").get_json()["organisations"]
        if one["kind"] == "individual_volunteer"
    )  # fmt: skip
    body = caller.post("/listings", {**NEED, "organisation": own["id"]}).get_json()
    assert body["organisation"]["id"] == own["id"]


def test_nobody_posts_for_an_organisation_of_others(program: MakeProgram, cast: Cast) -> None:
    foreign = cast.enterprise.organisation.public_id
    answer = program(cast.officer).post("/listings", {**NEED, "organisation": foreign})
    assert answer.status_code == 422
    assert answer.get_json()["errors"]["organisation"][0]["code"] == "not_your_organisation"


def test_nothing_half_done_stays_when_a_listing_is_refused(
    program: MakeProgram, cast: Cast, session: Session
) -> None:
    for extra in ({}, {"external_id": "N1"}):
        wrong = {**NEED, **extra, "title": "长" * 121}
        assert program(cast.officer).post("/listings", wrong).status_code == 422
    assert session.query(Listing).count() == 0


def test_a_change_touches_only_what_was_sent(program: MakeProgram, cast: Cast) -> None:
    caller = program(cast.officer)
    posted = caller.post("/listings", NEED).get_json()
    answer = caller.patch(f"/listings/{posted['id']}", {"quantity": "24.5", "version": 1})
    assert answer.status_code == 200
    changed = answer.get_json()
    same = set(posted) - {"quantity", "remaining", "version", "updated_at", "similar"}
    assert {name: changed[name] for name in same} == {name: posted[name] for name in same}
    assert (changed["quantity"], changed["version"]) == (24.5, 2)
    assert answer.headers["ETag"] == '"2"'


def test_a_change_of_another_version_is_refused(program: MakeProgram, cast: Cast) -> None:
    caller = program(cast.officer)
    path = f"/listings/{caller.post('/listings', NEED).get_json()['id']}"
    seen = caller.get(path).headers["ETag"]
    assert caller.patch(path, {"quantity": 20}, headers={"If-Match": seen}).status_code == 200
    late = caller.patch(path, {"quantity": 10}, headers={"If-Match": seen})
    assert (late.status_code, late.get_json()["code"]) == (412, "changed_since")
    assert caller.patch(path, {"quantity": 10, "version": 1}).status_code == 409
    assert caller.get(path).get_json()["quantity"] == 20


def test_a_changed_draft_is_another_version(
    program: MakeProgram, cast: Cast, session: Session
) -> None:
    caller = program(cast.officer)
    path = f"/listings/{caller.post('/listings', NEED).get_json()['id']}"
    session.query(Listing).one().state = State.DRAFT
    session.commit()
    for quantity, status in ((20, 200), (10, 412)):
        answer = caller.patch(path, {"quantity": quantity}, headers={"If-Match": '"1"'})
        assert answer.status_code == status
    assert caller.get(path).get_json()["quantity"] == 20


def test_the_unit_of_what_is_promised_is_refused_by_its_field(
    program: MakeProgram, cast: Cast, session: Session
) -> None:
    caller = program(cast.officer)
    row = {**NEED, "external_id": "N1"}
    path = f"/listings/{caller.post('/listings', row).get_json()['id']}"
    session.query(Listing).one().committed_milli = 1000
    session.commit()
    answers = [caller.patch(path, {"unit": "吨"}), caller.post("/listings", {**row, "unit": "吨"})]
    for answer in answers:
        assert answer.status_code == 422
        assert [one["code"] for one in answer.get_json()["errors"]["unit"]] == ["unit_promised"]


def test_a_withdrawn_listing_is_gone_for_others(program: MakeProgram, cast: Cast) -> None:
    caller = program(cast.officer)
    path = f"/listings/{caller.post('/listings', NEED).get_json()['id']}"
    assert program().get(path).status_code == 200
    assert caller.post(f"{path}/withdraw").get_json()["state"] == "withdrawn"
    assert program().get(path).status_code == 404
    assert caller.get(path).status_code == 200
    assert caller.post(f"{path}/withdraw").status_code == 409


def test_a_stranger_sees_and_touches_nothing_private(program: MakeProgram, cast: Cast) -> None:
    private = {**NEED, "category": "services.children", "beneficiaries": ["left_behind_children"]}
    posted = program(cast.officer).post("/listings", private).get_json()
    assert posted["visibility"] == "brokers"
    path = f"/listings/{posted['id']}"
    for caller in (program(cast.stranger), program(cast.enterprise)):
        assert caller.get(path).status_code == 404
        assert caller.patch(path, {"quantity": 1}).status_code == 404
        assert caller.post(f"{path}/withdraw").status_code == 404
        assert caller.get(f"{path}/suggestions").status_code == 404
    assert program().get(path).status_code == 404
    assert program(cast.broker).get(path).status_code == 200


def test_a_public_listing_is_changed_by_its_owner_only(program: MakeProgram, cast: Cast) -> None:
    path = f"/listings/{program(cast.officer).post('/listings', NEED).get_json()['id']}"
    for who in (cast.stranger, cast.broker):
        assert program(who).patch(path, {"quantity": 1}).status_code == 403
        assert program(who).post(f"{path}/withdraw").status_code == 403


def test_others_read_the_public_title_only(program: MakeProgram, cast: Cast) -> None:
    said = {"public_title": "要冷链车", "public_division": "520422"}
    posted = program(cast.officer).post("/listings", {**NEED, **said}).get_json()
    assert (posted["title"], posted["public_title"]) == (NEED["title"], "要冷链车")
    seen = program(cast.stranger).get(f"/listings/{posted['id']}").get_json()
    assert (seen["title"], seen["text"], seen["division"]) == ("要冷链车", "", "520422")
    assert seen["public_title"] is None


def test_a_listing_given_back_can_be_submitted_again(
    program: MakeProgram, cast: Cast, session: Session
) -> None:
    caller = program(cast.stranger)
    posted = caller.post("/listings", {**OFFER, "division": "520502"}).get_json()
    row = session.query(Listing).one()
    row.state, row.review_note = State.DRAFT, "请写明时间"
    session.commit()
    assert caller.get(f"/listings/{posted['id']}").get_json()["review_note"] == "请写明时间"
    answer = caller.post(f"/listings/{posted['id']}/submit")
    assert answer.get_json()["state"] == "submitted"


def test_the_name_of_whom_a_listing_is_filed_for_is_refused_at_its_field(
    program: MakeProgram, cast: Cast, act_as: ActAs
) -> None:
    with act_as(cast.officer.actor) as act:
        filing = file_for(act, Door.HELP, GRANNY, said_so())
        tidy(act, filing, text="张 桂花家修屋顶，要十片瓦。")
        address = f"/listings/{filing.listing.public_id}"
    caller = program(cast.officer)
    refused = caller.post(f"{address}/submit")
    assert refused.status_code == 422
    assert refused.get_json()["errors"]["text"][0]["code"] == "filing_name_in_words"
    caller.patch(address, {"text": "一户人家修屋顶，要十片瓦。"})
    assert caller.post(f"{address}/submit").get_json()["state"] == "published"
    again = caller.patch(address, {"title": "张桂花家要瓦"})
    assert again.status_code == 422
    assert "title" in again.get_json()["errors"]
