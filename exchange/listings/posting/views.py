"""The three doors, the page behind each, what it asks while somebody types, and editing."""

from contextlib import suppress
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.kernel.errors import (
    Conflict,
    ExchangeError,
    Forbidden,
    Invalid,
    NotFound,
    SignInNeeded,
    TooMany,
)
from exchange.listings.checking import Problems, joined, problems_of
from exchange.listings.filing.private import name_problems
from exchange.listings.kinds import Door, Side, State
from exchange.listings.labels import (
    DOOR_ACTS,
    DOOR_EXAMPLES,
    DOOR_LABELS,
    DOOR_TEXTS,
)
from exchange.listings.models import Listing
from exchange.listings.permissions import can_edit, may_change
from exchange.listings.posting import stash
from exchange.listings.posting.answering import (
    answered_card,
    answered_listing,
    prefilled,
    put_into_undertaking,
    undertaking_for,
)
from exchange.listings.posting.forms import asked_door, fields_of, open_page, sent_pictures
from exchange.listings.posting.page import Page
from exchange.listings.posting.purposes import Purpose, asked_purpose
from exchange.listings.queries import seen_listing
from exchange.listings.service import (
    attach_pictures,
    edit_listing,
    remove_picture,
    save_draft,
    submit_listing,
)
from exchange.listings.undertakings.rules import MOST_PARTS
from exchange.listings.views import bp
from exchange.listings.wording import without_contacts
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.sentences import sentence
from exchange.web.throttle import Limit, count_try, visitor_key

LARGEST_REQUEST = 52_000_000
READ_ALONG = Limit("understand.visitor", 900, timedelta(minutes=15))  # many share one address
DOOR_LOOKS = {
    Door.HELP: ("need", "hand"),
    Door.SELL: ("sell", "shopping-basket"),
    Door.OFFER: ("offer", "hand-heart"),
}
UPLOADS = {"listings.post", "listings.edit"}


