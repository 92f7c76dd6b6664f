"""Hiding listings for a case, and showing them again when no other case hides them."""

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.kernel.actor import SYSTEM
from exchange.listings.holding import set_held
from exchange.listings.models import Listing
from exchange.moderation.kinds import StepKind
from exchange.moderation.models import CaseHold, CaseStep, ModerationCase


def hold_for(act: Act, case: ModerationCase, listings: Sequence[Listing]) -> None:
    """Hide these listings, whose rows are locked, for the case."""
    for listing in listings:
        kept = act.session.get(CaseHold, (case.id, listing.id))
        if kept is None:
            kept = CaseHold(case_id=case.id, listing_id=listing.id, held_at=act.now)
            act.session.add(kept)
        elif kept.released_at is not None:
            kept.held_at, kept.released_at = act.now, None
        act.session.flush()
        set_held(act, listing, held=True)


def hold_by_itself(act: Act, case: ModerationCase, listings: Sequence[Listing]) -> None:
    """The same without anybody's decision: on the trail it is the system's, not a reporter's."""
    hold_for(replace(act, actor=SYSTEM), case, listings)


def release_for(act: Act, case: ModerationCase, listings: Sequence[Listing]) -> bool:
    """Show again what was hidden for the case; return whether anything was.

    The rows are locked. What another case hides, too, stays hidden.
    """
    released = False
    for listing in listings:
        kept = act.session.get(CaseHold, (case.id, listing.id))
        if kept is None or kept.released_at is not None:
            continue
        kept.released_at, released = act.now, True
        act.session.flush()
        if not _is_held_elsewhere(act, listing.id):
            set_held(act, listing, held=False)
    return released


def note_step(
    act: Act, case: ModerationCase, kind: StepKind, note: str = "", said: str = "",
    *, alone: bool = False,
) -> None:  # fmt: skip
    """Write a line of the case's history; ``alone`` names nobody."""
    person_id = None if alone else act.actor.person_id
    act.session.add(
        CaseStep(case_id=case.id, kind=kind, at=act.now, person_id=person_id, note=note, said=said)
    )


def _is_held_elsewhere(act: Act, listing_id: int) -> bool:
    query = sa.select(CaseHold.case_id).where(
        CaseHold.listing_id == listing_id, CaseHold.released_at.is_(None)
    )
    return act.session.execute(query.limit(1)).first() is not None
