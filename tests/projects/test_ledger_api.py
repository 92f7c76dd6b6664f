"""Open accounts for programs, and what a project's page shows of them."""

import io

import pytest
from flask import Flask, g
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from exchange.accounts.kinds import OrganisationKind
from exchange.projects.kinds import PartnerState
from exchange.projects.ledger.kinds import RequestState
from exchange.projects.models import Project, ProjectPartner
from exchange.projects.queries import seen_project
from exchange.web.panels import show_slot
from tests.api.conftest import MakeProgram
from tests.api.conftest import program as program  # noqa: PLC0414 - a fixture
from tests.cast import FIRM_AREA, Player
from tests.projects.ledger_scene import LIMIT, PICTURE, Scene
from tests.projects.ledger_scene import cast as cast  # noqa: PLC0414 - a fixture
from tests.projects.ledger_scene import scene as scene  # noqa: PLC0414 - a fixture

RECEIPT = {
    "kind": "receipt", "amount": "3200.50", "purpose": "拨款", "counterparty_name": "县农业农村局",
    "date": "2026-11-20", "no_document_reason": "随后上传", "key": "a-key",
}  # fmt: skip


def test_a_program_records_another_approves_and_everybody_reads(
    scene: Scene, program: MakeProgram
) -> None:
    treasurer, approver = program(scene.treasurer), program(scene.approver)
    made = treasurer.post(f"{scene.path}/requests", RECEIPT)
    assert made.status_code == 201, made.text
    again = treasurer.post(f"{scene.path}/requests", RECEIPT)
    assert again.get_json()["id"] == made.get_json()["id"]
    request = made.get_json()
    assert (request["state"], request["amount"]) == ("proposed", "3200.50")
    one = f"{scene.path}/requests/{request['id']}"
    assert treasurer.post(f"{one}/approve", {}).status_code == 403
    waiting = approver.get(f"{scene.path}/requests").get_json()["items"]
    assert [item["id"] for item in waiting] == [request["id"]]
    assert approver.post(f"{one}/approve", {"version": 9}).status_code == 409
    done = approver.post(f"{one}/approve", {"version": request["version"]})
    assert (done.get_json()["state"], done.get_json()["entry"]) == ("booked", 1)
    anybody = program()
    book = anybody.get(scene.path).get_json()
    assert [(a["came"], a["balance"]) for a in book["accounts"]] == [("3200.50", "3200.50")]
    assert (book["two_people_above"], book["may_record"]) == ("1000.00", False)
    page = anybody.get(f"{scene.path}/entries", limit=1).get_json()
    assert [item["number"] for item in page["items"]] == [1]
    assert page["next_cursor"] is None
    assert anybody.get(f"{scene.path}/entries/1").get_json()["counterparty"] == "县农业农村局"
    assert anybody.get(f"{scene.path}/entries/2").status_code == 404
    assert anybody.get(f"{scene.path}/entries", cursor="x").status_code == 422
    assert anybody.get(f"{scene.path}/requests").status_code == 401


def test_the_other_verbs_of_a_book(
    scene: Scene, program: MakeProgram, session: Session
) -> None:
    treasurer, approver = program(scene.treasurer), program(scene.approver)
    first = scene.receipt(LIMIT + 1, originals=[PICTURE])
    second = scene.receipt(LIMIT + 2)
    requests = f"{scene.path}/requests"
    assert approver.post(f"{requests}/{first}/refuse", {}).status_code == 422
    refused = approver.post(f"{requests}/{first}/refuse", {"reason": "重复"}).get_json()
    assert (refused["state"], refused["reason"]) == ("refused", "重复")
    assert treasurer.post(f"{requests}/{second}/withdraw").get_json()["state"] == "withdrawn"
    seen = approver.post(f"{requests}/{first}/look").get_json()
    assert len(seen["originals"]) == 1
    booked = scene.receipt(100)

    def send(**said: str) -> TestResponse:
        files = {"public_files": (io.BytesIO(b"%PDF-1.4\n%%EOF\n"), "a.pdf"), **said}
        path = f"{requests}/{booked}/documents"
        return treasurer.call("POST", path, data=files, content_type="multipart/form-data")

    for said in ({}, {"children": "child"}):
        assert "children" in send(**said).get_json()["errors"]
    added = send(children="no_child")
    assert added.status_code == 201, added.text
    (copy,) = added.get_json()["documents"]
    file_id = copy.split("/")[2]
    gone = treasurer.call("DELETE", f"{requests}/{booked}/documents/{file_id}")
    assert gone.get_json()["documents"] == []
    back = treasurer.post(f"{scene.path}/entries/1/correct", {"reason": "写错"})
    assert (back.status_code, back.get_json()["entry"]) == (201, 2)
    assert treasurer.post(f"{requests}/{booked}/forget-name").status_code == 200
    session.rollback()
    assert scene.request(booked).state is RequestState.BOOKED


