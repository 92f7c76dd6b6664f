"""Saying which cooperation a project wishes for: up to five lines that everybody reads."""

from collections.abc import Sequence

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.kernel.errors import Forbidden, Invalid
from exchange.listings.rules import names_a_person
from exchange.listings.values import one_line
from exchange.listings.wording import words_problem
from exchange.projects.intentions.events import WantedStated
from exchange.projects.intentions.kinds import IntentionKind
from exchange.projects.intentions.models import WantedIntention
from exchange.projects.intentions.queries import wanted_of
from exchange.projects.intentions.rules import LONGEST_WANTED, MOST_WANTED
from exchange.projects.locking import lock_project
from exchange.projects.models import Project
from exchange.projects.permissions import may_manage
from exchange.projects.queries import seen_project

Line = tuple[IntentionKind, str]


def state_wanted(
    act: Act, project_id: str, lines: Sequence[Line], version: int | None = None
) -> Project:
    """Put these lines in place of those that are there. ``version`` is the project's that was read.

    Raises NotFound, Forbidden, Conflict "changed_meanwhile", or Invalid: too many, or words that
    may not stand before everybody.
    """
    project = seen_project(act.session, act.actor, project_id)
    if not may_manage(act.actor, project):
        raise Forbidden
    lock_project(act, project, version)
    wanted = [(kind, one_line(words)) for kind, words in lines]
    _insist(wanted)
    present = [(row.kind, row.words) for row in wanted_of(act.session, project.id)]
    if present == wanted:
        return project
    act.session.execute(
        sa.delete(WantedIntention).where(WantedIntention.project_id == project.id)
    )
    act.session.add_all(
        WantedIntention(project_id=project.id, position=number, kind=kind, words=words)
        for number, (kind, words) in enumerate(wanted, start=1)
    )
    project.version += 1
    project.updated_at = act.now
    act.session.flush()
    act.emit(WantedStated(project.id, project.organisation_id))
    return project


def _insist(lines: Sequence[Line]) -> None:
    if len(lines) > MOST_WANTED:
        raise Invalid("intention_wanted_too_many", most=MOST_WANTED)
    fields: dict[str, list[str]] = {}
    for number, (_kind, words) in enumerate(lines, start=1):
        codes = _codes(words)
        if codes:
            fields[f"words{number}"] = codes
    if fields:
        raise Invalid("intention_invalid", fields=fields)


def _codes(words: str) -> list[str]:
    """What stands against one line."""
    codes = [] if words else ["required"]
    if len(words) > LONGEST_WANTED:
        codes.append("too_long")
    problem = words_problem(words)
    if problem:
        codes.append(f"intention_{problem}")
    if names_a_person(words):
        codes.append("intention_wanted_person")
    return codes
