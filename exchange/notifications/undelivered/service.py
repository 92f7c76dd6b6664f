"""Deciding on messages that were given up: try again, or drop."""

import sqlalchemy as sa

from exchange.jobs.service import enqueue
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, NotFound
from exchange.notifications.deliveries import DELIVER
from exchange.notifications.delivering import settle
from exchange.notifications.events import DeliveryDropped, DeliveryRevived
from exchange.notifications.kinds import DeliveryState
from exchange.notifications.models import Delivery
from exchange.notifications.undelivered.queries import IS_DEAD, decidable_by

MOST_TOGETHER = 500


def revive(act: Act, message_id: str) -> None:
    """Let one be tried again, under the same id. Raises NotFound, or Conflict when it is decided.

    The tries are counted anew.
    """
    _revive(act, _one(act, message_id))


def revive_all(act: Act) -> int:
    """Let everything that the actor may decide on be tried again, such as after an outage."""
    query = (
        sa.select(Delivery)
        .join(Delivery.notice)
        .where(IS_DEAD, decidable_by(act.actor))
        .order_by(Delivery.id)
        .limit(MOST_TOGETHER)
        .with_for_update(of=Delivery, skip_locked=True)
    )
    found = act.session.scalars(query).all()
    for delivery in found:
        _revive(act, delivery)
    return len(found)


def drop(act: Act, message_id: str) -> None:
    """Send it never; the notice in the app stays. Raises as ``revive`` does."""
    delivery = _one(act, message_id)
    settle(act, delivery, DeliveryState.DROPPED)
    act.emit(DeliveryDropped(delivery.notice.person_id, delivery.id, act.actor.person_id))


def _revive(act: Act, delivery: Delivery) -> None:
    delivery.state, delivery.given_up_at = DeliveryState.WAITING, None
    delivery.tries, delivery.send_after = 0, act.now
    enqueue(act, DELIVER, {"delivery_id": delivery.id})
    act.emit(DeliveryRevived(delivery.notice.person_id, delivery.id, act.actor.person_id))


def _one(act: Act, message_id: str) -> Delivery:
    query = (
        sa.select(Delivery)
        .join(Delivery.notice)
        .where(
            Delivery.message_id == message_id,
            Delivery.joined_to_id.is_(None),
            decidable_by(act.actor),
        )
        .with_for_update(of=Delivery)
    )
    found = act.session.scalars(query).first()
    if found is None:
        raise NotFound
    if found.state is not DeliveryState.DEAD:
        raise Conflict("delivery_decided")
    return found
