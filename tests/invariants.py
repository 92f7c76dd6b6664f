"""What must be true of every database at every moment, however it came about.

``broken(session)`` lists what does not hold, each as a sentence with ids; an empty list is health.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.brokering.kinds import LIVE_STATES, MatchState
from exchange.brokering.models import Commitment, Match, TimelineEntry
from exchange.listings.indexing import INDEXED_STATES, key_of
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.listings.undertakings.models import Undertaking, UndertakingPart
from exchange.listings.undertakings.rules import MOST_PARTS
from exchange.search.port import Query, SearchIndex, Sort
from tests.plan_invariants import broken_plans
from tests.volunteer_invariants import broken_shifts, indexed_activities

# The steps that a match in this state has behind it.
BEHIND = {
    MatchState.CLAIMED: {"claimed"},
    MatchState.PROPOSED: {"claimed", "proposed"},
    MatchState.INTRODUCED: {"claimed", "proposed", "introduced"},
    MatchState.AGREED: {"claimed", "proposed", "introduced", "committed"},
    MatchState.DELIVERING: {"claimed", "proposed", "introduced"},
    MatchState.COMPLETED: {"claimed", "introduced", "outcome_recorded", "completed"},
    MatchState.EVALUATED: {"claimed", "proposed", "introduced", "completed", "evaluated"},
    MatchState.DISMISSED: {"dismissed"},
    MatchState.DECLINED: {"claimed", "proposed"},
    MatchState.LAPSED: {"claimed", "lapsed"},
    MatchState.WITHDRAWN: set(),
    MatchState.FAILED: {"claimed", "proposed", "introduced", "failed"},
}
# How a match that was taken back came to that.
TAKEN_BACK = ({"claimed", "withdrawn"}, {"claimed", "released"}, {"dismissed", "restored"})


def broken(session: Session) -> list[str]:
    """What does not hold in the database; empty when all is well."""
    session.rollback()
    return [
        *_overcommitted(session),
        *_wrong_sums(session),
        *_double_pairs(session),
        *_missing_steps(session),
        *_double_keys(session),
        *_strange_parts(session),
        *broken_plans(session),
        *broken_shifts(session),
    ]


def broken_index(session: Session, index: SearchIndex) -> list[str]:
    """Where the index differs from the database, once the worker has nothing left to do."""
    session.rollback()
    wanted = {
        key_of(listing)
        for listing in session.scalars(sa.select(Listing).where(Listing.state.in_(INDEXED_STATES)))
    }
    wanted |= indexed_activities(session)
    held = Counter(indexed_keys(index))
    return [
        *(f"{key} is not in the index" for key in sorted(wanted - held.keys())),
        *(f"{key} should not be in the index" for key in sorted(held.keys() - wanted)),
        *(f"{key} is in the index {count} times" for key, count in held.items() if count > 1),
    ]


def indexed_keys(index: SearchIndex) -> Iterator[str]:
    """The key of every document that a search brings up, page by page."""
    asked = Query(sort=Sort.NEWEST, limit=100, audience=None)
    while True:
        answer = index.search(asked)
        yield from (hit.key for hit in answer.hits)
        if answer.next_cursor is None:
            return
        asked = replace(asked, cursor=answer.next_cursor)


def _overcommitted(session: Session) -> Iterator[str]:
    query = sa.select(Listing.id, Listing.committed_milli, Listing.quantity_milli).where(
        sa.or_(
            Listing.committed_milli < 0,
            Listing.committed_milli > Listing.quantity_milli,
        )
    )
    for listing_id, committed, quantity in session.execute(query):
        yield f"listing {listing_id} has committed {committed} of {quantity}"


def _wrong_sums(session: Session) -> Iterator[str]:
    """What a listing counts as committed is what its commitments hold or have delivered."""
    held: dict[int, int] = defaultdict(int)
    query = sa.select(Commitment, Match.need_id, Match.offer_id).join(Commitment.match)
    for item, need_id, offer_id in session.execute(query):
        taken, covers = item.taken_milli, item.covers_milli
        if item.released_at is not None:
            taken = item.delivered_milli
            covers = item.covers_milli * item.delivered_milli // item.taken_milli
        held[offer_id] += taken
        held[need_id] += covers
    for listing_id, committed in session.execute(sa.select(Listing.id, Listing.committed_milli)):
        if committed != held[listing_id]:
            yield f"listing {listing_id} counts {committed}, its commitments {held[listing_id]}"


def _double_pairs(session: Session) -> Iterator[str]:
    query = sa.select(Match.need_id, Match.offer_id).where(Match.state.in_(LIVE_STATES))
    pairs = Counter((need, offer) for need, offer in session.execute(query))
    for pair, count in pairs.items():
        if count > 1:
            yield f"pair {pair} has {count} live matches"


def _missing_steps(session: Session) -> Iterator[str]:
    steps: dict[int, set[str]] = defaultdict(set)
    query = sa.select(TimelineEntry.match_id, TimelineEntry.code)
    for match_id, code in session.execute(query):
        steps[match_id].add(code)
    for match_id, state in session.execute(sa.select(Match.id, Match.state)):
        missing = BEHIND[state] - steps[match_id]
        if state is MatchState.WITHDRAWN and not any(way <= steps[match_id] for way in TAKEN_BACK):
            missing = {"withdrawn"}
        if missing:
            yield f"match {match_id} is {state.value} without {sorted(missing)} on its timeline"


def _strange_parts(session: Session) -> Iterator[str]:
    """An undertaking holds needs of its own owner, twelve at most."""
    query = (
        sa.select(UndertakingPart.undertaking_id, Listing, Undertaking.organisation_id)
        .join(Listing, Listing.id == UndertakingPart.listing_id)
        .join(Undertaking, Undertaking.id == UndertakingPart.undertaking_id)
    )
    sizes: Counter[int] = Counter()
    for undertaking_id, listing, owner_id in session.execute(query):
        sizes[undertaking_id] += 1
        if listing.side is not Side.NEED or listing.organisation_id != owner_id:
            yield f"undertaking {undertaking_id} has listing {listing.id}, which is not its own"
    for undertaking_id, size in sizes.items():
        if size > MOST_PARTS:
            yield f"undertaking {undertaking_id} has {size} needs"


def _double_keys(session: Session) -> Iterator[str]:
    query = (
        sa.select(Listing.organisation_id, Listing.external_id, sa.func.count())
        .where(Listing.external_id.is_not(None))
        .group_by(Listing.organisation_id, Listing.external_id)
        .having(sa.func.count() > 1)
    )
    for owner, key, count in session.execute(query):
        yield f"organisation {owner} has {count} listings {key}"
