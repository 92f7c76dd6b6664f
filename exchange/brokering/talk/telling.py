"""Who hears of what happens to a match, and in which words."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from exchange.accounts.actor_queries import load_actor
from exchange.accounts.models import Person
from exchange.accounts.queries import concerned
from exchange.brokering.events import MatchEvent
from exchange.brokering.models import Match
from exchange.brokering.queries import brokers_in_charge
from exchange.brokering.talk.discretion import title_of
from exchange.kernel.act import Act
from exchange.listings.kinds import Side
from exchange.notifications.service import notify

LANGUAGES = ("zh", "en")


def match_of(act: Act, event: MatchEvent) -> Match:
    """The match of an event with both listings."""
    return act.session.scalars(
        sa.select(Match)
        .where(Match.id == event.match_id)
        .options(joinedload(Match.need), joinedload(Match.offer))
    ).one()


def people_of(act: Act, match: Match, side: Side) -> set[int]:
    """Whom news of a match reaches on a side."""
    listing = match.listing_of(side)
    return concerned(act.session, listing.organisation_id, listing.author_id)


def language_of_sides(session: Session, match: Match) -> str:
    """In which language one text is begun that both sides read: English only where all do."""
    read = []
    for side in Side:
        listing = match.listing_of(side)
        people = concerned(session, listing.organisation_id, listing.author_id)
        read.append(set(session.scalars(sa.select(Person.locale).where(Person.id.in_(people)))))
    return "en" if all(one == {"en"} for one in read) else "zh"


def everybody(act: Act, match: Match) -> set[int]:
    """Both sides and who brokers it."""
    return (
        people_of(act, match, Side.NEED)
        | people_of(act, match, Side.OFFER)
        | brokers_in_charge(act.session, match)
    )


def tell_people(
    act: Act,
    match: Match,
    people: set[int],
    code: str,
    *,
    below: str = "",
    out_paths: Mapping[int, str] | None = None,
    **more: Any,
) -> None:
    """Each reads the titles as on the page of the match, acting for their side of it.

    ``below`` is what follows the address of that page; ``out_paths`` lead from outgoing messages,
    by person. No word of what was written goes along.
    """
    speaking = {
        person_id: match.listing_of(side).organisation_id
        for side in Side
        for person_id in people_of(act, match, side)
    }
    groups: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for person_id in sorted(people):
        actor = load_actor(act.session, person_id, speaking.get(person_id))
        titles = [title_of(actor, match, side, one) for side in Side for one in LANGUAGES]
        groups[tuple(titles)].add(person_id)
    for found, group in groups.items():
        values = {
            "need": dict(zip(LANGUAGES, found[:2], strict=True)),
            "offer": dict(zip(LANGUAGES, found[2:], strict=True)),
        }
        path = f"/matches/{match.public_id}{below}"
        notify(act, group, code, {**values, **more}, path, out_paths=out_paths)
