"""No input breaks the API: random values for every operation of its own document."""

import json
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from exchange.accounts.kinds import OrganisationKind
from exchange.kernel.actor import Role
from tests.api.conftest import NEED, OFFER, MakeProgram, Program
from tests.cast import VILLAGE, Cast
from tests.projects.making import make_project

EXAMPLES, AT_ONCE = 10, 20
ODD = st.sampled_from(
    ["\x00", "\ud800", "a\x00b", "%", "'", '"', "\u202e", "🐂" * 50, "-1", "9" * 400, "1e400", ""]
)
TEXT = st.one_of(ODD, st.text(max_size=30))
NUMBER = st.one_of(
    st.integers(), st.sampled_from([2**31, 2**63, 2**64, -(2**63), 10**39, 10**200]),
    st.floats(allow_nan=False, allow_infinity=False),
)  # fmt: skip
Operation = tuple[str, str, dict[str, Any]]
PLAN_POST = {"name": "秋季", "divisions": ["5204"]}
PLAN = {**PLAN_POST, "version": 0, "weights": {"remote": 100}}
LEAF = st.one_of(st.none(), st.booleans(), NUMBER, TEXT)
VALUE = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


class Caller:
    """Sends what was drawn to one operation, and knows real ids."""

    def __init__(self, document: dict[str, Any], program: Program, ids: dict[str, str]) -> None:
        self.document, self.program, self.ids = document, program, ids
        self.operations = [
            (path, method, item[method])
            for path, item in sorted(document["paths"].items())
            for method in ("get", "post", "patch")
            if method in item
        ]

    def names(self, operation: dict[str, Any]) -> tuple[list[str], list[str]]:
        """The names of the parameters in the address and of the fields in the body."""
        asked = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"]
        content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
        schema = self.document["components"]["schemas"].get(name, {})
        return asked, list(schema.get("properties", {}))

    def send(self, path: str, method: str, data: st.DataObject, operation: dict[str, Any]) -> None:
        asked, fields = self.names(operation)
        kinds = {
            "matches": "match", "divisions": "division", "plans": "plan",
            "undertakings": "undertaking", "moderation": "case", "decisions": "case",
            "projects": "project", "organisations": "organisation",
            "verification-requests": "request",
        }  # fmt: skip
        good = self.ids[kinds.get(path.split("/")[3], "listing")]
        place = data.draw(st.one_of(st.just(good), TEXT.filter(lambda t: t and "/" not in t)))
        query = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(asked, TEXT)))
        right = {"need": self.ids["need"], "offer": self.ids["listing"], "side": "need"}
        known = {**NEED, **right, **PLAN, "reason": "other", "consent": "phone", "accept": True}
        choices = {
            name: st.one_of(st.just(known[name]), VALUE) if name in known else VALUE
            for name in fields
        }
        body = data.draw(
            st.one_of(st.fixed_dictionaries({}, optional=choices), VALUE) if fields else VALUE
        )
        where = re.sub(r"{\w+}", lambda _m: quote(place, errors="replace"), path)
        values: dict[str, Any] = {"query_string": _plain(query)}
        if method != "get":
            values |= {"data": json.dumps(body), "content_type": "application/json"}
        answer = self.program.call(method.upper(), where.removeprefix("/api/v1"), **values)
        assert answer.status_code < 500, (method, path, query, body, answer.data)
        if answer.status_code >= 400:
            assert answer.mimetype == "application/problem+json"


def _plain(query: dict[str, str]) -> dict[str, str]:
    return {name: text.encode("utf-8", "replace").decode() for name, text in query.items()}


@pytest.fixture
def caller(program: MakeProgram, cast: Cast) -> Caller:
    """A social worker's program, and a match, a need and an offer to aim at."""
    officer, firm, broker = program(cast.officer), program(cast.enterprise), program(cast.broker)
    need = officer.post("/listings", NEED).get_json()["id"]
    offer = firm.post("/listings", OFFER).get_json()["id"]
    match = broker.post("/matches", {"need": need, "offer": offer}).get_json()["id"]
    group = broker.post("/undertakings", {"name": "办茶厂", "needs": [need]}).get_json()["id"]
    document = broker.get("/openapi.json").get_json()
    ids = {"need": need, "listing": offer, "match": match, "division": "520422", "plan": "none"}
    ids["undertaking"] = group
    project = make_project(cast.session, cast.officer.organisation, now=cast.now)
    ids["project"] = project.public_id
    cast.session.rollback()
    ids |= _looked_into(program, cast, need)
    return Caller(document, broker, ids)


def _looked_into(program: MakeProgram, cast: Cast, need: str) -> dict[str, str]:
    """A case, an organisation, and its request to be verified."""
    report = {"kind": "listing", "target": need, "reason": "wrong"}
    program(cast.stranger).post("/reports", report)
    made = cast.make_organisation(OrganisationKind.NGO, "待核协会", VILLAGE)
    who = cast.make_player("管事的", VILLAGE, made, Role.MANAGER)
    owner = who.organisation.public_id
    evidence = {"evidence": "可以打村委会电话核实"}
    program(who).post(f"/organisations/{owner}/verification", evidence)
    broker = program(cast.broker)
    case = broker.get("/moderation/cases").get_json()["items"][0]["id"]
    request = broker.get("/verification-requests").get_json()["items"][0]["id"]
    return {"case": case, "organisation": owner, "request": request}


@pytest.fixture
def planner(program: MakeProgram, cast: Cast) -> Caller:
    """A supervisor's program that aims at plans, and a plan to aim at."""
    supervisor = program(cast.supervisor)
    plan = supervisor.post("/plans", PLAN_POST).get_json()["id"]
    made = Caller(supervisor.get("/openapi.json").get_json(), supervisor, {"plan": plan})
    made.ids |= {"need": plan, "listing": plan}
    made.operations = [one for one in made.operations if "/plans" in one[0]]
    assert len(made.operations) >= 10
    return made


DRAWN = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def send_all(caller: Caller) -> None:
    """Odd values for every operation, some at a time: one draw has room for so many choices."""
    for start in range(0, len(caller.operations), AT_ONCE):
        send_some(caller, caller.operations[start : start + AT_ONCE])


def send_some(caller: Caller, operations: Sequence[Operation]) -> None:
    """EXAMPLES times odd values for each of these."""

    @seed(20261122)
    @DRAWN
    @given(data=st.data())
    def send(data: st.DataObject) -> None:
        for path, method, operation in operations:
            caller.send(path, method, data, operation)

    send()


def test_no_input_breaks_an_operation(caller: Caller) -> None:
    assert len(caller.operations) > 200
    send_all(caller)


def test_no_input_breaks_a_plan(planner: Caller) -> None:
    send_all(planner)


@seed(20261122)
@settings(
    max_examples=60,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_no_listing_breaks_the_post(
    program: MakeProgram, caller: Caller, cast: Cast, data: st.DataObject
) -> None:
    names = list(caller.document["components"]["schemas"]["ListingPost"]["properties"])
    changes = data.draw(st.dictionaries(st.sampled_from(names), VALUE, min_size=1, max_size=3))
    if not hasattr(caller, "officer"):
        caller.officer = program(cast.officer)  # type: ignore[attr-defined]  # once for all examples
    answer = caller.officer.call(  # type: ignore[attr-defined]
        "POST",
        "/listings",
        data=json.dumps({**NEED, **changes}),
        content_type="application/json",
    )
    assert answer.status_code < 500, (changes, answer.data)
