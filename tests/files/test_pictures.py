"""Uploaded pictures: small, upright, without metadata, seen only by who may see their owner."""

import io
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageFile
from sqlalchemy.orm import Session

from exchange.files import uploading
from exchange.files.jobs import sweep_files
from exchange.files.models import StoredFile
from exchange.files.pictures import LARGEST_BYTES, read_picture
from exchange.files.service import file_store
from exchange.files.store import LocalFileStore
from exchange.kernel.act import House
from exchange.kernel.errors import Invalid
from exchange.listings.kinds import State, Visibility
from exchange.listings.models import Listing
from tests.cast import VILLAGE, Cast

ORIENTATION, GPS = 0x0112, 0x8825


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def camera_picture() -> bytes:
    image = Image.new("RGB", (300, 200), "teal")
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[0x010F] = "A Camera"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (26.0, 15.0, 3.0)
    return encoded(image, exif=exif)


def test_the_turn_is_applied_and_all_metadata_is_gone() -> None:
    picture = read_picture(camera_picture())
    assert (picture.width, picture.height) == (200, 300)
    for data in (picture.full, picture.thumb):
        kept = Image.open(io.BytesIO(data))
        assert dict(kept.getexif()) == {}
        assert "exif" not in kept.info
        assert b"A Camera" not in data


def test_large_pictures_become_small() -> None:
    picture = read_picture(encoded(Image.new("RGB", (4000, 1000), "teal")))
    assert (picture.width, picture.height) == (1600, 400)
    assert Image.open(io.BytesIO(picture.thumb)).size == (400, 100)


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("RGBA", "PNG"), ("P", "PNG"), ("L", "JPEG"), ("CMYK", "JPEG"), ("RGB", "WEBP")],
)
def test_every_common_kind_is_read(mode: str, kind: str) -> None:
    assert read_picture(encoded(Image.new(mode, (20, 10)), kind)).width == 20


