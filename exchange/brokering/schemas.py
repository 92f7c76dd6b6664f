"""A match as programs read it, and what each step of it needs to be told."""

from typing import Any

from marshmallow import fields
from sqlalchemy.orm import Session

from exchange.accounts.schemas import OrganisationRef, organisation_ref
from exchange.api.fields import ApiSchema, Quantity, Text, YesNo, between, length
from exchange.api.paging import PageQuery, PageSchema
from exchange.brokering.deeds.outcome_schemas import EffectsSchema
from exchange.brokering.deeds.sending import LONGEST_KEY
from exchange.brokering.kinds import (
    Answer,
    CheckKind,
    CloseReason,
    DismissReason,
    MatchState,
    ProxyConsent,
    Step,
)
from exchange.brokering.labels import step_words
from exchange.brokering.life.safeguarding import is_needed, is_verified
from exchange.brokering.life.transition_rules import may_take
from exchange.brokering.models import Commitment, Match, MatchSide, Outcome, TimelineEntry
from exchange.brokering.permissions import parties_of
from exchange.brokering.queries import seen_match, timeline_of
from exchange.brokering.talk.discretion import brokers_it, person_label, sees_words, title_of
from exchange.kernel.actor import Actor
from exchange.listings.kinds import Side
from exchange.listings.schemas import ListingRef, listing_ref
from exchange.web.locale import locale_code

NOTE = length(0, 2000)
NAMED = {"description": "Your own name of it: sent twice it is done once."}


class PairBody(ApiSchema):
    """A pair by the ids of its listings."""

    need = Text(required=True, validate=length(1, 20))
    offer = Text(required=True, validate=length(1, 20))


class DismissBody(PairBody):
    """Why a pair is not suitable."""

    reason = fields.Enum(DismissReason, by_value=fields.String(), required=True)
    note = Text(load_default="", validate=NOTE)


class ProposeBody(ApiSchema):
    """The message to both sides."""

    message = Text(required=True, validate=length(1, 2000))


class CheckBody(ApiSchema):
    """What was looked at before people come to people who need protection."""

    kind = fields.Enum(CheckKind, by_value=fields.String(), required=True)
    seen_on = fields.Date(required=True, metadata={"description": "Within the last year."})
    note = Text(load_default="", validate=NOTE)


class SafeguardSchema(ApiSchema):
    """What must be on record before an introduction."""

    verified = fields.Boolean(metadata={"description": "Whether the giver is verified."})
    check = fields.Nested(CheckBody, allow_none=True)


class SpeakingBody(ApiSchema):
    """For which side, and how the person agreed when somebody answers for them."""

    side = fields.Enum(Side, by_value=fields.String(), required=True)
    consent = fields.Enum(
        ProxyConsent,
        by_value=fields.String(),
        load_default=None,
        allow_none=True,
        metadata={"description": "Of a proxy: how the person agreed to this match."},
    )
    consent_note = Text(load_default="", validate=NOTE)


class ConfirmBody(SpeakingBody):
    """For which side, and which version of the match was read."""

    version = fields.Integer(
        required=True,
        strict=True,
        metadata={"description": "As read; a later one means that the outcome was rewritten."},
    )


class AnswerBody(SpeakingBody):
    """Yes or no; for a no, why."""

    accept = YesNo(required=True)
    reason = fields.Enum(CloseReason, by_value=fields.String(), load_default=None, allow_none=True)
    note = Text(load_default="", validate=NOTE)


class CommitBody(ApiSchema):
    """The two amounts of a commitment."""

    taken = Quantity(required=True, metadata={"description": "In the offer's unit."})
    covers = Quantity(required=True, metadata={"description": "In the need's unit."})
    due_on = fields.Date(load_default=None, allow_none=True)
    key = Text(load_default="", validate=length(0, LONGEST_KEY), metadata=NAMED)


class DeliveryBody(ApiSchema):
    """What arrived of a commitment."""

    commitment = Text(required=True, validate=length(1, 20))
    amount = Quantity(required=True, metadata={"description": "More, in the offer's unit."})
    arrived_on = fields.Date(
        load_default=None, allow_none=True, metadata={"description": "Left out: today."}
    )
    note = Text(load_default="", validate=NOTE)
    key = Text(load_default="", validate=length(0, LONGEST_KEY), metadata=NAMED)


