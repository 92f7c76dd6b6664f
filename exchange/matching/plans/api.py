"""Plans for programs of supervisors: the same verbs as on the pages."""

from typing import Any, TypeVar

from exchange.api.blueprint import ApiBlueprint
from exchange.api.paging import PageQuery
from exchange.geography.queries import paths
from exchange.kernel.actor import WHOLE_COUNTRY
from exchange.kernel.errors import Invalid, NotFound
from exchange.listings.models import Listing
from exchange.listings.permissions import can_see
from exchange.listings.schemas import listing_ref
from exchange.matching.plans import schemas
from exchange.matching.plans.labels import REASONS
from exchange.matching.plans.models import MatchingPlan, PlanGap, PlanItem
from exchange.matching.plans.queries import (
    TOWNSHIP,
    gap_by_need,
    gap_reasons,
    gaps_of,
    items_of,
    plan_seen,
    plans_visible,
    queued_of,
    usual_choice,
)
from exchange.matching.plans.rules import read_choice
from exchange.matching.plans.service import ask_for_plan, discard, release, set_defaults
from exchange.matching.plans.values import MICRO, MILLI
from exchange.web.access import SUPERVISOR, access
from exchange.web.acting import acting, current_actor, read_session
from exchange.web.sentences import sentence

blp = ApiBlueprint(
    "api_plans",
    __name__,
    title="Plans",
    description="Who is introduced to whom, over all open needs of some divisions at once. "
    "For supervisors, of divisions that they supervise.",
)
T = TypeVar("T")
Given = dict[str, Any]
ONE = "/plans/<public_id:public_id>"
LAST_RANK = 2**31 - 1


@blp.get("/plans")
@access(SUPERVISOR)
@blp.query(PageQuery)
@blp.answers(200, schemas.PlanPage, "Plans, the newest first")
def index(asked: Given) -> Given:
    """Plans of the places you supervise."""
    session, actor, limit = read_session(), current_actor(), asked["limit"]
    before = _plan(asked["cursor"], "cursor").id if asked["cursor"] else None
    found = plans_visible(session, actor, before, limit + 1)
    more = found[limit - 1].public_id if len(found) > limit else None
    return {"items": [_summary(plan) for plan in found[:limit]], "next_cursor": more}


@blp.post("/plans")
@access(SUPERVISOR)
@blp.body(schemas.PlanPost, schemas.EXAMPLE)
@blp.answers(201, schemas.PlanSchema, "Asked for")
def ask(given: Given) -> tuple[Given, int, dict[str, str]]:
    """Have a plan computed, in the background; look at its state.

    That takes seconds, for a whole city minutes. It changes nothing until it is released. One
    person has four at most that are not computed yet.
    """
    session, actor = read_session(), current_actor()
    _insist_on_places(given)
    choice = schemas.choice_from(given, usual_choice(session, actor.service_point_id)[0])
    with acting() as act:
        made = ask_for_plan(act, given["name"], given["divisions"], choice).public_id
    return _item(_plan(made)), 201, {"Location": f"/api/v1/plans/{made}"}


@blp.get("/plans/defaults")
@access(SUPERVISOR)
@blp.answers(200, schemas.PlanDefaultsSchema, "What plans begin with")
def defaults() -> Given:
    """What plans of your service point begin with."""
    choice, version = usual_choice(read_session(), current_actor().service_point_id)
    return {**schemas.choice_item(choice), "version": version}


@blp.patch("/plans/defaults")
@access(SUPERVISOR)
@blp.body(schemas.PlanDefaultsPatch, {"version": 1, "weights": {"remote": 100}})
@blp.answers(200, schemas.PlanDefaultsSchema, "Changed")
def change_defaults(given: Given) -> Given:
    """Change what plans of your service point begin with; plans that are there stay as they are."""
    _insist_on_places(given)
    usual = usual_choice(read_session(), current_actor().service_point_id)[0]
    with acting() as act:
        set_defaults(act, schemas.choice_from(given, usual), given["version"])
    return defaults()


@blp.get(ONE)
@access(SUPERVISOR)
@blp.answers(200, schemas.PlanSchema, "The plan")
def show(public_id: str) -> Given:
    """A plan: what was set, what it comes to, and what became of it."""
    return _item(_plan(public_id))


@blp.get(f"{ONE}/pairs")
@access(SUPERVISOR)
@blp.query(schemas.PlannedPairQuery)
@blp.answers(200, schemas.PlannedPairPage, "Pairs, the most valuable first")
def pairs(asked: Given, public_id: str) -> Given:
    """The pairs of a plan; none until it is computed."""
    session, plan, limit = read_session(), _ready(public_id), asked["limit"]
    after = _rank(asked["cursor"]) if asked["cursor"] else -1
    found = [] if plan is None else items_of(
        session, plan.id, asked["place"] or None, after, limit + 1
    )  # fmt: skip
    more = str(found[limit - 1].rank) if len(found) > limit else None
    return {"items": [_pair_item(one) for one in found[:limit]], "next_cursor": more}


@blp.get(f"{ONE}/gaps")
@access(SUPERVISOR)
@blp.query(PageQuery)
@blp.answers(200, schemas.PlanGapPage, "Needs that stay unmet")
def gaps(asked: Given, public_id: str) -> Given:
    """The needs that a plan leaves unmet, wholly or in part, each with the reason."""
    session, plan, limit = read_session(), _ready(public_id), asked["limit"]
    if plan is None:
        return {"items": [], "next_cursor": None}
    after = 0
    if asked["cursor"]:
        last = gap_by_need(session, plan.id, asked["cursor"])
        after = _found(last).need_id
    found = gaps_of(session, plan.id, after, limit + 1)
    more = found[limit - 1].need.public_id if len(found) > limit else None
    return {"items": [_gap_item(one) for one in found[:limit]], "next_cursor": more}


