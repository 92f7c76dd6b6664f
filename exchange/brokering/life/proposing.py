"""Asking both sides, their answers, and the introduction."""

from collections.abc import Sequence

from exchange.accounts.queries import Contact, contact_of, speaker_of
from exchange.brokering.deeds.attaching import keep_files, refuse_too_many
from exchange.brokering.events import (
    MatchClosed,
    MatchIntroduced,
    MatchProposed,
    SideAnswered,
)
from exchange.brokering.kinds import (
    CONTACT_STATES,
    Answer,
    CloseReason,
    MatchState,
    ProxyConsent,
    Step,
)
from exchange.brokering.life.reminding import set_days
from exchange.brokering.life.safeguarding import insist_safe
from exchange.brokering.matches import (
    insist,
    locked_match,
    match_for_step,
    move,
    note_step,
)
from exchange.brokering.models import Match
from exchange.brokering.pairs import in_good_order, insist_they_fit
from exchange.brokering.permissions import parties_of
from exchange.brokering.proxy.speaking import Consent, insist_speaks
from exchange.brokering.rules import may_reveal
from exchange.brokering.talk.revealing import insist_consent, note_reveal
from exchange.brokering.words import refuse_words
from exchange.files.pictures import Picture
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Invalid, NotFound
from exchange.listings.kinds import Side


def propose(act: Act, public_id: str, message: str) -> Match:
    """Ask both sides with a message. The gates are asked once more.

    Raises Conflict where people would come to people who need protection, and the giver is not
    verified or no check is on record.
    """
    match, _ = match_for_step(act, public_id, Step.PROPOSE)
    text = message.strip()
    if not text:
        raise Invalid(fields={"message": ["required"]})
    refuse_words(match, message=text)
    insist_they_fit(act, match)
    insist_safe(act, match)
    match.message = text[:2000]
    match.proposed_at = act.now
    set_days(act, match)
    move(act, match, MatchState.PROPOSED)
    note_step(act, match, "proposed", text)
    act.emit(MatchProposed(match_id=match.id))
    return match


def answer(
    act: Act,
    public_id: str,
    side: Side,
    *,
    accept: bool,
    reason: CloseReason | None = None,
    note: str = "",
    consent: ProxyConsent | None = None,
    consent_note: str = "",
    by_link: bool = False,
    pictures: Sequence[Picture] = (),
) -> Match:
    """A side says yes or no. A broker may answer as recorded proxy with consent to this match.

    ``pictures`` of a proxy show the consent; only those who broker see them.

    ``by_link``: by the signed link in the message, which its door has used up.

    A yes asks the gates once more; the second introduces the two, a no ends the match. Raises
    Invalid without a reason for a no or without words on how consent was given, Conflict where the
    two do not fit any more.
    """
    match, parties = match_for_step(act, public_id, Step.ANSWER)
    by_proxy = insist_speaks(act, match, side, parties, Consent(consent, consent_note))
    mine = match.side(side)
    if mine.answer is not Answer.PENDING:
        raise Conflict("match_already_answered")
    if not accept and reason is None:
        raise Invalid(fields={"reason": ["required"]})
    refuse_words(match, note=note)
    if accept:
        insist_they_fit(act, match)
        insist_safe(act, match)
    mine.answer = Answer.ACCEPTED if accept else Answer.DECLINED
    mine.answered_by_id, mine.answered_at = act.actor.person_id, act.now
    mine.note, mine.decline_reason = note.strip()[:2000], None if accept else reason
    mine.contact_id = act.actor.person_id
    if by_proxy:
        _put_consent(act, match, side, Consent(consent, consent_note), pictures)
    note_step(
        act,
        match,
        f"{side.value}_{'accepted' if accept else 'declined'}",
        note,
        by_proxy=by_proxy,
        by_link=by_link,
        reason=reason.value if reason and not accept else None,
    )
    act.emit(
        SideAnswered(
            match_id=match.id, side=side.value, accepted=accept, by_proxy=by_proxy, by_link=by_link
        )
    )
    _conclude(act, match, accept=accept, reason=reason)
    return match


def _put_consent(
    act: Act, match: Match, side: Side, consent: Consent, pictures: Sequence[Picture]
) -> None:
    refuse_too_many(pictures)
    mine = match.side(side)
    mine.proxy_consent, mine.proxy_note = consent.kind, consent.note.strip()[:2000]
    mine.contact_id = match.listing_of(side).author_id
    keep_files(act, match, pictures, internal=True, caption=consent.note)


def _conclude(act: Act, match: Match, *, accept: bool, reason: CloseReason | None) -> None:
    if not accept:
        match.close_reason, match.closed_at = reason, act.now
        move(act, match, MatchState.DECLINED)
        act.emit(
            MatchClosed(
                match_id=match.id, state=match.state.value, reason=reason.value if reason else ""
            )
        )
    elif all(side.answer is Answer.ACCEPTED for side in match.sides):
        match.introduced_at = act.now
        move(act, match, MatchState.INTRODUCED)
        note_step(act, match, "introduced")
        act.emit(MatchIntroduced(match_id=match.id))


def reveal_contact(act: Act, public_id: str, side: Side) -> Contact:
    """Show the contact data of a side to somebody of the other side (or the broker), on record.

    Raises Forbidden before both have accepted, while one of the two is held or its owner is not in
    good standing, and where the side has withdrawn its consent; NotFound where the actor may not
    know of the match.
    """
    match = locked_match(act, public_id)
    insist(
        may_reveal(
            parties_of(act.actor, match),
            introduced=match.state in CONTACT_STATES,
            in_order=all(in_good_order(match.listing_of(one)) for one in Side),
        )
    )
    insist_consent(act, match, side)
    contact_id = _contact_id(act, match, side)
    note_reveal(act, match, side, contact_id)
    contact = contact_of(act.session, act.house.secrets, contact_id)
    if contact is None:
        raise NotFound("contact_missing")
    return contact


def _contact_id(act: Act, match: Match, side: Side) -> int:
    """Who answered, else the author, while they still belong to the side; else its manager."""
    listing, row = match.listing_of(side), match.side(side)
    chosen = row.contact_id or listing.author_id
    found = speaker_of(act.session, listing.organisation_id, chosen)
    if found is None:
        raise NotFound("contact_missing")
    return found
