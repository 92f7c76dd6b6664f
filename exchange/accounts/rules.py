"""What can be said of addresses, passwords, credit codes and trust from values alone."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from email_validator import EmailNotValidError, validate_email
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from exchange.accounts.common_passwords import COMMON_PASSWORDS
from exchange.accounts.kinds import CREDIT_CODE_KINDS, OrganisationKind
from exchange.kernel.actor import Actor
from exchange.kernel.decisions import Decision, allow, refuse
from exchange.kernel.left_names import LeftName

MOBILE = re.compile(r"1[3-9]\d{9}\Z")
COUNTRY_CODE = re.compile(r"(?:\+|00)?86(?=1\d{10}\Z)")
BETWEEN_DIGITS = re.compile(r"[\s\-().\u00b7]+")
LEAST_PASSWORD = 8
LONGEST_PASSWORD = 200
LEAST_EVIDENCE = 8


class AddressKind(StrEnum):
    """How a person can be reached."""

    PHONE = "phone"
    EMAIL = "email"


@dataclass(frozen=True)
class Address:
    """A phone number of eleven digits, or an e-mail address in lower case."""

    kind: AddressKind
    value: str

    @property
    def masked(self) -> str:
        return mask_phone(self.value) if self.kind is AddressKind.PHONE else mask_email(self.value)


def read_phone(text: str) -> str | None:
    """The eleven digits of a mainland mobile number, however they were typed; None otherwise."""
    plain = BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", text))
    digits = COUNTRY_CODE.sub("", plain, count=1)
    return digits if digits.isascii() and MOBILE.match(digits) else None


def read_email(text: str) -> str | None:
    """The address in lower case; None when it cannot be one."""
    try:
        found = validate_email(
            unicodedata.normalize("NFKC", text).strip(), check_deliverability=False
        )
    except EmailNotValidError:
        return None
    return found.normalized.lower()


def read_address(text: str) -> Address | None:
    """A phone number or an e-mail address from one field; None when it is neither."""
    if "@" in unicodedata.normalize("NFKC", text):
        email = read_email(text)
        return Address(AddressKind.EMAIL, email) if email else None
    phone = read_phone(text)
    return Address(AddressKind.PHONE, phone) if phone else None


def address_problem(text: str) -> str:
    """The error code for a text that ``read_address`` could not read."""
    if not text.strip():
        return "required"
    return "email_unreadable" if "@" in text or "＠" in text else "phone_unreadable"


def mask_phone(phone: str) -> str:
    """138****1234."""
    return f"{phone[:3]}****{phone[-4:]}"


def mask_email(email: str) -> str:
    """w***@example.org."""
    local, _, domain = email.partition("@")
    return f"{local[:1]}***@{domain}"


def mask_name(name: str) -> str:
    """A private person's name as strangers read it: 王**, or Wang L."""
    if isinstance(name, LeftName):
        return name
    words = name.split()
    if not words:
        return "**"
    if name.isascii() and len(words) > 1:
        return f"{words[0]} {words[-1][:1]}."
    return f"{name[:1]}**"


def same_name(one: str, other: str) -> bool:
    """Whether two typed names are the same but for spaces, width and case."""

    def plain(name: str) -> str:
        return "".join(unicodedata.normalize("NFKC", name).casefold().split())

    return bool(plain(one)) and plain(one) == plain(other)


def password_problem(password: str) -> str | None:
    """The error code of a password that is refused: too short, too long, too common.

    No rules of composition (NIST SP 800-63B, 3.1.1.2).
    """
    if len(password) < LEAST_PASSWORD:
        return "password_short"
    if len(password) > LONGEST_PASSWORD:
        return "password_long"
    if password.lower() in COMMON_PASSWORDS or len(set(password)) == 1:
        return "password_common"
    return None


def read_credit_code(text: str) -> str | None:
    """The 18 characters of a unified social credit code whose check digit is right, else None.

    GB 32100-2015; the check is python-stdnum's.
    """
    try:
        code: str = uscc.validate(unicodedata.normalize("NFKC", text).replace("-", "").strip())
    except ValidationError:
        return None
    return code


def evidence_decision(kind: OrganisationKind, credit_code: str | None, evidence: str) -> Decision:
    """Whether a station has enough to look at: a credit code, or another proof in words."""
    if credit_code or len(evidence.strip()) >= LEAST_EVIDENCE:
        return allow()
    has_code = kind in CREDIT_CODE_KINDS
    return refuse("evidence_or_code_needed" if has_code else "evidence_needed")


@dataclass(frozen=True)
class VerificationCase:
    """What matters of an organisation for the question of who may verify it."""

    organisation_id: int
    kind: OrganisationKind
    division_code: str
    place_is_served: bool


def may_verify(actor: Actor, case: VerificationCase) -> Decision:
    """Who may verify an organisation, from the root of trust down.

    A station verifies those in the divisions it serves. A centre's supervisor verifies stations
    there, and organisations from places that no service point serves. Nobody verifies an
    organisation they belong to.
    """
    if actor.belongs_to(case.organisation_id):
        return refuse("not_your_own")
    if actor.supervises_division(case.division_code):
        return allow()
    if actor.supervises and not case.place_is_served:
        return allow()
    if case.kind is OrganisationKind.SOCIAL_WORK_STATION:
        return refuse("only_centres_verify_stations")
    if actor.serves_division(case.division_code):
        return allow()
    return refuse("not_your_area")
