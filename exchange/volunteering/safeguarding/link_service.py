"""What a guardian does by the link on their phone, without an account: say yes or no, or later
take the yes back.
"""

from datetime import date, datetime

from exchange.accounts.links.models import SignedLink
from exchange.accounts.links.rules import LinkPurpose
from exchange.accounts.links.service import find_link, use_link
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, NotFound
from exchange.volunteering.locking import lock_people
from exchange.volunteering.safeguarding.consent_service import end_consent
from exchange.volunteering.safeguarding.events import ConsentRecorded, ConsentRefused
from exchange.volunteering.safeguarding.kinds import ConsentState
from exchange.volunteering.safeguarding.models import GuardianConsent
from exchange.volunteering.safeguarding.queries import consent_by_public_id
from exchange.volunteering.safeguarding.rules import WAITS, year_later


def answer_by_link(act: Act, token: str, *, agree: bool) -> GuardianConsent:
    """Consent, or do not, and use the link up.

    Raises NotFound for a forged link, Conflict for one that asks nothing any more.
    """
    consent = _consent(act, find_link(act.session, act.house.secrets, LinkPurpose.GUARDIAN, token))
    lock_people(act, [consent.person_id])
    act.session.refresh(consent)
    over = why_over(consent, act.now, act.today)
    if over:
        raise Conflict(over)
    use_link(act, LinkPurpose.GUARDIAN, token)
    if not agree:
        consent.refused_at = act.now
        act.session.flush()
        act.emit(ConsentRefused(consent.person_id, consent.organisation_id, consent.id))
        return consent
    consent.consent_on, consent.valid_until = act.today, year_later(act.today)
    act.session.flush()
    act.emit(ConsentRecorded(consent.person_id, consent.organisation_id, consent.id))
    return consent


def withdraw_by_link(act: Act, token: str) -> GuardianConsent:
    """Take a consent back by the link that gave it. Raises NotFound or Conflict."""
    link = find_link(act.session, act.house.secrets, LinkPurpose.GUARDIAN, token)
    consent = _consent(act, link)
    if link is None or link.used_at is None or consent.state(act.today) is not ConsentState.GIVEN:
        raise Conflict("consent_over")
    return end_consent(act, consent, by_guardian=True)


def why_over(consent: GuardianConsent, now: datetime, today: date) -> str:
    """Why a guardian cannot answer any more, as a code; empty while they can."""
    state = consent.state(today)
    if state is not ConsentState.ASKED:
        return "consent_over" if state is not ConsentState.GIVEN else "link_used"
    return "link_expired" if now > consent.recorded_at + WAITS else ""


def _consent(act: Act, link: SignedLink | None) -> GuardianConsent:
    found = consent_by_public_id(act.session, link.subject) if link else None
    if found is None:
        raise NotFound("link_unknown")
    return found
