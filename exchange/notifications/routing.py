"""By which channels a notice goes out and when: written as rows in the act that tells."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from exchange.accounts.models import Person
from exchange.jobs.service import enqueue
from exchange.kernel.act import Act
from exchange.kernel.database import new_public_id
from exchange.notifications.channels import channels_of
from exchange.notifications.deliveries import DELIVER
from exchange.notifications.kinds import Channel, DeliveryState, Kind, Rhythm
from exchange.notifications.models import Delivery, Notice
from exchange.notifications.out_paths import seal_path
from exchange.notifications.preferences.queries import Reach, reach_of
from exchange.notifications.rules import SAME_NEWS, rhythm_for, send_moment
from exchange.notifications.words import Outward, outward_of


@dataclass(frozen=True)
class Parcel:
    """A notice that is to go out, and the path of its message where it has one of its own."""

    notice: Notice
    out_path: str | None = None


def send_out(act: Act, people: Sequence[Person], parcels: Sequence[Parcel]) -> None:
    """Write the deliveries of new notices, and the jobs that send them.

    The same news (person, code, path, parameters) within an hour is one message. A newer path of
    its own replaces what still waits, since the older one may open nothing any more.
    """
    reach = reach_of(act.session, act.house.settings, channels_of(act.house.settings), people)
    earlier = _earlier(act, parcels)
    written = [
        delivery
        for parcel in parcels
        for delivery in _of_parcel(act, parcel, reach[parcel.notice.person_id], earlier)
    ]
    act.session.flush()
    for delivery in written:
        delay = max(delivery.send_after - act.now, timedelta(0))
        enqueue(act, DELIVER, {"delivery_id": delivery.id}, delay=delay)


def _of_parcel(
    act: Act, parcel: Parcel, reach: Reach, earlier: Mapping[int, Sequence[Notice]]
) -> list[Delivery]:
    notice, outward = parcel.notice, outward_of(parcel.notice.code)
    there = {delivery.channel for delivery in notice.deliveries}
    same = [
        delivery
        for other in earlier.get(notice.person_id, ())
        if (other.code, other.path, other.params) == (notice.code, notice.path, notice.params)
        for delivery in other.deliveries
    ]
    made = []
    for channel in sorted(reach.channels - there):
        rhythm = rhythm_for(outward.kind, channel, reach.chosen, reach.channels)
        before = [each for each in same if each.channel is channel]
        if rhythm is Rhythm.OFF or (before and parcel.out_path is None):
            continue
        _replace(before)
        made.append(_delivery(act, parcel, channel, rhythm, reach, outward))
    return made


def _replace(before: Sequence[Delivery]) -> None:
    """What was tried already, also as a line of another, may be with the provider, and stays."""
    for delivery in before:
        is_alone = delivery.joined_to_id is None and not delivery.tries
        if delivery.state is DeliveryState.WAITING and is_alone:
            delivery.state, delivery.path_sealed = DeliveryState.DROPPED, None


def _delivery(
    act: Act, parcel: Parcel, channel: Channel, rhythm: Rhythm, reach: Reach, outward: Outward
) -> Delivery:
    urgent = outward.is_urgent or outward.kind is Kind.SECURITY
    zone = act.house.settings.time_zone
    delivery = Delivery(
        channel=channel,
        message_id=new_public_id(),
        state=DeliveryState.WAITING,
        is_urgent=urgent,
        created_at=act.now,
        send_after=send_moment(act.now, rhythm, reach.quiet, zone, urgent=urgent),
        tries=0,
    )
    if parcel.out_path is not None:
        seal_path(act.house.secrets, delivery, parcel.out_path)
    parcel.notice.deliveries.append(delivery)
    return delivery


def _earlier(act: Act, parcels: Sequence[Parcel]) -> dict[int, list[Notice]]:
    """Notices of the last hour with the same codes and paths, by person."""
    own = {parcel.notice.id for parcel in parcels}
    found: dict[int, list[Notice]] = defaultdict(list)
    query = (
        sa.select(Notice)
        .where(
            Notice.person_id.in_({parcel.notice.person_id for parcel in parcels}),
            Notice.code.in_({parcel.notice.code for parcel in parcels}),
            Notice.path.in_({parcel.notice.path for parcel in parcels}),
            Notice.created_at > act.now - SAME_NEWS,
        )
        .options(selectinload(Notice.deliveries))
    )
    for notice in act.session.scalars(query):
        if notice.id not in own:
            found[notice.person_id].append(notice)
    return found
