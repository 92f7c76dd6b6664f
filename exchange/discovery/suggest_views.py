"""The door of suggestions while typing. Nothing depends on it: without it the box is a box."""

from datetime import timedelta

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from exchange.api.limits import count_request
from exchange.discovery.rules import one_line
from exchange.geography.rules import is_code
from exchange.listings.kinds import Side
from exchange.search.suggestions import Suggestion, Typed, suggest
from exchange.web.access import PUBLIC, access
from exchange.web.acting import house, read_session
from exchange.web.locale import LOCALES, locale_code
from exchange.web.throttle import Limit, visitor_key

LONGEST = 60  # characters of the box that are looked at
KEPT_SECONDS = 60
# One person types some 5 questions a second for moments; many may share an address.
ASKING = Limit("discovery.suggest", 3000, timedelta(minutes=5))
bp = Blueprint("suggesting", __name__)


@bp.get("/search/suggest")
@access(PUBLIC)
def suggestions() -> ResponseReturnValue:
    """What may be meant by a beginning: q, and optionally side, near (a division) and locale.

    The answer holds nothing but what everybody may see and depends on the address alone where
    the locale is named, so that browsers may keep it for a minute.
    """
    count_request(ASKING, f"address {visitor_key()}")
    found = suggest(house(), read_session(), _typed())
    response = jsonify(items=[_item(one) for one in found])
    response.headers["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    response.add_etag()
    return response.make_conditional(request)


def _typed() -> Typed:
    side, near = request.args.get("side", ""), request.args.get("near", "")
    locale = request.args.get("locale", "")
    return Typed(
        text=one_line(request.args.get("q", "")[:LONGEST]),
        side=side if side in set(Side) else "",
        locale=locale if locale in LOCALES else locale_code(),
        near=near if is_code(near) else None,
    )


def _item(one: Suggestion) -> dict[str, object]:
    return {
        "kind": one.kind,
        "label": one.label,
        "detail": one.detail,
        "q": one.text,
        "filters": dict(one.filters),
    }
