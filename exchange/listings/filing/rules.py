"""Filing for somebody without a phone: who may, what consent needs, how long private data is kept.

The number of a paper form is the number of its row with a check digit (Luhn, ISO/IEC 7812-1), so
that one wrong digit, and most swapped neighbours, are told at once.
"""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from exchange.kernel.actor import covers
from exchange.kernel.decisions import Decision, allow, refuse
from exchange.listings.filing.kinds import FilingConsent, FilingState

# After this long the private data goes: since consent was withdrawn, since the listing ended, and
# since a draft was written down that nobody has posted.
WITHDRAWN_KEPT = timedelta(days=14)
ENDED_KEPT = timedelta(days=180)
DRAFT_KEPT = timedelta(days=90)
SHOWN_FOR = timedelta(hours=1)  # how long the signed form can be looked at after it was opened
MOST_PICTURES = 4
LONGEST_WORDS, LONGEST_REACH, LONGEST_NAME, LONGEST_NOTE = 2000, 300, 80, 500
FORM_DIGITS = 7
OLDEST_CONSENT = timedelta(days=365)
COMMITTEES = frozenset({"village_committee", "task_force"})
PRIVATE = "individual_volunteer"


@dataclass(frozen=True)
class ConsentGiven:
    """What is put on record of somebody's consent."""

    kind: FilingConsent | None = None
    on: date | None = None
    heard_by: str = ""
    read_back: bool = False
    to_publish: bool = False
    to_introduce: bool = False
    note: str = ""


NO_CONSENT = ConsentGiven()


def may_file(*, is_broker: bool, organisation_kind: str) -> Decision:
    """Whether somebody may file for others: social workers and village officers, each for their
    office, so that what they leave behind has an owner.
    """
    if organisation_kind == PRIVATE or not organisation_kind:
        return refuse("filing_for_office" if is_broker else "filing_not_yours")
    if is_broker or organisation_kind in COMMITTEES:
        return allow()
    return refuse("filing_not_yours")


def may_file_in(place: str | None, home: str | None, serves: Collection[str]) -> Decision:
    """Whether the place lies in one's own village, or where one's service point serves."""
    reach = [*serves, *([home] if home else [])]
    if place and any(covers(prefix, place) for prefix in reach):
        return allow()
    return refuse("filing_place")


def consent_problems(given: ConsentGiven, pictures: int, today: date) -> dict[str, list[str]]:
    """What is missing of a consent, as codes by field; nothing where none is given yet."""
    if given.kind is None:
        return {}
    found: dict[str, list[str]] = {}
    if given.on is None:
        found["consent_on"] = ["required"]
    elif not today - OLDEST_CONSENT <= given.on <= today:
        found["consent_on"] = ["filing_consent_day"]
    if not given.heard_by.strip():
        found["heard_by"] = ["required"]
    if not given.to_publish:
        found["to_publish"] = ["filing_consent_to_publish"]
    return found | _missing_proof(given, pictures)


def _missing_proof(given: ConsentGiven, pictures: int) -> dict[str, list[str]]:
    """What each way to consent needs beside the day and the witness."""
    if given.kind is FilingConsent.SPOKEN and not given.read_back:
        return {"read_back": ["filing_read_back"]}
    if given.kind is FilingConsent.WRITTEN and not given.note.strip():
        return {"consent_note": ["filing_paper_where"]}
    if given.kind is FilingConsent.PHOTO and not pictures:
        return {"photos": ["filing_photo_needed"]}
    return {}


def may_publish(state: FilingState) -> Decision:
    """Whether a filed listing may be put before people."""
    if state is FilingState.GIVEN:
        return allow()
    return refuse(
        "filing_no_consent" if state is FilingState.WAITING else "filing_consent_withdrawn"
    )


def form_number(row_id: int) -> str:
    """The number printed on a paper form: seven digits, a dash, the check digit."""
    digits = f"{row_id:0{FORM_DIGITS}d}"
    return f"{digits}-{_check_digit(digits)}"


def form_row(typed: str) -> int | None:
    """The row that a typed number means; None where it cannot be a number of a form."""
    plain = "".join(c for c in unicodedata.normalize("NFKC", typed) if c not in "-— ")
    digits = "".join(c for c in plain if c.isascii() and c.isdigit())
    if len(digits) != FORM_DIGITS + 1 or digits != plain:
        return None
    return int(digits[:-1]) if _check_digit(digits[:-1]) == digits[-1] else None


def _check_digit(digits: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)
