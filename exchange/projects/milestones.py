"""The plan of a project as steps: added, changed, done on a day, taken out."""

from dataclasses import dataclass
from datetime import date

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Invalid, NotFound
from exchange.listings.rules import FARTHEST
from exchange.listings.values import one_line
from exchange.projects.changing import managed, touched
from exchange.projects.checking import line_problems
from exchange.projects.models import LONGEST_TITLE, Milestone, Project
from exchange.projects.rules import MOST_MILESTONES


@dataclass(frozen=True)
class Step:
    """A milestone as somebody says it."""

    title: str
    due_on: date | None = None


def add_milestone(act: Act, project: Project, step: Step) -> Milestone:
    """Put a step into the plan; the same sent twice stands there once.

    Raises Forbidden, Invalid with the fields, or Conflict when there are too many.
    """
    managed(act, project)
    said = _checked(act, project, step)
    for present in project.milestones:
        if (present.title, present.due_on) == (said.title, said.due_on):
            return present
    if len(project.milestones) >= MOST_MILESTONES:
        raise Conflict("project_milestones_full", most=MOST_MILESTONES)
    made = Milestone(
        position=max((one.position for one in project.milestones), default=-1) + 1,
        title=said.title, due_on=said.due_on,
    )  # fmt: skip
    project.milestones.append(made)
    touched(act, project, other_words=True)
    return made


def change_milestone(
    act: Act, project: Project, public_id: str, step: Step, version: int | None = None
) -> Milestone:
    """Say it in other words, or put it on another day. Raises as adding does, and NotFound."""
    managed(act, project, version)
    milestone = _one(project, public_id)
    said = _checked(act, project, step)
    if (milestone.title, milestone.due_on) != (said.title, said.due_on):
        other_words = milestone.title != said.title
        milestone.title, milestone.due_on = said.title, said.due_on
        touched(act, project, other_words=other_words)
    return milestone


def reach_milestone(act: Act, project: Project, public_id: str, on: date | None) -> Milestone:
    """Say on which day it was reached; None takes that back. Raises Forbidden, NotFound, Invalid.

    Done already, the first day stands until it is taken back.
    """
    managed(act, project)
    milestone = _one(project, public_id)
    if on is not None and on > act.today:
        raise Invalid("project_invalid", fields={"done_on": ["project_day_ahead"]})
    if on is not None and act.today - on > FARTHEST:
        raise Invalid("project_invalid", fields={"done_on": ["dates_too_far"]})
    if (milestone.done_on is None) is (on is None):
        return milestone
    milestone.done_on = on
    milestone.done_by_id = act.actor.person_id if on else None
    touched(act, project)
    return milestone


def remove_milestone(act: Act, project: Project, public_id: str) -> None:
    """Take a step out of the plan; nothing where it is gone. Raises Forbidden."""
    managed(act, project)
    found = [one for one in project.milestones if one.public_id == public_id]
    if found:
        project.milestones.remove(found[0])
        touched(act, project)


def _one(project: Project, public_id: str) -> Milestone:
    for milestone in project.milestones:
        if milestone.public_id == public_id:
            return milestone
    raise NotFound


def _checked(act: Act, project: Project, step: Step) -> Step:
    title = one_line(step.title)
    codes = line_problems(project, title)
    if not title:
        codes = ["required"]
    elif len(title) > LONGEST_TITLE:
        codes = ["too_long"]
    fields = {"title": codes} if codes else {}
    if step.due_on is not None and abs(step.due_on - act.today) > FARTHEST:
        fields["due_on"] = ["dates_too_far"]
    if fields:
        raise Invalid("project_invalid", fields=fields)
    return Step(title, step.due_on)
