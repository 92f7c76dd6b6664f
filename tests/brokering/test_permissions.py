"""Who may see a match: the decision on values and the condition in SQL agree in every state."""

from itertools import combinations, product

import sqlalchemy as sa

from exchange.brokering.kinds import MatchState, Step
from exchange.brokering.life.transition_rules import TRANSITIONS, may_take
from exchange.brokering.models import Match
from exchange.brokering.permissions import can_see, visible_to
from exchange.brokering.rules import Party
from exchange.kernel.actor import VISITOR
from exchange.kernel.decisions import allow, refuse
from tests.brokering.conftest import Scene


def test_can_see_and_visible_to_agree_in_every_state_for_everybody(scene: Scene) -> None:
    public_id = scene.claimed()
    session, cast = scene.cast.session, scene.cast
    actors = {
        name: getattr(cast, name).actor
        for name in ("officer", "enterprise", "broker", "supervisor", "stranger")
    } | {"visitor": VISITOR}
    seen: dict[str, int] = dict.fromkeys(actors, 0)
    for proposed in (None, cast.now):
        for state in MatchState:
            match = scene.match(public_id)
            match.state, match.proposed_at = state, proposed
            session.commit()
            for name, actor in actors.items():
                by_sql = session.scalar(
                    sa.select(sa.func.count()).select_from(Match).where(visible_to(actor))
                )
                assert bool(by_sql) is can_see(actor, match), (name, state)
                seen[name] += bool(by_sql)
    assert seen["stranger"] == seen["visitor"] == 0
    assert seen["broker"] == seen["supervisor"] == 2 * len(MatchState)
    assert seen["officer"] == seen["enterprise"] == len(MatchState) - 2


def test_table_decides_every_step_in_every_state_for_every_company_of_parties() -> None:
    """Who may not take a step learns that first, and nothing of the state."""
    companies = [
        frozenset(some) for size in range(len(Party) + 1) for some in combinations(Party, size)
    ]
    tried = 0
    for (step, row), state, parties in product(TRANSITIONS.items(), MatchState, companies):
        decision, case = may_take(step, state, parties), (step, state, parties)
        if not parties & row.parties:
            assert decision == refuse("match_not_your_step"), case
        elif state in row.states:
            assert decision == allow(), case
        else:
            assert decision == refuse("match_wrong_state", state=state.value), case
        tried += 1
    assert tried == len(Step) * len(MatchState) * 2 ** len(Party)


def test_who_may_take_which_steps_at_all() -> None:
    by_sides = {
        Step.ANSWER, Step.TAKE_BACK, Step.DELIVER, Step.RECORD_OUTCOME, Step.CONFIRM, Step.FAIL,
    }  # fmt: skip
    by_clock = {Step.REMIND, Step.LAPSE, Step.END}
    by_proxies = {Step.ANSWER, Step.TAKE_BACK, Step.CONFIRM}
    by_brokers = set(Step) - by_clock - by_proxies
    wanted = {
        Party.NEED: by_sides, Party.OFFER: by_sides, Party.PROXY: by_proxies,
        Party.SYSTEM: by_clock, Party.BROKER: by_brokers, Party.SUPERVISOR: by_brokers,
    }  # fmt: skip
    for party, steps in wanted.items():
        assert {step for step, row in TRANSITIONS.items() if party in row.parties} == steps, party
