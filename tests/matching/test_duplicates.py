"""Needs posted twice: found in the background, shown to brokers, decided by them."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from itertools import combinations
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy.orm import Session

from exchange.accounts.tokens.service import create_token
from exchange.brokering.life.claiming import claim
from exchange.kernel.act import Act, House
from exchange.kernel.errors import Conflict, Forbidden
from exchange.listings.kinds import Door, Side, State
from exchange.listings.models import Listing
from exchange.listings.service import merge_needs, undo_merge, withdraw_listing
from exchange.listings.values import values_of
from exchange.listings.writing import edit_listing
from exchange.matching.duplicates.evaluation import read_twins, twin_measures
from exchange.matching.duplicates.finding import find_duplicates
from exchange.matching.duplicates.models import DuplicatePair
from exchange.matching.duplicates.queries import beside, count_proposals, proposals_in
from exchange.matching.duplicates.sentences import duplicate_reasons
from exchange.matching.duplicates.service import keep_apart, replace_pairs
from exchange.matching.evaluation.evaluating import read_rows
from exchange.search.jobs import ensure_index
from exchange.search.reading.duplicate_facts import Likeness
from exchange.search.reading.duplicates import judge
from tests.conftest import Queries, SettableClock
from tests.factories import make_listing
from tests.matching.conftest import TODAY, Village
from tests.matching.test_duplicate_figures import MADE, need_of
from tests.matching.test_one_pipeline import SET

ActAs = Callable[..., AbstractContextManager[Act]]
POTATOES: dict[str, Any] = {
    "title": "洋芋滞销",
    "text": "今年洋芋收了八万斤，没有老板来收，再放就发芽了。",
    "category_code": "market.purchase",
    "quantity_milli": 80_000_000,
    "unit": "斤",
}
AGAIN: dict[str, Any] = {
    **POTATOES, "title": "马铃薯求收购", "text": "村里马铃薯约40吨待销，望收购商联系。",
    "quantity_milli": 40_000, "unit": "吨", "division_code": "520422102",
}  # fmt: skip


@pytest.fixture(autouse=True)
def index(app: Flask) -> None:
    with app.app_context():
        ensure_index(app.extensions["exchange.jobs"])


def pairs(session: Session) -> list[DuplicatePair]:
    session.rollback()
    return list(session.scalars(sa.select(DuplicatePair)))


def open_pairs(session: Session) -> set[tuple[int, int]]:
    return {(one.first_id, one.second_id) for one in pairs(session) if one.decided_at is None}


@pytest.fixture
def posted(village: Village, run_jobs: Callable[[], int]) -> tuple[int, int]:
    """The same potatoes, by two posts in two units, and a need that only looks like it."""
    first = village.post(village.cast.officer, Door.SELL, "N1", **POTATOES).id
    second = village.post(village.cast.officer, Door.SELL, "N2", **AGAIN).id
    village.post(
        village.cast.officer, Door.SELL, "N3", **{
            **POTATOES, "title": "白萝卜滞销", "text": "白萝卜收了八万斤，没有老板来收。",
        },
    )  # fmt: skip
    run_jobs()
    return first, second


def test_the_worker_proposes_the_pair_once_with_its_reasons(
    posted: tuple[int, int], app: Flask, session: Session
) -> None:
    found = pairs(session)
    assert [(one.first_id, one.second_id) for one in found] == [posted]
    codes = {reason["code"] for reason in found[0].reasons}
    assert {"amount_same", "concept_goods", "place_within"} <= codes
    with app.app_context():
        run = app.extensions["exchange.jobs"]
        assert find_duplicates(run, [*posted, 10**9]) == 0  # again, and in either order
        assert find_duplicates(run, posted[::-1]) == 0


def test_a_proposal_goes_when_a_need_closes_or_says_something_else(
    posted: tuple[int, int], village: Village, session: Session, run_jobs: Callable[[], int]
) -> None:
    def change(**values: Any) -> None:
        with village.act_as(village.cast.officer.actor) as act:
            need = act.session.get_one(Listing, posted[1])
            now = type(values_of(need))(**{**vars(values_of(need)), **values})
            edit_listing(act, need, now)
        run_jobs()

    change(quantity_milli=15_000, text="村里马铃薯约15吨待销，望收购商联系。")
    assert not open_pairs(session)
    change(quantity_milli=40_000)
    assert open_pairs(session) == {posted}
    with village.act_as(village.cast.officer.actor) as act:
        withdraw_listing(act, act.session.get_one(Listing, posted[0]))
    assert not pairs(session)


def test_not_the_same_is_never_proposed_again(
    posted: tuple[int, int],
    village: Village,
    app: Flask,
    session: Session,
    run_jobs: Callable[[], int],
) -> None:
    with village.act_as(village.cast.broker.actor) as act:
        keep_apart(act, *(act.session.get_one(Listing, key) for key in posted))
        keep_apart(act, *(act.session.get_one(Listing, key) for key in posted[::-1]))
    with app.app_context():
        find_duplicates(app.extensions["exchange.jobs"], posted)
    assert not open_pairs(session)
    assert len(pairs(session)) == 1


def test_what_changes_while_it_is_looked_at_is_left_to_its_own_job(
    posted: tuple[int, int], village: Village, session: Session, clock: SettableClock
) -> None:
    read_at = clock.now()
    clock.forward(minutes=1)
    with village.act_as(village.cast.officer.actor) as act:
        need = act.session.get_one(Listing, posted[1])
        values = {**vars(values_of(need)), "text": "村里马铃薯约40吨待销。"}
        edit_listing(act, need, type(values_of(need))(**values))
    with village.act_as() as act:
        assert replace_pairs(act, [posted[1]], [], "stale", read_at) == 0
        assert replace_pairs(act, [posted[0]], [], "stale", read_at) == 1
    assert not open_pairs(session)


def test_only_brokers_of_both_places_decide_and_see(
    posted: tuple[int, int], village: Village, session: Session
) -> None:
    cast = village.cast
    for who in (cast.officer, cast.enterprise, cast.stranger):
        assert proposals_in(session, who.actor, TODAY) == ([], False)
        with pytest.raises(Forbidden), village.act_as(who.actor) as act:
            keep_apart(act, *(act.session.get_one(Listing, key) for key in posted))
    for who in (cast.broker, cast.supervisor):
        assert len(proposals_in(session, who.actor, TODAY)[0]) == 1
        assert count_proposals(session, who.actor, TODAY) == 1
    assert count_proposals(session, cast.broker.actor, date(2099, 1, 1)) == 1  # no last day
    assert count_proposals(session, cast.officer.actor, TODAY) == 0


def test_undoing_a_merge_is_saying_that_they_are_not_the_same(
    posted: tuple[int, int], village: Village, session: Session, run_jobs: Callable[[], int]
) -> None:
    broker = village.cast.broker.actor
    with village.act_as(broker) as act:
        merge_needs(act, *(act.session.get_one(Listing, key) for key in posted))
    run_jobs()
    assert not open_pairs(session)
    with village.act_as(broker) as act:
        undo_merge(act, act.session.get_one(Listing, posted[0]))
    run_jobs()
    assert not open_pairs(session)
    assert [one.decided_at is None for one in pairs(session)] == [False]


def test_a_broker_joins_them_on_the_page(
    posted: tuple[int, int], village: Village, client: FlaskClient, session: Session
) -> None:
    first, second = (session.get_one(Listing, key).public_id for key in posted)
    village.cast.sign_in(client, village.cast.broker)
    for address in ("/duplicates", f"/listings/{first}"):
        page = client.get(address).text
        assert "两边都是同一种东西：土豆" in page
        assert "8万斤" in page
        assert f"/listings/{second}/merge" in page
        client.get("/locale/en")
        assert "potato" in client.get(address).text
        client.get("/locale/zh")
    assert "/duplicates" in client.get("/today").text
    client.post(f"/listings/{second}/merge", data={"into": first, "version": 1, "into_version": 1})
    session.rollback()
    assert session.get_one(Listing, posted[1]).state is State.MERGED
    assert f"/listings/{second}/merge" not in client.get("/duplicates").text


def test_strangers_learn_nothing_on_the_pages(
    posted: tuple[int, int], village: Village, client: FlaskClient, session: Session
) -> None:
    first, second = (session.get_one(Listing, key).public_id for key in posted)
    assert "/merge" not in client.get(f"/listings/{first}").text
    village.cast.sign_in(client, village.cast.officer)
    assert "/merge" not in client.get(f"/listings/{first}").text
    assert client.get("/duplicates").status_code == 403
    assert client.post("/duplicates/apart", data={"one": first, "other": second}).status_code == 403


def test_saying_not_the_same_on_the_page(
    posted: tuple[int, int], village: Village, client: FlaskClient, session: Session
) -> None:
    first, second = (session.get_one(Listing, key).public_id for key in posted)
    village.cast.sign_in(client, village.cast.broker)
    answer = client.post("/duplicates/apart", data={"one": first, "other": second})
    assert answer.headers["Location"].endswith("/duplicates")
    assert not open_pairs(session)
    assert client.post("/duplicates/apart", data={"one": first, "other": "x"}).status_code == 404
    assert client.post("/duplicates/apart", data={"one": first, "other": first}).status_code == 409


@pytest.fixture
def headers(village: Village, act_as: ActAs) -> dict[str, str]:
    broker = village.cast.broker
    person_id, organisation_id = broker.person_id, broker.organisation_id
    with act_as() as act:
        made = create_token(act, person_id, organisation_id, "desk", may_write=True, days=1)
        return {"Authorization": f"Bearer {made.secret}"}


def test_programs_of_brokers_read_merge_and_part(
    posted: tuple[int, int], client: FlaskClient, session: Session, headers: dict[str, str]
) -> None:
    first, second = (session.get_one(Listing, key).public_id for key in posted)
    items = client.get("/api/v1/duplicates", headers=headers).json["items"]
    assert [(one["one"]["id"], one["other"]["id"]) for one in items] == [(first, second)]
    assert items[0]["reasons"][0]["weight"] > 0
    mine = client.get(f"/api/v1/listings/{second}/duplicates", headers=headers).json["items"]
    assert mine[0]["one"]["id"] == second
    merge = f"/api/v1/listings/{second}/merge"
    body = {"into": first, "version": 9}
    assert client.post(merge, json=body, headers=headers).status_code == 409
    done = client.post(merge, json={"into": first}, headers=headers)
    assert (done.json["state"], done.json["merged_into"]["id"]) == ("merged", first)
    back = client.post(f"/api/v1/listings/{second}/unmerge", json={}, headers=headers)
    assert back.json["state"] == "published"
    apart = {"one": first, "other": second}
    assert client.post("/api/v1/duplicates/apart", json=apart, headers=headers).status_code == 204


def test_a_program_that_posts_is_told_of_similar_needs(
    village: Village, client: FlaskClient, act_as: ActAs
) -> None:
    officer = village.cast.officer
    person_id, organisation_id = officer.person_id, officer.organisation_id
    with act_as() as act:
        made = create_token(act, person_id, organisation_id, "desk", may_write=True, days=1)
    headers = {"Authorization": f"Bearer {made.secret}"}
    body = {
        "side": "need", "title": POTATOES["title"], "text": POTATOES["text"], "quantity": 80000,
        "unit": "斤", "category": "market.purchase", "division": "520422102243",
    }  # fmt: skip
    first = client.post("/api/v1/listings", json=body, headers=headers).json
    assert first["similar"] == []
    again = body | {"title": AGAIN["title"], "text": AGAIN["text"], "quantity": 40, "unit": "吨"}
    second = client.post("/api/v1/listings", json=again, headers=headers).json
    assert [one["id"] for one in second["similar"]] == [first["id"]]


def test_a_need_in_an_open_match_is_not_merged_away(
    posted: tuple[int, int], village: Village, house: House, session: Session
) -> None:
    from_match = posted[0]
    broker = village.cast.broker
    session.rollback()
    offer = make_listing(
        house, village.cast.enterprise, Side.OFFER, category_code="market.purchase",
        title="收购洋芋", text="大量收购洋芋。", unit="吨",
    ).id  # fmt: skip
    with village.act_as(broker.actor) as act:
        claim(act, from_match, offer)
    with pytest.raises(Conflict) as refused, village.act_as(broker.actor) as act:
        merge_needs(act, *(act.session.get_one(Listing, key) for key in posted))
    assert refused.value.code == "merge_match_open"
    session.rollback()
    assert session.get_one(Listing, from_match).state is State.PUBLISHED
    with village.act_as(broker.actor) as act:
        merge_needs(act, *(act.session.get_one(Listing, key) for key in posted[::-1]))


def test_twice_the_pairs_take_the_same_number_of_queries(
    village: Village,
    client: FlaskClient,
    run_jobs: Callable[[], int],
    catch_queries: Callable[[], AbstractContextManager[Queries]],
) -> None:
    def post(number: int) -> None:
        for name in ("a", "b"):
            amount = {"quantity_milli": number * 17_000, "unit": "吨"}
            village.post(village.cast.officer, Door.SELL, f"{number}{name}", **AGAIN | amount)

    @contextmanager
    def counted() -> Iterator[Queries]:
        run_jobs()
        village.cast.sign_in(client, village.cast.broker)
        client.get("/healthz")
        with catch_queries() as queries:
            yield queries

    post(1)
    with counted() as before:
        assert client.get("/duplicates").text.count("/merge") == 2
    post(3)
    with counted() as after:
        assert client.get("/duplicates").text.count("/merge") == 4
    assert after.count == before.count


def test_not_all_needs_are_compared(village: Village, session: Session) -> None:
    need = village.need("N1", **{**POTATOES, "title": "洋芋"})
    village.need("N2", title="修路", text="修路", category_code="materials.building")
    near = village.need("N3", division_code="520422102", category_code="market.brand")
    far = village.post(village.cast.stranger, Door.HELP, "N4", division_code="520502001")
    owner = need.organisation_id
    found = beside(session, need.id, "market.purchase", "520422102243", owner, TODAY)
    assert near.id in found  # of one township and branch
    assert far.id not in found
    others = beside(session, need.id, "market.purchase", "520422102243", 0, TODAY)
    assert others == {near.id}


def test_figures_of_the_evaluation() -> None:
    twins = read_twins(SET)
    assert twins is not None
    assert read_twins(SET.parent) is None
    assert len(twins) == 10
    some = frozenset(list(twins)[:9]) | {frozenset(("a", "b"))}
    figures = twin_measures(some, twins)
    assert (figures["precision"], figures["recall"]) == (0.9, 0.9)
    assert twin_measures(frozenset(), twins)["recall"] == 0


def test_every_sign_has_a_sentence_in_both_languages(app: Flask, session: Session) -> None:
    rows = read_rows(MADE)[:60]
    likenesses = Likeness(0.2, 0.5, 0.6, ("码头",)), Likeness(0.0, 0.0, 0.0), Likeness(0.35, 1, 1)
    grounds = {
        ground.code: ground
        for one, other in combinations(map(need_of, rows), 2)
        for like in likenesses
        for ground in judge(one, other, like).grounds
    }
    assert len(grounds) > 20
    reasons = [{"code": g.code, "weight": g.weight, "params": g.params} for g in grounds.values()]
    for locale in ("zh", "en"):
        with app.test_request_context(), force_locale(locale):
            (lines,) = duplicate_reasons([DuplicatePair(reasons=reasons)])
        assert {line.code for line in lines} == set(grounds)
        assert not [line.sentence for line in lines if "%" in line.sentence]
