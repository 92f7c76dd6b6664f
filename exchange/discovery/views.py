"""Home, search, the two lists, the reader's place, and what this site is."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.discovery import forms, panels, searching
from exchange.discovery.activity_panels import activities_beside
from exchange.discovery.finding import EVERY_KIND
from exchange.discovery.noting import note_question
from exchange.discovery.other_panels import other_lines
from exchange.discovery.places import PlaceChoice, place_of, typed_place
from exchange.discovery.queries import new_offers, urgent_needs
from exchange.discovery.rules import Asked
from exchange.discovery.searching import Outcome, Reader
from exchange.discovery.training_panels import trainings_beside
from exchange.listings.kinds import Side
from exchange.taxonomy.panels import BENEFICIARY_LABELS, TERMS_LABELS
from exchange.web.access import PUBLIC, access
from exchange.web.acting import current_actor, house, read_session
from exchange.web.locale import locale_code
from exchange.web.views import safe_next

bp = Blueprint("discovery", __name__)
NEEDS_AT_HOME = 4
OFFERS_AT_HOME = 4


@bp.get("/")
@access(PUBLIC)
def home() -> ResponseReturnValue:
    """What is needed near the reader, and the three doors."""
    session, actor, today = read_session(), current_actor(), panels.today()
    place = panels.reader_place()
    nearby = urgent_needs(session, actor, place.code, today, NEEDS_AT_HOME)
    needs = nearby or urgent_needs(session, actor, "", today, NEEDS_AT_HOME)
    offers = new_offers(session, actor, place.code, today, OFFERS_AT_HOME)
    return render_template(
        "discovery/home.html",
        needs=panels.cards(needs, place.code),
        offers=panels.cards(offers, place.code),
        needs_are_near=bool(place.code and nearby),
        doors=panels.doors(),
        place=panels.header_place(place),
        near=place,
    )


@bp.get("/search")
@access(PUBLIC)
def search() -> ResponseReturnValue:
    """One box over needs and offers."""
    return _list("", _("Search"))


@bp.get("/needs")
@access(PUBLIC)
def needs() -> ResponseReturnValue:
    """The list of needs."""
    return _list(Side.NEED.value, _("List of needs"))


@bp.get("/offers")
@access(PUBLIC)
def offers() -> ResponseReturnValue:
    """The list of offers."""
    return _list(Side.OFFER.value, _("List of offers"))


def _list(side: str, title: str) -> ResponseReturnValue:
    asked, ignored = forms.asked_in_request(side)
    home_place = panels.reader_place()
    text = request.args.get("division_text")
    place = typed_place(read_session(), asked.division, text, home_place.code, locale_code())
    if asked.division and not (place.code or place.offers) and (text is None or text.strip()):
        ignored = (*ignored, "division")
    asked = asked.but(division=place.code)
    origin = home_place if home_place.point else place
    reader = Reader(
        actor=current_actor(),
        near=home_place.code,
        origin=origin.point,
        locale=locale_code(),
        today=panels.today(),
    )
    others = other_lines(Asked() if _cursor() else asked)
    outcome = searching.search(
        read_session(), house(), reader, asked, _cursor(), kinds=EVERY_KIND,
        as_typed=others.named, as_narrow=others.called,
    )  # fmt: skip
    note_question(
        house(), asked, outcome, reader, is_first=not _cursor(), others=len(others.lines)
    )
    if outcome.found.cursor_refused:
        ignored = (*ignored, "cursor")
    return render_template(
        "discovery/search.html",
        title=title,
        side=side,
        place=panels.header_place(home_place),
        **_question_values(asked, outcome, place, home_place),
        **_answer_values(asked, outcome, can_measure=origin.point is not None),
        cards=panels.found_cards(outcome.found, home_place.code),
        others=others,
        **activities_beside(outcome.used if not _cursor() else Asked()),
        **trainings_beside(outcome.used if not _cursor() else Asked()),
        ignored=forms.names_of(tuple(dict.fromkeys(ignored))),
    )


def _cursor() -> str | None:
    return request.args.get("cursor") or None


def _question_values(
    asked: Asked, outcome: Outcome, place: PlaceChoice, home_place: PlaceChoice
) -> dict[str, object]:
    facets, used = outcome.found.facets, outcome.used
    county = place_of(read_session(), home_place.county, locale_code())
    meant = place
    if used.division and used.division != place.code:  # it was read out of the words
        meant = place_of(read_session(), used.division, locale_code())
    names = panels.names_of_places(forms.fullest(facets))
    return {
        "asked": asked,
        "chosen_place": place,
        "near": county.code,
        "chips": forms.in_order(
            forms.side_chips(asked, facets),
            forms.filter_chips(asked, used, meant, county, facets),
        ),
        "parts": (
            (_("By category"), forms.category_chips(asked, facets)),
            (_("By place"), forms.division_chips(asked, names, facets)),
        ),
        "categories": forms.category_choices(facets),
        "terms_labels": TERMS_LABELS,
        "beneficiary_labels": BENEFICIARY_LABELS,
        "action": url_for(forms.PAGES.get(asked.side, "discovery.search")),
        "kept": [pair for pair in forms.pairs(asked) if pair[0] not in ("q", "literal")],
    }


def _answer_values(asked: Asked, outcome: Outcome, *, can_measure: bool) -> dict[str, object]:
    found = outcome.found
    return {
        "outcome": outcome,
        "found": found,
        "sorts": forms.sort_chips(asked, can_measure=can_measure),
        "next_url": forms.address(asked, cursor=found.next_cursor) if found.next_cursor else None,
        "first_url": forms.address(asked) if _cursor() and not found.cursor_refused else None,
        "wider_url": forms.address(Asked(q=asked.q)) if asked.filters or asked.side else None,
        "as_typed_url": forms.address(asked.toggled("literal", "spelling")),
        "meant_urls": [(text, forms.address(asked.but(q=text))) for text in outcome.meant],
        "ask_url": panels.door_url("help", asked.q),
        "offer_url": panels.door_url("offer", asked.q),
    }


@bp.route("/place", methods=["GET", "POST"])
@access(PUBLIC)
def choose_place() -> ResponseReturnValue:
    """Choose the place whose surroundings come first; kept in this browser."""
    back = safe_next(request.values.get("next"), url_for("discovery.home"))
    present = panels.reader_place()
    choice, error = present, ""
    if request.method == "POST":
        text = request.form.get("division_text")
        code = request.form.get("division", "")
        choice = typed_place(read_session(), code, text, present.code, locale_code())
        wants_none = "none" in request.form or not (code or (text or "").strip())
        if choice.code or wants_none:
            panels.keep_place(PlaceChoice() if wants_none else choice)
            return redirect(back)
        error = "" if choice.offers else _("We do not know this place. Try its county first.")
    page = render_template(
        "discovery/place.html",
        choice=choice,
        typed=request.form.get("division_text", choice.label),
        error=error,
        next=back,
        has_place=bool(panels.kept_place()),
    )
    return (page, 422) if error else page


@bp.get("/about")
@access(PUBLIC)
def about() -> ResponseReturnValue:
    """What this is, who sees what, and how contact data is protected."""
    return render_template("discovery/about.html")


@bp.get("/robots.txt")
@access(PUBLIC)
def robots() -> ResponseReturnValue:
    """Search engines may read the lists, but not every combination of filters."""
    rules = ("/search", "/place", "/locale/", "/care/", "/api/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in rules), ""]
    return Response("\n".join(lines), mimetype="text/plain")