def test_a_manager_names_people_and_sets_the_sum(scene: Scene, program: MakeProgram) -> None:
    manager, treasurer = program(scene.cast.officer), program(scene.treasurer)
    role = {"person": scene.treasurer.person.public_id, "role": "approver"}
    assert treasurer.post(f"{scene.path}/people", role).status_code == 403
    named = manager.post(f"{scene.path}/people", role).get_json()["items"]
    assert len(named) == 3
    assert len(manager.post(f"{scene.path}/people/end", role).get_json()["items"]) == 2
    wrong = manager.post(f"{scene.path}/people", {**role, "role": "king"})
    assert wrong.status_code == 422
    for given, shown in (("0", "0.00"), ("250.5", "250.50"), (None, "1000.00")):
        answer = manager.call("PATCH", scene.path, json={"two_people_above": given})
        assert answer.get_json()["two_people_above"] == shown
    odd = manager.call("PATCH", scene.path, json={"two_people_above": "much"})
    assert odd.status_code == 422
    raised = manager.call("PATCH", scene.path, json={"two_people_above": "1000.01"})
    assert raised.status_code == 422
    assert manager.get(scene.path).get_json()["two_people_above"] == "1000.00"


def test_a_campaign_is_linked_and_unlinked(
    scene: Scene, program: MakeProgram, session: Session
) -> None:
    charity = scene.cast.make_organisation(
        OrganisationKind.NGO, "黔山公益基金会", FIRM_AREA, verified=True
    )
    key = charity.public_id
    session.add(
        ProjectPartner(
            project_id=scene.project_id, organisation_id=charity.id,
            state=PartnerState.ACCEPTED, invited_at=scene.cast.now,
        )
    )  # fmt: skip
    session.commit()
    manager = program(scene.cast.officer)
    body = {
        "charity": key, "number": "53520000MJ00000000A26001", "link": "https://a.example.org/7"
    }
    made = manager.post(f"{scene.path}/appeals", body)
    assert made.status_code == 201, made.text
    assert manager.post(f"{scene.path}/appeals", {**body, "number": "7"}).status_code == 422
    shown = program().get(scene.path).get_json()["appeals"]
    assert [one["link"] for one in shown] == ["https://a.example.org/7"]
    gone = manager.call("DELETE", f"{scene.path}/appeals/{made.get_json()['id']}")
    assert gone.status_code == 204
    assert program().get(scene.path).get_json()["appeals"] == []


@pytest.mark.parametrize(
    ("name", "story", "acts"),
    [
        ("stranger", "¥1,000", ""),
        ("treasurer", "¥1,000", "记一笔账"),
        ("approver", "¥1,000", "1 笔等另一个人看"),
        ("officer", "¥1,000", ""),
    ],
)
def test_the_page_of_a_project_shows_its_accounts_and_what_one_can_do(
    scene: Scene, app: Flask, name: str, story: str, acts: str
) -> None:
    scene.receipt(LIMIT)
    scene.receipt(LIMIT + 1)
    who: Player = getattr(scene, name, None) or getattr(scene.cast, name)
    actor = who.actor
    scene.cast.session.rollback()
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        g.actor = actor
        project = seen_project(scene.cast.session, actor, scene.project_key)
        values = {"actor": actor, "project": project, "page": None}
        assert story in show_slot("projects.story", **values)
        shown = show_slot("projects.acts", **values)
        for words in ("记一笔账", "1 笔等另一个人看"):
            assert (words in shown) is (words == acts)
    scene.cast.session.rollback()


def test_a_project_without_a_book_shows_none(
    scene: Scene, app: Flask, session: Session
) -> None:
    session.get_one(Project, scene.project_id).published_at = None
    session.commit()
    actor = scene.cast.officer.actor
    with app.test_request_context():
        project = seen_project(session, actor, scene.project_key)
        assert "¥" not in show_slot("projects.story", actor=actor, project=project, page=None)
    session.rollback()
