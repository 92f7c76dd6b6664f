"""In which order rows are taken: what is reported by id, then the case, then the organisation.

Whoever changes a listing, a project or an activity holds it before anything of this room, so nobody
waits in a circle.
"""

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, NotFound
from exchange.moderation.models import ModerationCase
from exchange.moderation.permissions import can_handle


def known_case(act: Act, public_id: str) -> ModerationCase:
    """The case, not locked yet, for one who looks after it. Raises NotFound."""
    query = sa.select(ModerationCase).where(ModerationCase.public_id == public_id)
    case = act.session.scalars(query).first()
    if case is None or not can_handle(act.actor, case):
        raise NotFound
    return case


def lock_case(act: Act, case: ModerationCase, version: int | None = None) -> None:
    """Lock the case and read it afresh. Raises Conflict "case_changed", or NotFound where
    it has passed to the centre by now.
    """
    take_case(act, case)
    if not can_handle(act.actor, case):
        raise NotFound
    insist_version(case, version)


def insist_version(case: ModerationCase, version: int | None) -> None:
    """Raises Conflict "case_changed" where the case is not the one that was read."""
    if version is not None and version != case.version:
        raise Conflict("case_changed", version=case.version)


def take_case(act: Act, case: ModerationCase) -> None:
    """Lock the case's row and read it afresh, whoever acts."""
    act.session.flush()
    act.session.scalars(
        sa.select(ModerationCase)
        .where(ModerationCase.id == case.id)
        .with_for_update(of=ModerationCase)
        .execution_options(populate_existing=True)
    ).one()
