"""Every deed of the table as somebody does it, with what it needs put there within the act."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from PIL import Image

from exchange.brokering.board import postponing
from exchange.brokering.deeds import attaching, delivering, following_up, picturing
from exchange.brokering.deeds.kinds import (
    Again,
    ChangeState,
    Deed,
    FollowUpKind,
    FollowUpState,
    Thread,
)
from exchange.brokering.deeds.models import CommitmentChange, Delivery, Feedback, FollowUp
from exchange.brokering.kinds import Answer, PostponeReason, ProxyConsent
from exchange.brokering.life import changing, reminding
from exchange.brokering.life.changing import Terms
from exchange.brokering.models import Commitment, Match
from exchange.brokering.proxy.speaking import OWN_WORD, Consent, receiving_side
from exchange.brokering.talk import consenting, messaging
from exchange.files.pictures import Picture, read_picture
from exchange.kernel.act import Act
from exchange.listings.kinds import Side
from tests.brokering.conftest import Scene
from tests.brokering.life_table import WORDS

NONE_SUCH = "nothing"


@dataclass(frozen=True)
class DeedTurn:
    """One deed that one role is about to do."""

    scene: Scene
    public_id: str
    commitment: str
    deed: Deed
    role: str

    @property
    def side(self) -> Side:
        """The side that the role speaks for; the need's for who belongs to none."""
        return Side.OFFER if self.role == "offer" else Side.NEED

    @property
    def consent(self) -> Consent:
        """A side speaks for itself, everybody else as its proxy."""
        if self.role in ("need", "offer"):
            return OWN_WORD
        return Consent(ProxyConsent.PHONE, "电话里说同意")

    def match(self, act: Act) -> Match:
        return act.session.scalars(
            sa.select(Match).where(Match.public_id == self.public_id)
        ).one()


def _delivery(
    act: Act, turn: DeedTurn, *, disputed: bool = False, noter: int | None = None
) -> str:
    """A delivery that nobody has confirmed, where something is agreed; noted by the broker."""
    match = turn.match(act)
    item = act.session.scalar(sa.select(Commitment).where(Commitment.match_id == match.id))
    if item is None:
        return NONE_SUCH
    broker = turn.scene.cast.broker.person_id
    made = Delivery(
        match_id=match.id, commitment_id=item.id, milli=1_000, arrived_on=act.today,
        recorded_by_id=noter or broker, recorded_at=act.now, receiver=receiving_side(match),
        disputed_at=act.now if disputed else None, disputed_by_id=broker if disputed else None,
    )  # fmt: skip
    item.delivered_milli += made.milli
    act.session.add(made)
    act.session.flush()
    return made.public_id


def _confirm_delivery(act: Act, turn: DeedTurn) -> None:
    delivery = _delivery(act, turn)
    delivering.confirm_delivery(act, turn.public_id, delivery, turn.side, turn.consent)


def _dispute_delivery(act: Act, turn: DeedTurn) -> None:
    delivery = _delivery(act, turn)
    delivering.dispute_delivery(act, turn.public_id, delivery, turn.side, WORDS, turn.consent)


def _settle_delivery(act: Act, turn: DeedTurn) -> None:
    delivery = _delivery(act, turn, disputed=True)
    delivering.settle_delivery(act, turn.public_id, delivery, 500, WORDS)


def _picture_delivery(act: Act, turn: DeedTurn) -> None:
    delivery = _delivery(act, turn, noter=act.actor.person_id)
    picturing.picture_delivery(act, turn.public_id, delivery, [_picture()])


def _propose_change(act: Act, turn: DeedTurn) -> None:
    changing.propose_change(act, turn.public_id, turn.commitment, Terms(20_000, 20_000))


