"""Documents of the open accounts on their pages: originals for a while, copies for everybody."""

import io

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.projects.ledger.kinds import CopyKind
from exchange.projects.ledger.models import DocumentCopy, DocumentLook
from tests.conftest import SettableClock
from tests.projects.ledger_scene import LIMIT, PICTURE, Scene
from tests.projects.ledger_scene import cast as cast  # noqa: PLC0414 - a fixture
from tests.projects.ledger_scene import scene as scene  # noqa: PLC0414 - a fixture
from tests.projects.test_ledger_pages import PDF, photo, sent, sign_in


def test_originals_open_for_a_while_to_who_says_that_they_look(
    scene: Scene, client: FlaskClient, session: Session, clock: SettableClock
) -> None:
    request = scene.receipt(100, originals=[PICTURE], publics=[PICTURE])
    copies = {one.kind: one.file.public_id for one in session.scalars(sa.select(DocumentCopy))}
    original, public = (f"/files/{copies[kind]}/full" for kind in CopyKind)
    session.rollback()
    assert client.get(public).status_code == 200
    assert client.get(original).status_code == 404
    for who, may in (
        (scene.cast.stranger, False), (scene.treasurer, True), (scene.cast.broker, True),
        (scene.cast.supervisor, True),
    ):  # fmt: skip
        sign_in(scene, client, who)
        assert client.get(original).status_code == 404
        answer = client.post(f"{scene.path}/requests/{request}/look")
        assert answer.status_code == (302 if may else 403)
        assert client.get(original).status_code == (200 if may else 404)
    sign_in(scene, client, scene.cast.broker)
    page = client.get(f"{scene.path}/entries/1").text
    assert original in page
    assert "陆远" in page  # the supervisor looked
    clock.forward(minutes=31)
    assert client.get(original).status_code == 404
    session.rollback()
    assert session.scalar(sa.select(sa.func.count()).select_from(DocumentLook)) == 3
    seen = sa.select(sa.func.count(AuditEntry.id)).where(AuditEntry.event == "LedgerDocumentsSeen")
    assert session.scalar(seen) == 3


def test_the_public_copy_of_what_waits_is_not_public_yet(
    scene: Scene, client: FlaskClient, session: Session
) -> None:
    request = scene.receipt(LIMIT + 1, publics=[PICTURE])
    (copy,) = session.scalars(sa.select(DocumentCopy))
    path = f"/files/{copy.file.public_id}/full"
    session.rollback()
    assert client.get(path).status_code == 404
    scene.approve(request)
    assert client.get(path).status_code == 200


def test_a_public_copy_follows_later_and_can_be_taken_back(
    scene: Scene, client: FlaskClient, session: Session
) -> None:
    request = scene.receipt(100)
    assert "收据还在路上" in client.get(f"{scene.path}/entries/1").text
    sign_in(scene, client, scene.treasurer)
    door = f"{scene.path}/requests/{request}/documents"
    both = {"files": (io.BytesIO(PDF), "a.pdf"), "public_files": (photo(), "b.jpg")}
    client.post(door, data={**both, "children": "no_child"})
    session.rollback()
    public = next(
        one.file.public_id
        for one in session.scalars(sa.select(DocumentCopy))
        if one.kind is CopyKind.PUBLIC
    )
    session.rollback()
    scene.cast.sign_out(client)
    assert client.get(f"/files/{public}/full").status_code == 200
    assert public in client.get(f"{scene.path}/entries/1").text
    sign_in(scene, client, scene.treasurer)
    client.post(f"{door}/withdraw", data={"file": public})
    client.post(f"{door}/withdraw", data={"file": "nothing"})
    assert client.post(door, data={"no_public_reason": "王某家孩子的病历"}).status_code == 422
    client.post(door, data={"no_public_reason": "上面有很多人名"})
    scene.cast.sign_out(client)
    assert client.get(f"/files/{public}/full").status_code == 404
    assert "上面有很多人名" in client.get(f"{scene.path}/entries/1").text


def test_a_public_copy_needs_a_word_about_children_the_document_itself_none(
    scene: Scene, client: FlaskClient, session: Session
) -> None:
    request = scene.receipt(100)
    sign_in(scene, client, scene.treasurer)
    doors = f"{scene.path}/record", f"{scene.path}/requests/{request}/documents"
    for door in doors:
        for said, words in (({}, "say first whether a child"), ({"children": "child"}, "never")):
            form = sent() if door == doors[0] else {}
            answer = client.post(door, data={**form, **said, "public_files": (photo(), "b.jpg")})
            assert answer.status_code == 422
            assert words in answer.text
    session.rollback()
    assert session.scalars(sa.select(DocumentCopy)).all() == []
    client.post(doors[1], data={"files": (photo(), "a.jpg")})
    public = {"public_files": (photo(), "b.jpg"), "children": "no_child"}
    client.post(doors[1], data=public)
    session.rollback()
    kept = {one.kind: one.statement for one in session.scalars(sa.select(DocumentCopy))}
    assert kept == {CopyKind.ORIGINAL: None, CopyKind.PUBLIC: "no_child"}