@bp.url_value_preprocessor
def _allow_pictures(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Six pictures of a phone are larger than other requests may be."""
    if endpoint in UPLOADS:
        request.max_content_length = LARGEST_REQUEST


@bp.get("/post")
@access(PUBLIC)
def choose_door() -> ResponseReturnValue:
    """Which of the three doors?"""
    entries = [
        {
            "url": url_for("listings.post", door=door.value),
            "kind": DOOR_LOOKS[door][0],
            "icon": DOOR_LOOKS[door][1],
            "label": DOOR_LABELS[door],
            "text": DOOR_TEXTS[door],
        }
        for door in Door
    ]
    return render_template("listings/choose_door.html", doors=entries)


@bp.route("/post/<door>", methods=["GET", "POST"])
@access(PUBLIC)
def post(door: str) -> ResponseReturnValue:
    """One short page; what is sent is kept as a draft first, then posted."""
    chosen = asked_door(door)
    if request.method == "GET":
        return _fresh_page(chosen)
    page = open_page(chosen)
    if not current_actor().is_signed_in:
        return _sign_in_first(page)
    _keep(page)
    answer = _side_step(page)
    if answer is not None:
        return answer
    return _post(page)


@bp.post("/post/understand")
@access(PUBLIC)
def understand() -> ResponseReturnValue:
    """How the text so far is understood, as a part of the page."""
    door, actor = asked_door(request.form.get("door", "")), current_actor()
    try:
        count_try(READ_ALONG, f"person {actor.person_id}" if actor.is_signed_in else visitor_key())
    except TooMany:
        return "", HTTPStatus.NO_CONTENT  # what was understood before stays
    page = open_page(door)
    return render_template(
        "listings/_understood.html", page=page, duplicates=page.duplicates(), asked=False
    )


@bp.post("/post/draft")
@access(SIGNED_IN)
def draft() -> ResponseReturnValue:
    """Keep what was typed so far; answers with the hidden field that names the draft."""
    page = open_page(asked_door(request.form.get("door", "")))
    with suppress(Invalid), acting() as act:  # what a draft may not hold is said when it is posted
        kept = _draft(act.session, page.draft_id)
        if kept is not None or (page.values.text and not page.draft_id):
            page.draft_id = save_draft(act, page.door, page.values, kept).public_id
    return render_template("listings/_draft.html", draft_id=page.draft_id)


@bp.route("/listings/<public_id>/edit", methods=["GET", "POST"])
@access(SIGNED_IN)
def edit(public_id: str) -> ResponseReturnValue:
    """Change a listing; a draft opens on its own page."""
    actor = current_actor()
    listing = seen_listing(read_session(), actor, public_id)
    if not may_change(actor, listing):
        raise Forbidden
    if listing.state is State.DRAFT:
        return redirect(url_for("listings.post", door=listing.door.value, draft=public_id))
    if request.method == "GET":
        return _edit_page(open_page(listing.door, listing=listing, kept=fields_of(listing)))
    return _edit(open_page(listing.door, listing=listing), public_id)


def _fresh_page(door: Door) -> ResponseReturnValue:
    actor, kept, listing = current_actor(), {}, None
    wanted = request.args.get("draft", "")
    packed = request.cookies.get(stash.COOKIE, "")
    if wanted and actor.is_signed_in:
        listing = _draft(read_session(), wanted)
        kept = fields_of(listing) if listing else {}
    elif packed and actor.is_signed_in:
        kept = stash.unpack(house().settings.secret_key, door.value, packed)
    elif answered := answered_listing(read_session(), actor, _answers()):
        kept = {"category": answered.category_code}
    elif found := undertaking_for(read_session(), actor, _undertaking()):
        kept = prefilled(found[1])
    elif purpose := _purpose(door.side):
        kept = {**purpose.kept, "category": request.args.get("category", "")[:60]}
    answer = make_response(_page(open_page(door, listing=listing, kept=kept, fresh=True)))
    if packed and actor.is_signed_in:
        answer.delete_cookie(stash.COOKIE)
    return answer


def _sign_in_first(page: Page) -> ResponseReturnValue:
    if "accounts.sign_in" not in current_app.view_functions:
        raise SignInNeeded
    answers: dict[str, Any] = {"for": _answers() or None, "undertaking": _undertaking() or None}
    if asked := asked_purpose(house(), request.values):
        answers[asked[0].parameter] = asked[1]
    back = url_for("listings.post", door=page.door.value, **answers)
    answer = redirect(url_for("accounts.sign_in", next=back))
    settings = house().settings
    packed = stash.pack(settings.secret_key, page.door.value, page.kept_fields())
    if packed:
        secure = settings.secure_cookies or settings.is_production
        answer.set_cookie(
            stash.COOKIE, packed, max_age=stash.HOURS * 3600, httponly=True, samesite="Lax",
            secure=secure,
        )  # fmt: skip
    flash(_("Please sign in to post. What you wrote is kept."))
    return answer


def _keep(page: Page) -> None:
    """Save what was typed and the pictures as a draft, whatever is still wrong with it."""
    pictures, answer = sent_pictures(page), page.form.children.data or ""
    removed = request.form.get("remove_photo", "")
    with acting() as act:
        try:
            kept = save_draft(act, page.door, page.values, _draft(act.session, page.draft_id))
        except Invalid as error:
            page.add_problems({name: list(codes) for name, codes in error.fields.items()})
            return
        page.draft_id = kept.public_id
        try:
            if removed:
                remove_picture(act, kept, removed)
            attach_pictures(act, kept, pictures, answer)
            page.form.children.data = None  # the next ones are asked about anew
        except NotFound as error:
            page.add_problems({"photos": [error.code]})
        except Invalid as error:
            page.add_problems({name: list(codes) for name, codes in error.fields.items()})


def _side_step(page: Page) -> ResponseReturnValue | None:
    """What the person pressed instead of posting, or what they must see first."""
    if request.form.get("mask"):
        page.form.text.data = without_contacts(page.form.text.data or "")
        page.form.title.data = without_contacts(page.form.title.data or "")
        return _page(page)
    if request.form.get("remove_photo") or request.form.get("look"):
        return _page(page)
    problems = page.problems or _publishing_problems(page)
    if problems:
        page.add_problems(problems)
        return _page(page), 422
    if not page.understood_shown:
        return _page(page)
    if page.duplicates() and not request.form.get("not_duplicate"):
        return _page(page)
    return None


def _publishing_problems(page: Page) -> Problems:
    session = read_session()
    listing = _draft(session, page.draft_id)
    if listing is None:
        raise NotFound
    with acting() as act:
        values = page.completed()
        named = name_problems(act, listing, values)
        found = joined(problems_of(act, page.door.side, values), named)
    if not page.values.title:
        found.pop("title", None)  # it is made of the text, which says the same
    if not page.values.text:
        found.pop("category_code", None)  # and so is the category
    return found


def _post(page: Page) -> ResponseReturnValue:
    try:
        with acting() as act:
            listing = _draft(act.session, page.draft_id)
            if listing is None:
                raise NotFound
            submit_listing(act, listing, page.values.visibility)
            waits, public_id = listing.state is State.SUBMITTED, listing.public_id
            for_it = _undertaking() if page.door.side is Side.NEED else ""
            against = put_into_undertaking(act, listing, for_it) if for_it else None
            asked = asked_purpose(house(), request.values) if page.door.side is Side.NEED else None
            against = asked[0].take(act, listing, asked[1]) if asked else against
    except Invalid as error:
        page.add_problems({name: list(codes) for name, codes in error.fields.items()})
        return _page(page), 422
    except Forbidden as error:
        page.notice = sentence(error.code, error.params)
        return _page(page), 403
    waiting = _("Sent. The station looks at it first, then everybody finds it.")
    flash(waiting if waits else _("Posted. We look for a fitting answer now."))
    flash(page.keep_key, "kept")
    if against:
        flash(sentence(against, {"most": MOST_PARTS}), "warning")
    purpose = None if against else _purpose(page.door.side)
    return redirect(purpose.url if purpose else url_for("listings.show", public_id=public_id))


def _edit(page: Page, public_id: str) -> ResponseReturnValue:
    if request.form.get("mask"):
        page.form.text.data = without_contacts(page.form.text.data or "")
        return _edit_page(page)
    pictures = sent_pictures(page)
    if page.problems:
        return _edit_page(page), 422
    version = request.form.get("version", type=int)
    try:
        with acting() as act:
            listing = seen_listing(act.session, act.actor, public_id, lock=True)
            edit_listing(act, listing, page.values, version)
            attach_pictures(act, listing, pictures, page.form.children.data or "")
            if request.form.get("remove_photo"):
                remove_picture(act, listing, request.form["remove_photo"])
            waits = listing.state is State.SUBMITTED
    except (Invalid, Conflict) as error:
        return _edit_page(_refused(page, error, public_id)), error.status
    flash(_("Saved. The station looks at the change first.") if waits else _("Saved."))
    flash(f"edit-{public_id}", "kept")
    return redirect(url_for("listings.show", public_id=public_id))


def _refused(page: Page, error: ExchangeError, public_id: str) -> Page:
    if isinstance(error, Invalid):
        page.add_problems({name: list(codes) for name, codes in error.fields.items()})
        return page
    fresh = seen_listing(read_session(), current_actor(), public_id)
    page.form.version.data = str(fresh.version)
    page.notice = sentence(error.code, error.params)
    return page


def _draft(session: Any, public_id: str) -> Listing | None:
    """The actor's own draft with this id; None when there is none (any more)."""
    if not public_id:
        return None
    try:
        listing = seen_listing(session, current_actor(), public_id)
    except NotFound:
        return None
    own = can_edit(current_actor(), listing) and listing.state is State.DRAFT
    return listing if own else None


def _answers() -> str:
    """The public id of the listing that this post answers."""
    return request.values.get("for", "")


def _undertaking() -> str:
    """The public id of the undertaking that this post is for."""
    asked = request.values.get("undertaking", "")[:20]
    return asked if asked.isalnum() else ""


def _purpose(side: Side) -> Purpose | None:
    """What else the need is posted for, where the actor may post for it."""
    asked = asked_purpose(house(), request.values) if side is Side.NEED else None
    return asked[0].read(read_session(), current_actor(), asked[1]) if asked else None


def _page(page: Page) -> str:
    found = undertaking_for(read_session(), current_actor(), _undertaking())
    return render_template(
        "listings/post.html",
        page=page,
        form=page.form,
        example=DOOR_EXAMPLES[page.door],
        name=DOOR_LABELS[page.door],
        act_label=DOOR_ACTS[page.door],
        photos=page.photos(_draft(read_session(), page.draft_id)),
        duplicates=page.duplicates() if page.values.text else [],
        asked=request.method == "POST",
        answered=answered_card(read_session(), current_actor(), _answers(), page.locale),
        undertaking=found[0] if found and not page.is_offer else None,
        purpose=_purpose(page.door.side),
        purpose_asked=asked_purpose(house(), request.values),
    )


def _edit_page(page: Page) -> str:
    return render_template(
        "listings/edit.html", page=page, form=page.form, listing=page.listing,
        photos=page.photos(page.listing),
    )  # fmt: skip