def _answer_change(act: Act, turn: DeedTurn) -> None:
    match, change = turn.match(act), NONE_SUCH
    item = act.session.scalar(sa.select(Commitment).where(Commitment.match_id == match.id))
    if item is not None:
        made = CommitmentChange(
            match_id=match.id, commitment_id=item.id, state=ChangeState.OPEN, drops_rest=False,
            taken_milli=20_000, covers_milli=20_000, former_taken_milli=item.taken_milli,
            former_covers_milli=item.covers_milli, proposed_at=act.now,
            proposed_by_id=turn.scene.cast.broker.person_id,
            need_answer=Answer.PENDING, offer_answer=Answer.PENDING,
        )  # fmt: skip
        act.session.add(made)
        act.session.flush()
        change = made.public_id
    changing.answer_change(
        act, turn.public_id, change, turn.side, accept=True, consent=turn.consent
    )


def _give_contact(act: Act, turn: DeedTurn) -> None:
    turn.match(act).side(turn.side).contact_withdrawn_at = act.now
    consenting.give_contact(act, turn.public_id, turn.side, turn.consent)


def _write(act: Act, turn: DeedTurn) -> None:
    messaging.write_message(act, turn.public_id, Thread(turn.side.value), WORDS)


def _picture() -> Picture:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "teal").save(out, "JPEG")
    return read_picture(out.getvalue())


def _attach(act: Act, turn: DeedTurn, *, internal: bool) -> None:
    attaching.attach(act, turn.public_id, [_picture()], WORDS, internal=internal)


def _ask_feedback(act: Act, turn: DeedTurn) -> None:
    act.session.execute(sa.delete(Feedback).where(Feedback.match_id == turn.match(act).id))
    following_up.ask_feedback(act, turn.public_id)


def _give_feedback(act: Act, turn: DeedTurn) -> None:
    following_up.give_feedback(
        act, turn.public_id, turn.side, helped=5, again=Again.YES, consent=turn.consent
    )


def _follow_up(act: Act, turn: DeedTurn) -> None:
    about = FollowUp.match_id == turn.match(act).id
    act.session.execute(sa.update(FollowUp).where(about).values(state=FollowUpState.OPEN))
    following_up.close_follow_up(act, turn.public_id, FollowUpKind.WEEK, WORDS)


def _postpone(act: Act, turn: DeedTurn) -> None:
    day = act.today + timedelta(days=3)
    postponing.postpone(act, turn.public_id, day, PostponeReason.WAITS)


def _resume(act: Act, turn: DeedTurn) -> None:
    match = turn.match(act)
    match.postponed_until = act.today + timedelta(days=3)
    match.postpone_reason = PostponeReason.WAITS
    act.session.flush()
    postponing.resume(act, turn.public_id)


def _remind(act: Act, turn: DeedTurn) -> None:
    match = turn.match(act)
    if match.proposed_at is not None:
        match.proposed_at -= timedelta(days=2)
        act.session.flush()
    reminding.remind_now(act, turn.public_id)


# Each deed as its door does it, with everything that it asks for.
DOERS: dict[Deed, Callable[[Act, DeedTurn], object]] = {
    Deed.CONFIRM_DELIVERY: _confirm_delivery,
    Deed.DISPUTE_DELIVERY: _dispute_delivery,
    Deed.SETTLE_DELIVERY: _settle_delivery,
    Deed.PICTURE_DELIVERY: _picture_delivery,
    Deed.PROPOSE_CHANGE: _propose_change,
    Deed.ANSWER_CHANGE: _answer_change,
    Deed.WITHDRAW_CONTACT: lambda act, t: consenting.withdraw_contact(act, t.public_id, t.side),
    Deed.GIVE_CONTACT: _give_contact,
    Deed.WRITE: _write,
    Deed.WRITE_BOTH: lambda act, t: messaging.write_message(
        act, t.public_id, Thread.BOTH, WORDS
    ),
    Deed.NOTE: lambda act, t: messaging.write_message(act, t.public_id, Thread.NOTES, WORDS),
    Deed.SHARE_FILE: lambda act, t: _attach(act, t, internal=False),
    Deed.KEEP_FILE: lambda act, t: _attach(act, t, internal=True),
    Deed.ASK_FEEDBACK: _ask_feedback,
    Deed.GIVE_FEEDBACK: _give_feedback,
    Deed.FOLLOW_UP: _follow_up,
    Deed.POSTPONE: _postpone,
    Deed.RESUME: _resume,
    Deed.REMIND: _remind,
}