def bomb(edge: int = 30_000) -> bytes:
    """A PNG of so many points each way in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + kind + data + crc

    size = edge.to_bytes(4, "big")
    head = chunk(b"IHDR", size + size + bytes([8, 2, 0, 0, 0]))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "data",
    [
        b"", b"GIF89a", b"\xff\xd8\xff", b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        bomb(), bomb(7740), b"x" * (LARGEST_BYTES + 1), encoded(Image.new("RGB", (9, 9)), "GIF"),
        encoded(Image.new("RGB", (300, 300), "red"))[:400],
    ],
    ids=["empty", "stub", "cut", "svg", "bomb", "wide", "heavy", "gif", "half"],
)  # fmt: skip
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        read_picture(data)


def test_a_picture_of_few_bytes_and_many_pixels_is_called_too_large() -> None:
    with pytest.raises(Invalid) as refusal:
        read_picture(bomb(7740))
    assert refusal.value.code == "picture_too_large"


def test_a_large_photograph_is_decoded_small(monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[int] = []
    load = ImageFile.ImageFile.load

    def noted(image: ImageFile.ImageFile) -> object:
        decoded.append(image.width)
        return load(image)

    monkeypatch.setattr(ImageFile.ImageFile, "load", noted)
    picture = read_picture(encoded(Image.new("RGB", (7000, 5000), "teal")))
    assert (picture.width, picture.height) == (1600, 1143)
    assert max(decoded) == 3500


def test_what_was_transparent_becomes_white() -> None:
    picture = read_picture(encoded(Image.new("RGBA", (2000, 10), (0, 0, 0, 0)), "PNG"))
    assert Image.open(io.BytesIO(picture.full)).getpixel((5, 5)) == (255, 255, 255)


def test_pictures_read_at_once_leave_the_warnings_of_the_process_alone() -> None:
    before = list(warnings.filters)
    data = camera_picture()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: read_picture(data), range(40)))
    assert list(warnings.filters) == before


def test_the_store_keeps_gives_and_forgets(tmp_path: Path) -> None:
    store = LocalFileStore(tmp_path)
    assert list(store.names()) == []
    store.put("abcdef23-full", b"one")
    assert store.get("abcdef23-full") == b"one"
    assert [name for name, _ in store.names()] == ["abcdef23-full"]
    store.delete("abcdef23-full")
    store.delete("abcdef23-full")
    assert store.get("abcdef23-full") is None
    for name in ("../x-full", "abcdef23-other", "", "ab/cdef-full"):
        with pytest.raises(ValueError, match="not the name"):
            store.put(name, b"")


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    return Cast(app, session)


def post_with_pictures(client: FlaskClient, cast: Cast, count: int, **changes: object) -> Listing:
    cast.sign_in(client, cast.officer)
    photos = [(io.BytesIO(camera_picture()), f"{number}.jpg") for number in range(count)]
    sent = {
        "text": "烤房坏了两座", "understood": "1", "guess": "equipment.processing",
        "division": VILLAGE, "photos": photos, "children": "no_child", **changes,
    }  # fmt: skip
    client.post("/post/help", data=sent, content_type="multipart/form-data")
    cast.session.rollback()
    return cast.session.query(Listing).one()


def test_a_picture_is_seen_by_who_sees_its_listing(client: FlaskClient, cast: Cast) -> None:
    listing = post_with_pictures(client, cast, 1)
    url = f"/files/{listing.photos[0].file.public_id}"
    other = client.application.test_client()
    for size in ("full", "thumb"):
        answer = other.get(f"{url}/{size}")
        assert answer.status_code == 200
        assert answer.mimetype == "image/webp"
        assert "private" in answer.headers["Cache-Control"]
    assert other.get(f"{url}/original").status_code == 404
    listing.visibility = Visibility.BROKERS
    cast.session.commit()
    assert other.get(f"{url}/full").status_code == 404
    assert client.get(f"{url}/full").status_code == 200


def test_pictures_behind_a_public_title_stay_hidden(client: FlaskClient, cast: Cast) -> None:
    listing = post_with_pictures(client, cast, 1)
    listing.public_title = "需要帮助"
    cast.session.commit()
    url = f"/files/{listing.photos[0].file.public_id}/full"
    assert client.application.test_client().get(url).status_code == 404


def test_a_file_without_a_room_is_seen_by_nobody(client: FlaskClient, cast: Cast) -> None:
    listing = post_with_pictures(client, cast, 1)
    file = listing.photos[0].file
    file.owner_kind = "nothing"
    cast.session.commit()
    assert client.get(f"/files/{file.public_id}/full").status_code == 404
    assert client.get("/files/doesnotexist99/full").status_code == 404


def test_seven_pictures_are_one_too_many(client: FlaskClient, cast: Cast) -> None:
    listing = post_with_pictures(client, cast, 7)
    assert listing.state is State.DRAFT
    assert listing.photos == []


def test_pictures_of_one_person_are_counted_by_the_day(
    client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploading, "UPLOADS", replace(uploading.UPLOADS, tries=3))
    assert len(post_with_pictures(client, cast, 2).photos) == 2
    photos = [(io.BytesIO(camera_picture()), f"{number}.jpg") for number in range(2)]
    sent = {
        "text": "还缺三台微耕机", "understood": "1", "guess": "equipment.processing",
        "division": VILLAGE, "photos": photos, "children": "no_child",
    }  # fmt: skip
    answer = client.post("/post/help", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "今天传的图片够多了" in answer.text


def test_a_picture_can_be_taken_away(client: FlaskClient, cast: Cast) -> None:
    listing = post_with_pictures(client, cast, 2, quantity="许多")
    first = listing.photos[0].file.public_id
    sent = {"text": "烤房坏了两座", "draft": listing.public_id, "remove_photo": first}
    client.post("/post/help", data=sent)
    cast.session.rollback()
    kept = [photo.file.public_id for photo in cast.session.get_one(Listing, listing.id).photos]
    assert len(kept) == 1
    assert first not in kept


def test_only_old_bytes_without_a_row_are_swept(
    client: FlaskClient, app: Flask, house: House, cast: Cast
) -> None:
    listing = post_with_pictures(client, cast, 1)
    kept = listing.photos[0].file.public_id
    store = file_store(house)
    store.put("orphan22-full", b"old")
    far = datetime.now(UTC) + timedelta(days=3)
    house.clock.set(far)  # type: ignore[attr-defined]  # the tests' clock can be set
    run = app.extensions["exchange.jobs"]
    with app.app_context():
        sweep_files.handler(run, [])
        assert store.get("orphan22-full") is None
        assert store.get(f"{kept}-full") is not None
    house.clock.set(far - timedelta(days=3))  # type: ignore[attr-defined]  # likewise
    store.put("orphan33-full", b"new")
    with app.app_context():
        sweep_files.handler(run, [])
    assert store.get("orphan33-full") == b"new"


def test_the_row_says_what_was_kept(client: FlaskClient, cast: Cast) -> None:
    post_with_pictures(client, cast, 1)
    file = cast.session.query(StoredFile).one()
    assert (file.width, file.height, file.media_type) == (200, 300, "image/webp")
    assert file.uploaded_by_id == cast.officer.person_id
