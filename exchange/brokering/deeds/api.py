"""Deliveries, changes, consent, messages, feedback and follow-up for programs."""

from collections.abc import Callable
from typing import Any

from exchange.api.blueprint import ApiBlueprint
from exchange.brokering import schemas
from exchange.brokering.deeds import delivering, following_up
from exchange.brokering.deeds import schemas as shapes
from exchange.brokering.deeds.kinds import Deed
from exchange.brokering.deeds.picturing import last_day
from exchange.brokering.deeds.rules import may_do
from exchange.brokering.deeds.sending import Sent
from exchange.brokering.life import changing
from exchange.brokering.models import Match
from exchange.brokering.permissions import parties_of
from exchange.brokering.proxy.speaking import Consent
from exchange.brokering.queries import seen_match
from exchange.brokering.talk import consenting, messaging
from exchange.brokering.talk.discretion import brokers_it
from exchange.brokering.talk.revealing import reveals_of_person
from exchange.kernel.act import Act
from exchange.listings.kinds import Side
from exchange.web.access import BROKER, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session

blp = ApiBlueprint(
    "api_deeds",
    __name__,
    title="Deliveries and follow-up",
    description="What comes of a match: deliveries, changes by agreement, messages, feedback.",
)
Given = dict[str, Any]
ONE = "/matches/<public_id:public_id>"
MOST_REVEALS = 100


@blp.get(f"{ONE}/deeds")
@access(SIGNED_IN)
@blp.answers(200, shapes.DeedsSchema, "What has come and what waits")
def deeds(public_id: str) -> Given:
    """Deliveries, changes that wait, what both sides say and when somebody looks again."""
    return _answer(public_id)


@blp.post(f"{ONE}/delivery")
@access(SIGNED_IN)
@blp.body(schemas.DeliveryBody)
@blp.answers(200, schemas.MatchSchema, "Recorded")
def delivery(given: Given, public_id: str) -> Given:
    """Record that more of a commitment arrived; the receiving side is asked to confirm it."""
    with acting() as act:
        delivering.record_delivery(
            act,
            public_id,
            given["commitment"],
            given["amount"],
            given["note"],
            arrived_on=given["arrived_on"],
            sent=Sent(given["key"]),
        )
    return schemas.match_answer(read_session(), current_actor(), public_id)


@blp.post(f"{ONE}/deliveries/confirm")
@access(SIGNED_IN)
@blp.body(shapes.ConfirmDeliveryBody)
@blp.answers(200, shapes.DeedsSchema, "Confirmed")
def confirm_delivery(given: Given, public_id: str) -> Given:
    """Say for a side that a delivery was so."""
    return _do(
        public_id,
        lambda act: delivering.confirm_delivery(
            act, public_id, given["delivery"], given["side"], _consent(given)
        ),
    )


@blp.post(f"{ONE}/deliveries/dispute")
@access(SIGNED_IN)
@blp.body(shapes.DisputeBody)
@blp.answers(200, shapes.DeedsSchema, "Noted")
def dispute_delivery(given: Given, public_id: str) -> Given:
    """Say for a side that a delivery was not so; who brokers decides."""
    return _do(
        public_id,
        lambda act: delivering.dispute_delivery(
            act, public_id, given["delivery"], given["side"], given["note"], _consent(given)
        ),
    )


@blp.post(f"{ONE}/deliveries/settle")
@access(BROKER)
@blp.body(shapes.SettleBody)
@blp.answers(200, shapes.DeedsSchema, "Decided")
def settle_delivery(given: Given, public_id: str) -> Given:
    """Decide how much of a disputed delivery counts."""
    return _do(
        public_id,
        lambda act: delivering.settle_delivery(
            act, public_id, given["delivery"], given["amount"] or 0, given["note"]
        ),
    )


@blp.post(f"{ONE}/changes")
@access(SIGNED_IN)
@blp.body(shapes.ChangeBody)
@blp.answers(200, shapes.DeedsSchema, "Asked")
def propose_change(given: Given, public_id: str) -> Given:
    """Ask for another amount or day of what is agreed; it changes when both sides agree."""
    terms = changing.Terms(
        given["taken"] or 0, given["covers"] or 0, given["due_on"], given["drops_rest"]
    )
    return _do(
        public_id,
        lambda act: changing.propose_change(
            act, public_id, given["commitment"], terms, given["note"]
        ),
    )


@blp.post(f"{ONE}/changes/answer")
@access(SIGNED_IN)
@blp.body(shapes.AnswerChangeBody)
@blp.answers(200, shapes.DeedsSchema, "Answered")
def answer_change(given: Given, public_id: str) -> Given:
    """Agree to a change for a side, or refuse it."""
    return _do(
        public_id,
        lambda act: changing.answer_change(
            act,
            public_id,
            given["change"],
            given["side"],
            accept=given["accept"],
            consent=_consent(given),
        ),
    )


@blp.post(f"{ONE}/changes/take-back")
@access(SIGNED_IN)
@blp.body(shapes.TakeChangeBackBody)
@blp.answers(200, shapes.DeedsSchema, "Taken back")
def take_back_change(given: Given, public_id: str) -> Given:
    """Take a wish to change back."""
    return _do(
        public_id, lambda act: changing.take_back_change(act, public_id, given["change"])
    )


