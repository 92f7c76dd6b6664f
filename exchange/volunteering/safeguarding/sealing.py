"""What stands as ciphertext: when somebody under 18 was born, and who their guardian is."""

import json
from dataclasses import asdict, dataclass

from exchange.kernel.secret_box import SecretBox
from exchange.volunteering.safeguarding.models import (
    AgeStatement,
    GuardianConsent,
    SafeguardAsk,
)
from exchange.volunteering.safeguarding.rules import Age, Birth


@dataclass(frozen=True)
class Guardian:
    """Who consents, and their phone or e-mail address."""

    name: str = ""
    reach: str = ""


def seal_birth(box: SecretBox, row: AgeStatement, birth: Birth) -> str:
    """The ciphertext of a birth."""
    return box.seal(f"{birth.year:04d}-{birth.month:02d}", _birth_place(row))


def age_of(box: SecretBox, row: AgeStatement | None) -> Age:
    """What a row says. Raises UnreadableSecret."""
    if row is None:
        return Age()
    if row.birth_sealed is None:
        return Age(adult=True)
    year, _, month = box.open(row.birth_sealed, _birth_place(row)).partition("-")
    return Age(Birth(int(year), int(month)))


def seal_guardian(box: SecretBox, row: GuardianConsent | SafeguardAsk, guardian: Guardian) -> str:
    """The ciphertext of a guardian."""
    return box.seal(json.dumps(asdict(guardian), ensure_ascii=False), _guardian_place(row))


def guardian_of(box: SecretBox, row: GuardianConsent | SafeguardAsk) -> Guardian:
    """Who it is, empty once they are forgotten. Raises UnreadableSecret."""
    if row.private_sealed is None:
        return Guardian()
    return Guardian(**json.loads(box.open(row.private_sealed, _guardian_place(row))))


def _birth_place(row: AgeStatement) -> str:
    return f"volunteer_age.birth_sealed.{row.public_id}"


def _guardian_place(row: GuardianConsent | SafeguardAsk) -> str:
    return f"{row.__tablename__}.private_sealed.{row.public_id}"
