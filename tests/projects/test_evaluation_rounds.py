"""Rounds of evaluation: planned by the project's dates, opened and closed by the clock."""

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.kinds import Visibility
from exchange.projects.evaluation.kinds import RoundKind, RoundState
from exchange.projects.evaluation.queries import may_evaluate
from exchange.projects.evaluation.round_service import conclude, schedule_round
from exchange.projects.events import ProjectChanged
from exchange.projects.kinds import Publication, Stage
from exchange.projects.models import Project
from tests.projects.evaluation_scene import Evaluated
from tests.projects.evaluation_scene import scene as scene  # noqa: PLC0414 - a fixture


def test_the_worker_plans_three_rounds_by_the_dates_of_a_project(scene: Evaluated) -> None:
    scene.make()
    scene.run()
    assert scene.round(RoundKind.HALFWAY).due_on == date(2026, 11, 30)
    assert scene.round(RoundKind.FINAL).due_on == date(2027, 5, 31)
    assert scene.round(RoundKind.LATER).due_on == date(2028, 5, 30)
    assert {scene.round(kind).state for kind in RoundKind} == {RoundState.PLANNED}


def test_a_half_way_day_that_has_passed_is_left_out(scene: Evaluated) -> None:
    scene.make(from_date=date(2026, 1, 1), to_date=date(2026, 12, 31))
    scene.run()
    assert scene.round(RoundKind.HALFWAY).state is RoundState.LEFT_OUT


def test_days_follow_the_project_unless_somebody_has_set_them(scene: Evaluated) -> None:
    project = scene.make()
    scene.run()
    public_id = project.public_id
    with scene.act(scene.cast.officer) as act:
        schedule_round(act, public_id, RoundKind.HALFWAY, date(2027, 1, 10))
    with scene.act() as act:
        act.session.get_one(Project, scene.project_id).to_date = date(2027, 9, 30)
        act.emit(ProjectChanged(scene.project_id, scene.cast.officer.organisation_id))
    assert scene.round(RoundKind.HALFWAY).due_on == date(2027, 1, 10)
    assert scene.round(RoundKind.FINAL).due_on == date(2027, 9, 30)


def test_a_round_opens_on_its_day_and_asks_both_sides_and_the_worker(scene: Evaluated) -> None:
    scene.make()
    scene.run()
    scene.hours_pass(days=7)
    assert scene.round(RoundKind.HALFWAY).state is RoundState.PLANNED
    scene.hours_pass(days=1)
    found = scene.round(RoundKind.HALFWAY)
    assert (found.state, found.opened_on) == (RoundState.OPEN, date(2026, 11, 30))
    assert found.closes_on == date(2026, 12, 30)
    cast = scene.cast
    assert scene.notices("evaluation_opened") == {
        cast.officer.person_id, cast.enterprise.person_id, cast.broker.person_id,
    }  # fmt: skip
    scene.run()
    assert scene.events().count("RoundOpened") == 1


def test_the_final_round_opens_with_the_completion_and_is_reminded_and_closed(
    scene: Evaluated,
) -> None:
    scene.finished()
    assert scene.round().state is RoundState.OPEN
    assert scene.round(RoundKind.LATER).due_on == date(2027, 11, 22)
    scene.hours_pass(days=23)
    assert scene.cast.enterprise.person_id in scene.notices("evaluation_reminder")
    scene.hours_pass(days=7)
    assert scene.round().state is RoundState.OPEN
    scene.hours_pass(days=1)
    assert scene.round().state is RoundState.CLOSED
    assert scene.cast.officer.person_id in scene.notices("evaluation_closed")
    scene.run()
    assert scene.events().count("RoundReminded") == 1
    assert scene.events().count("RoundClosed") == 1


def test_the_page_of_a_project_shows_its_last_round(
    scene: Evaluated, client: FlaskClient
) -> None:
    scene.finished()
    scene.close()
    scene.enter(client, None)
    page = client.get(f"/projects/{scene.project.public_id}")
    assert page.status_code == 200
    assert "What came of it" in page.text
    assert "<b>At the end</b>" in page.text
    assert "0 per cent" not in page.text
    compared = client.get(f"/projects/compare?p={scene.project.public_id}").text
    assert scene.project.title in compared
    assert "0 per cent" not in compared


@pytest.mark.parametrize(
    "publication", [Publication.WITHDRAWN, Publication.DRAFT, Publication.SUBMITTED]
)
def test_a_project_that_is_not_shown_asks_nobody(
    scene: Evaluated, publication: Publication
) -> None:
    scene.make(publication=publication)
    scene.stage(Stage.COMPLETED)
    scene.run()
    assert "RoundOpened" not in scene.events()


