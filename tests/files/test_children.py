"""Pictures that others will see: whoever sends them says whether a child can be recognised."""

import io
import json

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.files.models import StoredFile
from exchange.files.pictures import Picture
from exchange.files.rules import ANSWERS, PictureStatement, children_allowed
from exchange.files.stating import statement_on
from exchange.kernel.errors import Invalid
from exchange.listings.models import Listing
from tests.cast import VILLAGE, Cast
from tests.files.test_pictures import camera_picture

PICTURE = Picture(b"full", b"thumb", 1, 1)
TEXT = "烤房坏了两座"


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    return Cast(app, session)


def send(client: FlaskClient, pictures: int = 1, **changes: str) -> tuple[int, str]:
    photos = [(io.BytesIO(camera_picture()), f"{number}.jpg") for number in range(pictures)]
    sent = {
        "text": TEXT, "understood": "1", "guess": "equipment.processing", "division": VILLAGE,
        "photos": photos, **changes,
    }  # fmt: skip
    answer = client.post("/post/help", data=sent, content_type="multipart/form-data")
    return answer.status_code, answer.text


def listing(session: Session) -> Listing:
    session.rollback()
    return session.scalars(sa.select(Listing)).one()


def test_only_one_answer_shows_a_picture() -> None:
    assert [one for one in ANSWERS if children_allowed(one)] == [PictureStatement.NO_CHILD]
    for answer, code in (("", "children_unsaid"), ("children_safe", "children_unsaid"),
                         ("child", "children_shown")):  # fmt: skip
        assert children_allowed(answer).code == code
        with pytest.raises(Invalid) as refused:
            statement_on([PICTURE], answer)
        assert refused.value.fields == {"children": [code]}
    assert statement_on([PICTURE], "no_child") is PictureStatement.NO_CHILD
    assert statement_on([], "") is None


def test_a_listing_keeps_no_picture_without_a_word_about_children(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    cast.sign_in(client, cast.officer)
    status, page = send(client)
    assert status == 422
    assert "照片没有收：请先说照片里认不认得出孩子" in page
    kept = listing(session)
    assert (kept.text, list(kept.photos)) == (TEXT, [])
    assert session.scalars(sa.select(StoredFile)).all() == []


def test_a_child_on_a_picture_is_refused_and_the_person_reads_what_to_do(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    cast.sign_in(client, cast.officer)
    status, page = send(client, children="child")
    assert status == 422
    assert "认得出孩子的照片一律不公开，家长同意也不行" in page
    assert "请换一张，或者先把脸遮住" in page
    assert list(listing(session).photos) == []


def test_what_was_said_stands_beside_the_picture_and_in_the_audit(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    cast.sign_in(client, cast.officer)
    assert send(client, children="no_child")[0] == 302
    (photo,) = listing(session).photos
    assert photo.statement is PictureStatement.NO_CHILD
    assert photo.file.uploaded_by_id == cast.officer.person_id
    rows = session.execute(sa.text("SELECT * FROM audit_entry")).mappings()
    told = [json.dumps(dict(row), default=str, ensure_ascii=False) for row in rows]
    assert any("listing_photo" in one and "no_child" in one for one in told)


def test_the_next_pictures_are_asked_about_anew(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    cast.sign_in(client, cast.officer)
    status, page = send(client, quantity="许多", children="no_child")
    assert status == 422
    assert len(listing(session).photos) == 1
    question = page[page.index("照片里认得出孩子吗") :]
    assert " checked" not in question[: question.index("</fieldset>")]


def test_without_pictures_nobody_is_asked(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.officer)
    assert send(client, pictures=0)[0] == 302


def test_changing_a_listing_asks_as_well(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    cast.sign_in(client, cast.officer)
    send(client, pictures=0)
    found = listing(session)
    path, version = f"/listings/{found.public_id}/edit", str(found.version)
    sent = {"text": TEXT, "category": "equipment.processing", "division": VILLAGE,
            "version": version}  # fmt: skip
    for said, status in (({}, 422), ({"children": "child"}, 422), ({"children": "no_child"}, 302)):
        photos = [(io.BytesIO(camera_picture()), "a.jpg")]
        answer = client.post(
            path, data={**sent, **said, "photos": photos}, content_type="multipart/form-data"
        )
        assert answer.status_code == status
        assert len(listing(session).photos) == (status == 302)
