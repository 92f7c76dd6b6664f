"""Two brokers, two sides, their links and the clock on one match at once: nothing is lost, doubled
or promised twice.

A seeded sample runs always; EXCHANGE_TEST_FULL=1 plays a thousand rounds.
"""

import json
import os
import random
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TextIO

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange.accounts.links.models import SignedLink
from exchange.brokering.kinds import LIVE_STATES, MatchState
from exchange.brokering.life import proposing
from exchange.brokering.life.answer_links import answer_paths
from exchange.brokering.models import Match, TimelineEntry
from exchange.kernel.settings import Settings
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from tests.brokering.conftest import Scene
from tests.cast import Cast, Player
from tests.concurrency.conftest import PASSED_ON
from tests.conftest import FIGURES, SEED_VARIABLE, START
from tests.factories import make_listing
from tests.invariants import broken
from tests.running_site import ROOT

pytestmark = [pytest.mark.processes, pytest.mark.slow]
ROUNDS = 1000 if os.environ.get("EXCHANGE_TEST_FULL") == "1" else 60
PLAYERS = 5
S = MatchState
# The state that a line of the timeline leads to, from which states.
LEADS: dict[str, tuple[MatchState | None, set[MatchState | None]]] = {
    "claimed": (S.CLAIMED, {None}),
    "dismissed": (S.DISMISSED, {None}),
    "restored": (S.WITHDRAWN, {S.DISMISSED}),
    "released": (S.WITHDRAWN, {S.CLAIMED}),
    "proposed": (S.PROPOSED, {S.CLAIMED}),
    "need_accepted": (S.PROPOSED, {S.PROPOSED}),
    "offer_accepted": (S.PROPOSED, {S.PROPOSED}),
    "need_declined": (S.DECLINED, {S.PROPOSED}),
    "offer_declined": (S.DECLINED, {S.PROPOSED}),
    "need_taken_back": (S.PROPOSED, {S.PROPOSED, S.DECLINED}),
    "offer_taken_back": (S.PROPOSED, {S.PROPOSED, S.DECLINED}),
    "need_reminded": (S.PROPOSED, {S.PROPOSED}),
    "offer_reminded": (S.PROPOSED, {S.PROPOSED}),
    "introduced": (S.INTRODUCED, {S.PROPOSED}),
    "committed": (S.AGREED, {S.INTRODUCED, S.AGREED}),
    "lapsed": (S.LAPSED, {S.PROPOSED}),
    "withdrawn": (S.WITHDRAWN, {S.CLAIMED, S.PROPOSED, S.INTRODUCED}),
    "failed": (S.FAILED, {S.INTRODUCED, S.AGREED}),
}


@dataclass
class Round:
    """One pair, how far it has come, and the links that were sent."""

    need_id: int
    offer_id: int
    match: str
    links: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def players(settings: Settings, session: Session, app: Flask) -> Iterator[list[TextIO]]:
    """A conversation with each of the processes, which have opened the site of this test."""
    pairs = [socket.socketpair() for _ in range(PLAYERS)]
    theirs = [end.fileno() for _, end in pairs]
    session.rollback()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.concurrency.life_player", *map(str, theirs)],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if "EXCHANGE" not in name},
        pass_fds=theirs,
    )
    for _, end in pairs:
        end.close()
    environment = {f"EXCHANGE_{name.upper()}": str(getattr(settings, name)) for name in PASSED_ON}
    conversations = [end.makefile("rw", encoding="utf-8") for end, _ in pairs]
    for conversation in conversations:
        _write(conversation, environment | {"EXCHANGE_NOW": START.isoformat()})
    assert [_read(one) for one in conversations] == ["ready"] * PLAYERS
    yield conversations
    for conversation, (end, _) in zip(conversations, pairs, strict=True):
        conversation.close()
        end.close()
    assert process.wait(60) == 0