def test_a_project_that_goes_on_takes_its_final_round_back_before_anybody_answered(
    scene: Evaluated,
) -> None:
    scene.finished()
    scene.stage(Stage.RUNNING)
    assert scene.round().state is RoundState.PLANNED
    scene.stage(Stage.COMPLETED)
    assert scene.round().state is RoundState.OPEN
    assert scene.villager().status_code == 303
    scene.stage(Stage.RUNNING)
    assert scene.round().state is RoundState.OPEN


def test_a_manager_changes_the_day_on_the_page_and_bad_days_stay_typed(
    scene: Evaluated, client: FlaskClient
) -> None:
    scene.make()
    scene.run()
    scene.enter(client, scene.cast.officer)
    path = f"{scene.path}/halfway/schedule"
    past = client.post(path, data={"day": "2026-11-01", "version": "1"})
    assert past.status_code == 422
    assert "Please choose a day from today on." in past.text
    assert "2026-11-01" in past.text
    assert client.post(path, data={"day": "nonsense"}).status_code == 422
    assert client.post(path, data={"day": "2027-02-01", "version": "1"}).status_code == 302
    assert scene.round(RoundKind.HALFWAY).due_on == date(2027, 2, 1)
    again = client.post(path, data={"day": "2027-02-01", "version": "1"})
    assert again.status_code == 302
    other = client.post(path, data={"day": "2027-03-01", "version": "1"})
    assert other.status_code == 422
    assert client.post(path, data={"left_out": "y", "version": "2"}).status_code == 302
    assert scene.round(RoundKind.HALFWAY).state is RoundState.LEFT_OUT
    assert scene.events().count("EvaluationScheduled") == 3  # one as they were planned


def test_the_last_day_is_moved_within_limits_and_the_final_round_is_never_left_out(
    scene: Evaluated,
) -> None:
    public_id = scene.finished().project.public_id
    with pytest.raises(Invalid), scene.act(scene.cast.officer) as act:
        schedule_round(act, public_id, RoundKind.FINAL, act.today + timedelta(days=121))
    with scene.act(scene.cast.broker) as act:
        schedule_round(act, public_id, RoundKind.FINAL, act.today + timedelta(days=60))
    assert scene.round().closes_on == date(2027, 1, 21)
    scene.close()
    assert scene.round().state is RoundState.OPEN
    scene.make()
    scene.run()
    public_id = scene.project.public_id
    with pytest.raises(Invalid), scene.act(scene.cast.officer) as act:
        schedule_round(act, public_id, RoundKind.FINAL, None, left_out=True)


def test_a_closed_round_stays_closed(scene: Evaluated) -> None:
    scene.finished().close()
    public_id = scene.project.public_id
    with pytest.raises(Conflict), scene.act(scene.cast.officer) as act:
        schedule_round(act, public_id, RoundKind.FINAL, act.today + timedelta(days=9))


def test_strangers_and_partners_set_no_days(scene: Evaluated, client: FlaskClient) -> None:
    scene.finished()
    for who in (scene.cast.stranger, scene.cast.enterprise):
        assert scene.open_page(client, who, "/final/schedule").status_code == 403
    scene.make(visibility=Visibility.BROKERS)
    public_id = scene.project.public_id
    with pytest.raises(NotFound), scene.act(scene.cast.stranger) as act:
        schedule_round(act, public_id, RoundKind.FINAL, None)
    assert scene.open_page(client, scene.cast.stranger).status_code == 404
    assert scene.open_page(client, None).status_code == 404


def test_a_project_is_called_evaluated_after_its_final_round_alone(
    scene: Evaluated, client: FlaskClient
) -> None:
    public_id = scene.finished().project.public_id
    assert not may_evaluate(scene.session, scene.project)
    with pytest.raises(Conflict), scene.act(scene.cast.officer) as act:
        conclude(act, public_id)
    scene.close()
    assert may_evaluate(scene.session, scene.project)
    with pytest.raises(Forbidden), scene.act(scene.cast.enterprise) as act:
        conclude(act, public_id)
    assert "Call it evaluated" in scene.open_page(client, scene.cast.officer).text
    for _ in range(2):
        assert client.post(f"{scene.path}/conclude").status_code == 302
    assert scene.project.stage is Stage.EVALUATED
    assert scene.events().count("ProjectStaged") == 2


def test_a_round_of_no_kind_is_not_there(scene: Evaluated, client: FlaskClient) -> None:
    scene.finished()
    for kind in ("never", "%00", "FINAL"):
        answer = scene.open_page(client, scene.cast.officer, f"/{kind}/schedule")
        assert answer.status_code == 404
