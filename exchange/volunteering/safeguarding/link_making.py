"""Links by which guardians answer: made with the consent that is asked for, sealed until sent."""

from exchange.accounts.links.rules import LinkPurpose
from exchange.accounts.links.service import issue_link
from exchange.kernel.act import Act
from exchange.kernel.secret_box import SecretBox
from exchange.volunteering.safeguarding.models import GuardianConsent
from exchange.volunteering.safeguarding.rules import WAITS, year_later

ADDRESS = "/g/"


def send_link(act: Act, consent: GuardianConsent) -> None:
    """Make the link of a consent, to go out once this act is committed.

    It lives as long as the consent can: by it the guardian can also take it back.
    """
    until = act.now + WAITS + (year_later(act.today) - act.today)
    token = issue_link(
        act,
        LinkPurpose.GUARDIAN,
        consent.public_id,
        consent.person_id,
        consent.organisation_id,
        until,
    )
    consent.link_sealed = act.house.secrets.seal(f"{ADDRESS}{token}", _place(consent))
    act.session.flush()


def path_of_link(box: SecretBox, consent: GuardianConsent) -> str | None:
    """Where the message leads; nothing once it is sent."""
    if consent.link_sealed is None:
        return None
    return box.open(consent.link_sealed, _place(consent))


def _place(consent: GuardianConsent) -> str:
    return f"guardian_consent.link_sealed.{consent.public_id}"
