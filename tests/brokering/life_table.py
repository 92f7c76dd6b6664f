"""Every step of the table as somebody takes it, and a match in every state to take it from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from exchange.brokering.deeds import fulfilling
from exchange.brokering.kinds import (
    Answer,
    CheckKind,
    CloseReason,
    DismissReason,
    EndCause,
    MatchState,
    ProxyConsent,
    Step,
)
from exchange.brokering.life import claiming, closing, proposing, reminding, undoing
from exchange.brokering.life.ending import end_matches_of
from exchange.brokering.life.safeguarding import record_check
from exchange.brokering.models import Match
from exchange.brokering.rules import Party
from exchange.kernel.act import Act
from exchange.kernel.actor import SYSTEM, Actor
from exchange.listings.kinds import Side
from tests.brokering.conftest import Scene

S = MatchState
WORDS = "按约定办好了"
# How each role of the test stands to the match; an onlooker is a broker of the place, not of it.
ROLES: dict[str, frozenset[Party]] = {
    "broker": frozenset({Party.BROKER}),
    "supervisor": frozenset({Party.SUPERVISOR}),
    "need": frozenset({Party.NEED}),
    "offer": frozenset({Party.OFFER}),
    "proxy": frozenset({Party.PROXY}),
    "system": frozenset({Party.SYSTEM}),
    "onlooker": frozenset(),
    "stranger": frozenset(),
}


@dataclass(frozen=True)
class Turn:
    """One step that one role is about to take."""

    scene: Scene
    public_id: str
    commitment: str
    step: Step
    role: str

    @property
    def side(self) -> Side:
        """The side that the role speaks for; the need's for who belongs to none."""
        return Side.OFFER if self.role == "offer" else Side.NEED

    def match(self, act: Act) -> Match:
        return act.session.scalars(
            sa.select(Match).where(Match.public_id == self.public_id)
        ).one()


def actor_of(scene: Scene, role: str) -> Actor:
    """Who plays a role."""
    people = {
        "broker": "broker", "proxy": "broker", "supervisor": "supervisor", "need": "officer",
        "offer": "enterprise", "stranger": "stranger",
    }  # fmt: skip
    if role == "system":
        return SYSTEM
    if role == "onlooker":
        assert scene.onlooker is not None
        return scene.onlooker.actor
    return getattr(scene.cast, people[role]).actor  # type: ignore[no-any-return]  # by name


def reach(scene: Scene, state: MatchState) -> tuple[str, str]:
    """A match that has come to a state as it does in life, and a commitment of it where there is
    one.
    """
    cast = scene.cast
    if state is S.DISMISSED:
        with scene.act(cast.broker) as act:
            made = claiming.dismiss(
                act, scene.need_id, scene.offer_id, DismissReason.TOO_FAR
            )
            return made.public_id, ""
    if state is S.CLAIMED:
        return scene.claimed(), ""
    if state in (S.PROPOSED, S.DECLINED, S.LAPSED, S.WITHDRAWN):
        public_id = scene.proposed()
        _end_unmet(scene, public_id, state)
        return public_id, ""
    if state is S.INTRODUCED:
        return scene.introduced(), ""
    public_id, commitment = scene.agreed()
    _carry_out(scene, public_id, commitment, state)
    return public_id, commitment


def _end_unmet(scene: Scene, public_id: str, state: MatchState) -> None:
    if state is S.DECLINED:
        with scene.act(scene.cast.officer) as act:
            proposing.answer(act, public_id, Side.NEED, accept=False, reason=CloseReason.TIME)
    elif state is S.WITHDRAWN:
        with scene.act(scene.cast.broker) as act:
            closing.withdraw(act, public_id, CloseReason.OTHER)
    elif state is S.LAPSED:
        with scene.act(SYSTEM) as act:
            end_matches_of(act, (scene.need_id,), EndCause.EXPIRED)


def _carry_out(scene: Scene, public_id: str, commitment: str, state: MatchState) -> None:
    cast = scene.cast
    if state is S.FAILED:
        with scene.act(cast.broker) as act:
            closing.fail(act, public_id, CloseReason.NOT_DELIVERED, WORDS)
    if state not in (S.DELIVERING, S.COMPLETED, S.EVALUATED):
        return
    with scene.act(cast.officer) as act:
        fulfilling.record_delivery(act, public_id, commitment, 10_000)
    with scene.act(cast.broker) as act:
        fulfilling.record_outcome(act, public_id, WORDS, 12)
    if state is S.DELIVERING:
        return
    for who, side in ((cast.officer, Side.NEED), (cast.enterprise, Side.OFFER)):
        with scene.act(who) as act:
            version = scene.version(public_id)
            fulfilling.confirm_outcome(act, public_id, side, version=version)
    if state is S.EVALUATED:
        with scene.act(cast.broker) as act:
            fulfilling.evaluate(act, public_id, WORDS)


