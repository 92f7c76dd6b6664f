"""Changing what a project says, its stage, and who looks after it."""

from sqlalchemy.orm import Session

from exchange.accounts.queries import brokers_serving
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid
from exchange.listings.rules import language_of
from exchange.listings.values import clean_text
from exchange.projects.bundling import keep_in_step
from exchange.projects.checking import (
    kept_problems,
    line_problems,
    lines_of,
    refuse_problems,
    refuse_unready,
)
from exchange.projects.events import ProjectChanged, ProjectStaged
from exchange.projects.kinds import ENDED_STAGES, Publication, Stage
from exchange.projects.locking import lock_project
from exchange.projects.models import Project
from exchange.projects.permissions import may_manage, may_supervise
from exchange.projects.publishing import must_be_reviewed, put_before_people
from exchange.projects.rules import may_go, needs_reason
from exchange.projects.standing_open import refuse_narrowing
from exchange.projects.values import ProjectValues, needs_another_look, put_values, values_of

LONGEST_REASON = 500


def managed(act: Act, project: Project, version: int | None = None) -> None:
    """Lock it for whoever may change it. Raises Forbidden, or Conflict "changed_meanwhile"."""
    if not may_manage(act.actor, project):
        raise Forbidden("project_not_yours")
    lock_project(act, project, version)


def touched(act: Act, project: Project, *, other_words: bool = False) -> None:
    """Count a change. Other words of a project that is shown go before the station again where
    its review is due.
    """
    act.session.flush()
    is_shown = project.publication is Publication.PUBLISHED
    if other_words and is_shown and must_be_reviewed(act, project):
        put_before_people(act, project)
        return
    project.version += 1
    project.updated_at = act.now
    act.session.flush()
    act.emit(ProjectChanged(project.id, project.organisation_id))


def change_project(
    act: Act, project: Project, values: ProjectValues, version: int | None = None
) -> Project:
    """Say something else of it; the same again changes nothing. ``version`` is the one read.

    Raises Forbidden, Invalid with the fields, or Conflict.
    """
    managed(act, project, version)
    old, said = values_of(project), values.cleaned()
    if said == old:
        return project
    is_shown = project.publication in (Publication.SUBMITTED, Publication.PUBLISHED)
    if is_shown:
        refuse_unready(act, said, lines_of(project))
    else:
        refuse_problems(kept_problems(act, said))
    refuse_narrowing(act, project, said.visibility)
    put_values(project, said)
    project.lang = language_of(said.words)
    touched(act, project, other_words=needs_another_look(old, said))
    keep_in_step(act, project)
    return project


def go_to_stage(
    act: Act, project: Project, wanted: Stage, reason: str = "", version: int | None = None
) -> Project:
    """Take it to another stage; being there already, nothing happens.

    That it was looked back on is said by its evaluation (``evaluation.round_service``). Raises
    Forbidden, Conflict where its life does not lead there, or Invalid without the reason that
    stopping needs.
    """
    managed(act, project, version)
    if project.stage is wanted:
        return project
    decision = may_go(project.stage, wanted)
    if not decision or wanted is Stage.EVALUATED:
        raise Conflict("project_stage")
    said = clean_text(reason)
    if needs_reason(wanted):
        _check_reason(project, said)
        project.stop_reason = said
    elif project.stage is Stage.STOPPED:
        project.stop_reason = ""
    project.stage = wanted
    project.ended_at = act.now if wanted in ENDED_STAGES else None
    project.version += 1
    project.updated_at = act.now
    act.session.flush()
    act.emit(ProjectStaged(project.id, project.organisation_id))
    return project


def choose_worker(act: Act, project: Project, person_id: int | None) -> Project:
    """Say which social worker looks after it: a supervisor chooses one who serves its places.

    Where nobody does, a broker who serves one of them may take it. Raises Forbidden or Invalid.
    """
    actor = act.actor
    takes_it = person_id is not None and person_id == actor.person_id and (
        project.worker_id in (None, person_id)
    )  # fmt: skip
    serves = any(actor.serves_division(place) for place in project.places)
    if not (may_supervise(actor, project) or (takes_it and serves)):
        raise Forbidden
    lock_project(act, project)
    if project.worker_id == person_id:
        return project
    if takes_it and project.worker_id is not None and not may_supervise(actor, project):
        raise Conflict("project_has_worker")
    if person_id is not None and person_id not in workers_for(act.session, project):
        raise Invalid(fields={"worker": ["project_worker_elsewhere"]})
    project.worker_id = person_id
    touched(act, project)
    return project


def workers_for(session: Session, project: Project) -> set[int]:
    """Ids of those who may look after it."""
    return {one for place in project.places for one in brokers_serving(session, place)}


def _check_reason(project: Project, said: str) -> None:
    codes = line_problems(project, said)
    if not said:
        codes = ["project_stop_reason"]
    elif len(said) > LONGEST_REASON:
        codes = ["too_long"]
    if codes:
        raise Invalid("project_invalid", fields={"reason": codes})
