"""A form that is sent twice does its work once: what it made is known again, what it was read at
says whether something has come in between.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from exchange.brokering.deeds.models import Delivery
from exchange.brokering.models import Commitment, Match
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict

NOTHING_YET = "none"
LONGEST_KEY = 40


@dataclass(frozen=True)
class Sent:
    """``key`` is a program's own name of it; ``read`` is what was the newest when a form was read.

    Both are empty where nobody says: then every sending is one of its own.
    """

    key: str = ""
    read: str = ""

    @property
    def name(self) -> str | None:
        """Under which it is kept. Two tabs of one page say the same."""
        said = self.key or (f"after {self.read}" if self.read else "")
        return said[:LONGEST_KEY] or None


UNNAMED = Sent()


def newest_of(rows: Sequence[Commitment | Delivery]) -> str:
    """What a form that is read now says it was read at; the rows are in their order."""
    return rows[-1].public_id if rows else NOTHING_YET


def agreed_already(
    act: Act, match: Match, sent: Sent, amounts: tuple[int, int], due_on: date | None
) -> Commitment | None:
    """The commitment that this very form has made. The caller holds the lock of the match.

    Raises Conflict where another amount was agreed since the form was read, by whomever.
    """
    query = sa.select(Commitment).where(Commitment.match_id == match.id)
    rows = act.session.scalars(query.order_by(Commitment.id)).all()
    known = next((one for one in rows if sent.name and one.sent_key == sent.name), None)
    if known is not None:
        said = (known.taken_milli, known.covers_milli, known.due_on, known.made_by_id)
        if said == (*amounts, due_on, act.actor.person_id):
            return known
    if known is not None or _is_late(sent, rows):
        raise Conflict("commitment_meanwhile")
    return None


def recorded_already(
    act: Act, item: Commitment, sent: Sent, what: tuple[int, date | None, str], pictures: int
) -> Delivery | None:
    """The delivery that this very form has put on record: amount, note and day (where one is said)
    are the same, and no pictures came that it does not have. The caller holds the match's lock.

    Raises Conflict where the actor recorded another one since the form was read. What others
    record meanwhile keeps nobody.
    """
    query = sa.select(Delivery).where(
        Delivery.commitment_id == item.id, Delivery.recorded_by_id == act.actor.person_id
    )
    rows = act.session.scalars(query.order_by(Delivery.id)).all()
    known = next((one for one in rows if sent.name and one.sent_key == sent.name), None)
    if known is not None:
        milli, day, note = what
        is_same = (known.milli, known.note) == (milli, note) and day in (None, known.arrived_on)
        if is_same and len(known.files) >= pictures:
            return known
    if known is not None or _is_late(sent, rows):
        raise Conflict("delivery_meanwhile")
    return None


def _is_late(sent: Sent, rows: Sequence[Commitment | Delivery]) -> bool:
    return bool(sent.read) and sent.read != newest_of(rows)
