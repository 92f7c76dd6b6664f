"""Two who act on one draft at the same moment, each with what they read before the other acted.

On SQLite the second waits until the first is done; on PostgreSQL both may have read already.
"""

from collections.abc import Callable
from threading import Event, Thread

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange.kernel.act import Act, House, open_act
from exchange.kernel.errors import ExchangeError
from exchange.listings.kinds import Door, State, Visibility
from exchange.listings.models import Listing
from exchange.listings.service import discard_draft, save_draft, submit_listing
from tests.cast import Cast
from tests.listings.making import a_need, make_listing

PATIENCE = 1.5  # seconds that the first gives the second, who waits for it on SQLite
Verb = Callable[[Act, Listing], object]


def save_a_number(act: Act, draft: Listing) -> object:
    """What the autosave sends: a text that nobody has checked."""
    return save_draft(act, Door.HELP, a_need(text="请打电话13912345678"), draft)


@pytest.mark.parametrize("verb", [save_a_number, discard_draft])
def test_what_was_posted_meanwhile_is_neither_overwritten_nor_deleted(
    app: Flask, house: House, session: Session, engine: sa.Engine, verb: Verb
) -> None:
    who = Cast(app, session).officer
    draft = make_listing(
        session, who, state=State.DRAFT, published_at=None, quantity_milli=2000, unit="座"
    )
    draft_id, actor = draft.id, who.actor
    session.commit()
    has_read, is_posted = Event(), Event()
    posted: list[int] = []

    def post() -> None:
        has_read.wait()
        try:
            with Session(engine) as own, open_act(house, lambda: own, actor) as act:
                found = act.session.get(Listing, draft_id)
                if found is not None:
                    submit_listing(act, found, Visibility.PUBLIC)
            posted.extend([draft_id] if found is not None else [])
        except ExchangeError:
            pass
        is_posted.set()

    thread = Thread(target=post)
    thread.start()
    refused = ""
    try:
        with open_act(house, lambda: session, actor) as act:
            stale = act.session.get_one(Listing, draft_id)
            has_read.set()
            is_posted.wait(PATIENCE)
            verb(act, stale)
    except ExchangeError as error:
        refused = error.code
    thread.join()
    session.rollback()
    session.expire_all()
    kept = session.get(Listing, draft_id)
    assert kept is not None or not posted
    assert kept is None or kept.state is State.DRAFT or "139" not in kept.text
    if engine.dialect.name == "postgresql":
        assert (posted, refused) == ([draft_id], "listing_state")
