"""Every state, every deed, every role: what the table of deeds allows happens and leaves the state
as it is, everything else is refused for the reason that the table gives.
"""

from contextlib import suppress
from pathlib import Path

import pytest
from flask import Flask

from exchange.audit.noticing import notebook_of
from exchange.brokering.deeds.kinds import Deed
from exchange.brokering.deeds.rules import DEEDS
from exchange.brokering.kinds import MatchState
from exchange.brokering.life.transition_doc import deeds_text
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, ExchangeError, Forbidden, NotFound
from exchange.web.sentences import SENTENCES
from tests.brokering.conftest import Scene
from tests.brokering.deed_drivers import DOERS, DeedTurn
from tests.brokering.life_table import ROLES, actor_of, reach
from tests.brokering.test_transitions import _onlooker

DOC = Path(__file__).parents[2] / "docs" / "brokering.md"
# Nothing is asked of proxies here: whoever brokers speaks as one where a side must speak.
PLAYED = tuple(role for role in ROLES if role != "proxy")
REFUSALS = {Forbidden: "match_not_your_step", Conflict: "match_wrong_state", NotFound: "not_found"}


class _Undone(Exception):
    """Ends an act so that nothing of it stays."""


def test_every_deed_has_a_row_and_a_way_to_do_it() -> None:
    assert set(DOERS) == set(DEEDS) == set(Deed)
    assert all(row.states and row.parties and not row.to for row in DEEDS.values())


def test_the_documents_print_the_deeds() -> None:
    text = DOC.read_text(encoding="utf-8")
    begin, end = "<!-- deeds -->\n", "<!-- end of deeds -->"
    assert text.partition(begin)[2].partition(end)[0] == deeds_text()


@pytest.mark.slow
@pytest.mark.parametrize("state", list(MatchState))
def test_the_table_decides_in_every_state_for_every_role(
    app: Flask, scene: Scene, state: MatchState
) -> None:
    scene.onlooker = _onlooker(scene)
    public_id, commitment = reach(scene, state)
    done = 0
    for deed in Deed:
        for role in PLAYED:
            turn = DeedTurn(scene, public_id, commitment, deed, role)
            with app.test_request_context():
                done += _try(turn, state)
    allowed = [d for d, row in DEEDS.items() for r in PLAYED if _allows(d, r, state)]
    assert done == len(allowed)
    assert done >= 4  # there are always notes and the brokers' own pictures
    assert scene.match(public_id).state is state


def _allows(deed: Deed, role: str, state: MatchState) -> bool:
    row = DEEDS[deed]
    return state in row.states and bool(row.parties & ROLES[role])


def _try(turn: DeedTurn, state: MatchState) -> bool:
    """Whether it happened; nothing of it stays."""
    happened = False
    with suppress(_Undone), turn.scene.act(actor_of(turn.scene, turn.role)) as act:
        happened = _do(act, turn, state)
        raise _Undone
    return happened


def _do(act: Act, turn: DeedTurn, state: MatchState) -> bool:
    what = (turn.deed.value, state.value, turn.role)
    before = _events(act)
    try:
        DOERS[turn.deed](act, turn)
    except ExchangeError as error:
        _check_refusal(error, turn, state)
        return False
    act.session.flush()
    assert _allows(turn.deed, turn.role, state), what
    assert _events(act) > before, what
    assert turn.match(act).state is state, what
    return True


def _check_refusal(error: ExchangeError, turn: DeedTurn, state: MatchState) -> None:
    """The table's own no, and no other; it has a sentence."""
    what = (turn.deed.value, state.value, turn.role, error.code)
    assert not _allows(turn.deed, turn.role, state), what
    assert REFUSALS[type(error)] == error.code, what
    assert error.code in SENTENCES, what


def _events(act: Act) -> int:
    noted = notebook_of(act.session)
    return len(noted.events) if noted else 0