def _write(conversation: TextIO, words: object) -> None:
    conversation.write(json.dumps(words) + "\n")
    conversation.flush()


def _read(conversation: TextIO) -> Any:
    return json.loads(conversation.readline())


def test_random_steps_of_all_at_once_keep_every_match_whole(
    app: Flask, cast: Cast, session: Session, act_as: Any, players: list[TextIO],
    record_property: Any,
) -> None:  # fmt: skip
    choice = random.Random(f"{os.environ[SEED_VARIABLE]} life")
    cast.operator.person  # noqa: B018 - made before the players read
    came_of: Counter[str] = Counter()
    offer_id = 0
    for number in range(ROUNDS):
        if number % 4 == 0 or not session.get_one(Listing, offer_id).remaining_milli:
            offer_id = make_listing(cast.house, cast.enterprise, Side.OFFER).id
        need_id = make_listing(cast.house, cast.officer, Side.NEED).id
        scene = Scene(cast, need_id, offer_id, act_as)
        turn = begin(scene, choice)
        session.rollback()
        parts = cast_parts(cast, turn, choice)
        for conversation, part in zip(players, parts, strict=True):
            _write(conversation, part)
        answers = [word for conversation in players for word in _read(conversation)]
        came_of.update(answers)
        assert not [word for word in answers if word.startswith("!")], (number, parts)
        assert wrong_in(session, turn) == [], (number, parts, answers)
        if number % 50 == 49:
            assert broken(session) == []
    assert broken(session) == []
    assert came_of["done"] > ROUNDS
    words = ", ".join(f"{code} {count}" for code, count in came_of.most_common(6))
    record_property(FIGURES, f"{ROUNDS} rounds, {sum(came_of.values())} steps: {words}")


def begin(scene: Scene, choice: random.Random) -> Round:
    """A pair that has come to some point; half of the proposals are over at this moment."""
    kind = choice.choices(("free", "claimed", "proposed", "introduced"), (1, 2, 8, 3))[0]
    turn = Round(scene.need_id, scene.offer_id, "")
    if kind == "free":
        return turn
    turn.match = getattr(scene, kind)()
    if kind == "proposed":
        with scene.act(scene.cast.broker) as act:
            match = scene.cast.session.scalars(
                sa.select(Match).where(Match.public_id == turn.match)
            ).one()
            for side, who in ((Side.NEED, scene.cast.officer), (Side.OFFER, scene.cast.enterprise)):
                paths = answer_paths(act, match, side, {who.person_id})
                turn.links[side.value] = paths[who.person_id].removeprefix("/a/")
            over = choice.random() < 0.5
            match.remind_at = START - timedelta(hours=1)
            match.lapses_at = START if over else START + timedelta(days=3)
        if choice.random() < 0.3:
            with scene.act(scene.cast.officer) as act:
                proposing.answer(act, turn.match, Side.NEED, accept=True)
    return turn


def cast_parts(cast: Cast, turn: Round, choice: random.Random) -> list[list[dict[str, Any]]]:
    """What each of the five does: two brokers, two sides, the clock; one to three steps each."""
    brokers = [_of_a_broker(turn, choice, cast.broker), _of_a_broker(turn, choice, cast.supervisor)]
    sides = [
        _of_a_side(turn, choice, cast.officer, "need"),
        _of_a_side(turn, choice, cast.enterprise, "offer"),
    ]
    clock = [
        _step(choice, None, verb, match=turn.match, **values)
        for verb, values in choice.sample(
            [("lapse", {}), ("remind", {"side": "need"}), ("remind", {"side": "offer"})], 2
        )
        if turn.match
    ]
    return [*brokers, *sides, clock]


