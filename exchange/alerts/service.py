"""What a person does with the searches they follow."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.models import Person
from exchange.alerts.events import (
    FeedAddressRenewed,
    SavedSearchChanged,
    SavedSearchDeleted,
    SearchSaved,
)
from exchange.alerts.feed_tokens import new_token, seal_token, token_hash
from exchange.alerts.kinds import Rhythm
from exchange.alerts.models import SavedSearch, SavedSearchItem
from exchange.alerts.queries import count_of, followed, own_search, searches_of
from exchange.alerts.questions import LONGEST_QUESTION, is_narrow, question_hash, write_question
from exchange.alerts.rules import LONGEST_NAME, MOST_SEARCHES, clean_name, next_due
from exchange.discovery.rules import Asked
from exchange.kernel.act import Act
from exchange.kernel.database import new_public_id
from exchange.kernel.errors import Conflict, Invalid, SignInNeeded
from exchange.listings.models import Listing


def save_search(
    act: Act, asked: Asked, name: str, rhythm: Rhythm, known: Collection[str]
) -> tuple[SavedSearch, bool]:
    """Follow a question from now on; the saved search, and whether it is new.

    ``known`` are public ids of listings that answer it already: they are not told. A person who
    follows the question already keeps what they have. Raises SignInNeeded, Invalid
    ("search_too_wide" or the fields) or Conflict ("too_many_searches").
    """
    person_id = _lock_person(act)
    if not is_narrow(asked):
        raise Invalid("search_too_wide", fields={"question": ["search_too_wide"]})
    question = write_question(asked)
    if len(question) > LONGEST_QUESTION:
        raise Invalid("search_unreadable", fields={"question": ["search_unreadable"]})
    present = followed(act.session, person_id, question_hash(question))
    if present is not None:
        return present, False
    if count_of(act.session, person_id) >= MOST_SEARCHES:
        raise Conflict("too_many_searches", most=MOST_SEARCHES)
    made = _new_search(act, person_id, question, _named(name), rhythm)
    _note_known(act, made, known)
    act.emit(SearchSaved(made.id, person_id))
    return made, True


def change_search(act: Act, public_id: str, name: str | None, rhythm: Rhythm | None) -> SavedSearch:
    """Give a saved search another name or rhythm; None leaves it. Raises NotFound or Invalid."""
    search = own_search(act.session, act.actor.person_id, public_id, lock=True)
    if name is not None:
        search.name = _named(name)
    if rhythm is not None and rhythm is not search.rhythm:
        search.rhythm = rhythm
        search.due_at = _due_from(act, rhythm)
        if rhythm is Rhythm.FEED:
            _forget_waiting(act.session, search.id)
    return _changed(act, search)


def pause_search(act: Act, public_id: str, *, paused: bool) -> SavedSearch:
    """Tell of nothing for a while, or go on. What comes meanwhile is not told afterwards either.

    Raises NotFound.
    """
    search = own_search(act.session, act.actor.person_id, public_id, lock=True)
    if paused is (search.paused_at is not None):
        return search
    search.paused_at = act.now if paused else None
    search.due_at = _due_from(act, search.rhythm)
    if paused:
        _forget_waiting(act.session, search.id)
    return _changed(act, search)


def delete_search(act: Act, public_id: str) -> None:
    """Follow it no more; its feed is gone, too. Raises NotFound."""
    search = own_search(act.session, act.actor.person_id, public_id, lock=True)
    search_id, person_id = search.id, search.person_id
    items = sa.delete(SavedSearchItem).where(SavedSearchItem.search_id == search_id)
    act.session.execute(items)
    act.session.delete(search)
    act.session.flush()
    act.emit(SavedSearchDeleted(search_id, person_id))


def renew_feed_address(act: Act, public_id: str) -> SavedSearch:
    """Give the feed a new address; the former one is nobody's from now on. Raises NotFound."""
    search = own_search(act.session, act.actor.person_id, public_id, lock=True)
    _renew(act, search)
    return search


def renew_all_feed_addresses(act: Act, person_id: int) -> None:
    """Give every feed of a person a new address: who had the account before may have read them."""
    for search in searches_of(act.session, person_id):
        _renew(act, search)


def forget_searches_of(act: Act, person_id: int) -> None:
    """Whoever has left follows nothing any more; the feeds are gone."""
    own = sa.select(SavedSearch.id).where(SavedSearch.person_id == person_id)
    act.session.execute(sa.delete(SavedSearchItem).where(SavedSearchItem.search_id.in_(own)))
    act.session.execute(sa.delete(SavedSearch).where(SavedSearch.person_id == person_id))


def note_feed(act: Act, search_id: int, digest: str) -> None:
    """Note that the feed says something else than when it was last read."""
    changed = sa.update(SavedSearch).where(
        SavedSearch.id == search_id, SavedSearch.feed_digest != digest
    )
    act.session.execute(changed.values(feed_digest=digest, feed_changed_at=act.now))


def _lock_person(act: Act) -> int:
    """One of a person's acts at a time: the limit holds also when they tap twice."""
    query = sa.select(Person.id).where(Person.id == act.actor.person_id).with_for_update()
    found = act.session.scalar(query) if act.actor.person_id is not None else None
    if found is None:
        raise SignInNeeded
    return found


def _named(text: str) -> str:
    name = clean_name(text)
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid("search_name_form", fields={"name": ["search_name_form"]})
    return name


def _new_search(
    act: Act, person_id: int, question: str, name: str, rhythm: Rhythm
) -> SavedSearch:
    public_id, token = new_public_id(), new_token()
    made = SavedSearch(
        public_id=public_id,
        person_id=person_id,
        name=name,
        question=question,
        question_hash=question_hash(question),
        rhythm=rhythm,
        due_at=_due_from(act, rhythm),
        feed_hash=token_hash(act.house.secrets, token),
        feed_sealed=seal_token(act.house.secrets, token, public_id),
        feed_changed_at=act.now,
        created_at=act.now,
        updated_at=act.now,
    )
    act.session.add(made)
    act.session.flush()
    return made


def _note_known(act: Act, search: SavedSearch, known: Collection[str]) -> None:
    if not known:
        return
    now = sa.literal(act.now, SavedSearchItem.noted_at.type)
    there = Listing.public_id.in_(sorted(known))
    rows = sa.select(sa.literal(search.id), Listing.id, now, now).where(there)
    columns = ["search_id", "listing_id", "noted_at", "told_at"]
    act.session.execute(sa.insert(SavedSearchItem).from_select(columns, rows))


def _forget_waiting(session: Session, search_id: int) -> None:
    waiting = sa.delete(SavedSearchItem).where(
        SavedSearchItem.search_id == search_id, SavedSearchItem.told_at.is_(None)
    )
    session.execute(waiting)


def _due_from(act: Act, rhythm: Rhythm) -> datetime:
    return next_due(rhythm, act.now, act.house.settings.time_zone)


def _changed(act: Act, search: SavedSearch) -> SavedSearch:
    search.updated_at = act.now
    act.session.flush()
    act.emit(SavedSearchChanged(search.id, search.person_id))
    return search


def _renew(act: Act, search: SavedSearch) -> None:
    token = new_token()
    search.feed_hash = token_hash(act.house.secrets, token)
    search.feed_sealed = seal_token(act.house.secrets, token, search.public_id)
    act.session.flush()
    act.emit(FeedAddressRenewed(search.id, search.person_id))
