"""Real things of volunteering, for tests that knock at every door with all sorts of values."""

import sqlalchemy as sa

from exchange.volunteering.messaging.kinds import Addressed
from exchange.volunteering.messaging.sending_service import Letter, send_message
from exchange.volunteering.models import Signup
from exchange.volunteering.queries import seen_shift
from exchange.volunteering.training.models import TrainingMaterial
from tests.volunteering.conftest import Group
from tests.volunteering.safeguarding_scene import MINOR, checks, consents, young
from tests.volunteering.training_scene import make_school


def volunteering_things(group: Group) -> dict[str, list[str]]:
    """What may stand in the holes of addresses, by the first word of the address."""
    activity, (shift,) = group.run(**MINOR)
    minor, adult = young(group), group.volunteer()
    consent, check = consents(group, minor), checks(group, group.helper)
    for who in (minor, adult):
        group.joins(who, shift)
    with group.act_as(group.leader.actor) as act:
        letter = Letter("带上水", Addressed.PLACED, "a-letter")
        message = send_message(act, seen_shift(act.session, act.actor, shift.public_id), letter)
        letter_key = message.public_id
    school = make_school(group)
    date = school.date()
    signups = group.session.scalars(sa.select(Signup.public_id)).all()
    materials = group.session.scalars(sa.select(TrainingMaterial.public_id)).all()
    people = [who.person.public_id for who in (minor, adult, group.helper)]
    group.session.rollback()
    shifts = [shift.public_id, date.public_id]
    return {
        "activities": [activity.public_id, activity.public_id, *people],
        "shifts": [*shifts, *signups, *people],
        "attendance": shifts,
        "attend": shifts,
        "shift-messages": [letter_key],
        "trainings": [school.training_key, *materials],
        "consents": [consent],
        "checks": [check],
    }
