"""Other organisations in a project: asked, they say yes or no, and may leave.

Only those that said yes are named to others.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.models import Organisation
from exchange.kernel.act import Act
from exchange.kernel.actor import Actor
from exchange.kernel.errors import Conflict, Forbidden, NotFound
from exchange.projects.changing import managed
from exchange.projects.events import PartnerAnswered, PartnerInvited, PartnerLeft
from exchange.projects.kinds import PartnerRole, PartnerState
from exchange.projects.locking import lock_project
from exchange.projects.models import Project, ProjectPartner
from exchange.projects.queries import loaded
from exchange.projects.rules import MOST_PARTNERS

STANDING = (PartnerState.INVITED, PartnerState.ACCEPTED)


def invite_partner(
    act: Act, project: Project, organisation: Organisation,
    role: PartnerRole = PartnerRole.PARTNER,
) -> ProjectPartner:  # fmt: skip
    """Ask an organisation to take part; who declined or left may be asked again.

    Asked twice it is asked once. Raises Forbidden or Conflict.
    """
    managed(act, project)
    if organisation.id == project.organisation_id:
        raise Conflict("project_partner_leads")
    row = partner_row(project, organisation.id)
    if row is not None and row.state in STANDING:
        return row
    if sum(one.state in STANDING for one in project.partners) >= MOST_PARTNERS:
        raise Conflict("project_partners_full", most=MOST_PARTNERS)
    if row is None:
        row = ProjectPartner(organisation_id=organisation.id)
        project.partners.append(row)
    row.role, row.state = role, PartnerState.INVITED
    row.invited_by_id, row.invited_at, row.answered_at = act.actor.person_id, act.now, None
    _count(act, project)
    act.emit(PartnerInvited(project.id, project.organisation_id, organisation.id))
    return row


def answer_invitation(act: Act, project: Project, organisation_id: int, *, yes: bool) -> None:
    """The invited organisation's people say yes or no; the same answer twice is one.

    Raises Forbidden, or Conflict when it is not asked any more.
    """
    row = _own_row(act, project, organisation_id)
    wanted = PartnerState.ACCEPTED if yes else PartnerState.DECLINED
    if row.state is wanted:
        return
    if row.state is not PartnerState.INVITED:
        raise Conflict("project_not_invited")
    row.state, row.answered_at = wanted, act.now
    _count(act, project)
    act.emit(PartnerAnswered(project.id, project.organisation_id, organisation_id))


def leave_project(act: Act, project: Project, organisation_id: int) -> None:
    """A partner takes part no longer. Its needs that are in the project stay until taken out.

    Raises Forbidden or Conflict.
    """
    row = _own_row(act, project, organisation_id)
    _end(act, project, row)


def remove_partner(act: Act, project: Project, organisation_id: int) -> None:
    """The project's people take an invitation back, or part with a partner. Raises Forbidden."""
    managed(act, project)
    row = partner_row(project, organisation_id)
    if row is not None:
        _end(act, project, row)


def partner_row(project: Project, organisation_id: int) -> ProjectPartner | None:
    """What stands of this organisation in the project."""
    return next((one for one in project.partners if one.organisation_id == organisation_id), None)


def invited_project(session: Session, actor: Actor, public_id: str) -> tuple[Project, int]:
    """A project to which one of the actor's organisations was asked, and that organisation's id.

    Those asked may read a draft before they answer. Raises NotFound for everybody else.
    """
    if not public_id.isalnum():
        raise NotFound
    query = sa.select(Project).where(Project.public_id == public_id).options(*loaded())
    project = session.scalars(query).first()
    if project is not None:
        for row in project.partners:
            if actor.belongs_to(row.organisation_id) and row.state in STANDING:
                return project, row.organisation_id
    raise NotFound


def invitations_for(session: Session, actor: Actor) -> list[Project]:
    """Projects that wait for an answer of the actor's organisations, the longest asked first."""
    query = (
        sa.select(Project)
        .join(ProjectPartner, ProjectPartner.project_id == Project.id)
        .where(
            ProjectPartner.organisation_id.in_(sorted(actor.organisation_ids)),
            ProjectPartner.state == PartnerState.INVITED,
        )
        .options(*loaded())
        .order_by(ProjectPartner.invited_at, ProjectPartner.id)
    )
    return list(session.scalars(query).unique())


def _own_row(act: Act, project: Project, organisation_id: int) -> ProjectPartner:
    if not act.actor.belongs_to(organisation_id):
        raise Forbidden("project_not_yours")
    lock_project(act, project)
    row = partner_row(project, organisation_id)
    if row is None:
        raise Conflict("project_not_invited")
    return row


def _end(act: Act, project: Project, row: ProjectPartner) -> None:
    if row.state not in STANDING:
        return
    row.state, row.answered_at = PartnerState.LEFT, act.now
    _count(act, project)
    act.emit(PartnerLeft(project.id, project.organisation_id, row.organisation_id))


def _count(act: Act, project: Project) -> None:
    project.version += 1
    project.updated_at = act.now
    act.session.flush()