def _of_a_broker(turn: Round, choice: random.Random, who: Player) -> list[dict[str, Any]]:
    pair = {"need": turn.need_id, "offer": turn.offer_id}
    verbs: list[tuple[str, dict[str, Any]]] = [("claim", pair), ("dismiss", pair)]
    if turn.match:
        one = {"match": turn.match}
        verbs = [
            ("claim", pair), ("propose", one), ("withdraw", one), ("release", one),
            ("commit", {**one, "milli": choice.choice((40_000, 70_000))}), ("fail", one),
            ("commit", {**one, "milli": 30_000}), ("propose", one),
        ]  # fmt: skip
    count = choice.randint(1, 2)
    return [_step(choice, who, verb, **values) for verb, values in choice.choices(verbs, k=count)]


def _of_a_side(
    turn: Round, choice: random.Random, who: Player, side: str
) -> list[dict[str, Any]]:
    if not turn.match:
        return []
    one = {"match": turn.match, "side": side}
    verbs: list[tuple[str, dict[str, Any]]] = [
        ("answer", {**one, "accept": True}), ("answer", {**one, "accept": False}),
        ("answer", {**one, "accept": True}), ("take_back", one),
    ]  # fmt: skip
    if side in turn.links:
        link = {**one, "token": turn.links[side]}
        verbs += [("link", {**link, "accept": True})] * 3 + [("link", {**link, "accept": False})]
    count = choice.randint(1, 3)
    return [_step(choice, who, verb, **values) for verb, values in choice.choices(verbs, k=count)]


def _step(
    choice: random.Random, who: Player | None, verb: str, **values: Any
) -> dict[str, Any]:
    return {
        "verb": verb, "values": values, "pause": choice.choice((0, 0, 0.002, 0.005, 0.01)),
        "who": (who.person_id, who.organisation_id) if who else None,
    }  # fmt: skip


def wrong_in(session: Session, turn: Round) -> list[str]:
    """What does not hold of the pair of a round."""
    session.rollback()
    session.expire_all()
    pair = (Match.need_id == turn.need_id) & (Match.offer_id == turn.offer_id)
    matches = session.scalars(sa.select(Match).where(pair)).all()
    found = []
    if sum(match.state in LIVE_STATES for match in matches) > 1:
        found.append("two live matches of one pair")
    for match in matches:
        found += _wrong_line(session, match)
    for listing_id in (turn.need_id, turn.offer_id):
        listing = session.get_one(Listing, listing_id)
        if not 0 <= listing.committed_milli <= (listing.quantity_milli or 0):
            found.append(f"{listing_id} has promised {listing.committed_milli}")
    found += _wrong_links(session, turn)
    session.rollback()
    return found


def _wrong_line(session: Session, match: Match) -> list[str]:
    """The timeline, read again from its beginning, leads to the present state, step by step; it
    begins once, by the one who owns the match.
    """
    query = sa.select(TimelineEntry).where(TimelineEntry.match_id == match.id)
    entries = session.scalars(query.order_by(TimelineEntry.id)).all()
    state: MatchState | None = None
    for entry in entries:
        to, allowed = LEADS[entry.code]
        if state not in allowed:
            return [f"{entry.code} from {state}: {[one.code for one in entries]}"]
        state = to
    begun = [one.person_id for one in entries if one.code in ("claimed", "dismissed")]
    if state is not match.state:
        return [f"{match.state} after {[one.code for one in entries]}"]
    return [] if begun == [match.broker_id] else [f"owned by {match.broker_id}, begun by {begun}"]


def _wrong_links(session: Session, turn: Round) -> list[str]:
    """Every link that was used stands for exactly one answer by link."""
    used = sa.select(sa.func.count()).where(
        SignedLink.used_at.is_not(None), SignedLink.subject.startswith(f"{turn.match}:")
    )
    lines = session.scalars(
        sa.select(TimelineEntry.params)
        .join(Match, Match.id == TimelineEntry.match_id)
        .where(Match.public_id == turn.match)
    )
    by_link = sum(bool(params.get("by_link")) for params in lines)
    count = session.scalar(used)
    return [] if count == by_link else [f"{count} links used, {by_link} answers by link"]
