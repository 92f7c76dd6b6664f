"""PDFs with a match: a quotation, a contract, a signed consent. Shown by name, only ever saved."""

import io
import json
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.brokering.deeds.models import MatchFile
from exchange.brokering.models import TimelineEntry
from exchange.files import documents
from tests.brokering.conftest import Scene
from tests.brokering.test_worker_api import Call, call, files
from tests.cast import Player
from tests.files.test_documents import pdf
from tests.listings.filing_scene import photo_bytes

__all__ = ["call"]
NAME = "豆瓣厂 报价单.pdf"


def send(
    client: FlaskClient, match: str, *given: tuple[bytes, str], **said: str
) -> tuple[int, str]:
    photos = [(io.BytesIO(data), name) for data, name in given]
    answer = client.post(f"/matches/{match}/files", data={"photos": photos, **said})
    return answer.status_code, answer.text


def kept(scene: Scene) -> list[MatchFile]:
    scene.cast.session.rollback()
    return list(scene.cast.session.scalars(sa.select(MatchFile).order_by(MatchFile.id)))


def test_a_quotation_is_listed_by_its_name_and_size_and_saved_under_it(
    scene: Scene, client: FlaskClient
) -> None:
    cast, match = scene.cast, scene.introduced()
    cast.sign_in(client, cast.enterprise)
    assert send(client, match, (pdf(), NAME), caption="两种装法的价")[0] == 302
    (row,) = kept(scene)
    place = f"/files/{row.file.public_id}/full"
    cast.sign_in(client, cast.officer)
    page = client.get(f"/matches/{match}").text
    shown = page[page.index('id="files"') :]
    for words in (NAME, "PDF · 1 KB", "两种装法的价", place):
        assert words in shown
    assert f"/files/{row.file.public_id}/thumb" not in page
    answer = client.get(place)
    assert (answer.status_code, answer.data, answer.mimetype) == (200, pdf(), "application/pdf")
    words = answer.headers["Content-Disposition"]
    assert words.startswith(f'attachment; filename="{row.file.public_id}.pdf"')
    assert words.endswith(f"filename*=UTF-8''{quote(NAME)}")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert client.get(f"/files/{row.file.public_id}/thumb").status_code == 404
    cast.sign_in(client, cast.stranger)
    assert client.get(place).status_code == 404
    cast.sign_out(client)
    assert client.get(place).status_code == 404


def test_the_list_says_so_in_english_and_offers_to_take_it_away(
    scene: Scene, client: FlaskClient
) -> None:
    cast, match = scene.cast, scene.introduced()
    cast.sign_in(client, cast.enterprise)
    send(client, match, (pdf(), "quotation.pdf"))
    client.get("/locale/en")
    page = client.get(f"/matches/{match}").text
    assert "Pictures and documents" in page
    assert "quotation.pdf" in page
    key = kept(scene)[0].file.public_id
    cast.sign_in(client, cast.officer)
    path = f"/matches/{match}/files/remove"
    assert client.post(path, data={"file": key}).status_code == 403
    cast.sign_in(client, cast.enterprise)
    assert client.post(path, data={"file": key}).status_code == 302
    assert kept(scene) == []
    assert client.get(f"/files/{key}/full").status_code == 404


def test_a_paper_for_the_social_workers_is_read_by_nobody_else(
    scene: Scene, client: FlaskClient
) -> None:
    cast, match = scene.cast, scene.introduced()
    cast.sign_in(client, cast.broker)
    assert send(client, match, (pdf(), "同意书.pdf"), internal="y")[0] == 302
    place = f"/files/{kept(scene)[0].file.public_id}/full"

    def reads(who: Player) -> tuple[int, bool]:
        cast.sign_in(client, who)
        page = client.get(f"/matches/{match}").text
        return client.get(place).status_code, "同意书.pdf" in page

    assert reads(cast.broker) == (200, True)
    assert reads(cast.supervisor) == (200, True)
    assert reads(cast.officer) == reads(cast.enterprise) == (404, False)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (pdf(b"/JavaScript 5 0 R"), "这个 PDF 里有脚本"),
        (pdf(b"/Encrypt 5 0 R"), "这个 PDF 里有脚本"),
        (b"%PDF-1.7 cut off", "打不开这个文件，请发 PDF 或图片"),
        (b"PK\x03\x04 a document of another kind", "打不开这个文件，请发 PDF 或图片"),
        (pdf() + bytes(5_000), "文件太大了"),
    ],
)
def test_what_is_no_good_pdf_is_refused_and_the_words_stay(
    scene: Scene, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, data: bytes, words: str
) -> None:
    monkeypatch.setattr(documents, "LARGEST_BYTES", 5_000)
    match = scene.introduced()
    scene.cast.sign_in(client, scene.cast.enterprise)
    status, page = send(client, match, (data, NAME), caption="两种装法的价")
    assert status == 422
    assert words in page
    assert 'value="两种装法的价"' in page
    assert page.count("请再选一次文件") == 1
    assert kept(scene) == []