def moment_of(step: Step, match: Match, now: datetime) -> datetime:
    """When a step is taken: those of the clock on their day."""
    if step is Step.REMIND and match.remind_at:
        return match.remind_at
    if step is Step.LAPSE and match.lapses_at:
        return match.lapses_at + timedelta(hours=1)
    return now


def prepare(act: Act, turn: Turn) -> None:
    """What the step needs beside the state and the person, put there within the act."""
    match = turn.match(act)
    if turn.step is Step.CHECK:
        match.need.beneficiaries, match.need.category_code = ["elderly"], "services.elderly"
        match.offer.category_code = "services.elderly"
    if turn.step is Step.TAKE_BACK:
        mine, other = match.side(turn.side), match.side(turn.side.other)
        said = Answer.DECLINED if match.state is S.DECLINED else Answer.ACCEPTED
        speaker = "proxy" if turn.role == "proxy" else turn.side.value
        mine.answer, mine.answered_at = said, act.now
        mine.answered_by_id = actor_of(turn.scene, speaker).person_id
        other.answer = Answer.PENDING
    if turn.step is Step.CONFIRM and match.outcome is not None:
        match.outcome.need_confirmed_at = match.outcome.offer_confirmed_at = act.now
        setattr(match.outcome, f"{turn.side.value}_confirmed_at", None)
    act.session.flush()


def _consent(turn: Turn) -> dict[str, object]:
    if turn.role != "proxy":
        return {}
    return {"consent": ProxyConsent.PHONE, "consent_note": "电话里说同意"}


def _claim(act: Act, turn: Turn) -> object:
    return claiming.claim(act, turn.scene.need_id, turn.scene.offer_id)


def _dismiss(act: Act, turn: Turn) -> object:
    ids = turn.scene.need_id, turn.scene.offer_id
    return claiming.dismiss(act, *ids, DismissReason.TOO_FAR)


def _answer(act: Act, turn: Turn) -> object:
    return proposing.answer(act, turn.public_id, turn.side, accept=True, **_consent(turn))  # type: ignore[arg-type]  # by name


def _confirm(act: Act, turn: Turn) -> object:
    version = turn.match(act).version
    return fulfilling.confirm_outcome(
        act, turn.public_id, turn.side, version=version, **_consent(turn)  # type: ignore[arg-type]  # by name
    )


def _end(act: Act, turn: Turn) -> object:
    """Listings end by the clock; a match that may not end so is left alone."""
    return end_matches_of(act, (turn.scene.need_id,), EndCause.EXPIRED)


# Each step as its door takes it, with everything that it asks for.
DRIVERS: dict[Step, Callable[[Act, Turn], object]] = {
    Step.CLAIM: _claim,
    Step.DISMISS: _dismiss,
    Step.RESTORE: lambda act, t: undoing.restore(act, t.public_id),
    Step.RELEASE: lambda act, t: undoing.release(act, t.public_id, CloseReason.NO_TIME),
    Step.CHECK: lambda act, t: record_check(act, t.public_id, CheckKind.LICENCE, act.today),
    Step.PROPOSE: lambda act, t: proposing.propose(act, t.public_id, "请看看合不合适"),
    Step.ANSWER: _answer,
    Step.TAKE_BACK: lambda act, t: undoing.take_back_answer(act, t.public_id, t.side),
    Step.REMIND: lambda act, t: reminding.remind(act, t.public_id, Side.NEED),
    Step.COMMIT: lambda act, t: fulfilling.commit(act, t.public_id, 5_000, 5_000),
    Step.DELIVER: lambda act, t: fulfilling.record_delivery(
        act, t.public_id, t.commitment, 1_000
    ),
    Step.RECORD_OUTCOME: lambda act, t: fulfilling.record_outcome(act, t.public_id, WORDS, 3),
    Step.CONFIRM: _confirm,
    Step.EVALUATE: lambda act, t: fulfilling.evaluate(act, t.public_id, WORDS),
    Step.WITHDRAW: lambda act, t: closing.withdraw(act, t.public_id, CloseReason.OTHER),
    Step.FAIL: lambda act, t: closing.fail(act, t.public_id, CloseReason.OTHER, WORDS),
    Step.LAPSE: lambda act, t: closing.lapse(act, t.public_id),
    Step.END: _end,
}
