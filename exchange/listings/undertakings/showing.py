"""What the pages show of an undertaking, made for one reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from exchange.accounts.queries import full_label, organisation_label
from exchange.kernel.act import House
from exchange.kernel.actor import Actor
from exchange.listings.cards import ListingCard, listing_cards
from exchange.listings.models import Listing
from exchange.listings.undertakings.labels import PART_LABELS, PART_TONES
from exchange.listings.undertakings.models import Undertaking
from exchange.listings.undertakings.permissions import is_inside, may_manage, shown_parts
from exchange.listings.undertakings.rules import PartState, progress
from exchange.listings.undertakings.states import part_states


@dataclass(frozen=True)
class PartLine:
    """One need of it. ``label`` is empty for those who do not learn how far it is."""

    need: Listing
    card: ListingCard
    state: PartState | None
    label: Any
    tone: str


@dataclass(frozen=True)
class UndertakingView:
    """An undertaking as one reader sees it.

    ``met`` of ``counted`` needs have a partner; both 0 for those outside.
    """

    public_id: str
    name: str
    note: str
    owner: str
    version: int
    lines: tuple[PartLine, ...]
    met: int
    counted: int
    inside: bool
    may_manage: bool

    @property
    def percent(self) -> int:
        """How far it is."""
        return self.met * 100 // self.counted if self.counted else 0


def undertaking_view(
    session: Session,
    house: House,
    actor: Actor,
    undertaking: Undertaking,
    parts: Sequence[Listing],
    locale: str,
    today: date,
) -> UndertakingView:
    """Everything on its page. The caller has made sure that the actor may know of it."""
    shown = shown_parts(actor, parts)
    inside = is_inside(actor, undertaking, parts)
    states = part_states(session, house, actor, shown, suggested=True) if inside else {}
    cards = listing_cards(session, actor, shown, locale, today)
    lines = tuple(_line(need, card, states) for need, card in zip(shown, cards, strict=True))
    met, counted = progress(states.values())
    own = actor.belongs_to(undertaking.organisation_id)
    label = full_label if own else organisation_label
    return UndertakingView(
        public_id=undertaking.public_id,
        name=undertaking.name,
        note=undertaking.note,
        owner=label(undertaking.organisation, locale),
        version=undertaking.version,
        lines=lines,
        met=met,
        counted=counted,
        inside=inside,
        may_manage=may_manage(actor, undertaking, parts),
    )


def short_progress(
    session: Session,
    house: House,
    actor: Actor,
    by_undertaking: Mapping[int, Sequence[Listing]],
) -> dict[int, tuple[int, int]]:
    """Of several: how many needs have a partner, of how many that count. For those inside."""
    shown = {key: shown_parts(actor, parts) for key, parts in by_undertaking.items()}
    every = [need for needs in shown.values() for need in needs]
    states = part_states(session, house, actor, every)
    return {
        key: progress(states[need.id] for need in needs if need.id in states)
        for key, needs in shown.items()
    }


def _line(need: Listing, card: ListingCard, states: Mapping[int, PartState]) -> PartLine:
    state = states.get(need.id)
    label = PART_LABELS[state] if state else ""
    return PartLine(need, card, state, label, PART_TONES.get(state, "") if state else "")
