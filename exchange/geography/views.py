"""The place picker's doors: places by a typed text, and the places below a place."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from exchange.geography.models import Division
from exchange.geography.place_search import search_divisions
from exchange.geography.queries import PathPlace, choices, division, path, paths
from exchange.geography.rules import Level, is_code, path_label
from exchange.kernel.errors import NotFound
from exchange.web.access import PUBLIC, access
from exchange.web.acting import read_session
from exchange.web.locale import locale_code

MOST = 20
LONGEST_QUERY = 60
bp = Blueprint("geography", __name__)
SENTENCES = {
    "division_code_form": _l("That is not a division code."),
    "division_name_form": _l("The name of the place is missing or too long."),
    "division_parent_unknown": _l("The place above this one does not exist."),
    "division_code_taken": _l("This code is already in use."),
    "division_unknown": _l("There is no such place."),
    "division_already_retired": _l("This place has already ended."),
    "division_follows_itself": _l("A place cannot follow itself."),
    "only_operators": _l("Only the operator may change places."),
}


@dataclass(frozen=True)
class Place:
    """One place to choose: its own name, where it lies, and whether there is anything below."""

    code: str
    name: str
    above: str
    label: str
    level: str
    leaf: bool


@bp.get("/places")
@access(PUBLIC)
def places() -> ResponseReturnValue:
    """Places whose name, pinyin, initials or code begin with q."""
    text = request.args.get("q", "")[:LONGEST_QUERY]
    within, near = _code("within"), _code("near")
    limit = min(max(request.args.get("limit", 12, type=int), 1), MOST)
    found = search_divisions(read_session(), text, within, near, limit)
    return _answer(_places(found), ())


@bp.get("/places/top/children")
@access(PUBLIC)
def provinces() -> ResponseReturnValue:
    """The provinces, where drilling down begins."""
    return _answer(_places(choices(read_session(), None)), ())


@bp.get("/places/<code>/children")
@access(PUBLIC)
def children(code: str) -> ResponseReturnValue:
    """The places directly below one, and the path to it."""
    session = read_session()
    if not is_code(code) or division(session, code) is None:
        raise NotFound("division_unknown", division=code)
    crumbs = _places([d for d in path(session, code) if not d.is_group])
    return _answer(_places(choices(session, code)), crumbs)


def _code(argument: str) -> str | None:
    value = request.args.get(argument, "")
    return value if is_code(value) else None


def _places(found: Sequence[Division | PathPlace]) -> tuple[Place, ...]:
    locale = locale_code()
    lines = paths(read_session(), [d.code for d in found])
    return tuple(_place(d, lines.get(d.code, (d,)), locale) for d in found)


def _place(
    found: Division | PathPlace, line: Sequence[Division | PathPlace], locale: str
) -> Place:
    above = [(d.code, d.name) for d in line[:-1]]
    return Place(
        code=found.code,
        name=found.label(locale),
        above=path_label(above, locale) if above else "",
        label=path_label([(d.code, d.name) for d in line], locale, Level.COUNTY),
        level=found.level.value,
        leaf=found.level is Level.VILLAGE,
    )


def _answer(found: Sequence[Place], crumbs: Sequence[Place]) -> Response:
    if request.headers.get("HX-Request"):
        response = make_response(render_template("geography/_places.html", places=found))
    else:
        response = jsonify(places=[asdict(p) for p in found], path=[asdict(p) for p in crumbs])
    response.vary.add("HX-Request")
    response.vary.add("Cookie")
    return response
