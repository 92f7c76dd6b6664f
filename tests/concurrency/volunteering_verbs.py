"""What a process does in volunteering: one act each, which answers with what came of it."""

from collections.abc import Callable

from exchange.kernel.act import Act
from exchange.volunteering.attendance.certificate_service import Scope, issue_certificate
from exchange.volunteering.attendance.hours_service import Chosen, approve_hours
from exchange.volunteering.attendance.kinds import MarkKind
from exchange.volunteering.attendance.service import Tick, mark_by_list
from exchange.volunteering.availability.service import pause_availability, save_availability
from exchange.volunteering.availability.substitutes_service import ask_substitutes
from exchange.volunteering.availability.time_rules import EVERY_TIME
from exchange.volunteering.availability.values import AvailabilityValues
from exchange.volunteering.models import Shift

VILLAGE = "520422102243"


def tick_people(act: Act, shift_id: int, kind: str, ticks: dict[str, str], age: int = 0) -> str:
    """Tick the list of a shift: sign-ups by the phone's name for the tick."""
    given = [Tick(client, signup, MarkKind(kind), age) for client, signup in ticks.items()]
    return ",".join(mark_by_list(act, act.session.get_one(Shift, shift_id), given).kept)


def approve_people(act: Act, shift_id: int, signups: list[str]) -> str:
    """Approve hours that were proposed once."""
    chosen = [Chosen(one, 1) for one in signups]
    return str(approve_hours(act, act.session.get_one(Shift, shift_id), chosen).count)


def certify(act: Act, organisation_id: int, person_id: int, activity_id: int) -> str:
    """Certify the hours of an activity."""
    scope = Scope(organisation_id, person_id, activity_id=activity_id)
    return issue_certificate(act, scope).public_id


def ask_people(act: Act, shift_id: int, names: list[str]) -> str:
    return str(ask_substitutes(act, act.session.get_one(Shift, shift_id), names).count)


def say_time(act: Act, words: str, asked: bool) -> str:
    values = AvailabilityValues(
        skills=("tutoring",), words=words, times=EVERY_TIME, division_code=VILLAGE,
        may_be_asked=asked, is_adult=True,
    )  # fmt: skip
    return save_availability(act, values).public_id


def pause_time(act: Act) -> str:
    return pause_availability(act, act.today, None).public_id


VOLUNTEERING: tuple[Callable[..., str], ...] = (
    tick_people,
    approve_people,
    certify,
    ask_people,
    say_time,
    pause_time,
)
