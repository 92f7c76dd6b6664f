"""Reports of projects and activities, from the button to the appeal."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts.kinds import PointLevel
from exchange.audit.models import AuditEntry
from exchange.kernel.act import Act
from exchange.kernel.actor import Duty
from exchange.kernel.errors import Conflict, Forbidden, NotFound
from exchange.listings.kinds import Visibility
from exchange.moderation.appeal_service import appeal, decide_appeal
from exchange.moderation.case_service import Ruling, decide_case
from exchange.moderation.kinds import CaseState, Reason, TargetKind, Verdict
from exchange.moderation.models import ModerationCase
from exchange.moderation.report_service import report
from exchange.notifications.models import Notice
from exchange.projects.kinds import Publication, Template
from exchange.projects.models import Project, ProjectDivision
from exchange.volunteering.copying.service import copy_activity
from exchange.volunteering.kinds import SignupState
from exchange.volunteering.models import Activity, Shift
from exchange.volunteering.queries import seen_activity
from exchange.volunteering.service import change_activity, make_activity, publish_activity
from exchange.volunteering.shifts.service import add_shifts
from exchange.volunteering.signups.service import say_no, sign_up
from exchange.volunteering.values import ActivityValues, ShiftValues, values_of
from tests.cast import FIRM_AREA, STATION_AREA, VILLAGE, Cast, Player

ActAs = Callable[..., AbstractContextManager[Act]]
STARTS = datetime(2026, 12, 5, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
SAID = "照片里有孩子的脸，请换掉。"
KINDS = (TargetKind.PROJECT, TargetKind.ACTIVITY)


@dataclass
class Yard:
    """A project and an activity of the village, and everybody who has to do with them."""

    cast: Cast
    session: Session
    act_as: ActAs
    ids: dict[TargetKind, int]
    run_jobs: Callable[[], int]

    def thing(self, kind: TargetKind) -> Any:
        self.session.rollback()
        model = Project if kind is TargetKind.PROJECT else Activity
        return self.session.get_one(model, self.ids[kind], populate_existing=True)

    def path(self, kind: TargetKind) -> str:
        folder = "projects" if kind is TargetKind.PROJECT else "activities"
        return f"/{folder}/{self.thing(kind).public_id}"

    def report(self, who: Player, kind: TargetKind, reason: Reason = Reason.PRIVATE) -> str:
        key = self.thing(kind).public_id
        with self.act_as(who.actor) as act:
            return report(act, kind, key, reason).case.public_id

    def decide(self, who: Player, case: str, verdict: Verdict) -> None:
        with self.act_as(who.actor) as act:
            decide_case(act, case, Ruling(verdict, "看过了", SAID))

    def case(self) -> ModerationCase:
        self.session.rollback()
        newest = sa.select(ModerationCase).order_by(ModerationCase.id.desc()).limit(1)
        return self.session.scalars(newest).one()

    def reads(self, client: FlaskClient, who: Player | None, path: str) -> Any:
        if who is None:
            self.cast.sign_out(client)
        else:
            self.cast.sign_in(client, who)
        return client.get(path)

    def told(self, who: Player) -> list[str]:
        self.session.rollback()
        query = sa.select(Notice.code).where(Notice.person_id == who.person_id)
        return list(self.session.scalars(query.order_by(Notice.id)))

    def shift(self) -> Shift:
        query = sa.select(Shift).where(Shift.activity_id == self.ids[TargetKind.ACTIVITY])
        return self.session.scalars(query).one()

    def joins(self, who: Player) -> SignupState:
        shift_id = self.shift().id
        with self.act_as(who.actor) as act:
            return sign_up(act, act.session.get_one(Shift, shift_id)).state


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    return Cast(app, session)


@pytest.fixture
def yard(cast: Cast, session: Session, act_as: ActAs, run_jobs: Callable[[], int]) -> Yard:
    officer = cast.officer
    for player in (cast.broker, cast.supervisor, cast.stranger):
        assert player.person_id
    with act_as(officer.actor) as act:
        project = Project(
            organisation_id=officer.organisation_id, author_id=officer.person_id,
            template=Template.OTHER, publication=Publication.PUBLISHED, title="修水渠",
            aim="让三十户浇得上水。", visibility=Visibility.PUBLIC, created_at=act.now,
            updated_at=act.now, published_at=act.now,
            divisions=[ProjectDivision(division_code=VILLAGE)],
        )  # fmt: skip
        act.session.add(project)
        values = ActivityValues(title="清扫古井", division_code=VILLAGE, text="带手套来")
        activity = make_activity(act, officer.organisation_id, values)
        add_shifts(act, activity, ShiftValues(STARTS, STARTS + timedelta(hours=2), 1, 1))
        publish_activity(act, activity)
        ids = {TargetKind.PROJECT: project.id, TargetKind.ACTIVITY: activity.id}
    return Yard(cast, session, act_as, ids, run_jobs)


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_begins_on_the_page_and_reaches_the_station(
    client: FlaskClient, yard: Yard, kind: TargetKind
) -> None:
    cast = yard.cast
    address = f"/report/{kind.value}/{yard.thing(kind).public_id}"
    page = yard.reads(client, cast.stranger, yard.path(kind)).text
    assert f'href="{address}"' in page
    assert yard.thing(kind).title in client.get(address).text
    assert client.post(address, data={"reason": "odd"}).status_code == 422
    assert client.post(address, data={"reason": "wrong"}).location == "/reports/done"
    assert yard.told(cast.broker)[-1] == "moderation_reported"
    assert client.get("/reports").status_code == 200
    assert client.get(f"/report/{kind.value}/nobody").status_code == 404
    case = yard.case()
    assert (case.kind, case.division_code) == (kind, VILLAGE)
    shown = yard.reads(client, cast.broker, "/moderation").text
    assert yard.thing(kind).title in shown
    whole = client.get(f"/moderation/{case.public_id}").text
    assert yard.path(kind) in whole
    assert f"/moderation/{case.public_id}" in client.get(yard.path(kind)).text


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_reports_their_own_or_reports_twice(yard: Yard, kind: TargetKind) -> None:
    with pytest.raises(Forbidden, match="report_not_own"):
        yard.report(yard.cast.officer, kind)
    yard.report(yard.cast.stranger, kind)
    with pytest.raises(Conflict, match="reported_already"):
        yard.report(yard.cast.stranger, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_three_people_hide_it_and_nothing_to_object_shows_it_again(
    client: FlaskClient, yard: Yard, kind: TargetKind
) -> None:
    cast = yard.cast
    for number in range(3):
        case = yard.report(cast.make_player(f"邻居{number}", FIRM_AREA), kind)
    assert yard.thing(kind).held_at is not None
    assert yard.reads(client, cast.stranger, yard.path(kind)).status_code == 404
    assert yard.reads(client, None, yard.path(kind)).status_code in (302, 404)
    assert yard.reads(client, cast.broker, yard.path(kind)).status_code == 200
    own = yard.reads(client, cast.officer, yard.path(kind))
    assert f"/decisions/{case}" in own.text
    assert yard.told(cast.officer)[-1] == "moderation_held"
    assert "project_held" not in yard.told(cast.officer)
    yard.decide(cast.broker, case, Verdict.NO_ACTION)
    assert yard.thing(kind).held_at is None
    assert yard.reads(client, cast.stranger, yard.path(kind)).status_code == 200
    assert yard.case().state is CaseState.CLOSED


@pytest.mark.parametrize("kind", KINDS)
def test_taken_down_and_restored_by_an_appeal(
    client: FlaskClient, yard: Yard, kind: TargetKind
) -> None:
    cast = yard.cast
    case = yard.report(cast.stranger, kind)
    yard.decide(cast.broker, case, Verdict.TAKE_DOWN)
    assert yard.reads(client, cast.stranger, yard.path(kind)).status_code == 404
    assert yard.told(cast.officer)[-1] == "moderation_taken_down"
    page = yard.reads(client, cast.officer, f"/decisions/{case}").text
    assert SAID in page
    assert yard.path(kind) in page
    assert yard.reads(client, cast.stranger, f"/decisions/{case}").status_code == 404
    with yard.act_as(cast.officer.actor) as act:
        appeal(act, case, "已经换了照片")
    with yard.act_as(cast.supervisor.actor) as act:
        decide_appeal(act, case, upheld=True, answer="换好了，谢谢。")
    assert yard.thing(kind).held_at is None
    assert yard.reads(client, cast.stranger, yard.path(kind)).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_what_two_cases_hide_stays_hidden_until_both_let_go(yard: Yard, kind: TargetKind) -> None:
    cast = yard.cast
    case = yard.report(cast.stranger, kind)
    yard.decide(cast.supervisor, case, Verdict.HOLD)
    key = yard.thing(kind).organisation.public_id
    with yard.act_as(cast.stranger.actor) as act:
        about = report(act, TargetKind.ORGANISATION, key, Reason.FRAUD).case.public_id
    yard.decide(cast.supervisor, about, Verdict.SUSPEND)
    other = next(one for one in KINDS if one is not kind)
    assert yard.thing(other).held_at is not None
    yard.decide(cast.supervisor, case, Verdict.NO_ACTION)
    assert yard.thing(kind).held_at is not None
    second = cast.make_worker(
        "岑月", "第二指导中心", PointLevel.CENTRE, (STATION_AREA[:4],), Duty.SUPERVISOR
    )
    with yard.act_as(cast.officer.actor) as act:
        appeal(act, about, "没有骗人")
    with yard.act_as(second.actor) as act:
        decide_appeal(act, about, upheld=True, answer="查过了，没有问题。")
    assert yard.thing(kind).held_at is None
    assert yard.thing(other).held_at is None


def test_a_hidden_activity_takes_nobody_and_keeps_who_is_there(yard: Yard) -> None:
    cast = yard.cast
    first, waits, late = (cast.make_player(name, VILLAGE) for name in ("甲", "乙", "丙"))
    yard.joins(first)
    yard.joins(waits)
    case = yard.report(cast.stranger, TargetKind.ACTIVITY)
    yard.decide(cast.broker, case, Verdict.HOLD)
    assert yard.told(first)[-1] == "activity_held"
    with pytest.raises(Conflict, match="activity_held"):
        yard.joins(late)
    activity_id, shift_id = yard.ids[TargetKind.ACTIVITY], yard.shift().id
    with yard.act_as(first.actor) as act:
        assert seen_activity(act.session, act.actor, yard_key(act, activity_id)) is not None
        say_no(act, act.session.get_one(Shift, shift_id))
    assert yard.shift().taken == 0  # nobody moves up meanwhile
    with yard.act_as(cast.officer.actor) as act, pytest.raises(Conflict, match="activity_held"):
        copy_activity(act, act.session.get_one(Activity, activity_id), STARTS.date())
    with yard.act_as(late.actor) as act, pytest.raises(NotFound):
        seen_activity(act.session, act.actor, yard_key(act, activity_id))
    yard.decide(cast.broker, case, Verdict.NO_ACTION)
    assert yard.told(waits)[-2:] == ["activity_goes_on", "shift_moved_up"]
    assert yard.joins(late) is SignupState.WAITING


def test_a_change_of_the_owner_is_looked_at_again(yard: Yard) -> None:
    cast = yard.cast
    case = yard.report(cast.stranger, TargetKind.ACTIVITY)
    yard.decide(cast.broker, case, Verdict.MEND)
    assert yard.case().state is CaseState.WAITING
    activity_id = yard.ids[TargetKind.ACTIVITY]
    with yard.act_as(cast.officer.actor) as act:
        found = act.session.get_one(Activity, activity_id)
        values = values_of(found)
        change_activity(act, found, ActivityValues(**{**vars(values), "text": "改好了"}))
    yard.run_jobs()
    assert yard.case().state is CaseState.OPEN


def test_what_is_hidden_stands_in_the_audit_where_it_belongs(yard: Yard) -> None:
    cast = yard.cast
    for kind in KINDS:
        yard.decide(cast.broker, yard.report(cast.stranger, kind), Verdict.HOLD)
    yard.session.rollback()
    query = sa.select(AuditEntry).where(AuditEntry.event.in_(("ProjectHeld", "ActivityHeld")))
    assert len(yard.session.scalars(query).all()) == 2


def yard_key(act: Act, activity_id: int) -> str:
    return act.session.get_one(Activity, activity_id).public_id