@blp.get(f"{ONE}/compare/<public_id:other_id>")
@access(SUPERVISOR)
@blp.answers(200, schemas.PlanComparison, "Both plans")
def compare(public_id: str, other_id: str) -> Given:
    """Two computed plans side by side."""
    one, other = _plan(public_id), _plan(other_id)
    if one.figures is None or other.figures is None:
        raise NotFound
    return {
        "one": _item(one),
        "other": _item(other),
        "differences": schemas.differences(one.figures, other.figures),
    }


@blp.post(f"{ONE}/vary")
@access(SUPERVISOR)
@blp.body(schemas.PlanVariation, {"name": "冬季计划，偏远优先", "weights": {"remote": 200}})
@blp.answers(201, schemas.PlanSchema, "Asked for")
def vary(given: Given, public_id: str) -> tuple[Given, int, dict[str, str]]:
    """Have another plan computed that differs from this one in what you send."""
    origin = _plan(public_id)
    _insist_on_places(given)
    choice = schemas.choice_from(given, read_choice(origin.choice))
    places = given.get("divisions") or origin.prefixes
    with acting() as act:
        made = ask_for_plan(act, given["name"], places, choice, like=public_id).public_id
    return _item(_plan(made)), 201, {"Location": f"/api/v1/plans/{made}"}


@blp.post(f"{ONE}/release")
@access(SUPERVISOR)
@blp.answers(200, schemas.PlanSchema, "Released")
def release_plan(public_id: str) -> Given:
    """Hand the pairs to the social workers of the places, once; they are queued within a minute."""
    with acting() as act:
        release(act, public_id)
    return _item(_plan(public_id))


@blp.post(f"{ONE}/discard")
@access(SUPERVISOR)
@blp.answers(200, schemas.PlanSchema, "Given up")
def discard_plan(public_id: str) -> Given:
    """Give a plan up; of a released one only what was taken up stays."""
    with acting() as act:
        discard(act, public_id)
    return _item(_plan(public_id))


def _plan(public_id: str, field: str = "") -> MatchingPlan:
    plan = plan_seen(read_session(), current_actor(), public_id)
    if plan is None and not field:
        raise NotFound
    return _found(plan)


def _found(one: T | None) -> T:
    if one is None:
        raise Invalid("invalid_cursor", fields={"cursor": ["invalid_cursor"]})
    return one


def _ready(public_id: str) -> MatchingPlan | None:
    """The plan, where it is computed: rows of one that is being computed are no result."""
    plan = _plan(public_id)
    return None if plan.figures is None else plan


def _rank(cursor: str) -> int:
    is_number = cursor.isascii() and cursor.isdecimal() and len(cursor) <= 10
    rank = int(cursor) if is_number else None
    return _found(rank if rank is not None and rank <= LAST_RANK else None)


def _insist_on_places(given: Given) -> None:
    """Raise Invalid by field where a code is no division."""
    wanted = {name: given.get(name) or () for name in ("divisions", "remote_places")}
    codes = {code for found in wanted.values() for code in found} - {WHOLE_COUNTRY}
    known = {WHOLE_COUNTRY, *paths(read_session(), codes)}
    wrong = {name: ["unknown_place"] for name, found in wanted.items() if set(found) - known}
    if wrong:
        raise Invalid(fields=wrong)


def _summary(plan: MatchingPlan) -> Given:
    return {
        "id": plan.public_id,
        "name": plan.name,
        "state": plan.state.value,
        "divisions": list(plan.prefixes),
        "created_at": plan.created_at,
        "ready_at": plan.ready_at,
        "released_at": plan.released_at,
        "url": f"/plans/{plan.public_id}",
    }


def _item(plan: MatchingPlan) -> Given:
    session = read_session()
    is_ready = plan.figures is not None
    found = gap_reasons(session, plan.id) if is_ready else {}
    return {
        **_summary(plan),
        "choice": schemas.choice_item(read_choice(plan.choice)),
        "figures": schemas.figures_item(plan.figures),
        "best_pair_first": schemas.figures_item(plan.simple_figures),
        "gaps": [
            {"code": why.value, "sentence": str(REASONS[why]), "count": count}
            for why, count in sorted(found.items())
        ],
        "release": _released(plan) if plan.released_at else None,
    }


def _released(plan: MatchingPlan) -> Given:
    found = queued_of(read_session(), plan.id)
    left_out = [
        {"code": code, "sentence": sentence(code), "count": count} for code, count in found.skipped
    ]
    return {"queued": found.queued, "waiting": found.waiting, "left_out": left_out}


def _ref(listing: Listing) -> Given | None:
    actor = current_actor()
    return listing_ref(actor, listing) if can_see(actor, listing) else None


def _pair_item(item: PlanItem) -> Given:
    code = item.skip_code
    return {
        "need": _ref(item.need),
        "offer": _ref(item.offer),
        "score": item.score_micro / MICRO,
        "priority": item.weight_milli / MILLI,
        "takes": item.taken_milli,
        "covers": item.covers_milli,
        "share": item.share_micro / MICRO,
        "state": item.state.value,
        "left_out": {"code": code, "sentence": sentence(code)} if code else None,
    }


def _gap_item(gap: PlanGap) -> Given:
    return {
        "need": _ref(gap.need),
        "reason": {"code": gap.reason.value, "sentence": str(REASONS[gap.reason])},
        "met": gap.met_micro / MICRO,
        "priority": gap.weight_milli / MILLI,
        "category": gap.category_code,
        "place": gap.place_code[:TOWNSHIP],
    }
