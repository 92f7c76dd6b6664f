"""Pictures that follow a delivery: the network was bad on the road, or the form was refused."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from exchange.brokering.deeds.attaching import keep_files, not_yet_there, refuse_too_many
from exchange.brokering.deeds.delivering import delivery_for
from exchange.brokering.deeds.events import DeliveryPictured
from exchange.brokering.deeds.kinds import Deed
from exchange.brokering.deeds.models import Delivery, MatchFile
from exchange.brokering.deeds.rules import may_do, may_picture, pictures_until
from exchange.brokering.matches import note_step
from exchange.brokering.models import Match
from exchange.brokering.permissions import parties_of
from exchange.brokering.rules import Party
from exchange.files.pictures import Picture
from exchange.kernel.act import Act, House
from exchange.kernel.actor import Actor
from exchange.kernel.clock import civil_date
from exchange.kernel.decisions import Decision
from exchange.kernel.errors import Conflict, Forbidden, Invalid

MOST_OF_A_DELIVERY = 12
NOT_YOURS = "delivery_pictures_not_yours"


def picture_delivery(
    act: Act, public_id: str, delivery_id: str, pictures: Sequence[Picture]
) -> Match:
    """Add up to four pictures to a delivery on record, twelve in all.

    What is there already is not put there again. Raises NotFound, Forbidden for those who neither
    noted it nor broker the match, Conflict where it is settled or too long ago, Invalid beside
    ``photos``.
    """
    match, delivery, parties = delivery_for(act, public_id, delivery_id, Deed.PICTURE_DELIVERY)
    decision = may_follow(act.house, act.actor, parties, delivery, act.today)
    if not decision:
        raised = Forbidden if decision.code == NOT_YOURS else Conflict
        raise raised(decision.code, **decision.params)
    if not pictures:
        raise Invalid(fields={"photos": ["required"]})
    refuse_too_many(pictures)
    fresh = not_yet_there(act, pictures, MatchFile.delivery_id == delivery.id)
    if fresh:
        _refuse_beyond(act, delivery, len(fresh))
        keep_files(act, match, fresh, internal=False, delivery_id=delivery.id)
        _tell(act, match, delivery, len(fresh))
    return match


def may_follow(
    house: House, actor: Actor, parties: frozenset[Party], delivery: Delivery, today: date
) -> Decision:
    """Whether the actor, who stands so to its match, may still add pictures to a delivery."""
    return may_picture(
        delivery.words,
        civil_date(delivery.recorded_at, house.settings.time_zone),
        today,
        is_noter=delivery.recorded_by_id == actor.person_id,
        is_broker=Party.BROKER in parties,
    )


def last_day(house: House, actor: Actor, match: Match, delivery: Delivery) -> date | None:
    """The last day on which the actor may add pictures to a delivery; none where they may not."""
    zone, parties = house.settings.time_zone, parties_of(actor, match)
    today = civil_date(house.clock.now(), zone)
    if len(delivery.files) >= MOST_OF_A_DELIVERY:
        return None
    if not may_do(Deed.PICTURE_DELIVERY, match.state, parties):
        return None
    if not may_follow(house, actor, parties, delivery, today):
        return None
    return pictures_until(civil_date(delivery.recorded_at, zone))


def _refuse_beyond(act: Act, delivery: Delivery, more: int) -> None:
    count = sa.select(sa.func.count()).where(MatchFile.delivery_id == delivery.id)
    if (act.session.scalar(count) or 0) + more > MOST_OF_A_DELIVERY:
        raise Invalid(fields={"photos": ["delivery_pictures_full"]}, most=MOST_OF_A_DELIVERY)


def _tell(act: Act, match: Match, delivery: Delivery, count: int) -> None:
    """On the timeline and in the audit; nobody is called to the page for it."""
    note_step(act, match, "delivery_pictured", amount=delivery.milli, count=count)
    act.emit(DeliveryPictured(match_id=match.id, delivery_id=delivery.id, count=count))
