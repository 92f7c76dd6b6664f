"""Who is told of asking for substitutes, how answers are noted, what is forgotten on leaving."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from exchange.accounts.closing.events import AccountClosed
from exchange.kernel.act import Act
from exchange.kernel.events import EventBus
from exchange.notifications.service import notify
from exchange.volunteering import events as volunteering
from exchange.volunteering.attendance.certificate_rules import masked_name
from exchange.volunteering.availability.events import SubstituteAsked, SubstituteReplied
from exchange.volunteering.availability.kinds import Reply
from exchange.volunteering.availability.models import SubstituteRequest
from exchange.volunteering.availability.service import forget_availability
from exchange.volunteering.availability.substitutes_service import note_reply
from exchange.volunteering.models import Shift
from exchange.volunteering.telling import when_words

REQUESTS = "/my/requests"
REPLIES: dict[type[volunteering.SignupEvent], Reply] = {
    volunteering.PlaceTaken: Reply.COMES,
    volunteering.MovedUp: Reply.COMES,
    volunteering.WaitingJoined: Reply.WAITS,
    volunteering.PlaceGivenBack: Reply.NO,
    volunteering.WaitingLeft: Reply.NO,
    volunteering.ShiftDeclined: Reply.NO,
}


def register(bus: EventBus) -> None:
    """Listen."""
    for news in REPLIES:
        bus.listen(news, _answered)
    bus.listen(SubstituteAsked, _asked)
    bus.listen(SubstituteReplied, _replied)
    bus.listen(AccountClosed, _closed)


def _answered(act: Act, event: volunteering.SignupEvent) -> None:
    note_reply(act, event.shift_id, event.person_id, REPLIES[type(event)])


def _asked(act: Act, event: SubstituteAsked) -> None:
    """What they are asked for, with the place that everybody may read."""
    shift = _shift(act, event.shift_id)
    activity = shift.activity
    values = {
        "title": activity.title,
        "when": when_words(act, shift),
        "place": shift.place or activity.place,
    }
    notify(act, {event.person_id}, "substitute_asked", values, REQUESTS)


def _replied(act: Act, event: SubstituteReplied) -> None:
    """Whoever asked is told of a yes; a no stands on the page where they asked."""
    asked = act.session.get_one(SubstituteRequest, event.substitute_id)
    if asked.reply is not Reply.COMES or asked.asked_by_id is None:
        return
    shift = _shift(act, event.shift_id)
    values = {
        "title": shift.activity.title,
        "when": when_words(act, shift),
        "name": masked_name(asked.person.name),
    }
    path = f"/shifts/{shift.public_id}/substitutes"
    notify(act, {asked.asked_by_id}, "substitute_comes", values, path)


def _closed(act: Act, event: AccountClosed) -> None:
    forget_availability(act, event.person_id)


def _shift(act: Act, shift_id: int) -> Shift:
    query = sa.select(Shift).where(Shift.id == shift_id).options(joinedload(Shift.activity))
    return act.session.scalars(query).one()
