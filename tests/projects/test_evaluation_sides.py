"""Both sides say how it was, and read each other only when both have; what was reached."""

import pytest
from flask.testing import FlaskClient

from exchange.kernel.errors import Conflict, Forbidden
from exchange.projects.evaluation.account_service import Account, Line, write_account
from exchange.projects.evaluation.kinds import Again, LineKind, Mark, Reach, RoundKind
from exchange.projects.evaluation.models import SideStatement
from exchange.projects.evaluation.statement_service import Said, speak
from tests.cast import Player
from tests.projects.evaluation_scene import MARKS, Evaluated
from tests.projects.evaluation_scene import scene as scene  # noqa: PLC0414 - a fixture

NOTE_OF_VILLAGE, NOTE_OF_FIRM = "车来得准时，路还窄", "村里卸货快，愿意再来"
LINE = {
    "line_kind": ["aim", "milestone", "figure", "figure"],
    "line_label": ["让刺梨鲜果当天运出村", "修好冷库", "冷藏车", ""],
    "line_reach": ["mostly", "", "fully", ""],
    "line_planned": ["", "", "2", ""],
    "line_reached": ["", "", "2.5", ""],
    "line_unit": ["", "", "辆", ""],
}
FORM = {
    "people_planned": "300", "people_reached": "320", "went_well": "车准时到", "went_badly": "路窄",
    "lessons": "先修路再买车", "version": "0",
}  # fmt: skip


def said(note: str = "") -> Said:
    return Said(dict.fromkeys(Mark, 4), Again.YES, note)


def say(scene: Evaluated, who: Player, note: str) -> SideStatement:
    public_id = scene.project.public_id
    with scene.act(who) as act:
        return speak(act, public_id, RoundKind.FINAL, said(note))


def test_a_side_fills_the_form_and_the_other_reads_it_only_after_answering(
    scene: Evaluated, client: FlaskClient
) -> None:
    scene.finished()
    cast = scene.cast
    scene.enter(client, cast.officer)
    path = f"{scene.path}/final/say"
    assert "How well did we work together?" in client.get(path).text
    refused = client.post(path, data={"note": NOTE_OF_VILLAGE, "again": "yes"})
    assert refused.status_code == 422
    assert NOTE_OF_VILLAGE in refused.text
    data = {**MARKS, "note": NOTE_OF_VILLAGE, "version": "0"}
    assert client.post(path, data=data).status_code == 302
    for who in (cast.enterprise, cast.broker, cast.supervisor):
        page = scene.open_page(client, who).text
        assert NOTE_OF_VILLAGE not in page
        assert "has answered" in page
    assert NOTE_OF_VILLAGE in scene.open_page(client, cast.officer).text
    say(scene, cast.enterprise, NOTE_OF_FIRM)
    for who in (cast.enterprise, cast.officer, cast.broker):
        page = scene.open_page(client, who).text
        assert NOTE_OF_VILLAGE in page
        assert NOTE_OF_FIRM in page
    for reader in (cast.stranger, None):
        page = scene.open_page(client, reader).text
        assert NOTE_OF_VILLAGE not in page
        assert "What both sides say" not in page
    told = scene.notices("evaluation_sides")
    assert cast.officer.person_id in told
    assert scene.events().count("SidesShown") == 1


def test_what_was_said_can_be_changed_until_the_others_may_read_it(scene: Evaluated) -> None:
    scene.finished()
    cast = scene.cast
    say(scene, cast.officer, "一")
    say(scene, cast.officer, "一")
    say(scene, cast.officer, "二")
    assert scene.events().count("SideSpoke") == 2
    say(scene, cast.enterprise, NOTE_OF_FIRM)
    say(scene, cast.officer, "二")
    with pytest.raises(Conflict, match="evaluation_said"):
        say(scene, cast.officer, "三")


def test_two_colleagues_do_not_write_over_each_other(scene: Evaluated) -> None:
    scene.finished()
    public_id = scene.project.public_id
    say(scene, scene.cast.officer, "一")
    with pytest.raises(Conflict, match="changed_meanwhile"), scene.act(scene.cast.officer) as act:
        speak(act, public_id, RoundKind.FINAL, said("二"), version=0)


def test_the_round_s_end_shows_the_one_side_that_answered_and_takes_no_more(
    scene: Evaluated, client: FlaskClient
) -> None:
    scene.finished()
    say(scene, scene.cast.officer, NOTE_OF_VILLAGE)
    scene.close()
    assert NOTE_OF_VILLAGE in scene.open_page(client, scene.cast.enterprise).text
    with pytest.raises(Conflict, match="evaluation_closed"):
        say(scene, scene.cast.enterprise, NOTE_OF_FIRM)
    assert "takes no more answers" in client.get(f"{scene.path}/final/say").text


