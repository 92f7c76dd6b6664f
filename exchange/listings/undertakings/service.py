"""Putting needs together, and taking them apart again. No need itself is ever changed by it."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from exchange.accounts.models import Organisation
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.listings.rules import money_allowed
from exchange.listings.undertakings.events import (
    NeedGrouped,
    NeedUngrouped,
    UndertakingChanged,
    UndertakingDissolved,
    UndertakingMade,
)
from exchange.listings.undertakings.models import Undertaking, UndertakingPart
from exchange.listings.undertakings.permissions import may_group, may_manage
from exchange.listings.undertakings.queries import (
    has_room_for_more,
    homes_of,
    parts_of,
    seen_undertaking,
)
from exchange.listings.undertakings.rules import (
    LONGEST_NAME,
    LONGEST_NOTE,
    MOST_UNDERTAKINGS,
    may_join,
    size_allowed,
)
from exchange.listings.values import clean_text, one_line
from exchange.listings.wording import words_problem


def make_undertaking(act: Act, name: str, note: str, needs: Sequence[Listing]) -> Undertaking:
    """Put needs of one owner together under a name.

    The caller has made sure that the actor may see the needs. Sent twice it is made once. Raises
    Invalid with the fields, Forbidden, or Conflict: a need is part of another undertaking, has
    closed meanwhile, or there are too many.
    """
    some = list({need.id: need for need in needs}.values())
    if not some:
        raise Invalid(fields={"needs": ["undertaking_no_needs"]})
    if not may_group(act.actor, some):
        raise Forbidden("undertaking_not_yours")
    named, noted = _words(name, note)
    owner_id = some[0].organisation_id
    _lock_owner(act, owner_id)
    present = _already_made(act, named, some)
    if present is not None:
        return present
    if not has_room_for_more(act.session, owner_id):
        raise Conflict("too_many_undertakings", most=MOST_UNDERTAKINGS)
    made = Undertaking(
        organisation_id=owner_id, name=named, note=noted, created_at=act.now, updated_at=act.now
    )
    act.session.add(made)
    act.session.flush()
    act.emit(UndertakingMade(made.id, owner_id))
    _put_in(act, made, [], some)
    return made


def add_needs(act: Act, public_id: str, needs: Sequence[Listing]) -> Undertaking:
    """Make further needs parts of it; what is a part already stays one.

    Raises as making one does, and NotFound when it is gone or the actor may not know of it.
    """
    undertaking, parts = _managed(act, public_id)
    if not may_group(act.actor, needs):
        raise Forbidden("undertaking_not_yours")
    here = {part.id for part in parts}
    fresh = list({need.id: need for need in needs if need.id not in here}.values())
    if fresh:
        _put_in(act, undertaking, parts, fresh)
        _touch(act, undertaking)
    return undertaking


def remove_need(act: Act, public_id: str, need: Listing) -> Undertaking:
    """Let a need stand on its own again; nothing where it is no part. Raises as adding does."""
    undertaking, parts = _managed(act, public_id)
    if need.id in {part.id for part in parts}:
        gone = sa.delete(UndertakingPart).where(
            UndertakingPart.listing_id == need.id,
            UndertakingPart.undertaking_id == undertaking.id,
        )
        act.session.execute(gone)
        act.emit(NeedUngrouped(undertaking.id, undertaking.organisation_id, need.id))
        _touch(act, undertaking)
    return undertaking


def change_undertaking(
    act: Act, public_id: str, name: str | None, note: str | None, version: int | None = None
) -> Undertaking:
    """Give it another name or note; None leaves it. ``version`` is the one that was read.

    Raises NotFound, Forbidden, Invalid, or Conflict "changed_meanwhile".
    """
    undertaking, _parts = _managed(act, public_id, version)
    named, noted = _words(
        undertaking.name if name is None else name, undertaking.note if note is None else note
    )
    if (named, noted) != (undertaking.name, undertaking.note):
        undertaking.name, undertaking.note = named, noted
        act.emit(UndertakingChanged(undertaking.id, undertaking.organisation_id))
        _touch(act, undertaking)
    return undertaking


def dissolve_undertaking(act: Act, public_id: str, version: int | None = None) -> list[int]:
    """Take it apart; its needs stay as they are. Returns their ids. Raises as changing does."""
    undertaking, parts = _managed(act, public_id, version)
    act.emit(UndertakingDissolved(undertaking.id, undertaking.organisation_id))
    rows = sa.delete(UndertakingPart).where(UndertakingPart.undertaking_id == undertaking.id)
    act.session.execute(rows)
    act.session.delete(undertaking)
    act.session.flush()
    return [part.id for part in parts]


def _managed(
    act: Act, public_id: str, version: int | None = None
) -> tuple[Undertaking, list[Listing]]:
    """The undertaking, locked, and its needs. Whoever changes it waits for whoever does now."""
    undertaking, parts = seen_undertaking(act.session, act.actor, public_id, lock=True)
    if not may_manage(act.actor, undertaking, parts):
        raise Forbidden("undertaking_not_yours")
    if version is not None and version != undertaking.version:
        raise Conflict("changed_meanwhile", version=undertaking.version)
    return undertaking, parts


def _put_in(
    act: Act, undertaking: Undertaking, parts: Sequence[Listing], fresh: Sequence[Listing]
) -> None:
    ids = sorted(need.id for need in fresh)
    # In the order of ids, as everybody locks listings.
    query = sa.select(Listing).where(Listing.id.in_(ids)).order_by(Listing.id)
    locked = act.session.scalars(
        query.with_for_update(of=Listing).execution_options(populate_existing=True)
    ).all()
    if len(locked) < len(ids):
        raise NotFound
    for need in locked:
        same = need.organisation_id == undertaking.organisation_id
        decision = may_join(need.side, need.state, same_owner=same)
        if not decision:
            raise Conflict(decision.code)
    decision = size_allowed(len(parts), ids)
    if not decision:
        raise Conflict(decision.code, **decision.params)
    if homes_of(act.session, ids):
        raise Conflict("undertaking_need_taken")
    act.session.add_all(
        UndertakingPart(listing_id=key, undertaking_id=undertaking.id, added_at=act.now)
        for key in ids
    )
    try:
        act.session.flush()
    except IntegrityError as error:  # two at once
        raise Conflict("undertaking_need_taken") from error
    for key in ids:
        act.emit(NeedGrouped(undertaking.id, undertaking.organisation_id, key))


def _already_made(act: Act, name: str, needs: Sequence[Listing]) -> Undertaking | None:
    """The undertaking of this very name and these very needs, when the same was sent before."""
    homes = set(homes_of(act.session, [need.id for need in needs]).values())
    found = act.session.get(Undertaking, homes.pop()) if len(homes) == 1 else None
    if found is None or found.name != name:
        return None
    same = {part.id for part in parts_of(act.session, found)} == {need.id for need in needs}
    return found if same else None


def _lock_owner(act: Act, organisation_id: int) -> None:
    """One at a time for an organisation: the limit holds also when two make one at once.

    Rows that only point at the organisation, such as a match's, go in all the same: whoever writes
    one holds a listing already, and both would wait for each other.
    """
    query = sa.select(Organisation.id).where(Organisation.id == organisation_id)
    act.session.execute(query.with_for_update(key_share=True)).all()


def _words(name: str, note: str) -> tuple[str, str]:
    """Name and note as they are kept. Raises Invalid with the fields."""
    named, noted = one_line(name), clean_text(note)
    fields: dict[str, list[str]] = {}
    if not 0 < len(named) <= LONGEST_NAME:
        fields["name"] = ["undertaking_name_form"]
    if len(noted) > LONGEST_NOTE:
        fields["note"] = ["too_long"]
    for field, text in (("name", named), ("note", noted)):
        problem = words_problem(text)
        money = money_allowed(Side.NEED, None, text)
        if problem or not money:
            fields.setdefault(field, []).append(f"undertaking_{problem}" if problem else money.code)
    if fields:
        raise Invalid("listing_invalid", fields=fields)
    return named, noted


def _touch(act: Act, undertaking: Undertaking) -> None:
    undertaking.version += 1
    undertaking.updated_at = act.now
    act.session.flush()
