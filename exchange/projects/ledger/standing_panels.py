"""Who keeps a book, and what is missing so that the rule of two people can work."""

from collections.abc import Sequence

from flask_babel import gettext as _

from exchange.projects.ledger.kinds import LedgerRole
from exchange.projects.ledger.models import RoleHolder
from exchange.projects.models import Project


def missing_people(holders: Sequence[RoleHolder]) -> str:
    """What a manager has to do before entries can come about; empty when all is well."""
    treasurers = {one.person_id for one in holders if one.role is LedgerRole.TREASURER}
    approvers = {one.person_id for one in holders if one.role is LedgerRole.APPROVER}
    if not treasurers:
        return str(_("Nobody records yet. Name a treasurer, and somebody else as approver."))
    if not approvers:
        return str(
            _("There is no second person yet. Large sums and goods wait until you name one.")
        )
    if len(treasurers | approvers) < 2:
        return str(
            _(
                "Treasurer and approver are one and the same person. Nobody approves their own: "
                "name somebody else as well."
            )
        )
    return ""


def is_in_project(project: Project, holder: RoleHolder, members: frozenset[int]) -> bool:
    """Whether somebody in office still belongs to the project; else their role does not count."""
    return holder.person_id in members or holder.person_id == project.worker_id
