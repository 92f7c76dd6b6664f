"""Upkeep: what has ended is forgotten."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from exchange.jobs.registry import Payload, Run, job
from exchange.kernel.act import Act
from exchange.notifications.kinds import DeliveryState
from exchange.notifications.models import Delivery
from exchange.notifications.short_links.making import forget_old_links
from exchange.notifications.wechat.service import forget_old_invitations

SECRETS_KEPT = timedelta(days=14)  # with messages that were given up


@job("notifications.upkeep", every_minutes=60)
def UPKEEP(run: Run, _payloads: Sequence[Payload]) -> None:  # noqa: N802 - a job is named like a constant
    """Forget short links, links to bind WeChat, and signed paths of messages long given up."""
    with run.act() as act:
        forget_old_links(act)
        forget_old_invitations(act)
        _forget_paths(act)


def _forget_paths(act: Act) -> None:
    """Of such messages themselves, and of the lines that were joined to them."""
    message = aliased(Delivery)
    given_up = sa.select(message.id).where(
        message.state == DeliveryState.DEAD, message.given_up_at < act.now - SECRETS_KEPT
    )
    old = sa.update(Delivery).where(
        Delivery.path_sealed.is_not(None),
        sa.or_(Delivery.id.in_(given_up), Delivery.joined_to_id.in_(given_up)),
    )
    act.session.execute(old.values(path_sealed=None).execution_options(synchronize_session=False))
