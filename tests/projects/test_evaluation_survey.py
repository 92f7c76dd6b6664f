"""Villagers answer by link or on paper; nobody learns who, and sums come when the round is over."""

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.kernel.errors import Invalid
from exchange.listings.kinds import Visibility
from exchange.projects.evaluation.kinds import Choice, Question, RoundKind
from exchange.projects.evaluation.models import (
    SurveyAnswer,
    SurveyDevice,
    SurveyPaper,
    VillagerWords,
)
from exchange.projects.evaluation.survey_service import (
    enter_paper,
    paper_number,
    paper_row,
    print_papers,
)
from exchange.projects.kinds import Stage
from tests.projects.evaluation_scene import ANSWER, Evaluated
from tests.projects.evaluation_scene import scene as scene  # noqa: PLC0414 - a fixture

WORDS = "覃阿公家的路还没修到"


def count(session: Session, model: Any) -> int:
    session.rollback()
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def shares(page: str) -> list[str]:
    return re.findall(r'<span class="num">(\d+)%</span>', page)


def test_a_villager_answers_without_signing_in_once_on_each_phone(
    scene: Evaluated, client: FlaskClient
) -> None:
    scene.finished()
    client.get("/locale/en")
    address = f"/v/{scene.round().survey_code}"
    page = client.get(address)
    assert "Is it better now than before?" in page.text
    assert page.headers["X-Robots-Tag"].startswith("noindex")
    sent = client.post(address, data=ANSWER)
    assert sent.status_code == 303
    assert "Your answer is in." in client.get(address).text
    client.post(address, data={**ANSWER, "better": "worse"})
    assert count(scene.session, SurveyAnswer) == 1
    assert scene.villager(better="worse").status_code == 303
    assert count(scene.session, SurveyAnswer) == 2


def test_a_phone_without_the_cookie_is_asked_to_send_once_more(
    scene: Evaluated, client: FlaskClient
) -> None:
    scene.finished()
    client.get("/locale/en")
    address = f"/v/{scene.round().survey_code}"
    first = client.post(address, data={**ANSWER, "words": WORDS})
    assert first.status_code == 422
    assert "once more" in first.text
    assert WORDS in first.text
    assert client.post(address, data=ANSWER).status_code == 303


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"adult": ""}, "This survey is for people of 14 and older."),
        (
            {"reached": "", "better": "", "known": "", "again": ""},
            "Please answer at least one question.",
        ),
        ({"words": "长" * 501}, "This is too long."),
    ],
)
def test_children_empty_answers_and_long_words_are_not_taken(
    scene: Evaluated, given: dict[str, str], sentence: str
) -> None:
    scene.finished()
    answer = scene.villager(**given)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert count(scene.session, SurveyAnswer) == 0
    assert count(scene.session, SurveyDevice) == 0


def test_choices_that_are_none_give_no_error(scene: Evaluated) -> None:
    scene.finished()
    for value in ("much", "\x00", "🐂" * 60):
        assert scene.villager(better=value).status_code in (303, 422)
    assert count(scene.session, SurveyAnswer) <= 1


def test_a_wrong_code_and_a_survey_that_is_over_say_so(
    scene: Evaluated, client: FlaskClient
) -> None:
    scene.finished()
    client.get("/locale/en")
    assert client.get("/v/zzzzzzzz").status_code == 404
    assert client.post("/v/zzzzzzzz", data=ANSWER).status_code == 404
    code = scene.round().survey_code
    client.get(f"/v/{code}")
    scene.close()
    assert "not open" in client.get(f"/v/{code}").text
    assert client.post(f"/v/{code}", data=ANSWER).status_code == 409
    assert count(scene.session, SurveyAnswer) == 0


def test_a_project_that_not_everybody_may_know_is_asked_about_on_paper_alone(
    scene: Evaluated, client: FlaskClient
) -> None:
    scene.make(visibility=Visibility.BROKERS, title="留守儿童结对")
    scene.stage(Stage.COMPLETED)
    code = scene.round().survey_code
    page = client.get(f"/v/{code}")
    assert "留守儿童结对" not in page.text
    assert client.post(f"/v/{code}", data=ANSWER).status_code == 409


