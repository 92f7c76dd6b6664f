"""A centre sees its stations: every figure leads to the list that it counts."""

import csv
import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts.kinds import PointLevel
from exchange.brokering.centre.behind_queries import behind
from exchange.brokering.centre.caseload_service import Receiver, assign_need
from exchange.brokering.centre.escalation_jobs import escalate_job
from exchange.brokering.centre.overview_cuts import Asked, Scope, cut_of
from exchange.brokering.centre.overview_queries import Moment, overview
from exchange.brokering.centre.overview_values import Overview, days_between, middle
from exchange.brokering.deeds import fulfilling
from exchange.brokering.desk.routed_pairs import desk_pairs, unclaimed_needs
from exchange.brokering.kinds import LIVE_STATES
from exchange.brokering.life import claiming, proposing
from exchange.jobs.runner import JobRun
from exchange.kernel.actor import Duty
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.matching.models import Suggestion
from tests.accounts.test_points import colleague, point_at
from tests.brokering.conftest import Scene
from tests.brokering.test_caseload import duty_of
from tests.cast import CENTRE_AREA, VILLAGE, Player
from tests.conftest import START, Queries, SettableClock
from tests.factories import make_listing

Catch = Callable[[], AbstractContextManager[Queries]]
TOWN = VILLAGE[:9]


def make_need(scene: Scene, title: str, **values: object) -> tuple[int, str]:
    made = make_listing(scene.cast.house, scene.cast.officer, Side.NEED, title=title, **values)
    return made.id, made.public_id


@pytest.fixture
def busy(scene: Scene, clock: SettableClock) -> Scene:
    """Some of everything, at two stations, looked at three weeks later."""
    cast = scene.cast
    cast.make_place("520402101")
    town = cast.make_worker("镇上", "化处社工站", PointLevel.STATION, (TOWN,), Duty.BROKER)
    agreed = scene.introduced()
    with scene.act(cast.broker) as act:
        fulfilling.commit(act, agreed, 30_000, 30_000, date(2026, 12, 1))
    offer = make_listing(cast.house, cast.enterprise, Side.OFFER).id
    needs = [make_need(scene, f"需求{number}") for number in range(4)]
    make_need(scene, "西秀的需求", division_code="520402101", category_code="logistics.coldchain")
    with scene.act(town) as act:
        claimed = claiming.claim(act, needs[0][0], offer).public_id
    with scene.act(cast.broker) as act:
        asked = claiming.claim(act, needs[1][0], offer).public_id
        proposing.propose(act, asked, "请看看")
    to = Receiver(worker=town.person.public_id)
    with scene.act(cast.supervisor) as act:
        assign_need(act, needs[2][1], to)
    done = claim_and_complete(scene, needs[3][0])
    assert claimed
    assert done
    run = JobRun(cast.house, lambda: cast.session, nullcontext)
    for days in (3, 7, 14):
        clock.forward(days=days)
        escalate_job.handler(run, [{}])
    cast.session.rollback()
    return scene


def claim_and_complete(scene: Scene, need: int) -> str:
    cast = scene.cast
    offer = make_listing(cast.house, cast.enterprise, Side.OFFER, title="已办成的").id
    with scene.act(cast.broker) as act:
        public_id = claiming.claim(act, need, offer).public_id
        proposing.propose(act, public_id, "请看看")
    with scene.act(cast.officer) as act:
        proposing.answer(act, public_id, Side.NEED, accept=True)
    with scene.act(cast.enterprise) as act:
        proposing.answer(act, public_id, Side.OFFER, accept=True)
    with scene.act(cast.broker) as act:
        fulfilling.commit(act, public_id, 1000, 1000)
    with scene.act(cast.officer) as act:
        fulfilling.record_outcome(act, public_id, "到了", 42)
    version = scene.version(public_id)
    with scene.act(cast.enterprise) as act:
        fulfilling.confirm_outcome(act, public_id, Side.OFFER, version=version)
    return public_id


def moment(scene: Scene) -> Moment:
    now = scene.cast.house.clock.now()
    return Moment(now, now.date())


