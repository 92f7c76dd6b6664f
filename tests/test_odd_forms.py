"""No input breaks a page: every door is sent odd values for every field that any form knows.

A seeded sample runs always; EXCHANGE_TEST_FULL=1 sends twenty times as much. The seed is printed at
the end of the run, and EXCHANGE_TEST_SEED repeats it.
"""

import io
import os
import random
import re
import reprlib
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from exchange.accounts.kinds import OrganisationKind
from exchange.accounts.verification.service import Evidence, ask_verification
from exchange.brokering.board.rules import AskedMatches
from exchange.brokering.board.view_service import save_view
from exchange.brokering.deeds.delivering import deliveries_of, record_delivery
from exchange.brokering.life.changing import Terms, propose_change
from exchange.discovery.bulletins.composing import compose_now
from exchange.discovery.bulletins.kinds import Rhythm
from exchange.discovery.bulletins.place_service import PlaceSettings, open_place
from exchange.discovery.bulletins.rules import When
from exchange.jobs.runner import JobRun
from exchange.kernel.actor import Role
from exchange.listings.filing.paper import give_out_forms
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.listings.sharing.rules import short_code
from exchange.listings.undertakings.service import make_undertaking
from exchange.matching.plans.computing import compute_plan
from exchange.matching.plans.flow import solve_here
from exchange.matching.plans.rules import PlanChoice
from exchange.matching.plans.service import ask_for_plan
from exchange.moderation.kinds import Reason, TargetKind
from exchange.moderation.report_service import report
from exchange.projects.intentions.declaring import declare
from exchange.projects.kinds import PartnerState
from exchange.projects.ledger.booking import record
from exchange.projects.ledger.kinds import EntryKind, LedgerRole
from exchange.projects.ledger.service import give_role
from exchange.projects.ledger.values import EntryValues
from exchange.projects.models import ProjectPartner
from exchange.projects.queries import seen_project
from exchange.projects.visits.announcing import announce
from exchange.search.jobs import ensure_index
from exchange.search.synonyms.shipped import keys_by_reference
from exchange.web.access import UNDECLARED_ALLOWED
from exchange.web.forms import HouseForm
from tests.accounts.test_points import point_at
from tests.brokering.conftest import Scene
from tests.brokering.conftest import cast as cast  # noqa: PLC0414 - the fixtures of a match
from tests.brokering.conftest import scene as scene  # noqa: PLC0414 - likewise
from tests.cast import STATION_AREA, VILLAGE
from tests.conftest import FIGURES, IS_FULL, SEED_VARIABLE
from tests.listings.filing_scene import published
from tests.projects.intending import said
from tests.projects.making import make_project
from tests.projects.test_visits import shown
from tests.volunteering.conftest import Group
from tests.volunteering.doors_scene import volunteering_things

pytestmark = pytest.mark.slow
Things = dict[str, list[str]]
Record = Callable[[str, object], None]
ROUNDS = 40 if IS_FULL else 2
ODD = (
    "", " ", "\0", "x\0y", "9" * 400, "-1", "1e400", "0", "2.5", "on", "yes", "need", "offer",
    "2026-12-31", "0001-01-01", "9999-12-31", "\ud800".encode("utf-8", "surrogatepass"),
    "/\r\nSet-Cookie: a=b", "//evil.example", "/%0d%0a[x", "<script>", "'\"", "٣٤", "🐂" * 60,
    "三" * 300, "520422102243", "52", "other", "phone", "None", "null", "[]", "a" * 6000,
)  # fmt: skip
READ_BY_VIEWS = re.compile(r'request\.(?:form|values|args)(?:\.get\(|\[)"(\w+)"')


def field_names() -> list[str]:
    """Every name that a form has or that a view reads by itself."""
    names: set[str] = set()
    waiting: list[type] = [HouseForm]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        names |= {name for name in dir(kind) if hasattr(getattr(kind, name, None), "field_class")}
    package = Path(__file__).parent.parent / "exchange"
    for path in package.rglob("*.py"):
        names |= set(READ_BY_VIEWS.findall(path.read_text(encoding="utf-8")))
    return sorted(names)


