"""Giving several cases away: one after the other, each in an act of its own."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from exchange.brokering.centre.caseload_service import Receiver, assign_match, assign_need
from exchange.brokering.models import Match
from exchange.brokering.permissions import can_see
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, NotFound
from exchange.listings.cards import shown_title
from exchange.listings.models import Listing
from exchange.listings.permissions import can_see as can_see_listing

OpenAct = Callable[[], AbstractContextManager[Act]]


@dataclass
class Given:
    """What became of one case: given, or why not."""

    key: str
    title: str = "—"
    refusal: str = ""
    params: dict[str, Any] = field(default_factory=dict)


def give_cases(open_act: OpenAct, keys: Iterable[str], to: Receiver) -> list[Given]:
    """Give each case in order; ``keys`` are kind, public id and the owner seen, with colons.

    One that cannot be given keeps none of the others from it.
    """
    return [_give(open_act, Given(key), to) for key in dict.fromkeys(keys)]


def _give(open_act: OpenAct, given: Given, to: Receiver) -> Given:
    kind, public_id, owner = [*given.key.split(":"), "", ""][:3]
    try:
        with open_act() as act:
            given.title = _title(act, kind, public_id)
            if kind == "match":
                assign_match(act, public_id, to, seen_owner=owner or None)
            else:
                assign_need(act, public_id, to, seen_owner=owner)
    except (Conflict, Forbidden) as error:
        given.refusal, given.params = error.code, dict(error.params)
    except NotFound:
        given.refusal = "case_gone"
    return given


def _title(act: Act, kind: str, public_id: str) -> str:
    """The need's title, for somebody who may know of the case. Raises NotFound."""
    if kind == "match":
        match = act.session.scalar(sa.select(Match).where(Match.public_id == public_id))
        if match is not None and can_see(act.actor, match):
            return shown_title(act.actor, match.need)
    elif kind == "need":
        need = act.session.scalar(sa.select(Listing).where(Listing.public_id == public_id))
        if need is not None and can_see_listing(act.actor, need):
            return shown_title(act.actor, need)
    raise NotFound
