"""Plans through the API alone: asked for, read page by page, compared, varied, released."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.kinds import PointLevel
from exchange.audit.models import AuditEntry
from exchange.kernel.act import Act, House
from exchange.kernel.actor import Duty
from exchange.listings.kinds import Side, State
from exchange.listings.models import Listing
from exchange.matching.comparison import comparison_of, micro_among, shipped_rule
from exchange.matching.models import MILLION, Suggestion
from tests.api.conftest import MakeProgram, Program
from tests.cast import CENTRE_AREA, ELSEWHERE, STATION_AREA, VILLAGE, Cast
from tests.conftest import Queries
from tests.factories import make_listing

OpenAct = Callable[..., AbstractContextManager[Act]]
RunJobs = Callable[[], int]
ASKED = {"name": "冬季计划", "divisions": [STATION_AREA]}


class Desk:
    """Three needs that an offer each fits, one that nothing fits, and a supervisor's program."""

    def __init__(
        self, house: House, cast: Cast, act_as: OpenAct, program: MakeProgram, run_jobs: RunJobs
    ) -> None:
        self.cast, self.run_jobs = cast, run_jobs
        self.supervisor = program(cast.supervisor)
        assert cast.broker.person_id
        needs = [make_listing(house, cast.officer, Side.NEED, title=f"要{n}").id for n in range(4)]
        offers = [
            make_listing(house, cast.enterprise, Side.OFFER, title=f"给{n}").id for n in range(3)
        ]
        self.lacking = needs[3]
        with act_as() as act:
            act.session.execute(sa.delete(Suggestion))
            for need, offer, score in zip(needs, offers, (0.9, 0.8, 0.7), strict=False):
                act.session.add(
                    Suggestion(
                        need_id=need, offer_id=offer, score_micro=round(score * 1e6), reasons=[],
                        engine="hand", computed_at=act.now,
                    )
                )  # fmt: skip

    def plan(self, **changes: Any) -> dict[str, Any]:
        """A computed plan."""
        made = self.supervisor.post("/plans", {**ASKED, **changes})
        assert made.status_code == 201, made.get_json()
        self.run_jobs()
        return self.read(made.get_json()["id"])

    def read(self, plan: str) -> dict[str, Any]:
        found: dict[str, Any] = self.supervisor.get(f"/plans/{plan}").get_json()
        return found


@pytest.fixture
def desk(
    house: House, cast: Cast, act_as: OpenAct, program: MakeProgram, run_jobs: RunJobs
) -> Desk:
    return Desk(house, cast, act_as, program, run_jobs)


def alone(score: float) -> float:
    """The score that counts of a pair that is the best of both its listings."""
    own = round(score * MILLION)
    return micro_among(comparison_of(own, own, own), shipped_rule()) / MILLION


def pages(caller: Program, path: str) -> Iterator[list[dict[str, Any]]]:
    """Every page of a list, one item each."""
    cursor = ""
    while cursor is not None:
        page = caller.get(path, limit=1, cursor=cursor).get_json()
        yield page["items"]
        cursor = page["next_cursor"]


def test_a_program_asks_reads_and_releases(desk: Desk, session: Session) -> None:
    asked = desk.supervisor.post("/plans", {**ASKED, "limits": {"per_need": 2}})
    assert asked.status_code == 201
    plan = asked.get_json()
    assert asked.headers["Location"] == f"/api/v1/plans/{plan['id']}"
    assert (plan["state"], plan["figures"], plan["gaps"]) == ("draft", None, [])
    assert plan["choice"]["limits"]["per_need"] == 2
    path = f"/plans/{plan['id']}"
    assert desk.supervisor.get(f"{path}/pairs").get_json() == {"items": [], "next_cursor": None}
    early = desk.supervisor.post(f"{path}/release")
    assert (early.status_code, early.get_json()["code"]) == (409, "plan_not_ready")
    desk.run_jobs()
    plan = desk.read(plan["id"])
    figures = plan["figures"]
    assert (plan["state"], figures["pairs"], figures["needs"]) == ("ready", 3, 4)
    assert figures["expected"] == pytest.approx(sum(map(alone, (0.9, 0.8, 0.7))), abs=1e-3)
    assert plan["best_pair_first"]["pairs"] == 3
    assert [(one["code"], one["count"]) for one in plan["gaps"]] == [("no_candidate", 1)]
    released = desk.supervisor.post(f"{path}/release").get_json()
    assert (released["state"], released["release"]["waiting"]) == ("released", 3)
    desk.run_jobs()
    assert desk.read(plan["id"])["release"] == {"queued": 3, "waiting": 0, "left_out": []}
    again = desk.supervisor.post(f"{path}/release")
    assert (again.status_code, again.get_json()["code"]) == (409, "plan_already_released")
    states = [pair["state"] for page in pages(desk.supervisor, f"{path}/pairs") for pair in page]
    assert states == ["queued"] * 3
    events = session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id)).all()
    kept = [one for one in events if one.startswith("Plan")]
    assert kept == ["PlanAsked", "PlanComputed", "PlanReleased", "PlanQueued"]