def test_strangers_and_brokers_speak_for_no_side(scene: Evaluated, client: FlaskClient) -> None:
    scene.finished()
    for who in (scene.cast.stranger, scene.cast.broker):
        assert scene.open_page(client, who, "/final/say").status_code == 403
        with pytest.raises(Forbidden):
            say(scene, who, "")
    assert scene.open_page(client, None, "/final/say").status_code in (302, 401)


def test_phone_numbers_and_marks_that_are_none_are_refused_in_words(
    scene: Evaluated, client: FlaskClient
) -> None:
    scene.finished()
    scene.enter(client, scene.cast.officer)
    path = f"{scene.path}/final/say"
    phone = client.post(path, data={**MARKS, "note": "打 13912345678"})
    assert phone.status_code == 422
    assert "13912345678" in phone.text
    for mark in ("0", "6", "x", ""):
        assert client.post(path, data={**MARKS, "aims": mark}).status_code == 422
    assert "SideSpoke" not in scene.events()


def test_the_project_s_people_write_what_was_reached_and_release_it(
    scene: Evaluated, client: FlaskClient
) -> None:
    scene.finished()
    scene.enter(client, scene.cast.officer)
    path = f"{scene.path}/final/results"
    form = client.get(path).text
    assert "修好冷库" in form
    assert "让刺梨鲜果当天运出村" in form
    wrong = client.post(path, data={**FORM, **LINE, "line_planned": ["", "", "许多", ""]})
    assert wrong.status_code == 422
    assert "Please write a number, such as 2.5." in wrong.text
    assert "许多" in wrong.text
    for typed, words in (("-4", "It cannot be less than 0."), ("9" * 20, "At most 1,000,000,000")):
        wrong = client.post(path, data={**FORM, **LINE, "line_planned": ["", "", typed, ""]})
        assert wrong.status_code == 422
        assert words in wrong.text
    assert client.post(path, data={**FORM, **LINE}).status_code == 302
    assert "先修路再买车" not in scene.open_page(client, None).text
    assert "先修路再买车" in scene.open_page(client, scene.cast.enterprise).text
    scene.enter(client, scene.cast.officer)
    released = {**FORM, **LINE, "version": "1", "released": "y"}
    for _ in range(2):
        assert client.post(path, data=released).status_code == 302
    page = scene.open_page(client, None).text
    for words in ("先修路再买车", "Reached: 2.5 vehicles", "320", "Mostly reached"):
        assert words in page
    assert scene.events().count("ResultsWritten") == 2
    assert scene.events().count("ResultsReleased") == 1
    stale = {**FORM, **LINE, "lessons": "别的话", "version": "0"}
    scene.enter(client, scene.cast.officer)
    assert client.post(path, data=stale).status_code == 422


def test_names_of_households_are_not_released(scene: Evaluated) -> None:
    public_id = scene.finished().project.public_id
    given = Account([Line(LineKind.AIM, "帮扶", Reach.FULLY)], lessons="低保户王小明家里脱贫了")
    with scene.act(scene.cast.officer) as act:
        write_account(act, public_id, RoundKind.FINAL, given)
    released = Account(given.lines, lessons=given.lessons, released=True)
    with pytest.raises(Exception, match="invalid"), scene.act(scene.cast.officer) as act:
        write_account(act, public_id, RoundKind.FINAL, released)


def test_partners_and_strangers_write_no_results(scene: Evaluated, client: FlaskClient) -> None:
    scene.finished()
    for who in (scene.cast.enterprise, scene.cast.stranger):
        assert scene.open_page(client, who, "/final/results").status_code == 403


def test_results_wait_until_the_round_has_begun(scene: Evaluated, client: FlaskClient) -> None:
    scene.make()
    scene.run()
    assert scene.open_page(client, scene.cast.officer, "/halfway/results").status_code == 409


@pytest.mark.parametrize("name", ["people_planned", "people_reached"])
@pytest.mark.parametrize("count", ["-1", "x", "9" * 30])
def test_counts_of_people_that_are_none_are_refused(
    scene: Evaluated, client: FlaskClient, name: str, count: str
) -> None:
    scene.finished()
    scene.enter(client, scene.cast.officer)
    answer = client.post(f"{scene.path}/final/results", data={**FORM, **LINE, name: count})
    assert answer.status_code == 422
