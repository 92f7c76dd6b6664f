"""Who may see a match: the decision on values and the condition in SQL agree in every state."""

import pytest
import sqlalchemy as sa

from exchange.brokering.kinds import MatchState, Step
from exchange.brokering.models import Match
from exchange.brokering.permissions import can_see, visible_to
from exchange.brokering.rules import Party
from exchange.brokering.transition_rules import TRANSITIONS, may_take
from exchange.kernel.actor import VISITOR
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
                assert bool(by_sql) is can_see(actor, scene.match(public_id)), (name, state)
                seen[name] += bool(by_sql)
    assert seen["stranger"] == seen["visitor"] == 0
    assert seen["broker"] == seen["supervisor"] == 2 * len(MatchState)
    assert seen["officer"] == seen["enterprise"] == len(MatchState) - 2


@pytest.mark.parametrize("step", list(TRANSITIONS))
@pytest.mark.parametrize("state", list(MatchState))
@pytest.mark.parametrize("party", list(Party))
def test_table_decides_every_step_in_every_state_for_every_party(
    step: Step, state: MatchState, party: Party
) -> None:
    transition = TRANSITIONS[step]
    wanted = state in transition.states and party in transition.parties
    assert bool(may_take(step, state, frozenset({party}))) is wanted
