"""What all pages behind a signed link share: how they answer, in which language, and their limits.

Opening one shows and writes nothing; whoever holds the token may do one act, so that the token is
also what keeps others from sending the form: these pages know no session.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from flask import Response, make_response, render_template, session
from flask_babel import force_locale

from exchange.accounts.actor_queries import load_actor
from exchange.accounts.links.models import SignedLink
from exchange.accounts.models import Person
from exchange.kernel.actor import Actor
from exchange.web.acting import house, read_session
from exchange.web.locale import LOCALES
from exchange.web.sentences import sentence
from exchange.web.throttle import Limit, count_try, visitor_key

WRONG_LINKS = Limit("link.wrong", 40, timedelta(minutes=15))
SENT_FORMS = Limit("link.sent", 60, timedelta(minutes=15))
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "private, no-store",
}
NO_FRAME: dict[str, Any] = {"navigation": (), "account": None, "place": None}


@contextmanager
def language_of(link: SignedLink | None) -> Iterator[None]:
    """The language that was chosen on this device, else that of whom the link was sent to."""
    chosen, person = session.get("locale"), _person(link)
    known = chosen or (person.locale if person else None)
    with force_locale(known if known in LOCALES else house().settings.locale):
        yield


def link_page(template: str, status: int = 200, **values: Any) -> Response:
    """A page without the site's navigation, which nobody may keep, list or link from."""
    response = make_response(render_template(template, **NO_FRAME, **values), status)
    response.headers.update(HEADERS)
    return response


def wrong_link(template: str) -> Response:
    """The answer to a token that was never issued; tries are counted."""
    count_try(WRONG_LINKS, visitor_key())
    with language_of(None):
        return link_page(template, 404, closed=sentence("link_unknown"), view=None)


def count_sent() -> None:
    """Count a form that was sent. Raises TooMany."""
    count_try(SENT_FORMS, visitor_key())


def link_actor(link: SignedLink) -> Actor:
    """The one to whom the link was sent, acting for the organisation it was sent for."""
    return load_actor(read_session(), link.person_id, link.organisation_id)


def _person(link: SignedLink | None) -> Person | None:
    return read_session().get(Person, link.person_id) if link else None
