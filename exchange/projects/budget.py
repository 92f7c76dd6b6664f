"""The budget of a project: for what so much is planned. Sums in fen."""

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Invalid, NotFound
from exchange.listings.values import one_line
from exchange.projects.changing import managed, touched
from exchange.projects.checking import line_problems
from exchange.projects.models import LONGEST_TITLE, BudgetLine, Project
from exchange.projects.rules import LARGEST_FEN, MOST_BUDGET_LINES


def add_budget_line(
    act: Act, project: Project, purpose: str, planned_fen: int | None
) -> BudgetLine:
    """Plan a sum for a purpose; the same sent twice stands there once.

    Raises Forbidden, Invalid with the fields, or Conflict when there are too many.
    """
    managed(act, project)
    named, fen = _checked(project, purpose, planned_fen)
    for present in project.budget:
        if (present.purpose, present.planned_fen) == (named, fen):
            return present
    if len(project.budget) >= MOST_BUDGET_LINES:
        raise Conflict("project_budget_full", most=MOST_BUDGET_LINES)
    made = BudgetLine(
        position=max((one.position for one in project.budget), default=-1) + 1,
        purpose=named, planned_fen=fen,
    )  # fmt: skip
    project.budget.append(made)
    touched(act, project, other_words=True)
    return made


def change_budget_line(
    act: Act, project: Project, public_id: str, purpose: str, planned_fen: int | None,
    version: int | None = None,
) -> BudgetLine:  # fmt: skip
    """Plan another sum, or say the purpose otherwise. Raises as adding does, and NotFound."""
    managed(act, project, version)
    line = next((one for one in project.budget if one.public_id == public_id), None)
    if line is None:
        raise NotFound
    named, fen = _checked(project, purpose, planned_fen)
    if (line.purpose, line.planned_fen) != (named, fen):
        other_words = line.purpose != named
        line.purpose, line.planned_fen = named, fen
        touched(act, project, other_words=other_words)
    return line


def remove_budget_line(act: Act, project: Project, public_id: str) -> None:
    """Plan nothing for it any more; nothing where it is gone. Raises Forbidden."""
    managed(act, project)
    found = [one for one in project.budget if one.public_id == public_id]
    if found:
        project.budget.remove(found[0])
        touched(act, project)


def _checked(project: Project, purpose: str, planned_fen: int | None) -> tuple[str, int]:
    named = one_line(purpose)
    codes = line_problems(project, named)
    if not named:
        codes = ["required"]
    elif len(named) > LONGEST_TITLE:
        codes = ["too_long"]
    fields = {"purpose": codes} if codes else {}
    if planned_fen is None or not 0 <= planned_fen <= LARGEST_FEN:
        fields["planned"] = ["project_sum"]
    if fields:
        raise Invalid("project_invalid", fields=fields)
    return named, planned_fen or 0