class OutcomeBody(EffectsSchema):
    """What came of it."""

    text = Text(required=True, validate=length(1, 4000))
    people = fields.Integer(required=True, strict=True, validate=between(0, 10_000_000))
    delivered = Quantity(
        load_default=None, allow_none=True, metadata={"description": "In the need's unit."}
    )


class EvaluateBody(ApiSchema):
    """The social worker's judgement."""

    text = Text(required=True, validate=length(1, 4000))


class CloseBody(ApiSchema):
    """Why it ends without an outcome."""

    reason = fields.Enum(
        CloseReason,
        by_value=fields.String(),
        required=True,
        metadata={"description": "not_delivered and quality only where something was promised."},
    )
    note = Text(load_default="", validate=NOTE)


class ContactBody(ApiSchema):
    """Whose contact data."""

    side = fields.Enum(Side, by_value=fields.String(), required=True)


class MatchQuery(PageQuery):
    """Which matches."""

    state = fields.List(
        fields.Enum(MatchState, by_value=fields.String()),
        load_default=[],
        metadata={"description": "May stand several times; left out: those that go on."},
    )
    mine = fields.Boolean(
        load_default=False, metadata={"description": "Only those that you broker yourself."}
    )


class SideSchema(ApiSchema):
    """One side and its answer."""

    side = fields.String(metadata={"enum": [side.value for side in Side]})
    organisation = fields.Nested(OrganisationRef)
    answer = fields.String(metadata={"enum": [answer.value for answer in Answer]})
    answered_at = fields.DateTime(allow_none=True)
    by_proxy = fields.Boolean()
    decline_reason = fields.String(allow_none=True)


class CommitmentSchema(ApiSchema):
    """What a match reserves."""

    id = fields.String()
    taken = Quantity()
    covers = Quantity()
    delivered = Quantity(metadata={"description": "So far, in the offer's unit."})
    due_on = fields.Date(allow_none=True)
    made_at = fields.DateTime()
    released_at = fields.DateTime(
        allow_none=True, metadata={"description": "What was not delivered is free since."}
    )


class OutcomeSchema(EffectsSchema):
    """What came of it, and who has confirmed."""

    text = fields.String()
    people = fields.Integer()
    delivered = Quantity(allow_none=True)
    recorded_at = fields.DateTime()
    need_confirmed_at = fields.DateTime(allow_none=True)
    offer_confirmed_at = fields.DateTime(allow_none=True)
    evaluation = fields.String()


class EntrySchema(ApiSchema):
    """A step on the timeline."""

    at = fields.DateTime()
    code = fields.String(metadata={"example": "proposed"})
    sentence = fields.String()
    by = fields.String(allow_none=True)
    note = fields.String()


class MatchSummary(ApiSchema):
    """A match in a list."""

    id = fields.String()
    state = fields.String(metadata={"enum": [state.value for state in MatchState]})
    score = fields.Float(allow_none=True)
    need = fields.Nested(ListingRef)
    offer = fields.Nested(ListingRef)
    sides = fields.List(fields.Nested(SideSchema))
    created_at = fields.DateTime()
    proposed_at = fields.DateTime(allow_none=True)
    lapses_at = fields.DateTime(
        allow_none=True, metadata={"description": "Who has not answered by then is not asked on."}
    )
    introduced_at = fields.DateTime(allow_none=True)
    closed_at = fields.DateTime(allow_none=True)
    updated_at = fields.DateTime()


class MatchSchema(MatchSummary):
    """A match with everything on it."""

    version = fields.Integer(metadata={"description": "To be sent with a confirmation."})
    message = fields.String()
    close_reason = fields.String(allow_none=True)
    dismiss_reason = fields.String(allow_none=True)
    commitments = fields.List(fields.Nested(CommitmentSchema))
    outcome = fields.Nested(OutcomeSchema, allow_none=True)
    safeguard = fields.Nested(
        SafeguardSchema,
        allow_none=True,
        metadata={
            "description": "Where people come to people who need protection: both must be on "
            "record before both sides can be asked. For brokers; null where it is not needed."
        },
    )
    may = fields.List(
        fields.String(), metadata={"description": "Steps that you can take at this point."}
    )
    timeline = fields.List(
        fields.Nested(EntrySchema), metadata={"description": "The newest first."}
    )


class MatchPage(PageSchema):
    """Matches, the newest first."""

    items = fields.List(fields.Nested(MatchSummary))