def test_of_an_answer_neither_who_nor_when_nor_from_where_is_kept(scene: Evaluated) -> None:
    scene.finished()
    before = scene.events()
    assert scene.villager(words=WORDS).status_code == 303
    assert scene.events() == before
    entries = scene.session.scalars(sa.select(AuditEntry)).all()
    assert all("evaluation_answer" not in str(entry.changes) for entry in entries)
    assert {column.name for column in SurveyAnswer.__table__.columns} == {
        "key", "round_id", "reached", "better", "known", "again",
    }  # fmt: skip
    assert {column.name for column in SurveyDevice.__table__.columns} == {"round_id", "key_hash"}
    words = scene.session.scalars(sa.select(VillagerWords)).one()
    assert WORDS not in (words.text_sealed or "")
    scene.close()
    assert count(scene.session, SurveyDevice) == 0
    assert count(scene.session, SurveyAnswer) == 1


def test_nobody_reads_sums_before_the_round_is_closed(
    scene: Evaluated, client: FlaskClient
) -> None:
    scene.finished()
    cast = scene.cast
    readers = (None, cast.stranger, cast.officer, cast.enterprise, cast.broker, cast.supervisor)
    for _ in range(6):
        scene.villager()
    six = [scene.open_page(client, who).text for who in readers]
    assert not any("%</span>" in page for page in six)
    scene.villager(reached="none", better="worse", known="unknown", again="no")
    for who in (None, cast.stranger):
        assert "have answered. What they say" not in scene.open_page(client, who).text
    assert "7 villagers have answered." in scene.open_page(client, cast.officer).text
    scene.close()
    pages = [scene.open_page(client, who).text for who in readers]
    shown = [shares(page) for page in pages]
    assert shown[0]
    assert pages[0].count(">6 people</span>") == pages[0].count(">86%</span>") == 4
    assert all(one == shown[0] for one in shown)


def test_fewer_than_five_answers_are_not_shown_to_anybody(
    scene: Evaluated, client: FlaskClient
) -> None:
    scene.finished()
    for _ in range(4):
        scene.villager()
    scene.close()
    for who in (None, scene.cast.officer, scene.cast.supervisor):
        page = scene.open_page(client, who).text
        assert "Too few villagers answered" in page
        assert "%</span>" not in page


def test_the_worker_reads_words_first_and_everybody_what_is_released(
    scene: Evaluated, client: FlaskClient
) -> None:
    scene.finished()
    cast = scene.cast
    scene.villager(words=WORDS)
    scene.run()
    scene.run()
    assert scene.notices("evaluation_words") == {cast.broker.person_id}
    assert WORDS in scene.open_page(client, cast.broker, "/final/words").text
    assert WORDS in scene.open_page(client, cast.supervisor, "/final/words").text
    for who in (cast.officer, cast.enterprise, cast.stranger):
        assert scene.open_page(client, who, "/final/words").status_code == 403
    scene.enter(client, cast.broker)
    key = scene.session.scalars(sa.select(VillagerWords.public_id)).one()
    path = f"{scene.path}/final/words"
    for text in ("找 13912345678", "王老二家里的路没修到"):
        refused = client.post(path, data={"key": key, "text": text})
        assert refused.status_code == 422
        assert text in refused.text
    for _ in range(2):
        assert client.post(path, data={"key": key, "text": "路还没修到最里面"}).status_code == 302
    assert client.post(path, data={"key": "nobody", "text": "x"}).status_code == 404
    assert "路还没修到最里面" not in scene.open_page(client, None).text
    scene.close()
    page = scene.open_page(client, None).text
    assert "路还没修到最里面" in page
    assert WORDS not in page
    assert scene.events().count("VillagerWordsReleased") == 1
    scene.hours_pass(days=181)
    scene.session.rollback()
    assert scene.session.scalars(sa.select(VillagerWords.text_sealed)).one() is None