def test_a_form_with_other_mistakes_keeps_nothing_either(
    scene: Scene, client: FlaskClient
) -> None:
    match = scene.introduced()
    scene.cast.sign_in(client, scene.cast.enterprise)
    number = "6222 0212 3456 7890 128"
    status, page = send(client, match, (pdf(), NAME), caption=f"打到银行卡 {number}")
    assert status == 422
    assert number in page
    many = [(pdf(stream=b"%d" % n), f"{n}.pdf") for n in range(5)]
    status, page = send(client, match, *many)
    assert (status, "一次最多四份" in page) == (422, True)
    assert kept(scene) == []


def test_sent_twice_it_lies_there_once(scene: Scene, client: FlaskClient) -> None:
    match = scene.introduced()
    scene.cast.sign_in(client, scene.cast.enterprise)
    for _round in range(2):
        sent = send(client, match, (pdf(), NAME), (photo_bytes(), "a.jpg"), caption="报价和样品")
        assert sent[0] == 302
    assert [one.file_name for one in kept(scene)] == [NAME, ""]
    codes = scene.cast.session.scalars(sa.select(TimelineEntry.code))
    assert list(codes).count("attached") == 1
    send(client, match, (pdf(), NAME), caption="另一句话")
    assert len(kept(scene)) == 3


def test_a_number_in_the_name_of_a_file_is_not_kept(scene: Scene, client: FlaskClient) -> None:
    match = scene.introduced()
    scene.cast.sign_in(client, scene.cast.enterprise)
    assert send(client, match, (pdf(), "合同-13800138000.pdf"))[0] == 302
    assert kept(scene)[0].file_name == ""
    page = client.get(f"/matches/{match}").text
    assert "13800138000" not in page
    assert "文件 1" in page


def test_the_audit_says_who_put_it_there_and_keeps_the_name_sealed(
    scene: Scene, client: FlaskClient
) -> None:
    match = scene.introduced()
    scene.cast.sign_in(client, scene.cast.enterprise)
    send(client, match, (pdf(), NAME))
    rows = scene.cast.session.execute(sa.text("SELECT * FROM audit_entry")).mappings()
    told = [json.dumps(dict(row), default=str, ensure_ascii=False) for row in rows]
    attached = [one for one in told if "FileAttached" in one]
    assert len(attached) == 1
    assert "file_name" in attached[0]
    assert all(NAME not in one for one in told)


def test_programs_put_papers_there_and_read_them(
    scene: Scene, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast, match = scene.cast, scene.introduced()
    path = f"/matches/{match}/pictures"

    def papers(data: bytes, **said: str) -> dict[str, Any]:
        sent = files(**said)
        sent["data"]["photos"] = [(io.BytesIO(data), NAME)]
        return sent

    status, found = call(cast.enterprise, "POST", path, **papers(pdf(), caption="两种装法的价"))
    (item,) = found["items"]
    assert status == 201
    assert (item["media_type"], item["name"], item["thumb"]) == ("application/pdf", NAME, None)
    assert item["size_bytes"] == len(pdf())
    assert call(cast.officer, "GET", path)[1]["items"][0]["full"] == item["full"]
    monkeypatch.setattr(documents, "LARGEST_BYTES", 5_000)
    for data, code in (
        (pdf(b"/JavaScript 5 0 R"), "document_active"),
        (b"%PDF-1.7 cut off", "document_unreadable"),
        (pdf() + bytes(5_000), "document_too_large"),
    ):
        status, refused = call(cast.enterprise, "POST", path, **papers(data))
        assert (status, refused["errors"]["photos"][0]["code"]) == (422, code)
    assert call(cast.stranger, "POST", path, **papers(pdf()))[0] == 404
    assert call(cast.officer, "DELETE", f"{path}/{item['id']}")[0] == 403
    assert call(cast.enterprise, "DELETE", f"{path}/{item['id']}")[1]["items"] == []