class FiledForSchema(ApiSchema):
    """Somebody without an account for whom a side was filed."""

    name = fields.String()
    reach = fields.String(metadata={"description": "How to reach them, as it was written down."})


class ContactSchema(ApiSchema):
    """Contact data; that you have seen it is on record."""

    name = fields.String()
    phone = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    filed_for = fields.Nested(
        FiledForSchema,
        allow_none=True,
        metadata={"description": "Null where nobody is behind the side, or they did not agree."},
    )


def match_summary(actor: Actor, match: Match) -> dict[str, Any]:
    """A match in a list, as this reader may know it."""
    return {
        "id": match.public_id,
        "state": match.state.value,
        "score": match.score,
        "need": _listing(actor, match, Side.NEED),
        "offer": _listing(actor, match, Side.OFFER),
        "sides": [_side(actor, match, match.side(side)) for side in Side],
        "created_at": match.created_at,
        "proposed_at": match.proposed_at,
        "lapses_at": match.lapses_at,
        "introduced_at": match.introduced_at,
        "closed_at": match.closed_at,
        "updated_at": match.updated_at,
    }


def match_answer(session: Session, actor: Actor, public_id: str) -> dict[str, Any]:
    """A match with everything that this reader may know. Raises NotFound for strangers."""
    match = seen_match(session, actor, public_id)
    timeline = list(timeline_of(session, match.id, internal=brokers_it(actor, match)))
    return match_item(actor, match, timeline)


def match_item(actor: Actor, match: Match, timeline: list[TimelineEntry]) -> dict[str, Any]:
    """A match with everything that this reader may know. ``timeline`` is what they may read."""
    parties = parties_of(actor, match)
    return {
        **match_summary(actor, match),
        "version": match.version,
        "message": match.message,
        "close_reason": match.close_reason.value if match.close_reason else None,
        "dismiss_reason": match.dismiss_reason.value if match.dismiss_reason else None,
        "commitments": [_commitment(item) for item in match.commitments],
        "outcome": _outcome(match.outcome) if match.outcome else None,
        "safeguard": _safeguard(match) if brokers_it(actor, match) else None,
        "may": [step.value for step in Step if may_take(step, match.state, parties)],
        "timeline": [_entry(actor, match, entry) for entry in timeline],
    }


def _listing(actor: Actor, match: Match, side: Side) -> dict[str, Any]:
    """A listing in short; its owner's own key is for those who may read the listing."""
    found = listing_ref(actor, match.listing_of(side))
    found["title"] = title_of(actor, match, side, locale_code())
    return found if sees_words(actor, match, side) else {**found, "external_id": None}


def _side(actor: Actor, match: Match, side: MatchSide) -> dict[str, Any]:
    owner = match.listing_of(side.side).organisation
    return {
        "side": side.side.value,
        "organisation": organisation_ref(actor, owner),
        "answer": side.answer.value,
        "answered_at": side.answered_at,
        "by_proxy": side.proxy_consent is not None,
        "decline_reason": side.decline_reason.value if side.decline_reason else None,
    }


def _commitment(item: Commitment) -> dict[str, Any]:
    return {
        "id": item.public_id,
        "taken": item.taken_milli,
        "covers": item.covers_milli,
        "delivered": item.delivered_milli,
        "due_on": item.due_on,
        "made_at": item.made_at,
        "released_at": item.released_at,
    }


def _safeguard(match: Match) -> dict[str, Any] | None:
    if not is_needed(match):
        return None
    return {"verified": is_verified(match), "check": match.check}


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "text": outcome.text,
        "people": outcome.people,
        "delivered": outcome.delivered_milli,
        "unit": outcome.unit,
        "income_fen": outcome.income_fen,
        "income_period": outcome.income_period,
        "saved_fen": outcome.saved_fen,
        "saved_period": outcome.saved_period,
        "lessons": outcome.lessons,
        "recorded_at": outcome.recorded_at,
        "need_confirmed_at": outcome.need_confirmed_at,
        "offer_confirmed_at": outcome.offer_confirmed_at,
        "evaluation": outcome.evaluation,
    }


def _entry(actor: Actor, match: Match, entry: TimelineEntry) -> dict[str, Any]:
    return {
        "at": entry.at,
        "code": entry.code,
        "sentence": step_words(match, entry, brokers=brokers_it(actor, match)),
        "by": person_label(actor, match, entry) or None,
        "note": entry.note,
    }
