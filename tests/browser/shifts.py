"""A shift of an organisation in the county of the running site, and its hours of the clock."""

from dataclasses import dataclass
from datetime import timedelta

from exchange.accounts.kinds import OrganisationKind
from exchange.kernel.actor import Role
from exchange.volunteering.attendance.codes import code_of
from exchange.volunteering.kinds import SignupState
from exchange.volunteering.models import Shift, Signup
from exchange.volunteering.service import make_activity, publish_activity
from exchange.volunteering.shifts.service import add_shifts
from exchange.volunteering.values import ActivityValues, ShiftValues
from tests.browser.county import COUNTY, County
from tests.cast import Player

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Planned:
    """A published activity with one shift, and who answers for it."""

    county: County
    manager: Player
    activity: str
    shift: str
    shift_id: int

    def move(self, begins: timedelta, ends: timedelta) -> None:
        """Let the shift begin and end so long from now."""
        with self.county.act() as act:
            shift = act.session.get_one(Shift, self.shift_id)
            shift.starts_at, shift.ends_at = act.now + begins, act.now + ends

    def scanned(self) -> str:
        """Where the code leads that the coordinator's phone shows now."""
        county = self.county
        county.session.rollback()
        shift = county.session.get_one(Shift, self.shift_id, populate_existing=True)
        code = code_of(county.house.secrets, shift, county.house.clock.now())
        return f"/attend/{self.shift}/{code}"

    def place_for(self, who: Player) -> None:
        """Somebody has signed up; also for a shift that has begun."""
        with self.county.act() as act:
            shift = act.session.get_one(Shift, self.shift_id)
            shift.taken += 1
            act.session.add(
                Signup(
                    shift_id=shift.id, person_id=who.person_id,
                    organisation_id=who.organisation_id, state=SignupState.SIGNED_UP,
                    answered_at=act.now, created_at=act.now, updated_at=act.now,
                )
            )  # fmt: skip


def plan(county: County, owner: str, title: str, maximum: int = 10) -> Planned:
    """A shift that begins in fifty minutes, of a verified organisation."""
    cast = county.cast
    ngo = cast.make_organisation(OrganisationKind.NGO, owner, COUNTY, verified=True)
    manager = cast.make_player("顾一", COUNTY, ngo, Role.MANAGER)
    with county.act(manager) as act:
        values = ActivityValues(title=title, division_code=COUNTY, place="清水桥头")
        activity = make_activity(act, manager.organisation_id, values)
        begins = act.now + timedelta(minutes=50)
        (shift,) = add_shifts(act, activity, ShiftValues(begins, begins + 2 * HOUR, 1, maximum))
        publish_activity(act, activity)
        return Planned(county, manager, activity.public_id, shift.public_id, shift.id)