def test_pairs_and_gaps_come_in_pages_and_every_one_once(desk: Desk) -> None:
    path = f"/plans/{desk.plan()['id']}"
    pairs = [pair for page in pages(desk.supervisor, f"{path}/pairs") for pair in page]
    assert [pair["need"]["title"] for pair in pairs] == ["要0", "要1", "要2"]
    assert [pair["offer"]["title"] for pair in pairs] == ["给0", "给1", "给2"]
    assert [pair["score"] for pair in pairs] == [alone(0.9), alone(0.8), alone(0.7)]
    assert pairs[0]["covers"] == 100
    township = desk.supervisor.get(f"{path}/pairs", place=VILLAGE[:9]).get_json()
    assert len(township["items"]) == 3
    assert desk.supervisor.get(f"{path}/pairs", place="520421001").get_json()["items"] == []
    gaps = [gap for page in pages(desk.supervisor, f"{path}/gaps") for gap in page]
    assert [gap["need"]["title"] for gap in gaps] == ["要3"]
    assert (gaps[0]["reason"]["code"], gaps[0]["met"]) == ("no_candidate", 0)
    for cursor in ("nonsense", "9" * 30, "-1", "³"):
        for what in ("/plans", f"{path}/pairs", f"{path}/gaps"):
            refused = desk.supervisor.get(what, cursor=cursor)
            assert (refused.status_code, refused.get_json()["code"]) == (422, "invalid_cursor")


def test_the_number_of_pairs_costs_no_more_queries(
    desk: Desk, catch_queries: Callable[[], AbstractContextManager[Queries]]
) -> None:
    path = f"/plans/{desk.plan()['id']}/pairs"
    counts = []
    for limit in (1, 3, 3):
        with catch_queries() as queries:
            desk.supervisor.get(path, limit=limit)
        counts.append(queries.count)
    assert counts[1] == counts[2] <= counts[0]


def test_what_may_not_be_seen_any_more_is_left_out(
    desk: Desk, session: Session
) -> None:
    path = f"/plans/{desk.plan()['id']}"
    listing = session.scalars(sa.select(Listing).where(Listing.title == "给0")).one()
    listing.state = State.DRAFT
    session.commit()
    first = desk.supervisor.get(f"{path}/pairs").get_json()["items"][0]
    assert (first["need"]["title"], first["offer"]) == ("要0", None)


def test_plans_are_varied_compared_and_given_up(desk: Desk) -> None:
    one = desk.plan(weights={"remote": 25})
    varied = desk.supervisor.post(
        f"/plans/{one['id']}/vary", {"name": "严一点", "limits": {"least_percent": 70}}
    )
    assert varied.status_code == 201, varied.get_json()
    other = varied.get_json()
    assert other["divisions"] == one["divisions"]
    assert other["choice"]["weights"] == one["choice"]["weights"]
    assert other["choice"]["limits"] == {**one["choice"]["limits"], "least_percent": 70}
    path = f"/plans/{one['id']}/compare/{other['id']}"
    assert desk.supervisor.get(path).status_code == 404, "the other is not computed yet"
    stricter = desk.plan(limits={"per_organisation": 1})
    both = desk.supervisor.get(f"/plans/{one['id']}/compare/{stricter['id']}").get_json()
    assert (both["one"]["id"], both["other"]["id"]) == (one["id"], stricter["id"])
    assert both["differences"]["pairs"] == -2
    lost = alone(0.8) + alone(0.7)
    assert both["differences"]["expected"] == pytest.approx(-lost, abs=1e-3)
    ids = [plan["id"] for page in pages(desk.supervisor, "/plans") for plan in page]
    assert ids == [stricter["id"], other["id"], one["id"]]
    gone = desk.supervisor.post(f"/plans/{one['id']}/discard")
    assert gone.get_json()["state"] == "discarded"
    again = desk.supervisor.post(f"/plans/{one['id']}/discard")
    assert (again.status_code, again.get_json()["code"]) == (409, "plan_is_discarded")


