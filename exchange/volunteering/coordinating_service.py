"""Who looks after an activity, and which roles it has."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from exchange.accounts.queries import is_member
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.values import one_line
from exchange.volunteering.events import (
    CoordinatorLeft,
    CoordinatorNamed,
    VolunteerRoleAdded,
    VolunteerRoleChanged,
    VolunteerRoleRemoved,
)
from exchange.volunteering.kinds import Skill
from exchange.volunteering.models import Activity, ActivityCoordinator, Shift, VolunteerRole
from exchange.volunteering.permissions import may_run
from exchange.volunteering.queries import roles_of
from exchange.volunteering.rules import (
    LONGEST_NOTE,
    LONGEST_ROLE,
    MOST_COORDINATORS,
    MOST_ROLES,
    MOST_SKILLS,
)
from exchange.volunteering.service import managed, touch
from exchange.volunteering.values import Problems, text_problem


@dataclass(frozen=True)
class RoleValues:
    """What is said of a role."""

    name: str
    note: str = ""
    skills: tuple[str, ...] = ()


def name_coordinator(act: Act, activity: Activity, person_id: int) -> Activity:
    """Let a member of the organisation look after it; managers do so anyway.

    Raises NotFound, Forbidden for whoever is no manager, or Conflict.
    """
    found = managed(act, activity.id)
    if not may_run(act.actor, found.organisation_id):
        raise Forbidden("activity_not_yours")
    if any(one.person_id == person_id for one in found.coordinators):
        return found
    if not is_member(act.session, person_id, found.organisation_id):
        raise Conflict("coordinator_not_member")
    if len(found.coordinators) >= MOST_COORDINATORS:
        raise Conflict("too_many_coordinators", most=MOST_COORDINATORS)
    found.coordinators.append(ActivityCoordinator(person_id=person_id, named_at=act.now))
    touch(act, found)
    act.emit(CoordinatorNamed(found.id, found.organisation_id, person_id))
    return found


def release_coordinator(act: Act, activity: Activity, person_id: int) -> Activity:
    """Somebody looks after it no longer: a manager says so, or they themselves."""
    found = managed(act, activity.id)
    if not may_run(act.actor, found.organisation_id) and person_id != act.actor.person_id:
        raise Forbidden("activity_not_yours")
    drop_coordinator(act, found, person_id)
    return found


def drop_coordinator(act: Act, activity: Activity, person_id: int) -> None:
    """Take somebody off the list, for whoever holds the lock of the activity."""
    kept = [one for one in activity.coordinators if one.person_id != person_id]
    if len(kept) == len(activity.coordinators):
        return
    activity.coordinators = kept
    touch(act, activity)
    act.emit(CoordinatorLeft(activity.id, activity.organisation_id, person_id))


def add_role(act: Act, activity: Activity, values: RoleValues) -> VolunteerRole:
    """Another role; the same one sent twice is there once. Raises Invalid, also where one of that
    name says something else, or Conflict.
    """
    found = managed(act, activity.id)
    checked = _checked(values)
    present = roles_of(act.session, found.id)
    same = next((one for one in present if one.name == checked.name), None)
    if same is not None:
        if (same.note, tuple(same.skills)) != (checked.note, checked.skills):
            raise Invalid(fields={"name": ["role_name_taken"]})
        return same
    if len(present) >= MOST_ROLES:
        raise Conflict("too_many_roles", most=MOST_ROLES)
    made = VolunteerRole(
        activity_id=found.id, name=checked.name, note=checked.note, skills=list(checked.skills)
    )
    act.session.add(made)
    touch(act, found)
    act.emit(VolunteerRoleAdded(found.id, found.organisation_id, made.id))
    return made


def change_role(act: Act, activity: Activity, public_id: str, values: RoleValues) -> VolunteerRole:
    """Say something else of a role. Raises NotFound, Invalid or Conflict."""
    found = managed(act, activity.id)
    checked, role = _checked(values), _role(roles_of(act.session, found.id), public_id)
    others = roles_of(act.session, found.id)
    if any(one.name == checked.name and one.id != role.id for one in others):
        raise Invalid(fields={"name": ["role_name_taken"]})
    if (role.name, role.note, tuple(role.skills)) != (checked.name, checked.note, checked.skills):
        role.name, role.note, role.skills = checked.name, checked.note, list(checked.skills)
        touch(act, found)
        act.emit(VolunteerRoleChanged(found.id, found.organisation_id, role.id))
    return role


def remove_role(act: Act, activity: Activity, public_id: str) -> None:
    """Take a role away that no shift has. Raises NotFound or Conflict."""
    found = managed(act, activity.id)
    role = _role(roles_of(act.session, found.id), public_id)
    used = sa.select(Shift.id).where(Shift.role_id == role.id).limit(1)
    if act.session.scalar(used) is not None:
        raise Conflict("role_in_use")
    act.emit(VolunteerRoleRemoved(found.id, found.organisation_id, role.id))
    act.session.delete(role)
    touch(act, found)


def _role(roles: Iterable[VolunteerRole], public_id: str) -> VolunteerRole:
    found = next((one for one in roles if one.public_id == public_id), None)
    if found is None:
        raise NotFound
    return found


def _checked(values: RoleValues) -> RoleValues:
    cleaned = RoleValues(
        one_line(values.name), one_line(values.note), tuple(dict.fromkeys(values.skills))
    )
    problems: Problems = {}
    if not 0 < len(cleaned.name) <= LONGEST_ROLE:
        problems["name"] = ["role_name_form"]
    if len(cleaned.note) > LONGEST_NOTE:
        problems["note"] = ["too_long"]
    if len(cleaned.skills) > MOST_SKILLS or set(cleaned.skills) - set(Skill):
        problems["skills"] = ["activity_skills_form"]
    for field, text in (("name", cleaned.name), ("note", cleaned.note)):
        problem = text_problem(text)
        if problem:
            problems.setdefault(field, []).append(problem)
    if problems:
        raise Invalid("activity_invalid", fields=problems)
    return cleaned
