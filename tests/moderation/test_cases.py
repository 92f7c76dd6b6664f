"""What stations and centres do about a report, and what the owner and the reporter hear of it."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts.actor_queries import load_actor
from exchange.accounts.kinds import OrganisationKind, PointLevel, Verification
from exchange.accounts.models import Assignment, Organisation, Person, ServicePoint
from exchange.accounts.organisations.member_service import join
from exchange.accounts.points.service import give_duty
from exchange.accounts.verification.suspension_service import lift_suspension
from exchange.audit.models import AuditEntry
from exchange.brokering.kinds import MatchState
from exchange.jobs.runner import JobRun
from exchange.kernel.act import House
from exchange.kernel.actor import Duty, Role
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.kernel.events import Event
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.listings.service import edit_listing
from exchange.listings.values import values_of
from exchange.moderation.case_service import Ruling, claim_case, decide_case
from exchange.moderation.events import CaseChanged, CaseDecided
from exchange.moderation.jobs import keep_cases
from exchange.moderation.kinds import CaseState, Part, Reason, StepKind, TargetKind, Verdict
from exchange.moderation.models import CaseStep, Report
from exchange.moderation.permissions import can_handle
from exchange.moderation.queries import deciders_of
from exchange.moderation.report_service import report
from exchange.moderation.rules import ANSWER_WITHIN, DUE, TEXTS_KEPT, USUAL
from exchange.moderation.upkeep_service import forget_reports, open_unanswered, tell_overdue
from tests.brokering.conftest import Scene
from tests.brokering.conftest import scene as scene  # noqa: PLC0414 - the fixtures of a match
from tests.cast import FIRM_AREA, STATION_AREA
from tests.conftest import SettableClock
from tests.factories import make_listing
from tests.moderation.conftest import SAID, Street


def verdict(street: Street, **changes: Any) -> dict[str, Any]:
    form = {"verdict": "hold", "reason": "要问清楚", "said": SAID}
    return form | {"version": str(street.case.version)} | changes


def test_queue_shows_what_presses_first_and_the_desk_counts_it(
    client: FlaskClient, street: Street
) -> None:
    cast = street.cast
    street.report(cast.stranger, Reason.DUPLICATE)
    usual = street.case.public_id
    firm = cast.make_organisation(OrganisationKind.COMPANY, "普定公司", "520422").public_id
    with street.act_as(cast.stranger.actor) as act:
        report(act, TargetKind.ORGANISATION, firm, Reason.CHILD)
    urgent = street.case.public_id
    page = street.reads(client, cast.broker, "/moderation").text
    assert page.index(urgent) < page.index(usual)
    desk = client.get("/today").text
    assert '<a href="/moderation"><span>举报</span><span class="count">2</span>' in desk
    assert street.reads(client, cast.stranger, "/moderation").status_code == 403


def test_hold_hides_at_once_ends_matches_and_tells_the_owner(
    client: FlaskClient, street: Street, scene: Scene, session: Session
) -> None:
    cast = street.cast
    match = scene.proposed()
    session.rollback()
    address = session.get_one(Listing, scene.need_id).public_id
    with street.act_as(cast.stranger.actor) as act:
        report(act, TargetKind.LISTING, address, Reason.FRAUD)
    path = f"/moderation/{street.case.public_id}"
    assert street.reads(client, cast.broker, path).status_code == 200
    assert client.post(path, data=verdict(street)).status_code == 302
    session.rollback()
    assert session.get_one(Listing, scene.need_id).held_at is not None
    assert scene.match(match).state is MatchState.LAPSED
    assert street.reads(client, cast.stranger, f"/listings/{address}").status_code == 404
    assert "moderation_held" in street.told(cast.officer)
    assert street.told(cast.stranger) == []
    assert SAID in street.reads(client, cast.officer, f"/listings/{address}").text
    assert "要问清楚" not in client.get(f"/decisions/{street.case.public_id}").text
    street.decide(cast.broker, Verdict.NO_ACTION)
    session.rollback()
    assert session.get_one(Listing, scene.need_id).held_at is None
    assert street.told(cast.officer)[-1] == "moderation_released"
    assert street.told(cast.stranger) == ["report_dealt_with"]


def test_what_the_owner_feels_needs_a_sentence_and_a_reason(
    client: FlaskClient, street: Street
) -> None:
    street.report(street.cast.stranger)
    path = f"/moderation/{street.case.public_id}"
    street.cast.sign_in(client, street.cast.broker)
    for wrong in ({"said": ""}, {"reason": ""}, {"verdict": "odd"}, {"verdict": "suspend"}):
        answer = client.post(path, data=verdict(street, **wrong))
        assert answer.status_code == 422
        assert wrong.get("said") == "" or SAID in answer.text
    assert client.post(path, data=verdict(street, version="0")).status_code == 422
    assert street.need.held_at is None
    with pytest.raises(Invalid):
        street.decide(street.cast.broker, Verdict.MEND, said=" ")
    with pytest.raises(Forbidden, match="verdict_not_yours"):
        street.decide(street.cast.broker, Verdict.SUSPEND)


def test_what_was_asked_to_be_mended_comes_back_when_it_was_changed(
    street: Street, session: Session, run_jobs: Callable[[], int]
) -> None:
    cast = street.cast
    street.report(cast.stranger)
    street.decide(cast.broker, Verdict.MEND)
    assert street.case.state is CaseState.WAITING
    assert "moderation_mend" in street.told(cast.officer)
    session.rollback()
    with street.act_as(cast.officer.actor) as act:
        need = act.session.get_one(Listing, street.need_id)
        values = values_of(need)
        changed = type(values)(**{**vars(values), "text": "春耕要用，已经改好。"})
        edit_listing(act, need, changed, need.version)
    session.rollback()
    run_jobs()
    assert street.case.state is CaseState.OPEN
    assert street.told(cast.broker)[-1] == "moderation_changed"
    street.decide(cast.broker, Verdict.NO_ACTION)
    assert street.case.state is CaseState.CLOSED


@pytest.mark.parametrize("about", ["listing", "worker", "at_centre", "unserved"])
@pytest.mark.parametrize("centre", [False, True])
def test_those_who_are_told_are_those_who_may_look(
    street: Street, session: Session, about: str, centre: bool
) -> None:
    cast = street.cast
    elsewhere = cast.make_worker(
        "远方", "毕节中心", PointLevel.CENTRE, ("5205",), Duty.SUPERVISOR
    )
    own_man = cast.make_player("自己人", STATION_AREA).person_id
    village_id, station_id = cast.officer.organisation_id, cast.broker.organisation_id
    session.commit()
    with street.act_as() as act:  # a worker who belongs to the owner, too
        here = sa.select(ServicePoint).where(ServicePoint.organisation_id == station_id)
        person = act.session.get_one(Person, own_man)
        give_duty(act, act.session.scalars(here).one(), person, Duty.BROKER)
        join(act, person, act.session.get_one(Organisation, village_id), Role.MEMBER)
    street.report(cast.stranger)
    case = street.case
    case.about_person_id = cast.broker.person_id if about == "worker" else case.about_person_id
    case.at_centre, case.unserved = about == "at_centre", about == "unserved"
    session.commit()
    everybody = session.scalars(sa.select(Person.id)).all()
    actors = [load_actor(session, person_id) for person_id in everybody]
    wanted = {actor.person_id for actor in actors if can_handle(actor, case)}
    if centre or about in ("at_centre", "unserved"):
        wanted &= {actor.person_id for actor in actors if actor.supervises}
    assert deciders_of(session, case, centre=centre) == wanted
    assert (elsewhere.person_id in wanted) is (about == "unserved")


def test_a_worker_who_has_left_is_not_the_only_one_who_hears(
    street: Street, session: Session
) -> None:
    cast = street.cast
    street.report(cast.stranger)
    with street.act_as(cast.broker.actor) as act:
        claim_case(act, street.case.public_id)
    duty = session.scalars(
        sa.select(Assignment).where(Assignment.person_id == cast.broker.person_id)
    ).one()
    duty.ended_at = cast.now
    session.commit()
    case = street.case.id
    with street.act_as() as act:
        act.emit(CaseChanged(case))
    assert "moderation_changed" not in street.told(cast.broker)
    assert "moderation_changed" in street.told(cast.supervisor)


def test_what_nobody_mends_comes_back_by_itself(street: Street, clock: SettableClock) -> None:
    street.report(street.cast.stranger)
    street.decide(street.cast.broker, Verdict.MEND)
    for forward, state in ((ANSWER_WITHIN.days, CaseState.WAITING), (1, CaseState.OPEN)):
        clock.forward(days=forward)
        with street.act_as() as act:
            open_unanswered(act)
        assert street.case.state is state


def test_supervisor_suspends_and_everything_of_it_is_hidden(
    client: FlaskClient, street: Street, session: Session, run_jobs: Callable[[], int]
) -> None:
    cast = street.cast
    other = make_listing(cast.house, cast.officer, Side.NEED, title="要化肥").id
    street.report(cast.stranger, Reason.FRAUD)
    street.decide(cast.broker, Verdict.REFER)
    assert street.told(cast.supervisor)[-1] == "moderation_referred"
    case = street.case.public_id
    assert street.reads(client, cast.broker, f"/moderation/{case}").status_code == 404
    street.decide(cast.supervisor, Verdict.SUSPEND)
    assert cast.officer.organisation.verification is Verification.SUSPENDED
    assert street.need.held_at is not None
    assert session.get_one(Listing, other).held_at is not None
    assert "moderation_suspended" in street.told(cast.officer)
    owner = cast.officer.organisation.public_id
    assert SAID in street.reads(client, cast.officer, f"/organisations/{owner}").text
    with street.act_as(cast.supervisor.actor) as act:
        lift_suspension(act, owner, "查清了")
    session.rollback()
    run_jobs()
    session.rollback()
    assert street.need.held_at is None
    assert session.get_one(Listing, other).held_at is None
    assert street.told(cast.officer)[-1] == "moderation_released"


def test_what_two_cases_hide_stays_hidden_until_both_let_go(
    street: Street, session: Session
) -> None:
    cast = street.cast
    one, two = street.neighbours(2)
    street.report(one)
    street.decide(cast.broker, Verdict.TAKE_DOWN)
    first = street.case.public_id
    with pytest.raises(NotFound):
        street.report(two)
    street.report(cast.broker)
    assert street.case.public_id != first
    street.decide(cast.supervisor, Verdict.HOLD)
    street.decide(cast.supervisor, Verdict.NO_ACTION)
    assert street.need.held_at is not None


def test_taken_by_a_colleague_is_theirs_until_taken_over(
    client: FlaskClient, street: Street, clock: SettableClock
) -> None:
    cast = street.cast
    street.report(cast.stranger)
    path = f"/moderation/{street.case.public_id}"
    street.reads(client, cast.supervisor, path)
    client.post(f"{path}/claim", data={"step": "take"})
    assert path in client.get("/moderation?show=mine").text
    assert cast.supervisor.person.name in street.reads(client, cast.broker, path).text
    assert client.post(path, data=verdict(street)).status_code == 422
    client.post(f"{path}/claim", data={"step": "release"})
    client.post(f"{path}/claim", data={"step": "over"})
    assert client.post(path, data=verdict(street)).status_code == 302
    assert street.reads(client, cast.stranger, path).status_code == 403
    cast.sign_in(client, cast.officer)
    assert client.post(f"{path}/claim", data={"step": "over"}).status_code == 403


def test_a_closed_case_stays_closed_and_a_new_report_opens_another(
    client: FlaskClient, street: Street, session: Session
) -> None:
    one, two = street.neighbours(2)
    street.report(one)
    street.decide(street.cast.broker, Verdict.NO_ACTION)
    closed = street.case.public_id
    with pytest.raises(Conflict, match="already_decided"):
        street.decide(street.cast.broker, Verdict.HOLD)
    assert street.report(two) != closed
    page = street.reads(client, street.cast.broker, "/moderation?show=closed").text
    assert closed in page


def test_nobody_decides_about_their_own_or_themself(street: Street, scene: Scene) -> None:
    cast = street.cast
    street.report(cast.stranger)
    case = street.case.public_id
    cast._write()
    cast._join(cast.broker.person, cast.officer.organisation, Role.MEMBER)
    cast.session.commit()
    with pytest.raises(NotFound), street.act_as(cast.broker.actor) as act:
        decide_case(act, case, Ruling(Verdict.NO_ACTION, "自己人"))
    match = scene.introduced()
    with street.act_as(cast.enterprise.actor) as act:
        report(act, TargetKind.PERSON, match, Reason.OFFENSIVE, part=Part.BROKER)
    with pytest.raises(NotFound):
        street.decide(cast.broker, Verdict.NO_ACTION)
    street.decide(cast.supervisor, Verdict.MEND)
    assert street.told(cast.broker)[-1] == "moderation_mend"


def test_every_act_is_on_the_trail_and_in_the_history(
    street: Street, session: Session, news: list[Event]
) -> None:
    cast = street.cast
    street.report(cast.stranger)
    street.decide(cast.broker, Verdict.HOLD)
    street.decide(cast.supervisor, Verdict.TAKE_DOWN)
    session.rollback()
    kinds = session.scalars(sa.select(CaseStep.kind).order_by(CaseStep.id)).all()
    assert kinds == [StepKind.HOLD, StepKind.TAKE_DOWN]
    decided = [one for one in news if isinstance(one, CaseDecided)]
    assert [one.verdict for one in decided] == ["hold", "take_down"]
    trail = sa.select(AuditEntry.event, AuditEntry.person_id).order_by(AuditEntry.id)
    found = [tuple(row) for row in session.execute(trail)]
    assert ("ReportMade", cast.stranger.person_id) in found
    assert found.count(("CaseDecided", cast.broker.person_id)) == 1
    assert found.count(("CaseDecided", cast.supervisor.person_id)) == 1


def test_centre_hears_of_what_waits_too_long_once(street: Street, clock: SettableClock) -> None:
    street.report(street.cast.stranger)
    for days in (DUE[USUAL].days, 1, 1):
        clock.forward(days=days)
        with street.act_as() as act:
            tell_overdue(act)
    assert street.told(street.cast.supervisor).count("moderation_overdue") == 1
    assert "moderation_overdue" not in street.told(street.cast.broker)


def test_words_of_reports_go_after_a_year(
    street: Street, session: Session, clock: SettableClock
) -> None:
    street.report(street.cast.stranger, text="他骗人")
    street.decide(street.cast.broker, Verdict.NO_ACTION)
    with street.act_as() as act:
        assert forget_reports(act) == 0
    clock.forward(days=TEXTS_KEPT.days + 1)
    with street.act_as() as act:
        assert forget_reports(act) == 1
        assert forget_reports(act) == 0
    session.rollback()
    kept = session.scalars(sa.select(Report)).one()
    assert (kept.text, kept.reporter_id, kept.reason) == ("", None, Reason.WRONG)


def test_queue_takes_as_many_queries_however_long(
    client: FlaskClient, street: Street, catch_queries: Callable[[], Any]
) -> None:
    cast = street.cast
    counts = []
    for number in range(6):
        firm = cast.make_organisation(OrganisationKind.COMPANY, f"公司{number}", FIRM_AREA)
        need = make_listing(cast.house, cast.officer, Side.NEED, title=f"要{number}").public_id
        address = firm.public_id
        with street.act_as(cast.stranger.actor) as act:
            report(act, TargetKind.ORGANISATION, address, Reason.FRAUD)
            report(act, TargetKind.LISTING, need, Reason.WRONG)
        if number in (1, 5):
            street.reads(client, cast.supervisor, "/moderation")
            with catch_queries() as queries:
                assert client.get("/moderation").text.count("<article") == 2 * number + 2
            counts.append(queries.count)
    assert counts[0] == counts[1]


def test_what_the_clock_does_comes_to_an_end(
    street: Street, clock: SettableClock, house: House
) -> None:
    street.report(street.cast.stranger)
    clock.forward(days=DUE[USUAL].days + 1)
    street.session.rollback()
    run = JobRun(house, lambda: street.session, nullcontext)
    keep_cases.handler(run, [{}])
    keep_cases.handler(run, [{}])
    assert street.told(street.cast.supervisor).count("moderation_overdue") == 1


def test_case_in_a_place_that_nobody_serves_is_told_to_every_centre(street: Street) -> None:
    cast = street.cast
    far = cast.make_organisation(OrganisationKind.COMPANY, "遵义公司", "520302").public_id
    with street.act_as(cast.stranger.actor) as act:
        report(act, TargetKind.ORGANISATION, far, Reason.CHILD)
    assert street.told(cast.supervisor) == ["moderation_reported_urgent"]
    assert street.told(cast.broker) == []