def listed(session: Session, scope: Scope, asked: Asked, at: Moment) -> int:
    """How many lines the list behind a figure has, over all its pages of two."""
    cut, count, cursor = cut_of(asked, at.now, at.today), 0, ""
    assert cut is not None
    while True:
        page = behind(session, scope, cut, cursor, 2)
        count += len(page.matches) + len(page.needs)
        if page.next_cursor is None:
            return count
        cursor = page.next_cursor


def scopes(scene: Scene) -> dict[str, Scope]:
    station = point_at(scene.cast, scene.cast.broker).id
    return {
        "centre": Scope((CENTRE_AREA,)),
        "station": Scope((CENTRE_AREA,), station),
        "town": Scope((CENTRE_AREA,), town_id(scene)),
    }


def town_id(scene: Scene) -> int:
    return next(
        key
        for key in overview(scene.cast.session, Scope((CENTRE_AREA,)), moment(scene)).by_point
        if key not in (None, *(point_at(scene.cast, who).id for who in players(scene)))
    ) or 0


def players(scene: Scene) -> tuple[Player, Player]:
    return scene.cast.broker, scene.cast.supervisor


def test_every_figure_is_as_long_as_its_list(busy: Scene, session: Session) -> None:
    at = moment(busy)
    for scope in scopes(busy).values():
        found = overview(session, scope, at)
        whole = found.whole
        figures = {
            "open": whole.open_needs, "unclaimed": whole.unclaimed, "live": whole.live,
            "overdue": whole.overdue, "told": whole.told, "unanswered": whole.unanswered,
            "completed30": whole.completed[30], "completed90": whole.completed[90],
        }  # fmt: skip
        counted = {what: listed(session, scope, Asked(what), at) for what in figures}
        assert figures == counted
        for state in LIVE_STATES:
            asked = Asked("state", state=state.value)
            assert whole.states[state] == listed(session, scope, asked, at)
        for worker in found.workers:
            asked = Asked("worker", person_id=worker.person_id)
            assert worker.in_hand == listed(session, scope, asked, at)
        for code, count in found.unmet_categories:
            assert count == listed(session, scope, Asked("unclaimed", category=code), at)
        for code, count in found.unmet_townships:
            assert count == listed(session, scope, Asked("unclaimed", township=code), at)


def test_the_figures_are_those_of_the_case(busy: Scene, session: Session) -> None:
    at = moment(busy)
    whole = overview(session, Scope((CENTRE_AREA,)), at).whole
    assert (whole.open_needs, whole.unclaimed, whole.live) == (6, 3, 3)
    assert (whole.overdue, whole.unanswered) == (1, 1)
    assert whole.told >= 2
    assert whole.completed == {30: 1, 90: 1}
    assert whole.people == {30: 42, 90: 42}
    assert middle(whole.claim_days) == 0
    assert whole.oldest_unclaimed == START
    assert days_between(START, at.now) == 24


def test_stations_add_up_to_the_centre(busy: Scene, session: Session) -> None:
    found = overview(session, Scope((CENTRE_AREA,)), moment(busy))

    def add(pick: Callable[[Overview], int]) -> int:
        return sum(
            pick(overview(session, Scope((CENTRE_AREA,), key), moment(busy)))
            for key in found.by_point
            if key is not None
        )

    assert add(lambda one: one.whole.open_needs) == found.whole.open_needs
    assert add(lambda one: one.whole.live) == found.whole.live
    assert add(lambda one: one.whole.told) == found.whole.told
    assert add(lambda one: one.whole.completed[90]) == found.whole.completed[90]


def test_the_page_and_its_lists_through_the_door(busy: Scene, client: FlaskClient) -> None:
    cast = busy.cast
    cast.sign_in(client, cast.supervisor)
    answer = client.get("/centre", follow_redirects=True)
    assert answer.status_code == 200
    links = sorted(set(re.findall(r'href="(/points/[^"]+/cases[^"]*)"', answer.text)))
    assert len(links) > 15
    for link in links:
        assert client.get(link.replace("&amp;", "&")).status_code == 200
    assert client.get("/escalations", follow_redirects=True).status_code == 200
    station = point_at(cast, cast.broker).public_id
    assert client.get(f"/points/{station}/overview").status_code == 200
    table = client.get(f"/points/{station}/figures.csv")
    assert table.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(table.text.removeprefix("\ufeff"))))
    assert rows[1][0] == "合计"
    assert client.get(f"/points/{station}/cases?what=nothing").status_code == 404
    for who, status in ((cast.broker, 403), (cast.officer, 403)):
        cast.sign_in(client, who)
        assert client.get(f"/points/{station}/overview").status_code == status


