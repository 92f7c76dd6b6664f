"""What else must hold before somebody signs up, or an activity is put before people.

Subjects with rules of their own, such as those for minors and for work with children, add a gate
once, while they register. A gate is asked under the lock of the shift, for one person.
"""

from collections.abc import Callable, Sequence
from typing import cast

from sqlalchemy.orm import Session

from exchange.kernel.act import Act, House
from exchange.kernel.decisions import Decision, allow, refuse
from exchange.volunteering.models import Activity, Shift

JOINING, PUBLISHING = "volunteering.gates.joining", "volunteering.gates.publishing"
KEEPING, LOWERING = "volunteering.gates.keeping", "volunteering.gates.lowering"
MENDS, PLACES = "volunteering.gates.mends", "volunteering.gates.places"
JoiningGate = Callable[[Act, int, Shift], Decision]  # act, person id, shift with its activity
LoweringGate = Callable[[Act, Shift, int], Decision]  # act, shift with its activity, new maximum
PlaceCheck = Callable[[House, Session, int, Sequence[Shift]], dict[int, str]]
PublishingGate = Callable[[Act, Activity], Decision]


def add_joining_gate(house: House, gate: JoiningGate) -> None:
    """Have a gate asked before a person gets a place or a number on the waiting list."""
    house.resources.setdefault(JOINING, []).append(gate)


def add_keeping_gate(house: House, gate: JoiningGate) -> None:
    """Have a gate asked before somebody confirms a place that they have already."""
    house.resources.setdefault(KEEPING, []).append(gate)


def add_publishing_gate(house: House, gate: PublishingGate) -> None:
    """Have a gate asked before an activity is published."""
    house.resources.setdefault(PUBLISHING, []).append(gate)


def add_lowering_gate(house: House, gate: LoweringGate) -> None:
    """Have a gate asked before a shift gets fewer places."""
    house.resources.setdefault(LOWERING, []).append(gate)


def joining_allowed(act: Act, person_id: int, shift: Shift) -> Decision:
    """What the first gate that says no says; yes when there is none. Nobody comes to what is hidden
    while somebody looks into it.
    """
    if shift.activity.held_at is not None:
        return refuse("activity_held")
    return _first_no(act, person_id, shift, JOINING)


def keeping_allowed(act: Act, person_id: int, shift: Shift) -> Decision:
    """Likewise of a place that somebody has. What was asked for after they got it, as a training,
    does not count here: their coordinator sees what they lack.
    """
    return _first_no(act, person_id, shift, KEEPING)


def _first_no(act: Act, person_id: int, shift: Shift, kind: str) -> Decision:
    gates = cast("list[JoiningGate]", act.house.resources.get(kind, []))
    answers = (gate(act, person_id, shift) for gate in gates)
    return next((one for one in answers if not one), allow())


def publishing_allowed(act: Act, activity: Activity) -> Decision:
    """Likewise before an activity is published."""
    if activity.held_at is not None:
        return refuse("activity_held")
    gates = cast("list[PublishingGate]", act.house.resources.get(PUBLISHING, []))
    answers = (gate(act, activity) for gate in gates)
    return next((one for one in answers if not one), allow())


def lowering_allowed(act: Act, shift: Shift, maximum: int) -> Decision:
    """Likewise before a shift, which is locked, gets fewer places."""
    if maximum >= shift.maximum:
        return allow()
    gates = cast("list[LoweringGate]", act.house.resources.get(LOWERING, []))
    answers = (gate(act, shift, maximum) for gate in gates)
    return next((one for one in answers if not one), allow())


def add_place_check(house: House, check: PlaceCheck) -> None:
    """Have somebody told what is still missing for places that they have already."""
    house.resources.setdefault(PLACES, []).append(check)


def lacking_for_places(
    house: House, session: Session, person_id: int, shifts: Sequence[Shift]
) -> dict[int, str]:
    """What is missing, as the code of a sentence, by shift."""
    checks = cast("list[PlaceCheck]", house.resources.get(PLACES, []))
    return {
        shift_id: code
        for check in checks
        for shift_id, code in check(house, session, person_id, shifts).items()
    }


def add_mend(house: House, code: str, path: str) -> None:
    """Say on which page somebody mends what a gate has refused; ``{shift}`` stands for its id."""
    house.resources.setdefault(MENDS, {})[code] = path


def mend_path(house: House, code: str, shift: str) -> str:
    """The page on which a refusal is mended; empty where there is none."""
    known = cast("dict[str, str]", house.resources.get(MENDS, {}))
    return known.get(code, "").format(shift=shift)
