"""Undoing, and taking the next best pair up, from the page of a match."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.brokering.life import undoing
from exchange.brokering.life.forms import NextPairForm, ReleaseForm, RestoreForm, TakeBackForm
from exchange.brokering.page.caseload_panels import warn_of_caseload
from exchange.brokering.views import match_page, side_of, take_step
from exchange.kernel.act import Act
from exchange.listings.queries import seen_listing
from exchange.web.access import BROKER, SIGNED_IN, access
from exchange.web.forms import attempt

bp = Blueprint("life", __name__)


@bp.post("/matches/<public_id>/release")
@access(BROKER)
def release(public_id: str) -> ResponseReturnValue:
    """Give a pair that was taken up back to the queue."""
    form = ReleaseForm()
    return take_step(
        public_id,
        form,
        lambda act: undoing.release(act, public_id, form.reason.data, form.note.data or ""),
        _("It is back in the queue. Anybody of the place may take it up."),
    )


@bp.post("/matches/<public_id>/restore")
@access(BROKER)
def restore(public_id: str) -> ResponseReturnValue:
    """Undo a dismissal."""
    return take_step(
        public_id,
        RestoreForm(),
        lambda act: undoing.restore(act, public_id),
        _("Undone. The pair may be suggested again."),
    )


@bp.post("/matches/<public_id>/take-back")
@access(SIGNED_IN)
def take_back(public_id: str) -> ResponseReturnValue:
    """A side takes its answer back."""
    form = TakeBackForm()
    return take_step(
        public_id,
        form,
        lambda act: undoing.take_back_answer(act, public_id, side_of(form)),
        _("The answer is taken back. You can answer again."),
    )


@bp.post("/matches/<public_id>/next")
@access(BROKER)
def take_next(public_id: str) -> ResponseReturnValue:
    """Take another pair up in place of one that has ended."""
    form = NextPairForm()

    def work(act: Act) -> tuple[str, str | None]:
        need = seen_listing(act.session, act.actor, form.need.data)
        offer = seen_listing(act.session, act.actor, form.offer.data)
        match = undoing.claim_next(act, public_id, need.id, offer.id)
        return match.public_id, need.division_code

    made = attempt(form, work)
    if made is None:
        return match_page(public_id, form, 422)
    flash(_("Taken up in place of the one that ended."), "success")
    key, area = made
    warn_of_caseload(area)
    return redirect(url_for("brokering.show", public_id=key))