def test_a_supervisor_of_elsewhere_sees_nothing(busy: Scene, client: FlaskClient) -> None:
    cast = busy.cast
    far = cast.make_worker("远", "毕节中心", PointLevel.CENTRE, ("5205",), Duty.SUPERVISOR)
    station = point_at(cast, cast.broker).public_id
    cast.sign_in(client, far)
    for path in ("overview", "figures.csv", "cases?what=live", "settings", "edit"):
        assert client.get(f"/points/{station}/{path}").status_code == 404, path
    for path in ("cases", "close"):
        assert client.post(f"/points/{station}/{path}").status_code == 404, path


def test_twice_as_much_takes_the_same_number_of_queries(
    busy: Scene, client: FlaskClient, catch_queries: Catch
) -> None:
    cast = busy.cast
    cast.sign_in(client, cast.supervisor)
    centre = point_at(cast, cast.supervisor).public_id
    pages = ("overview", "cases?what=live", "cases?what=unclaimed", "cases?what=told")

    def sent() -> list[int]:
        counts = []
        for page in pages:
            with catch_queries() as queries:
                assert client.get(f"/points/{centre}/{page}").status_code == 200
            counts.append(queries.count)
        return counts

    sent()
    before = sent()
    offer = make_listing(cast.house, cast.enterprise, Side.OFFER).id
    for number in range(6):
        need = make_need(busy, f"更多{number}")[0]
        if number % 2:
            with busy.act(cast.broker) as act:
                claiming.claim(act, need, offer)
    colleague(cast, cast.broker, "小吴")
    assert sent() == before


def test_one_day_of_waiting_is_one_day_in_english(
    scene: Scene, client: FlaskClient, clock: SettableClock
) -> None:
    scene.proposed()
    clock.forward(days=1)
    scene.cast.sign_in(client, scene.cast.supervisor)
    client.get("/locale/en")
    page = client.get("/centre", follow_redirects=True).text
    assert ">1 day<" in page
    assert "1 days" not in page


def test_several_cases_are_given_at_once_and_what_could_not_is_said(
    busy: Scene, client: FlaskClient
) -> None:
    cast = busy.cast
    other = colleague(cast, cast.broker, "小吴")
    cast.sign_in(client, cast.supervisor)
    centre = point_at(cast, cast.supervisor).public_id
    page = client.get(f"/points/{centre}/cases?what=live").text
    keys = re.findall(r'name="chosen" value="([^"]+)"', page)
    assert len(keys) == 3
    assert page.count("要两台微耕机") == page.count("要两台微耕机 〜 出借微耕机") > 0
    gone = keys[0].rsplit(":", 1)[0] + ":" + cast.stranger.person.public_id
    sent = {
        "what": "live", "chosen": [gone, *keys[1:]],
        "receiver": f"worker:{other.person.public_id}",
    }  # fmt: skip
    answer = client.post(f"/points/{centre}/cases", data=sent, follow_redirects=True).text
    assert "2 件已交出" in answer
    assert "刚刚被别人交给了另一位社工" in answer
    strange = {"what": "live", "chosen": ["match:nope:", "x", "need::"],
               "receiver": f"worker:{other.person.public_id}"}  # fmt: skip
    assert client.post(f"/points/{centre}/cases", data=strange).status_code == 302


