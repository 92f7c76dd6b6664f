"""The list and the board of a broker's matches: the same filters, true counts, few queries."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from exchange.brokering.board.queries import Moment, columns_of, counts_by_state, page_of
from exchange.brokering.board.rules import (
    ENDED_STATES,
    AskedMatches,
    parameters,
    read_asked,
    read_question,
    write_question,
)
from exchange.brokering.centre.escalation_models import Escalation
from exchange.brokering.centre.escalation_rules import Cause
from exchange.brokering.deeds import fulfilling
from exchange.brokering.kinds import LIVE_STATES, MatchState
from exchange.brokering.life import claiming
from exchange.brokering.models import Match
from exchange.listings.kinds import Side
from tests.accounts.test_points import colleague
from tests.brokering.conftest import Scene
from tests.brokering.test_handover import another_match
from tests.brokering.test_postponing import set_aside
from tests.cast import ELSEWHERE, Player
from tests.conftest import START, Queries, SettableClock
from tests.factories import make_listing

Catch = Callable[[], AbstractContextManager[Queries]]
MOMENT = Moment(START, "Asia/Shanghai")
CATEGORIES = ("equipment", "equipment.machinery")


def found(
    scene: Scene, by: Player | None = None, moment: Moment = MOMENT, **asked: str
) -> list[str]:
    """Public ids of the matches, in order."""
    scene.cast.session.rollback()
    actor = (by or scene.cast.broker).actor
    page = page_of(scene.cast.session, actor, AskedMatches(**asked), moment, "", 50)
    return [match.public_id for match in page.matches]


def get(scene: Scene, client: FlaskClient, who: Player, path: str) -> str:
    scene.cast.sign_in(client, who)
    answer = client.get(path)
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def test_each_filter_finds_its_own(scene: Scene, clock: SettableClock) -> None:
    cast = scene.cast
    agreed = scene.introduced()
    with scene.act(cast.broker) as act:
        fulfilling.commit(act, agreed, 30_000, 30_000, date(2026, 11, 25))
    clock.forward(days=1)
    other = another_match(scene, 1)
    assert found(scene) == [other, agreed]
    assert found(scene, sort="oldest") == [agreed, other]
    assert found(scene, sort="due") == [agreed, other]
    assert found(scene, sort="untouched") == [agreed, other]
    assert found(scene, state="agreed") == [agreed]
    assert found(scene, state="ended") == []
    assert found(scene, q="微耕机") == [agreed]
    assert found(scene, q="黔山冷链") == [other, agreed]
    assert found(scene, q="没有这个") == []
    assert found(scene, q="%") == []
    assert found(scene, category="equipment") == [other, agreed]
    assert found(scene, category="food") == []
    assert found(scene, division="520422") == [other, agreed]
    assert found(scene, division="520402") == []
    assert found(scene, organisation=cast.enterprise.organisation.public_id) == [other, agreed]
    assert found(scene, organisation=cast.stranger.organisation.public_id) == []
    assert found(scene, due="week") == [agreed]
    assert found(scene, due="overdue") == []
    later = Moment(START + timedelta(days=4), "Asia/Shanghai")
    assert found(scene, moment=later, due="overdue") == [agreed]
    assert found(scene, moment=later, due="week") == []
    assert found(scene, since="2026-11-23") == [other]
    assert found(scene, moment=later, quiet="3") == [other, agreed]
    assert found(scene, moment=later, quiet="7") == []


def test_stalled_and_set_aside(scene: Scene) -> None:
    first, second = scene.claimed(), another_match(scene, 1)
    cast = scene.cast
    for one in (first, second):
        match_id = scene.match(one).id
        cast._write()
        cast.session.add(
            Escalation(
                match_id=match_id, cause=Cause.CLAIMED, person_id=cast.broker.person_id,
                since=START, reminded_at=START,
            )
        )  # fmt: skip
        cast.session.commit()
    set_aside(scene, second)
    assert found(scene, rest="stalled") == [first]
    assert found(scene, rest="aside") == [second]


def test_whose(scene: Scene) -> None:
    cast, mine = scene.cast, scene.claimed()
    other = colleague(cast, cast.broker, "小吴")
    need, offer = (
        make_listing(
            cast.house, cast.officer if side is Side.NEED else cast.enterprise, side, title="别的"
        ).id
        for side in Side
    )
    with scene.act(other) as act:
        theirs = claiming.claim(act, need, offer).public_id
    assert found(scene) == [mine]
    assert found(scene, who="all") == [theirs, mine]
    assert found(scene, who="point") == [theirs, mine]
    assert found(scene, who="away") == []
    assert found(scene, who="centre") == []
    assert found(scene, who=f"w-{other.person.public_id}") == [theirs]
    assert found(scene, cast.supervisor) == []
    assert found(scene, cast.supervisor, who="centre") == [theirs, mine]
    for who in (cast.stranger, cast.officer, cast.enterprise):
        assert found(scene, who, who="all") == []


def test_words_find_no_title_that_the_reader_does_not_see(scene: Scene) -> None:
    cast = scene.cast
    need = make_listing(cast.house, cast.officer, Side.NEED, title="要耕地的机器")
    offer = make_listing(
        cast.house, cast.enterprise, Side.OFFER, title="秘密的机器", public_title="一台机器",
        serves=(ELSEWHERE,),
    )  # fmt: skip
    cast._write()
    match = Match(
        need_id=need.id, offer_id=offer.id, state=MatchState.CLAIMED, version=1,
        broker_id=cast.broker.person_id, created_at=cast.now, updated_at=cast.now,
    )  # fmt: skip
    cast.session.add(match)
    cast.session.commit()
    public_id = match.public_id
    assert found(scene, q="要耕地") == [public_id]
    assert found(scene, q="秘密") == []
    assert found(scene, q="一台机器") == [public_id]


def test_counts_are_those_of_the_lists_behind_them(scene: Scene, client: FlaskClient) -> None:
    cast = scene.cast
    scene.agreed()
    for number in range(12):
        another_match(scene, number)
    cast.session.rollback()
    counts = counts_by_state(cast.session, cast.broker.actor, AskedMatches(), MOMENT)
    assert (counts[MatchState.CLAIMED], counts[MatchState.AGREED]) == (12, 1)
    for state in MatchState:
        assert counts[state] == len(found(scene, state=state.value))
    columns = columns_of(cast.session, cast.broker.actor, AskedMatches(), MOMENT, 10)
    assert tuple(columns) == LIVE_STATES
    assert [len(some) for some in columns.values()] == [10, 0, 0, 1, 0]
    page = get(scene, client, cast.broker, "/matches?who=mine&look=board")
    assert page.count('class="board-card') + page.count('class="card board-card') == 11
    assert "全部 12 个" in page
    assert "state=claimed" in page


def test_every_order_can_be_read_page_by_page(scene: Scene, clock: SettableClock) -> None:
    cast = scene.cast
    agreed = scene.introduced()
    with scene.act(cast.broker) as act:
        fulfilling.commit(act, agreed, 30_000, 30_000, date(2026, 11, 25))
    for number in range(4):
        another_match(scene, number)
        clock.forward(hours=number % 2)
    cast.session.rollback()
    for sort in ("newest", "oldest", "untouched", "due"):
        whole = found(scene, sort=sort)
        assert len(whole) == 5
        pages, cursor = [], ""
        while True:
            page = page_of(
                cast.session, cast.broker.actor, AskedMatches(sort=sort), MOMENT, cursor, 2
            )
            pages += [match.public_id for match in page.matches]
            if page.next_cursor is None:
                break
            cursor = page.next_cursor
        assert pages == whole
    for odd in ("x", "-1.", "9" * 30, "1.0001-01-01T00:00:00+14:00", "3.2026-11-25", "5.", "2.x"):
        for sort in ("newest", "untouched", "due"):
            page_of(cast.session, cast.broker.actor, AskedMatches(sort=sort), MOMENT, odd, 2)


@pytest.mark.parametrize(
    "path",
    ["/matches?who=mine", "/matches?who=all&look=board", "/matches?who=mine&due=week&q=need"],
)
def test_many_take_as_many_queries_as_few(
    scene: Scene, client: FlaskClient, catch_queries: Catch, path: str
) -> None:
    def sent() -> tuple[int, int]:
        scene.cast.sign_in(client, scene.cast.broker)
        with catch_queries() as queries:
            size = len(client.get(path).data)
        return queries.count, size

    scene.agreed()
    another_match(scene, 0)
    get(scene, client, scene.cast.broker, path)
    before, size = sent()
    for number in range(1, 7):
        another_match(scene, number)
    after, larger = sent()
    assert after == before
    assert larger > size or "due=" in path


def test_sides_keep_their_simple_list(scene: Scene, client: FlaskClient) -> None:
    public_id = scene.proposed()
    page = get(scene, client, scene.cast.officer, "/matches")
    assert f"/matches/{public_id}" in page
    assert "board.css" not in page
    assert "/matches/bulk" not in page
    page = get(scene, client, scene.cast.broker, "/matches?who=sides")
    assert f"/matches/{public_id}" not in page
    assert f"/matches/{public_id}" in get(scene, client, scene.cast.broker, "/matches")


def test_what_cannot_be_understood_is_left_out_and_named(
    scene: Scene, client: FlaskClient
) -> None:
    page = get(
        scene, client, scene.cast.broker,
        "/matches?who=nobody&state=x&due=never&since=2026-13-01&quiet=5&division=abc&after=x",
    )  # fmt: skip
    assert "看不懂" in page or "没能" in page
    assert "这里还没有对接" in page or "board.css" in page


def test_nothing_found_says_how_to_go_on(scene: Scene, client: FlaskClient) -> None:
    page = get(scene, client, scene.cast.broker, "/matches?who=mine&state=failed")
    assert "这些条件下没有" in page


def test_an_address_says_what_was_asked_and_nothing_else() -> None:
    asked = AskedMatches(
        look="board", who="w-abc1", state="agreed", category="equipment", division="5204",
        organisation="abc2", due="week", rest="aside", since="2026-11-01", quiet="7",
        q="冷链 车", sort="due",
    )  # fmt: skip
    assert read_asked(dict(parameters(asked)), CATEGORIES) == (asked, ())
    assert read_question(write_question(asked), CATEGORIES) == asked
    assert dict(parameters(AskedMatches())) == {}
    assert asked.filters == 7
    assert AskedMatches(state="failed").group == ENDED_STATES
    assert read_asked({"q": "a\0b\nc" + "x" * 200}, CATEGORIES)[0].q.startswith("a b c")
    assert re.fullmatch(r"[\x20-\x7e]*", write_question(asked))
