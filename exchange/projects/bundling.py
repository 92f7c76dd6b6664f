"""A project's needs as one undertaking of the leading organisation, so that they are matched
together. It follows the project: what comes in or goes out there comes in or goes out here.

The undertaking bears the project's title only while everybody may read that. It holds needs of one
owner, whose people answer for it and read all of it: partners' needs stay outside.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.kinds import Visibility
from exchange.listings.models import Listing
from exchange.listings.undertakings.models import Undertaking
from exchange.listings.undertakings.permissions import may_group
from exchange.listings.undertakings.queries import homes_of, parts_of
from exchange.listings.undertakings.rules import JOINABLE, LONGEST_NAME, MOST_PARTS
from exchange.listings.undertakings.service import (
    add_needs,
    change_undertaking,
    make_undertaking,
    remove_need,
)
from exchange.projects.kinds import Publication
from exchange.projects.labels import BUNDLE_NAME
from exchange.projects.models import Project
from exchange.projects.queries import needs_of

LEAST = 2  # one need is no bundle


def keep_in_step(act: Act, project: Project) -> None:
    """Make the undertaking, or bring it in line. What stands against it leaves it as it is."""
    act.session.flush()
    needs = needs_of(act.session, [project.id]).get(project.id, [])
    own = [need for need in needs if need.organisation_id == project.organisation_id]
    undertaking = _present(act, project)
    if undertaking is None:
        _make(act, project, own)
        return
    parts = parts_of(act.session, undertaking)
    wanted, present = {need.id for need in own}, {part.id for part in parts}
    for part in parts:
        if part.id not in wanted:
            _try(act, partial(remove_need, act, undertaking.public_id, part))
    fresh = _free(act, [need for need in own if need.id not in present])
    room = MOST_PARTS - len(wanted & present)
    if fresh[:room]:
        _try(act, lambda: add_needs(act, undertaking.public_id, fresh[:room]))
    name = _name(project)
    if undertaking.name != name:
        _try(act, lambda: change_undertaking(act, undertaking.public_id, name, None))


@dataclass(frozen=True)
class LeftOut:
    """What of a project is not in its undertaking: needs of partners, and so many of the lead."""

    partners: bool
    own: int


def left_out(session: Session, project: Project, needs: Sequence[Listing]) -> LeftOut:
    """Which of these needs of the project are open and not in its undertaking."""
    homes = homes_of(session, [need.id for need in needs])
    outside = [
        need for need in needs
        if need.state in JOINABLE and homes.get(need.id) != project.undertaking_id
    ]  # fmt: skip
    own = sum(need.organisation_id == project.organisation_id for need in outside)
    return LeftOut(partners=own < len(outside), own=own)


def _make(act: Act, project: Project, own: Sequence[Listing]) -> None:
    fresh = _free(act, own)[:MOST_PARTS]
    if len(fresh) < LEAST or project.publication is not Publication.PUBLISHED:
        return
    made = _try(act, lambda: make_undertaking(act, _name(project), "", fresh))
    if isinstance(made, Undertaking):
        project.undertaking_id = made.id
        act.session.flush()


def _present(act: Act, project: Project) -> Undertaking | None:
    if project.undertaking_id is None:
        return None
    query = sa.select(Undertaking).where(Undertaking.id == project.undertaking_id)
    return act.session.scalars(query.execution_options(populate_existing=True)).first()


def _free(act: Act, needs: Sequence[Listing]) -> list[Listing]:
    """Those that may come in: open or in review, in no other undertaking, the actor's to put."""
    taken = homes_of(act.session, [need.id for need in needs])
    return [
        need for need in needs
        if need.state in JOINABLE and need.id not in taken and may_group(act.actor, [need])
    ]  # fmt: skip


def _name(project: Project) -> str:
    is_open = (
        project.publication is Publication.PUBLISHED
        and project.visibility is Visibility.PUBLIC
        and project.held_at is None
    )
    return project.title[:LONGEST_NAME].strip() if is_open else str(BUNDLE_NAME)


def _try(act: Act, work: Callable[[], Any]) -> Any:
    """Do it in a part of the transaction of its own; None where something stands against it."""
    try:
        with act.session.begin_nested():
            return work()
    except (Conflict, Invalid, NotFound, Forbidden):
        return None
