"""A project's way to others and back: submit, review, withdraw, hold.

First reviewed, then shown: by a broker who serves one of its places. A verified organisation's is
shown at once where the site does not review those, too.
"""

from exchange.accounts.models import Person
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid
from exchange.listings.rules import language_of, may_submit, needs_review
from exchange.listings.values import clean_text
from exchange.projects.bundling import keep_in_step
from exchange.projects.checking import lines_of, refuse_blanks, refuse_unready
from exchange.projects.events import (
    ProjectHeld,
    ProjectPublished,
    ProjectReturned,
    ProjectSubmitted,
    ProjectWithdrawn,
)
from exchange.projects.kinds import Publication
from exchange.projects.locking import lock_project
from exchange.projects.models import Project
from exchange.projects.permissions import may_manage, may_review, may_supervise
from exchange.projects.standing_open import refuse_taking_back
from exchange.projects.values import values_of

LONGEST_NOTE = 500


def submit_project(act: Act, project: Project, version: int | None = None) -> Project:
    """Ask for a draft, or one that was taken back, to be shown. Done already, nothing happens.

    Only the leading organisation's own people do it, also where a social worker has written it.
    Raises Forbidden (also with the code "confirm_contact_first"), Invalid with the fields, or
    Conflict.
    """
    actor = act.actor
    if not (actor.is_system or actor.belongs_to(project.organisation_id)):
        raise Forbidden("project_not_yours")
    _require_reachable(act)
    lock_project(act, project, version)
    if project.publication in (Publication.SUBMITTED, Publication.PUBLISHED):
        return project
    refuse_unready(act, values_of(project), lines_of(project))
    project.lang = language_of(values_of(project).words)
    project.review_note = ""
    put_before_people(act, project)
    return project


def put_before_people(act: Act, project: Project) -> None:
    """Show it, after a review where one is due; also when what was shown says something else."""
    project.version += 1
    project.updated_at = act.now
    if must_be_reviewed(act, project):
        project.publication = Publication.SUBMITTED
        act.session.flush()
        act.emit(ProjectSubmitted(project.id, project.organisation_id))
    else:
        _publish(act, project)


def must_be_reviewed(act: Act, project: Project) -> bool:
    """Whether a station looks at it first; what one of its own people wrote was looked at."""
    needed = needs_review(
        verified=project.organisation.is_verified,
        review_verified=act.house.settings.review_verified,
        is_system=act.actor.is_system,
    )
    return needed and not may_review(act.actor, project)


def approve_project(act: Act, project: Project, version: int | None = None) -> Project:
    """A broker of its places shows it, and looks after it from then on where nobody does.

    ``version`` is the one they have read. Raises Forbidden, Invalid
    with the fields, or Conflict when it does not wait.
    """
    _review(act, project, version)
    refuse_blanks(values_of(project))
    project.reviewed_by_id = act.actor.person_id
    project.review_note = ""
    if project.worker_id is None and act.actor.is_broker:
        project.worker_id = act.actor.person_id
    project.version += 1
    _publish(act, project)
    return project


def return_project(act: Act, project: Project, note: str, version: int | None = None) -> Project:
    """Give it back with a note. Raises Forbidden, Invalid without a note, or Conflict."""
    _review(act, project, version)
    kept = clean_text(note)
    if not 0 < len(kept) <= LONGEST_NOTE:
        raise Invalid("note_needed", fields={"note": ["note_needed"]})
    project.reviewed_by_id = act.actor.person_id
    project.review_note = kept
    project.publication = Publication.DRAFT
    _touch(act, project)
    act.emit(ProjectReturned(project.id, project.organisation_id))
    return project


def withdraw_project(act: Act, project: Project) -> Project:
    """Its people take it back; it can be shown again.

    Raises Forbidden, or Conflict: also "project_has_accounts" once something was booked.
    """
    if not may_manage(act.actor, project):
        raise Forbidden("project_not_yours")
    lock_project(act, project)
    if project.publication is Publication.WITHDRAWN:
        return project
    if project.publication is Publication.DRAFT:
        raise Conflict("project_publication")
    refuse_taking_back(act, project)
    project.publication = Publication.WITHDRAWN
    keep_in_step(act, project)
    _touch(act, project)
    act.emit(ProjectWithdrawn(project.id, project.organisation_id))
    return project


def hold_project(act: Act, project: Project, *, held: bool) -> Project:
    """Hide it from all but its people and the brokers while it is looked into, or show it again.

    Supervisors of one of its places and the operator may. Raises Forbidden.
    """
    actor = act.actor
    if not (actor.is_system or actor.is_operator or may_supervise(actor, project)):
        raise Forbidden
    lock_project(act, project)
    if held is not (project.held_at is not None):
        project.held_at = act.now if held else None
        _touch(act, project)
        act.emit(ProjectHeld(project.id, project.organisation_id))
    return project


def _publish(act: Act, project: Project) -> None:
    project.publication = Publication.PUBLISHED
    project.published_at = project.published_at or act.now
    project.updated_at = act.now
    act.session.flush()
    keep_in_step(act, project)
    act.emit(ProjectPublished(project.id, project.organisation_id))


def _review(act: Act, project: Project, version: int | None) -> None:
    if not may_review(act.actor, project):
        raise Forbidden
    lock_project(act, project, version)
    if project.publication is not Publication.SUBMITTED:
        raise Conflict("project_publication")


def _touch(act: Act, project: Project) -> None:
    project.version += 1
    project.updated_at = act.now
    act.session.flush()


def _require_reachable(act: Act) -> None:
    person = act.session.get(Person, act.actor.person_id) if act.actor.person_id else None
    confirmed = act.actor.phone_ok or (
        person is not None
        and any((person.phone_confirmed_at, person.phone_vouched_at, person.email_confirmed_at))
    )
    decision = may_submit(contact_confirmed=confirmed, is_system=act.actor.is_system)
    if not decision:
        raise Forbidden(decision.code)
