"""Brokering for programs: the same verbs as on the pages of a match."""

from collections.abc import Callable
from typing import Any

from exchange.api.blueprint import ApiBlueprint
from exchange.brokering import schemas
from exchange.brokering.deeds import fulfilling
from exchange.brokering.deeds.outcome_schemas import effects_of
from exchange.brokering.deeds.sending import Sent
from exchange.brokering.kinds import LIVE_STATES
from exchange.brokering.life import claiming, closing, proposing, safeguarding
from exchange.brokering.proxy.contacts import villager_behind
from exchange.brokering.queries import match_by_public_id, matches_visible
from exchange.kernel.act import Act
from exchange.kernel.errors import Invalid, NotFound
from exchange.listings.queries import seen_listing
from exchange.web.access import BROKER, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, read_session

blp = ApiBlueprint(
    "api_matches",
    __name__,
    title="Matches",
    description="From a pair that a social worker takes up to a confirmed outcome.",
)
Given = dict[str, Any]
ONE = "/matches/<public_id:public_id>"


@blp.get("/matches")
@access(SIGNED_IN)
@blp.query(schemas.MatchQuery)
@blp.answers(200, schemas.MatchPage, "Matches, the newest first")
def index(asked: Given) -> Given:
    """Matches that you broker, that lie in the places you serve, or that concern you."""
    session, actor, limit = read_session(), current_actor(), asked["limit"]
    found = matches_visible(
        session,
        actor,
        states=asked["state"] or LIVE_STATES,
        mine_only=asked["mine"],
        before_id=_before(asked["cursor"]) if asked["cursor"] else None,
        limit=limit + 1,
    )
    more = found[limit - 1].public_id if len(found) > limit else None
    items = [schemas.match_summary(actor, match) for match in found[:limit]]
    return {"items": items, "next_cursor": more}


@blp.get(ONE)
@access(SIGNED_IN)
@blp.answers(200, schemas.MatchSchema, "The match")
def show(public_id: str) -> Given:
    """A match with everything on it."""
    return answer_with(public_id)


@blp.post("/matches")
@access(BROKER)
@blp.body(schemas.PairBody, {"need": "7k2mq9xw4tzr", "offer": "m4v8c2hd7yqa"})
@blp.answers(201, schemas.MatchSchema, "Taken up")
def claim(given: Given) -> tuple[Given, int, dict[str, str]]:
    """Take a pair up; nobody else can from now on."""
    with acting() as act:
        public_id = claiming.claim(act, *pair_ids(act, given)).public_id
    return answer_with(public_id), 201, {"Location": f"/api/v1/matches/{public_id}"}


@blp.post("/matches/dismiss")
@access(BROKER)
@blp.body(schemas.DismissBody)
@blp.answers(201, schemas.MatchSchema, "Noted")
def dismiss(given: Given) -> Given:
    """Say that a pair is not worth an introduction; it is not suggested again."""
    with acting() as act:
        pair = pair_ids(act, given)
        public_id = claiming.dismiss(act, *pair, given["reason"], given["note"]).public_id
    return answer_with(public_id)


@blp.post(f"{ONE}/check")
@access(BROKER)
@blp.body(schemas.CheckBody, {"kind": "no_record", "seen_on": "2026-11-20"})
@blp.answers(200, schemas.MatchSchema, "On record")
def check(given: Given, public_id: str) -> Given:
    """Put on record what was looked at before people come to people who need protection."""
    return _step(public_id, lambda act: safeguarding.record_check(act, public_id, **given))


@blp.post(f"{ONE}/propose")
@access(BROKER)
@blp.body(schemas.ProposeBody)
@blp.answers(200, schemas.MatchSchema, "Both sides are asked")
def propose(given: Given, public_id: str) -> Given:
    """Ask both sides with a message."""
    return _step(public_id, lambda act: proposing.propose(act, public_id, given["message"]))


@blp.post(f"{ONE}/answer")
@access(SIGNED_IN)
@blp.body(schemas.AnswerBody, {"side": "need", "accept": True})
@blp.answers(200, schemas.MatchSchema, "Answered")
def answer(given: Given, public_id: str) -> Given:
    """Say yes or no for a side; a no needs a reason, a proxy the person's consent."""
    return _step(public_id, lambda act: proposing.answer(act, public_id, **given))


