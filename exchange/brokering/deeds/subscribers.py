"""What follows from deliveries, changes, consent, messages and completion: who is told of it."""

from collections.abc import Callable

from exchange.brokering.deeds import events as deeds
from exchange.brokering.deeds.following_up import begin_follow_up
from exchange.brokering.deeds.kinds import DeliveryState, Thread
from exchange.brokering.deeds.models import Delivery
from exchange.brokering.events import DeliveryRecorded, MatchCompleted, MatchEvent
from exchange.brokering.queries import brokers_in_charge
from exchange.brokering.talk.telling import everybody, match_of, people_of, tell_people
from exchange.kernel.act import Act
from exchange.kernel.events import EventBus
from exchange.listings.kinds import Side

FEEDBACK = "/feedback"


def listen(bus: EventBus) -> None:
    """Hear of everything that somebody else should know."""
    bus.listen(MatchCompleted, _completed)
    bus.listen(DeliveryRecorded, _delivered)
    bus.listen(deeds.DeliveryConfirmed, _delivery_confirmed)
    bus.listen(deeds.DeliveryUnconfirmed, _unconfirmed)
    for kind, code in (
        (deeds.DeliveryDisputed, "match_delivery_disputed"),
        (deeds.DeliverySettled, "match_delivery_settled"),
        (deeds.ChangeProposed, "match_change_proposed"),
        (deeds.ChangeTakenBack, "match_change_taken_back"),
        (deeds.CommitmentChanged, "match_changed"),
    ):
        bus.listen(kind, _tell_all(code))
    bus.listen(deeds.ChangeAnswered, _change_answered)
    bus.listen(deeds.ContactWithdrawn, _contact_withdrawn)
    bus.listen(deeds.ContactGiven, _contact_given)
    bus.listen(deeds.MessageWritten, _written)
    bus.listen(deeds.FeedbackAsked, _feedback_asked)
    bus.listen(deeds.FeedbackReminded, _feedback_reminded)
    bus.listen(deeds.FeedbackGiven, _feedback_given)
    bus.listen(deeds.FollowUpDue, _follow_up_due)


def _tell_all(code: str) -> Callable[[Act, MatchEvent], None]:
    def tell(act: Act, event: MatchEvent) -> None:
        match = match_of(act, event)
        tell_people(act, match, everybody(act, match), code)

    return tell


def _completed(act: Act, event: MatchCompleted) -> None:
    begin_follow_up(act, match_of(act, event))


def _delivered(act: Act, event: DeliveryRecorded) -> None:
    """The receiving side is asked whether it was so, unless it has said so by recording it."""
    match = match_of(act, event)
    delivery = act.session.get_one(Delivery, event.delivery_id)
    asked: set[int] = set()
    if delivery.state is DeliveryState.RECORDED:
        asked = people_of(act, match, delivery.receiver)
        tell_people(act, match, asked, "match_delivery_to_confirm")
    tell_people(act, match, everybody(act, match) - asked, "match_delivered")


def _delivery_confirmed(act: Act, event: deeds.DeliveryConfirmed) -> None:
    match = match_of(act, event)
    people = brokers_in_charge(act.session, match) | people_of(act, match, Side(event.side).other)
    if event.by_proxy:
        people |= people_of(act, match, Side(event.side))
    tell_people(act, match, people, "match_delivery_confirmed")


def _unconfirmed(act: Act, event: deeds.DeliveryUnconfirmed) -> None:
    match = match_of(act, event)
    delivery = act.session.get_one(Delivery, event.delivery_id)
    code = "match_delivery_to_confirm"
    tell_people(act, match, people_of(act, match, delivery.receiver), code)
    if event.again:
        people = brokers_in_charge(act.session, match)
        tell_people(act, match, people, "match_delivery_unconfirmed")


def _change_answered(act: Act, event: deeds.ChangeAnswered) -> None:
    match = match_of(act, event)
    if not event.accepted:
        tell_people(act, match, everybody(act, match), "match_change_refused")
    elif event.by_proxy:
        people = people_of(act, match, Side(event.side))
        tell_people(act, match, people, "match_change_accepted_for_you")


def _contact_withdrawn(act: Act, event: deeds.ContactWithdrawn) -> None:
    match = match_of(act, event)
    people = brokers_in_charge(act.session, match) | people_of(act, match, Side(event.side))
    tell_people(act, match, people, f"match_{event.side}_contact_withdrawn")


def _contact_given(act: Act, event: deeds.ContactGiven) -> None:
    match = match_of(act, event)
    tell_people(act, match, everybody(act, match), f"match_{event.side}_contact_given")


def _written(act: Act, event: deeds.MessageWritten) -> None:
    """That somebody has written, never what; of notes nobody is told."""
    thread = Thread(event.thread)
    if thread is Thread.NOTES:
        return
    match = match_of(act, event)
    people = brokers_in_charge(act.session, match)
    for side in Side:
        if thread is Thread.BOTH or thread.value == side.value:
            people |= people_of(act, match, side)
    tell_people(act, match, people, "match_message", below="#messages")


def _feedback_asked(act: Act, event: deeds.FeedbackAsked) -> None:
    """Whoever completes it by confirming finds the question on the page before them."""
    match = match_of(act, event)
    for side in Side:
        tell_people(
            act, match, people_of(act, match, side), "match_feedback_asked", below=FEEDBACK
        )


def _feedback_reminded(act: Act, event: deeds.FeedbackReminded) -> None:
    match = match_of(act, event)
    people = people_of(act, match, Side(event.side))
    tell_people(act, match, people, "match_feedback_asked", below=FEEDBACK)


def _feedback_given(act: Act, event: deeds.FeedbackGiven) -> None:
    match = match_of(act, event)
    people = brokers_in_charge(act.session, match)
    if event.by_proxy:
        people |= people_of(act, match, Side(event.side))
    tell_people(act, match, people, f"match_{event.side}_feedback")


def _follow_up_due(act: Act, event: deeds.FollowUpDue) -> None:
    match = match_of(act, event)
    people = brokers_in_charge(act.session, match)
    tell_people(act, match, people, f"match_follow_up_{event.kind}", below="#follow-up")
