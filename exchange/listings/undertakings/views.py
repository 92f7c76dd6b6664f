"""The pages of undertakings: several needs for one thing that somebody wants to do."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.cards import listing_cards
from exchange.listings.models import Listing
from exchange.listings.queries import seen_listing
from exchange.listings.undertakings.forms import NameForm, NewForm
from exchange.listings.undertakings.permissions import may_group, may_manage, shown_parts
from exchange.listings.undertakings.queries import (
    free_needs,
    parts_by_undertaking,
    seen_undertaking,
    undertaking_of,
    undertakings_of,
)
from exchange.listings.undertakings.rules import MOST_PARTS
from exchange.listings.undertakings.service import (
    add_needs,
    change_undertaking,
    dissolve_undertaking,
    make_undertaking,
    remove_need,
)
from exchange.listings.undertakings.showing import short_progress, undertaking_view
from exchange.listings.views import today
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.forms import attempt
from exchange.web.locale import locale_code
from exchange.web.sentences import sentence

bp = Blueprint("undertakings", __name__)


@bp.get("/my/undertakings")
@access(SIGNED_IN)
def mine() -> ResponseReturnValue:
    """The undertakings of one's own organisations, the one changed last first."""
    session, actor = read_session(), current_actor()
    found = undertakings_of(session, actor.organisation_ids)
    parts = parts_by_undertaking(session, [one.id for one in found])
    reached = short_progress(session, house(), actor, {one.id: parts[one.id] for one in found})
    lines = [
        {
            "undertaking": one,
            "needs": len(shown_parts(actor, parts[one.id])),
            "met": reached[one.id][0],
            "counted": reached[one.id][1],
        }
        for one in found
    ]
    return render_template("listings/undertakings.html", lines=lines)


@bp.route("/undertakings/new", methods=["GET", "POST"])
@access(SIGNED_IN)
def new() -> ResponseReturnValue:
    """Choose which needs belong together, and give it a name; or put one into what is there."""
    session, actor, form = read_session(), current_actor(), NewForm()
    origin = _origin(str(form.need.data or request.args.get("need", "")))
    home = undertaking_of(session, origin.id) if origin else None
    if home is not None and request.method == "GET":
        return redirect(url_for("undertakings.show", public_id=home.public_id))
    owner_id = origin.organisation_id if origin else actor.organisation_id
    if origin and request.method == "GET":
        form.need.data, form.needs.data = origin.public_id, [origin.public_id]

    def work(act: Act) -> str:
        needs = _needs(act, form.needs.data or ())
        return make_undertaking(act, form.name.data, form.note.data or "", needs).public_id

    made = attempt(form, work)
    if made:
        flash(_("Put together. You see here how far each need is."), "success")
        return redirect(url_for("undertakings.show", public_id=made))
    free = free_needs(read_session(), actor, owner_id) if owner_id else []
    return render_template(
        "listings/undertaking_new.html",
        form=form, origin=origin, choices=_cards(free), most=MOST_PARTS,
        present=_with_room(owner_id, origin), chosen=set(form.needs.data or ()),
    ), 422 if form.errors else 200  # fmt: skip


@bp.get("/undertakings/<public_id>")
@access(PUBLIC)
def show(public_id: str) -> ResponseReturnValue:
    """An undertaking, its needs and how far they are, as far as the reader may know it."""
    session, actor = read_session(), current_actor()
    undertaking, parts = seen_undertaking(session, actor, public_id)
    view = undertaking_view(session, house(), actor, undertaking, parts, locale_code(), today())
    free = free_needs(session, actor, undertaking.organisation_id) if view.may_manage else []
    return render_template(
        "listings/undertaking.html",
        view=view, undertaking=undertaking, free=_cards(free), most=MOST_PARTS,
        own=actor.belongs_to(undertaking.organisation_id),
    )  # fmt: skip


@bp.route("/undertakings/<public_id>/edit", methods=["GET", "POST"])
@access(SIGNED_IN)
def edit(public_id: str) -> ResponseReturnValue:
    """Give it another name or note."""
    actor = current_actor()
    undertaking, parts = seen_undertaking(read_session(), actor, public_id)
    if not may_manage(actor, undertaking, parts):
        raise Forbidden("undertaking_not_yours")
    form = NameForm(
        data={"name": undertaking.name, "note": undertaking.note, "version": undertaking.version}
    )

    def work(act: Act) -> bool:
        version = _number(form.version.data)
        change_undertaking(act, public_id, form.name.data, form.note.data or "", version)
        return True

    if attempt(form, work):
        flash(_("Saved."), "success")
        return redirect(url_for("undertakings.show", public_id=public_id))
    if form.errors:
        fresh, _parts = seen_undertaking(read_session(), actor, public_id)
        form.version.data = str(fresh.version)
    status = 422 if form.errors else 200
    return render_template(
        "listings/undertaking_edit.html", form=form, public_id=public_id
    ), status