def doors(app: Flask) -> list[tuple[str, str, tuple[str, ...]]]:
    """Each door of the pages: method, address with holes, names of the holes."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/v1/") or rule.endpoint in UNDECLARED_ALLOWED:
            continue
        for method in sorted({"GET", "POST"} & (rule.methods or set())):
            hole = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
            found.append((method, hole, tuple(rule.arguments)))
    return sorted(found)


@pytest.fixture
def things(scene: Scene) -> Things:
    """What may stand in the holes of an address: real things, by the first word of the address."""
    match, commitment = scene.agreed()
    with scene.act(scene.cast.enterprise) as act:
        found = record_delivery(act, match, commitment, 1_000)
        delivery = deliveries_of(act.session, found.id)[0].public_id
        change = propose_change(act, match, commitment, Terms(2_000, 2_000)).public_id
    with scene.act(scene.cast.supervisor) as act:
        plan = ask_for_plan(act, "plan", [STATION_AREA], PlanChoice())
        plan_id, plan_address = plan.id, plan.public_id
    with scene.act(scene.cast.broker) as act:
        view = save_view(act, "常看的", AskedMatches(due="week")).public_id
    with scene.act(scene.cast.officer) as act:
        needs = [act.session.get_one(Listing, scene.need_id)]
        undertaking = make_undertaking(act, "undertaking", "", needs).public_id
        needs_address = needs[0].public_id
    asking = scene.cast.make_organisation(OrganisationKind.NGO, "待核协会", VILLAGE)
    manager = scene.cast.make_player("管事的", VILLAGE, asking, Role.MANAGER)
    with scene.act(manager) as act:
        proof = Evidence("可以打村委会电话核实")
        request = ask_verification(act, manager.organisation.public_id, proof)
        waiting = request.public_id
    with scene.act(scene.cast.stranger) as act:
        reported = report(act, TargetKind.LISTING, needs_address, Reason.WRONG)
        case = reported.case.public_id
    with scene.act(scene.cast.officer) as act:
        filing = published(act).public_id
        stack = give_out_forms(act, 1)
    with scene.act(scene.cast.supervisor) as act:
        weekly = PlaceSettings(When(Rhythm.WEEKLY, 0, 1, 8))
        place = open_place(act, weekly, division_code=STATION_AREA).public_id
    with scene.act(scene.cast.supervisor) as act:
        bulletin = compose_now(act, place).public_id
    project, waiting_entry = book_of(scene)
    scene.cast.session.rollback()
    run = JobRun(scene.cast.house, lambda: scene.cast.session, nullcontext)
    compute_plan(run, plan_id, solve_here)
    scene.cast.session.rollback()
    people = (scene.cast.officer, scene.cast.enterprise, scene.cast.broker)
    workers = (scene.cast.broker, scene.cast.supervisor)
    with scene.act(scene.cast.stranger) as act:
        intention = declare(act, project, said()).public_id
    with scene.act(scene.cast.officer) as act:
        visit = announce(act, project, shown()).public_id
    scene.cast.session.rollback()
    helper = scene.cast.make_player("苏禾", VILLAGE, scene.cast.officer.organisation)
    group = Group(scene.cast, scene.cast.session, scene.act, scene.cast.officer, helper)
    return volunteering_things(group) | {
        "intentions": [intention],
        "visits": [visit],
        "matches": [match],
        "match-views": [view],
        "points": [point_at(scene.cast, who).public_id for who in workers],
        "workers": [who.person.public_id for who in workers],
        "plans": [plan_address, "pairs", "gaps"],
        "undertakings": [undertaking],
        "listings": [scene.listing(side).public_id for side in Side],
        "organisations": [who.organisation.public_id for who in people],
        "moderation": [case],
        "decisions": [case],
        "report": ["listing", "organisation", needs_address, match],
        "verification": [waiting],
        "projects": [project, waiting_entry, "1", "2"],
        "post": ["help", "sell", "offer"],
        "proxy": [filing, stack],
        "proxy-cases": ["1", "2"],
        "bulletins": [bulletin, place, "follow", "approve", "atom", "needs"],
        "b": ["2", "3", "0"],
        "l": [short_code(scene.need_id), "2", "0"],
        "locale": ["zh", "en"],
        "care": ["on", "off"],
        "console": [next(iter(keys_by_reference())), "on", "off"],
        "known": [
            commitment, delivery, change, "other", "phone", "need", "offer", "yes", "both", "week",
        ],
    }  # fmt: skip


def book_of(scene: Scene) -> tuple[str, str]:
    """A project with a booked entry, and one that waits; the officer keeps its accounts."""
    officer, enterprise = scene.cast.officer, scene.cast.enterprise
    made = make_project(scene.cast.session, officer.organisation, now=scene.cast.now)
    made.partners = [
        ProjectPartner(
            organisation_id=enterprise.organisation_id, state=PartnerState.ACCEPTED,
            invited_at=scene.cast.now,
        )
    ]  # fmt: skip
    scene.cast.session.commit()
    public_id, keys = made.public_id, []
    for who, role in ((officer, LedgerRole.TREASURER), (enterprise, LedgerRole.APPROVER)):
        with scene.act(officer) as act:
            found = seen_project(act.session, act.actor, public_id)
            give_role(act, found, who.person.public_id, role)
    for fen in (100, 10**9):
        with scene.act(officer) as act:
            values = EntryValues(
                EntryKind.RECEIPT, fen, purpose="拨款", counterparty_name="县里",
                happened_on=act.today, no_document_reason="随后补",
            )  # fmt: skip
            found = seen_project(act.session, act.actor, public_id)
            keys.append(record(act, found, values).public_id)
    return public_id, keys[1]


def fill(choice: random.Random, door: str, holes: Sequence[str], things: Things) -> str:
    """The address with mostly fitting things in its holes."""
    known = [one for values in things.values() for one in values]
    fitting = things.get(door.split("/")[1], known)
    chosen = {name: choice.choice(fitting if choice.random() < 0.9 else known) for name in holes}
    return door.format(**chosen)


def odd_body(choice: random.Random, names: list[str], known: list[str]) -> dict[str, Any]:
    """Some fields with odd values: texts, things that exist, files, several of one name."""
    body: dict[str, Any] = {}
    for name in choice.sample(names, choice.randint(1, len(names))):
        value = choice.choice([*ODD, *known])
        turn = choice.random()
        if turn < 0.1:
            body[name] = (io.BytesIO(b"\xff\xd8\xffnot a picture"), "a.jpg")
        elif turn < 0.2:
            body[name] = [value, choice.choice(ODD)]
        else:
            body[name] = value
    return body


@pytest.mark.parametrize(
    "who", ["visitor", "officer", "enterprise", "broker", "supervisor", "operator"]
)
def test_no_input_breaks_a_door(
    app: Flask, client: FlaskClient, scene: Scene, things: Things, record_property: Record, who: str
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        ensure_index(app.extensions["exchange.jobs"])
    choice = random.Random(f"{os.environ[SEED_VARIABLE]} {who}")
    known = [one for values in things.values() for one in values]
    names, sent, broken = field_names(), Counter[int](), list[str]()
    assert len(names) > 60
    for method, door, holes in doors(app) * ROUNDS:
        if who != "visitor":
            scene.cast.sign_in(client, getattr(scene.cast, who))
        path, body = fill(choice, door, holes, things), odd_body(choice, names, known)
        if method == "POST":
            answer = client.post(path, data=body)
        else:
            plain = {name: value for name, value in body.items() if isinstance(value, str)}
            answer = client.get(path, query_string=plain)
        if answer.status_code >= 500:
            broken.append(f"{answer.status_code} {method} {path} {reprlib.repr(body)}")
        sent[answer.status_code // 100] += 1
    record_property(FIGURES, f"{sent.total()} requests, {sent[4]} refused, {len(broken)} broken")
    assert not broken