def test_defaults_are_changed_by_whoever_read_them_last(desk: Desk) -> None:
    shipped = desk.supervisor.get("/plans/defaults").get_json()
    assert (shipped["version"], shipped["limits"]["per_need"]) == (0, 3)
    change = {"version": 0, "limits": {"per_need": 5}, "remote_places": [STATION_AREA]}
    kept = desk.supervisor.patch("/plans/defaults", change).get_json()
    assert kept == {
        **shipped, "version": 1, "remote_places": [STATION_AREA],
        "limits": {**shipped["limits"], "per_need": 5},
    }  # fmt: skip
    late = desk.supervisor.patch("/plans/defaults", change)
    assert (late.status_code, late.get_json()["code"]) == (409, "plan_defaults_changed")
    assert desk.plan()["choice"]["limits"]["per_need"] == 5
    plan = desk.plan(limits={"per_need": 1})
    assert (plan["choice"]["limits"]["per_need"], plan["choice"]["remote_places"]) == (
        1, [STATION_AREA],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"name": ""}, "name", "field_length"),
        ({"divisions": []}, "divisions", "field_length"),
        ({"divisions": ["529999"]}, "divisions", "unknown_place"),
        ({"divisions": ["5204%"]}, "divisions", "unknown_place"),
        ({"remote_places": ["nowhere"]}, "remote_places", "unknown_place"),
        ({"weights": {"remote": 33}}, "weights.remote", "field_choice"),
        ({"limits": {"per_need": 0}}, "limits.per_need", "field_range"),
        ({"limits": {"per_need": "3x"}}, "limits.per_need", "field_type"),
        ({"limits": {"least_percent": 10}}, "limits.least_percent", "field_choice"),
        ({"limits": {"most": 1}}, "limits.most", "field_unknown"),
    ],
)
def test_bad_input_is_named(desk: Desk, body: dict[str, Any], field: str, code: str) -> None:
    answer = desk.supervisor.post("/plans", {**ASKED, **body})
    assert answer.status_code == 422
    assert [one["code"] for one in answer.get_json()["errors"][field]] == [code]


def test_only_supervisors_of_all_its_places_know_of_a_plan(
    desk: Desk, program: MakeProgram, cast: Cast
) -> None:
    own = f"/plans/{desk.plan(divisions=[CENTRE_AREA])['id']}"
    points = (("远", "毕节中心", ELSEWHERE), ("近", "普定中心", STATION_AREA))
    workers = [
        cast.make_worker(name, point, PointLevel.CENTRE, (area,), Duty.SUPERVISOR)
        for name, point, area in points
    ]
    change = {"name": "x"}
    for caller in map(program, workers):
        assert caller.get("/plans").get_json()["items"] == []
        for path in (own, f"{own}/pairs", f"{own}/gaps", f"{own}/compare/{own[7:]}"):
            assert caller.get(path).status_code == 404, path
        for step, body in (("release", None), ("discard", None), ("vary", change)):
            assert caller.post(f"{own}/{step}", body).status_code == 404, step
        others = caller.post("/plans", {**ASKED, "divisions": [CENTRE_AREA]})
        assert (others.status_code, others.get_json()["code"]) == (403, "plan_not_your_division")
    far = program(workers[0])
    remote = far.post("/plans", {"name": "x", "divisions": [ELSEWHERE], "remote_places": ["5204"]})
    assert (remote.status_code, remote.get_json()["code"]) == (403, "plan_not_your_division")
    for player in (cast.broker, cast.officer, cast.stranger):
        caller = program(player)
        assert caller.get("/plans").status_code == 403
        assert caller.get(own).status_code == 403
        assert caller.post("/plans", ASKED).status_code == 403
    assert program().get("/plans").status_code == 401
    reader = program(cast.supervisor, may_write=False)
    assert reader.get(own).status_code == 200
    assert reader.post(f"{own}/release").status_code == 403


def test_nobody_has_many_plans_computed_at_once(desk: Desk) -> None:
    for _ in range(4):
        assert desk.supervisor.post("/plans", ASKED).status_code == 201
    fifth = desk.supervisor.post("/plans", ASKED)
    assert (fifth.status_code, fifth.get_json()["code"]) == (409, "plan_too_many_unfinished")