@blp.post(f"{ONE}/contact-consent")
@access(SIGNED_IN)
@blp.body(shapes.ContactConsentBody)
@blp.answers(200, shapes.DeedsSchema, "Noted")
def contact_consent(given: Given, public_id: str) -> Given:
    """Withdraw a side's contact from the other side, or let it be seen again."""

    def work(act: Act) -> object:
        if given["give"]:
            return consenting.give_contact(act, public_id, given["side"], _consent(given))
        return consenting.withdraw_contact(act, public_id, given["side"])

    return _do(public_id, work)


@blp.get(f"{ONE}/messages")
@access(SIGNED_IN)
@blp.answers(200, shapes.ThreadsSchema, "The threads")
def threads(public_id: str) -> Given:
    """The threads that you may read, each with its newest messages."""
    return _threads(public_id)


@blp.post(f"{ONE}/messages")
@access(SIGNED_IN)
@blp.body(shapes.MessageBody, {"thread": "both", "text": "车明天早上八点到村口。"})
@blp.answers(200, shapes.ThreadsSchema, "Sent")
def write(given: Given, public_id: str) -> Given:
    """Write into a thread. Numbers and the like are refused until both have said yes."""
    with acting() as act:
        messaging.write_message(act, public_id, given["thread"], given["text"])
    return _threads(public_id)


@blp.post(f"{ONE}/feedback")
@access(SIGNED_IN)
@blp.body(shapes.FeedbackBody, {"side": "need", "helped": 5, "again": "yes"})
@blp.answers(200, shapes.DeedsSchema, "Noted")
def feedback(given: Given, public_id: str) -> Given:
    """Say for a side how it was."""
    return _do(
        public_id,
        lambda act: following_up.give_feedback(
            act,
            public_id,
            given["side"],
            helped=given["helped"],
            again=given["again"],
            reason=given["reason"],
            text=given["text"],
            consent=_consent(given),
        ),
    )


@blp.post(f"{ONE}/feedback/ask")
@access(BROKER)
@blp.answers(200, shapes.DeedsSchema, "Asked")
def ask_feedback(public_id: str) -> Given:
    """Ask both sides how it was, where nobody has."""
    return _do(public_id, lambda act: following_up.ask_feedback(act, public_id))


@blp.post(f"{ONE}/follow-ups")
@access(BROKER)
@blp.body(shapes.FollowUpBody, {"kind": "week", "note": "微耕机天天在用。"})
@blp.answers(200, shapes.DeedsSchema, "Noted")
def follow_up(given: Given, public_id: str) -> Given:
    """Write down what became of it, or why nobody asked.

    409 follow_up_early more than a week before its day, unless it is left out: a note keeps what
    you heard until then.
    """
    return _do(
        public_id,
        lambda act: following_up.close_follow_up(
            act, public_id, given["kind"], given["note"], skipped=given["skipped"]
        ),
    )


@blp.get("/me/contact-reveals")
@access(SIGNED_IN)
@blp.answers(200, shapes.RevealsSchema, "Who was shown your contact")
def reveals() -> Given:
    """Who was shown your contact, when, and for which match."""
    person_id = current_actor().person_id
    rows = (
        reveals_of_person(read_session(), person_id, limit=MOST_REVEALS)
        if person_id is not None
        else ()
    )
    return {"items": [shapes.reveal_item(row) for row in rows]}


def _consent(given: Given) -> Consent:
    return Consent(given["consent"], given["consent_note"])


def _do(public_id: str, work: Callable[[Act], object]) -> Given:
    with acting() as act:
        work(act)
    return _answer(public_id)


def _seen(public_id: str) -> Match:
    return seen_match(read_session(), current_actor(), public_id)


def _answer(public_id: str) -> Given:
    session, actor, match = read_session(), current_actor(), _seen(public_id)
    parties = parties_of(actor, match)
    rows = following_up.follow_ups_of(session, match.id) if brokers_it(actor, match) else ()
    return {
        "deliveries": [
            shapes.delivery_item(one, last_day(house(), actor, match, one))
            for one in delivering.deliveries_of(session, match.id)
        ],
        "changes": [shapes.change_item(one) for one in changing.open_changes(session, match.id)],
        "feedback": [
            shapes.feedback_item(one) for one in following_up.feedback_for(session, actor, match)
        ],
        "follow_ups": [shapes.follow_up_item(one) for one in rows],
        **{
            f"{side.value}_contact_withdrawn": match.side(side).contact_withdrawn_at is not None
            for side in Side
        },
        "may": [deed.value for deed in Deed if may_do(deed, match.state, parties)],
    }


def _threads(public_id: str) -> Given:
    session, actor, match = read_session(), current_actor(), _seen(public_id)
    mine = messaging.threads_of(actor, match)
    found = messaging.messages_of(session, match.id, mine)
    return {
        "items": [
            {
                "thread": thread.value,
                "may_write": messaging.may_write(actor, match, thread),
                "messages": [shapes.message_item(one, actor) for one in found[thread]],
            }
            for thread in mine
        ]
    }