@blp.post(f"{ONE}/contact")
@access(SIGNED_IN)
@blp.body(schemas.ContactBody)
@blp.answers(200, schemas.ContactSchema, "The contact data")
def contact(given: Given, public_id: str) -> Given:
    """Contact data of a side once both have said yes; that you looked is put on record.

    Where the side was filed for somebody who agreed to be introduced, their name and how to reach
    them come with it, on record too.
    """
    with acting() as act:
        found = proposing.reveal_contact(act, public_id, given["side"])
        behind = villager_behind(act, public_id, given["side"])
    return {
        "name": found.name,
        "phone": found.phone,
        "email": found.email,
        "filed_for": {"name": behind.name, "reach": behind.reach} if behind else None,
    }


@blp.post(f"{ONE}/commit")
@access(BROKER)
@blp.body(schemas.CommitBody, {"taken": 30, "covers": 30, "due_on": "2027-09-15"})
@blp.answers(200, schemas.MatchSchema, "Reserved")
def commit(given: Given, public_id: str) -> Given:
    """Reserve an amount on both listings; never more than is left at this moment."""
    return _step(
        public_id,
        lambda act: fulfilling.commit(
            act,
            public_id,
            given["taken"],
            given["covers"],
            given["due_on"],
            sent=Sent(given["key"]),
        ),
    )


@blp.post(f"{ONE}/outcome")
@access(SIGNED_IN)
@blp.body(schemas.OutcomeBody, {"text": "30 车鲜果当天到贵阳。", "people": 126})
@blp.answers(200, schemas.MatchSchema, "Recorded")
def outcome(given: Given, public_id: str) -> Given:
    """Write down what came of it; the sides confirm."""
    return _step(
        public_id,
        lambda act: fulfilling.record_outcome(
            act,
            public_id,
            given["text"],
            given["people"],
            given["delivered"],
            effects_of(given),
        ),
    )


@blp.post(f"{ONE}/confirm")
@access(SIGNED_IN)
@blp.body(schemas.ConfirmBody, {"side": "offer", "version": 6})
@blp.answers(200, schemas.MatchSchema, "Confirmed")
def confirm(given: Given, public_id: str) -> Given:
    """Confirm the outcome for a side, as it was read; with both it is completed."""
    return _step(public_id, lambda act: fulfilling.confirm_outcome(act, public_id, **given))


@blp.post(f"{ONE}/evaluate")
@access(BROKER)
@blp.body(schemas.EvaluateBody)
@blp.answers(200, schemas.MatchSchema, "Closed")
def evaluate(given: Given, public_id: str) -> Given:
    """Close the file of a completed match with a judgement."""
    return _step(public_id, lambda act: fulfilling.evaluate(act, public_id, given["text"]))


@blp.post(f"{ONE}/withdraw")
@access(BROKER)
@blp.body(schemas.CloseBody)
@blp.answers(200, schemas.MatchSchema, "Taken back")
def withdraw(given: Given, public_id: str) -> Given:
    """Take the proposal back."""
    return _step(public_id, lambda act: closing.withdraw(act, public_id, **given))


@blp.post(f"{ONE}/fail")
@access(SIGNED_IN)
@blp.body(schemas.CloseBody)
@blp.answers(200, schemas.MatchSchema, "Closed")
def fail(given: Given, public_id: str) -> Given:
    """Say that nothing came of it; what was held and not delivered is free again.

    A delivery that the receiving side has not confirmed, and nobody has decided on, does not count.
    """
    return _step(public_id, lambda act: closing.fail(act, public_id, **given))


def pair_ids(act: Act, given: Given) -> tuple[int, int]:
    """The pair's listings, as far as the actor may know of them. Raises Invalid by field."""
    found = []
    for name in ("need", "offer"):
        try:
            found.append(seen_listing(act.session, act.actor, given[name]).id)
        except NotFound as error:
            raise Invalid(fields={name: ["unknown_reference"]}) from error
    return found[0], found[1]


def _step(public_id: str, work: Callable[[Act], object]) -> Given:
    with acting() as act:
        work(act)
    return answer_with(public_id)


def answer_with(public_id: str) -> Given:
    """The match as this reader may know it. Raises NotFound."""
    return schemas.match_answer(read_session(), current_actor(), public_id)


def _before(cursor: str) -> int:
    last = match_by_public_id(read_session(), cursor)
    if last is None:
        raise Invalid("invalid_cursor", fields={"cursor": ["invalid_cursor"]})
    return last.id