def test_a_sheet_is_printed_with_a_number_and_entered_once(
    scene: Evaluated, client: FlaskClient
) -> None:
    scene.finished()
    scene.enter(client, scene.cast.broker)
    assert client.post(f"{scene.path}/final/papers", data={"count": "0"}).status_code == 422
    assert client.post(f"{scene.path}/final/papers", data={"count": "61"}).status_code == 422
    made = client.post(f"{scene.path}/final/papers", data={"count": "2"})
    sheets = client.get(made.headers["Location"]).text
    numbers = re.findall(r"<b>(P\d{7}-\d)</b>", sheets)
    assert len(numbers) == 2
    assert "您觉得怎么样" in sheets
    data = {**ANSWER, "number": numbers[0].lower()}
    assert client.post("/evaluations/paper", data=data).status_code == 302
    twice = client.post("/evaluations/paper", data=data)
    assert twice.status_code == 422
    assert "entered already" in twice.text
    slip = numbers[1][:-1] + str((int(numbers[1][-1]) + 1) % 10)
    wrong = client.post("/evaluations/paper", data={**data, "number": slip})
    assert "no sheet with this number" in wrong.text
    assert slip in wrong.text
    assert client.post("/evaluations/paper", data={"number": numbers[1]}).status_code == 422
    assert count(scene.session, SurveyAnswer) == 1
    assert scene.events().count("SurveyPaperEntered") == 1


def test_sheets_are_for_those_who_look_after_the_project(
    scene: Evaluated, client: FlaskClient
) -> None:
    public_id = scene.finished().project.public_id
    for who in (scene.cast.officer, scene.cast.enterprise, scene.cast.stranger):
        assert scene.open_page(client, who, "/final/papers").status_code == 403
    assert client.get("/evaluations/paper").status_code == 403
    with scene.act(scene.cast.broker) as act:
        print_papers(act, public_id, RoundKind.FINAL, 1)
    number = paper_number(scene.session.scalars(sa.select(SurveyPaper.id)).one())
    elsewhere = scene.cast.officer.actor
    given = {Question.BETTER: Choice.BETTER}
    with pytest.raises(Invalid), scene.act(elsewhere) as act:
        enter_paper(act, number, given, "", is_old_enough=True)


def test_after_the_round_no_sheet_changes_what_was_shown(
    scene: Evaluated, client: FlaskClient
) -> None:
    public_id = scene.finished().project.public_id
    with scene.act(scene.cast.broker) as act:
        print_papers(act, public_id, RoundKind.FINAL, 1)
    number = paper_number(scene.session.scalars(sa.select(SurveyPaper.id)).one())
    for _ in range(5):
        scene.villager()
    scene.close()
    before = shares(scene.open_page(client, None).text)
    scene.enter(client, scene.cast.broker)
    late = client.post("/evaluations/paper", data={**ANSWER, "number": number, "better": "worse"})
    assert late.status_code == 422
    assert "closed" in late.text
    assert shares(scene.open_page(client, None).text) == before != []


def test_numbers_of_other_forms_are_none_of_ours() -> None:
    assert paper_row(paper_number(12)) == 12
    assert paper_row(" ｐ0000012－5 ") in (12, None)
    assert paper_row(paper_number(12)[1:]) is None
    assert paper_row("P") is None
    assert paper_row("P" + "9" * 40) is None


def test_the_poster_carries_the_link_while_the_round_asks(
    scene: Evaluated, client: FlaskClient
) -> None:
    scene.finished()
    client.get("/locale/en")
    page = scene.open_page(client, scene.cast.officer, "/final/poster").text
    assert "不问您是谁" in page
    assert f"/v/{scene.round().survey_code}" in page
    assert scene.open_page(client, scene.cast.stranger, "/final/poster").status_code == 404
    scene.close()
    assert scene.open_page(client, scene.cast.officer, "/final/poster").status_code == 409
