"""What a training, its questions and its records may be. Pure rules on values."""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from exchange.kernel.decisions import Decision, allow, refuse
from exchange.volunteering.training.kinds import TrainingState

LONGEST_TITLE = 60
LONGEST_LEARNS = 2000
LONGEST_FOR_WHOM = 200
LONGEST_PLACE = 120
LONGEST_REASON = 200
LONGEST_URL = 500
LONGEST_PAGE = 20_000  # characters of a page written here
MOST_MATERIALS = 20
MOST_QUESTIONS = 5
MOST_OPTIONS, FEWEST_OPTIONS = 4, 2
LONGEST_QUESTION = 200
LONGEST_OPTION = 100
MOST_REQUIRED = 5  # of one activity
LONGEST_VALID = 120  # months
TRIES = 3  # within TRIES_WITHIN
TRIES_WITHIN = timedelta(hours=24)
TOLD_BEFORE = timedelta(days=30)

_S = TrainingState
TRANSITIONS: dict[TrainingState, frozenset[TrainingState]] = {
    _S.DRAFT: frozenset({_S.PUBLISHED}),
    _S.PUBLISHED: frozenset({_S.WITHDRAWN}),
    _S.WITHDRAWN: frozenset({_S.PUBLISHED}),
}


@dataclass(frozen=True)
class Question:
    """One question with its answers; ``right`` is the position of the right one, from 0."""

    text: str
    options: tuple[str, ...]
    right: int

    def as_kept(self) -> dict[str, object]:
        """As it stands in the database."""
        return {"text": self.text, "options": list(self.options), "right": self.right}


@dataclass(frozen=True)
class Held:
    """A completion as far as it decides: until when it holds, and whether it was revoked."""

    training_id: int
    expires_on: date | None
    revoked: bool


def may_move(state: TrainingState, wanted: TrainingState) -> Decision:
    """Whether a training in one state may go to another."""
    if wanted in TRANSITIONS[state]:
        return allow()
    return refuse("training_state", state=state.value, wanted=wanted.value)


def may_publish(*, verified: bool, materials: int, questions: int, dates: int) -> Decision:
    """A verified organisation, and something to learn from or a date to come to.

    ``questions`` need materials: nobody is asked about what stands nowhere.
    """
    if not verified:
        return refuse("training_needs_verified")
    if not materials and not dates:
        return refuse("training_needs_content")
    if questions and not materials:
        return refuse("training_needs_materials")
    return allow()


def questions_allowed(questions: Sequence[Question], pass_mark: int) -> Decision:
    """At most five, each with two to four different answers of which one is right."""
    if len(questions) > MOST_QUESTIONS:
        return refuse("training_questions_many", most=MOST_QUESTIONS)
    for number, one in enumerate(questions, 1):
        decision = question_allowed(number, one)
        if not decision:
            return decision
    if questions and not 1 <= pass_mark <= len(questions):
        return refuse("training_pass_mark", most=len(questions))
    return allow()


def question_allowed(number: int, one: Question) -> Decision:
    """Whether one question can be asked so."""
    if not 0 < len(one.text) <= LONGEST_QUESTION:
        return refuse("training_question_text", number=number)
    if not FEWEST_OPTIONS <= len(one.options) <= MOST_OPTIONS:
        return refuse("training_question_options", number=number)
    if any(not 0 < len(option) <= LONGEST_OPTION for option in one.options):
        return refuse("training_question_options", number=number)
    if len(set(one.options)) != len(one.options):
        return refuse("training_question_same", number=number)
    if not 0 <= one.right < len(one.options):
        return refuse("training_question_right", number=number)
    return allow()


def right_answers(questions: Sequence[Mapping[str, object]], chosen: Sequence[int | None]) -> int:
    """How many were answered rightly."""
    pairs = zip(questions, chosen, strict=False)
    return sum(
        1 for question, answer in pairs if answer is not None and answer == question["right"]
    )


def try_allowed(earlier: Iterable[datetime], now: datetime) -> Decision:
    """Three tries within a day: whoever fails reads again."""
    recent = [moment for moment in earlier if moment > now - TRIES_WITHIN]
    return allow() if len(recent) < TRIES else refuse("training_tries", most=TRIES)


def valid_months_allowed(months: int | None) -> Decision:
    """For ever, or from a month to ten years."""
    if months is None or 1 <= months <= LONGEST_VALID:
        return allow()
    return refuse("training_months_form")


def expiry_of(completed_on: date, months: int | None) -> date | None:
    """The last day on which it holds: so many months later, the day before; None for ever.

    A day that the month has not becomes its last one.
    """
    if months is None:
        return None
    year, month = divmod(completed_on.month - 1 + months, 12)
    year, month = completed_on.year + year, month + 1
    day = min(completed_on.day, monthrange(year, month)[1])
    return date(year, month, day) - timedelta(days=1)


def holds_on(held: Held, day: date) -> bool:
    """Whether a completion counts on a day."""
    return not held.revoked and (held.expires_on is None or held.expires_on >= day)


def missing(required: Iterable[int], held: Iterable[Held], day: date) -> list[int]:
    """Which of the required trainings nobody of these completions covers on the day."""
    covered = {one.training_id for one in held if holds_on(one, day)}
    return [one for one in required if one not in covered]


def may_confirm(*, has_begun: bool, cancelled: bool) -> Decision:
    """Completion is confirmed once a date has begun, of one that takes place."""
    if cancelled:
        return refuse("shift_cancelled")
    return allow() if has_begun else refuse("training_not_begun")


def requirable(
    *, published: bool, is_public: bool, is_own: bool, activity_is_public: bool
) -> Decision:
    """What an activity may ask for: public trainings of anybody; trainings for members only where
    the activity is for the same members.
    """
    if not published:
        return refuse("training_not_published")
    if is_public or (is_own and not activity_is_public):
        return allow()
    return refuse("training_members_only")


def address_allowed(text: str) -> bool:
    """Whether a text is an address of a page: http or https, with a host, nothing hidden in it."""
    if not 0 < len(text) <= LONGEST_URL or any(one.isspace() or ord(one) < 33 for one in text):
        return False
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    named = parts.scheme in ("http", "https") and bool(host) and port != 0
    return named and "." in (host or "") and "@" not in parts.netloc