def test_giving_without_a_receiver_keeps_the_ticks_and_says_what_is_missing(
    busy: Scene, client: FlaskClient
) -> None:
    cast = busy.cast
    other = f"worker:{colleague(cast, cast.broker, '小吴').person.public_id}"
    cast.sign_in(client, cast.supervisor)
    path = f"/points/{point_at(cast, cast.supervisor).public_id}/cases"
    page = client.get(f"{path}?what=live").text
    bar = page[page.index('class="thumb-bar"') :]
    assert 'id="receiver"' in bar  # beside its button, not at the end of the list
    assert page.count('name="receiver"') == 1
    one, *_rest = re.findall(r'name="chosen" value="([^"]+)"', page)

    def refused(**sent: str) -> str:
        answer = client.post(path, data={"what": "live", **sent})
        assert answer.status_code == 422
        return answer.text

    unnamed = refused(chosen=one, receiver="")
    assert f'value="{one}" checked' in unnamed
    assert unnamed.count(" checked") == 1
    assert "请选交给谁" in unnamed
    assert "请至少勾选一件" not in unnamed
    unticked = refused(receiver=other)
    assert f'value="{other}" selected' in unticked
    assert "请至少勾选一件" in unticked
    assert "请选交给谁" not in unticked
    both = refused()
    assert "请选交给谁" in both
    assert "请至少勾选一件" in both


def test_a_stations_own_work_stands_first_on_its_desk_and_the_rest_says_so(
    busy: Scene, session: Session, client: FlaskClient
) -> None:
    cast = busy.cast
    near = make_need(busy, "县里的需求", division_code="520422101")[0]
    actor = cast.broker.actor
    own = [one.id for one in unclaimed_needs(session, actor, own=True, after_id=0, limit=20)]
    rest = [one.id for one in unclaimed_needs(session, actor, own=False, after_id=0, limit=20)]
    assert near in own
    assert near not in rest
    assert all(
        one.division_code and one.division_code.startswith(TOWN)
        for one in unclaimed_needs(session, actor, own=False, after_id=0, limit=20)
    )
    cast.session.commit()
    for need, score in ((near, 0.88), (rest[0], 0.9)):
        cast.session.add(
            Suggestion(
                need_id=need, offer_id=busy.offer_id, score_micro=round(score * 1_000_000),
                reasons=[], engine="test", computed_at=cast.now,
            )
        )  # fmt: skip
    cast.session.commit()
    first = desk_pairs(session, actor, moment(busy).today, least=0.0, limit=1)
    assert [pair.need.id for pair in first.pairs] == [near]
    second = desk_pairs(
        session, actor, moment(busy).today, least=0.0, limit=1, cursor=first.next_cursor
    )
    assert [pair.need.id for pair in second.pairs] == [rest[0]]
    cast.sign_in(client, cast.broker)
    page = client.get("/today").text
    low, high = (
        page.index(f"data-pair>{session.get_one(Listing, key).title}") for key in (near, rest[0])
    )
    assert low < high, "the own station's first, whatever the number"
    assert page.count('<span class="tag ">其他站</span>') == 1
    assert high < page.index("其他站"), "the other says why it stands below"


def test_a_worker_takes_a_waiting_need_in_hand_through_the_page(
    scene: Scene, client: FlaskClient
) -> None:
    cast = scene.cast
    need = scene.listing(Side.NEED).public_id
    cast.sign_in(client, cast.broker)
    assert f"/needs/waiting/{need}/take" in client.get("/needs/waiting").text
    assert client.post(f"/needs/waiting/{need}/take").status_code == 302
    assert f"/needs/waiting/{need}/give-back" in client.get("/needs/waiting").text
    other = colleague(cast, cast.broker, "小吴")
    cast.sign_in(client, other)
    page = client.get("/needs/waiting").text
    assert "韦青" in page
    refused = client.post(f"/needs/waiting/{need}/take", follow_redirects=True)
    assert "已经在韦青手上" in refused.text
    assert client.post(f"/needs/waiting/{need}/give-back").status_code == 403
    cast.sign_in(client, cast.broker)
    assert client.post(f"/needs/waiting/{need}/give-back").status_code == 302


def test_a_duty_with_open_cases_is_not_ended_and_the_page_leads_to_the_handover(
    scene: Scene, client: FlaskClient
) -> None:
    cast = scene.cast
    scene.claimed()
    point, duty = duty_of(cast, cast.broker)
    cast.sign_in(client, cast.supervisor)
    answer = client.post(f"/points/{point}/workers/{duty}/end", follow_redirects=True)
    assert "手上还有 1 件没办完" in answer.text
    assert f"/workers/{cast.broker.person.public_id}/handover" in answer.text


def test_spans_are_never_negative() -> None:
    assert days_between(START + timedelta(days=1), START) == 0
    assert middle([]) is None
    assert middle([1.04, 3]) == 2
