"""From what is new to a notice: noting what to tell, and telling it once.

Noting writes a waiting item for each saved search that a listing answers. Telling looks again: at
what the listing says now, at what the owner may see now. The notice and the mark that it was told
are one act, so that nothing is told twice and nothing is lost, wherever the process ends.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from exchange.accounts.actor_queries import load_actor
from exchange.alerts.kinds import Rhythm
from exchange.alerts.models import SavedSearch, SavedSearchItem
from exchange.alerts.queries import (
    due_without_news,
    followers,
    questions_of,
    tellable,
    waiting_listings,
)
from exchange.alerts.rules import IN_FLIGHT, cut, next_due
from exchange.alerts.weighing import scale_of
from exchange.kernel.act import Act, House
from exchange.kernel.actor import Actor
from exchange.kernel.database import is_sqlite
from exchange.listings.cards import shown_title
from exchange.listings.models import Listing
from exchange.notifications.service import notify

MOST_TOLD = 200  # in one notice; what is more waits for the next
MOST_TOGETHER = 500  # listings that are built at one time
TITLES = 3
LONGEST_TITLE = 40


@dataclass(frozen=True)
class News:
    """A listing answers a saved search."""

    search_id: int
    listing_id: int
    at_once: bool


@dataclass(frozen=True)
class Waiting:
    """What a saved search has to tell of."""

    search_id: int
    listing_ids: tuple[int, ...]


@dataclass(frozen=True)
class Looked:
    """What of it still answers the question, and what does not any more."""

    search_id: int
    good: list[int]
    gone: list[int]


def news_for(
    session: Session, house: House, changed: dict[int, datetime]
) -> Iterator[list[News]]:
    """Who is to be told of these listings, each with the moment of its change, in pages.

    A search that was saved well after the change hears nothing of it. Of what changed shortly
    before it knows what was there (``standing_answers``); the rest was still on its way.
    """
    scale = scale_of(session, house, sorted(changed))
    ids = _ids_of(session, sorted(changed))
    for page in followers(session):
        found = [
            News(one.search_id, ids[public_id], one.at_once)
            for one in page
            for public_id in scale.answering(one.question)
            if changed[ids[public_id]] > one.since - IN_FLIGHT
        ]
        if found:
            yield found


def note(act: Act, news: Sequence[News]) -> set[int]:
    """Write what is to be told; ids of the searches that tell at once and have something new.

    What waits or was told already stays as it is; searches that are gone by now are left out.
    """
    wanted = {one.search_id for one in news}
    there = sa.select(SavedSearch.id).where(SavedSearch.id.in_(wanted))
    kept = set(act.session.scalars(there.with_for_update(read=True, key_share=True)))
    rows = [
        {"search_id": one.search_id, "listing_id": one.listing_id, "noted_at": act.now}
        for one in sorted(news, key=lambda one: (one.search_id, one.listing_id))
        if one.search_id in kept
    ]
    if not rows:
        return set()
    insert = sqlite.insert if is_sqlite(act.session) else postgresql.insert
    written = insert(SavedSearchItem).values(rows).on_conflict_do_nothing()
    fresh = set(act.session.scalars(written.returning(SavedSearchItem.search_id)))
    return {one.search_id for one in news if one.at_once and one.search_id in fresh}


def still_answering(session: Session, house: House, search_ids: Sequence[int]) -> Iterator[Looked]:
    """What waits for each of these searches, weighed once more as it is now.

    Searches that wait for much the same are weighed together: each listing is built once for them.
    """
    together: list[Waiting] = []
    for search_id in search_ids:
        waiting = Waiting(search_id, tuple(waiting_listings(session, search_id, MOST_TOLD)))
        union = {one for each in (*together, waiting) for one in each.listing_ids}
        if together and len(union) > MOST_TOGETHER:
            yield from _weighed_again(session, house, together)
            together = []
        together.append(waiting)
    yield from _weighed_again(session, house, together)


def _weighed_again(session: Session, house: House, together: list[Waiting]) -> list[Looked]:
    listing_ids = sorted({one for each in together for one in each.listing_ids})
    ids, scale = _ids_of(session, listing_ids), scale_of(session, house, listing_ids)
    questions = questions_of(session, [each.search_id for each in together])
    found = []
    for each in together:
        question = questions.get(each.search_id)  # none when it was deleted just now
        answers = {ids[one] for one in scale.answering(question)} if question else set()
        good = [one for one in each.listing_ids if one in answers]
        found.append(Looked(each.search_id, good, sorted(set(each.listing_ids) - answers)))
    return found


def tell(act: Act, looked: Looked) -> int:
    """Tell the owner what still waits and what they may see now; return how many listings.

    ``looked`` is what ``still_answering`` has found a moment ago. What may not be told is
    forgotten: when the listing changes again, it is weighed again.
    """
    search_id = looked.search_id
    search = act.session.get(SavedSearch, search_id, with_for_update=True, populate_existing=True)
    if search is None or search.paused_at is not None or search.rhythm is Rhythm.FEED:
        return 0
    if search.due_at > act.now:
        return 0
    search.due_at = next_due(search.rhythm, act.now, act.house.settings.time_zone)
    waiting = set(waiting_listings(act.session, search_id, MOST_TOLD))
    actor = load_actor(act.session, search.person_id)
    candidates = [one for one in looked.good if one in waiting]
    shown = tellable(act.session, actor, candidates, act.today) if actor.is_signed_in else []
    told = {listing.id for listing in shown}
    _forget(act.session, search_id, (waiting & {*looked.good, *looked.gone}) - told)
    if not told:
        return 0
    _mark(act, search_id, told)
    search.last_told_at = act.now
    _notify(act, search, actor, shown)
    return len(told)


def move_on(act: Act) -> None:
    """Take digests without news to their next morning."""
    zone = act.house.settings.time_zone
    for rhythm in (Rhythm.DAILY, Rhythm.WEEKLY):
        idle = sa.update(SavedSearch).where(due_without_news(rhythm, act.now))
        later = idle.values(due_at=next_due(rhythm, act.now, zone))
        act.session.execute(later.execution_options(synchronize_session=False))


def _ids_of(session: Session, listing_ids: Sequence[int]) -> dict[str, int]:
    query = sa.select(Listing.public_id, Listing.id).where(Listing.id.in_(listing_ids))
    return dict(session.execute(query).all())


def _items(search_id: int, listing_ids: Iterable[int]) -> sa.ColumnElement[bool]:
    return sa.and_(
        SavedSearchItem.search_id == search_id,
        SavedSearchItem.listing_id.in_(sorted(listing_ids)),
        SavedSearchItem.told_at.is_(None),
    )


def _forget(session: Session, search_id: int, listing_ids: set[int]) -> None:
    if listing_ids:
        session.execute(sa.delete(SavedSearchItem).where(_items(search_id, listing_ids)))


def _mark(act: Act, search_id: int, listing_ids: set[int]) -> None:
    marked = sa.update(SavedSearchItem).where(_items(search_id, listing_ids))
    act.session.execute(marked.values(told_at=act.now))


def _notify(act: Act, search: SavedSearch, actor: Actor, shown: Sequence[Listing]) -> None:
    titles = [cut(shown_title(actor, listing), LONGEST_TITLE) for listing in shown[:TITLES]]
    more = len(shown) > TITLES
    notify(
        act,
        {search.person_id},
        "search_found" if len(shown) > 1 else "search_found_one",
        {
            "name": search.name,
            "count": len(shown),
            "titles": {
                "zh": "、".join(f"“{title}”" for title in titles) + ("等" if more else ""),
                "en": ", ".join(f"“{title}”" for title in titles) + (" …" if more else ""),
            },
        },
        f"/me/searches/{search.public_id}/results",
    )