@bp.post("/undertakings/<public_id>/needs")
@access(SIGNED_IN)
def add(public_id: str) -> ResponseReturnValue:
    """Put further needs in."""
    asked = request.form.getlist("needs")
    if not asked:
        return _refused(Invalid("undertaking_no_needs"), public_id)
    return _change(
        public_id, lambda act: add_needs(act, public_id, _needs(act, asked)), _("Put in.")
    )


@bp.post("/undertakings/<public_id>/remove")
@access(SIGNED_IN)
def remove(public_id: str) -> ResponseReturnValue:
    """Let a need stand on its own again."""
    asked = request.form.get("need", "")[:20]
    answer = _change(
        public_id,
        lambda act: remove_need(act, public_id, seen_listing(act.session, act.actor, asked)),
        _("Taken out. The need itself stays as it is."),
    )
    try:
        seen_undertaking(read_session(), current_actor(), public_id)
    except NotFound:  # the last need that tied this broker to it
        return redirect(url_for("listings.show", public_id=asked))
    return answer


@bp.post("/undertakings/<public_id>/dissolve")
@access(SIGNED_IN)
def dissolve(public_id: str) -> ResponseReturnValue:
    """Take it apart; the needs stay."""
    version, actor = _number(request.form.get("version", "")), current_actor()
    try:
        with acting() as act:
            dissolve_undertaking(act, public_id, version)
    except Conflict as error:
        return _refused(error, public_id)
    flash(_("Dissolved. The needs stay as they are."), "success")
    back = request.form.get("need", "")
    if actor.is_broker and back.isalnum() and len(back) <= 20:
        return redirect(url_for("listings.show", public_id=back))
    return redirect(url_for("undertakings.mine"))


def _change(public_id: str, work: Callable[[Act], Any], said: str) -> ResponseReturnValue:
    try:
        with acting() as act:
            work(act)
    except (Conflict, Invalid) as error:
        return _refused(error, public_id)
    flash(said, "success")
    return redirect(url_for("undertakings.show", public_id=public_id))


def _refused(error: Conflict | Invalid, public_id: str) -> ResponseReturnValue:
    codes = [code for some in getattr(error, "fields", {}).values() for code in some]
    code = codes[0] if codes else error.code
    told = "undertaking_changed" if code == "changed_meanwhile" else code
    flash(sentence(told, error.params), "error")
    return redirect(url_for("undertakings.show", public_id=public_id))


def _origin(public_id: str) -> Listing | None:
    """The need somebody came from. Raises NotFound, or Forbidden where it is not theirs to put."""
    if not public_id:
        return None
    need = seen_listing(read_session(), current_actor(), public_id[:20])
    if not may_group(current_actor(), [need]):
        raise Forbidden("undertaking_not_yours")
    return need


def _needs(act: Act, asked: Any) -> list[Listing]:
    """The needs with these public ids; one more than allowed is enough to be refused."""
    found = []
    for key in list(dict.fromkeys(asked))[: MOST_PARTS + 1]:
        try:
            found.append(seen_listing(act.session, act.actor, str(key)[:20]))
        except NotFound as error:
            raise Invalid(fields={"needs": ["undertaking_need_closed"]}) from error
    return found


def _cards(needs: list[Listing]) -> list[Any]:
    return listing_cards(read_session(), current_actor(), needs, locale_code(), today())


def _with_room(owner_id: int | None, origin: Listing | None) -> list[dict[str, Any]]:
    """The owner's undertakings that the need may go into; none where nobody came from a need."""
    if origin is None or owner_id is None:
        return []
    session, actor = read_session(), current_actor()
    found = undertakings_of(session, [owner_id])
    parts = parts_by_undertaking(session, [one.id for one in found])
    return [
        {"public_id": one.public_id, "name": one.name}
        for one in found
        if may_manage(actor, one, parts[one.id]) and len(parts[one.id]) < MOST_PARTS
    ]


def _number(text: Any) -> int:
    """The version that was read; 0, which none has, when the page said none."""
    plain = str(text or "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else 0
