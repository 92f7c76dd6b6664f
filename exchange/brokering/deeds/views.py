"""The doors of deliveries, changes, consent, messages, files, feedback and follow-up."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.brokering.deeds import delivering, following_up
from exchange.brokering.deeds import forms as deed_forms
from exchange.brokering.deeds.attaching import attach, take_away
from exchange.brokering.deeds.kinds import Deed, Thread
from exchange.brokering.deeds.panels import speaking_of
from exchange.brokering.deeds.picturing import picture_delivery
from exchange.brokering.deeds.rules import may_do
from exchange.brokering.life import changing
from exchange.brokering.matches import insist
from exchange.brokering.permissions import can_see
from exchange.brokering.queries import seen_match
from exchange.brokering.talk import consenting
from exchange.brokering.talk.discretion import title_of
from exchange.brokering.talk.messaging import write_message
from exchange.brokering.talk.panels import ConsentView, consent_views, reveal_line
from exchange.brokering.talk.revealing import reveals_of_person
from exchange.brokering.views import side_of, take_step
from exchange.kernel.errors import Forbidden, NotFound
from exchange.listings.kinds import Side
from exchange.web.access import BROKER, SIGNED_IN, access
from exchange.web.acting import current_actor, read_session
from exchange.web.asked import asked_id
from exchange.web.forms import HouseForm
from exchange.web.locale import locale_code
from exchange.web.throttle import Limit, count_try

bp = Blueprint("deeds", __name__)
PAGE = 20
MESSAGES = Limit("match_message", 120, timedelta(hours=1))
LARGEST_REQUEST = 36_000_000
UPLOADS = {"deeds.delivery", "deeds.delivery_pictures", "deeds.add_file"}


@bp.url_value_preprocessor
def _allow_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Four pictures of a phone, or four PDFs, are larger than other requests may be."""
    if endpoint in UPLOADS:
        request.max_content_length = LARGEST_REQUEST


def _insist_on_sight(public_id: str) -> None:
    """Nobody makes us read files for a match that they may not see."""
    seen_match(read_session(), current_actor(), public_id)


@bp.post("/matches/<public_id>/delivery")
@access(SIGNED_IN)
def delivery(public_id: str) -> ResponseReturnValue:
    """Record what arrived."""
    _insist_on_sight(public_id)
    form = deed_forms.DeliveryForm()
    return take_step(
        public_id,
        form,
        lambda act: delivering.record_delivery(
            act,
            public_id,
            form.commitment.data,
            form.amount.milli,
            form.note.data or "",
            arrived_on=form.arrived_on.data,
            pictures=form.pictures,
            sent=form.sent,
        ),
        _("The delivery is recorded."),
    )


@bp.post("/matches/<public_id>/deliveries/pictures")
@access(SIGNED_IN)
def delivery_pictures(public_id: str) -> ResponseReturnValue:
    """Photos that follow a delivery."""
    _insist_on_sight(public_id)
    form = deed_forms.DeliveryPicturesForm()
    return take_step(
        public_id,
        form,
        lambda act: picture_delivery(act, public_id, form.delivery.data, form.pictures),
        _("The photos are with the delivery."),
        f"delivery-{form.delivery.data}",
    )


@bp.post("/matches/<public_id>/deliveries/confirm")
@access(SIGNED_IN)
def confirm_delivery(public_id: str) -> ResponseReturnValue:
    """A side says that it was so."""
    form = deed_forms.ConfirmDeliveryForm()
    return take_step(
        public_id,
        form,
        lambda act: delivering.confirm_delivery(
            act, public_id, form.delivery.data, side_of(form), form.given
        ),
        _("Thank you, the delivery is confirmed."),
    )


@bp.post("/matches/<public_id>/deliveries/dispute")
@access(SIGNED_IN)
def dispute_delivery(public_id: str) -> ResponseReturnValue:
    """A side says that it was not so."""
    form = deed_forms.DisputeForm()
    return take_step(
        public_id,
        form,
        lambda act: delivering.dispute_delivery(
            act, public_id, form.delivery.data, side_of(form), form.note.data or "", form.given
        ),
        _("Noted. The social worker asks both sides and decides."),
    )


@bp.post("/matches/<public_id>/deliveries/settle")
@access(BROKER)
def settle_delivery(public_id: str) -> ResponseReturnValue:
    """The broker decides how much counts."""
    form = deed_forms.SettleForm()
    return take_step(
        public_id,
        form,
        lambda act: delivering.settle_delivery(
            act, public_id, form.delivery.data, form.amount.milli, form.note.data or ""
        ),
        _("Decided. Both sides are told."),
    )


@bp.post("/matches/<public_id>/changes")
@access(SIGNED_IN)
def propose_change(public_id: str) -> ResponseReturnValue:
    """Ask for another amount or day."""
    form = deed_forms.ChangeForm()
    return take_step(
        public_id,
        form,
        lambda act: changing.propose_change(
            act, public_id, form.commitment.data, form.terms, form.note.data or ""
        ),
        _("Asked. It changes when both sides agree."),
    )


@bp.post("/matches/<public_id>/changes/answer")
@access(SIGNED_IN)
def answer_change(public_id: str) -> ResponseReturnValue:
    """A side agrees or refuses."""
    form = deed_forms.AnswerChangeForm()
    return take_step(
        public_id,
        form,
        lambda act: changing.answer_change(
            act,
            public_id,
            form.change.data,
            side_of(form),
            accept=form.accept.data == "yes",
            consent=form.given,
        ),
        _("Thank you, the answer is noted."),
    )


@bp.post("/matches/<public_id>/changes/take-back")
@access(SIGNED_IN)
def take_back_change(public_id: str) -> ResponseReturnValue:
    """Take a wish to change back."""
    form = deed_forms.TakeBackForm()
    return take_step(
        public_id,
        form,
        lambda act: changing.take_back_change(act, public_id, form.change.data),
        _("Taken back. What was agreed stands."),
    )


@bp.post("/matches/<public_id>/contact-consent")
@access(SIGNED_IN)
def contact_consent(public_id: str) -> ResponseReturnValue:
    """Withdraw a side's contact, or let it be seen again.

    Whoever could not give it again by their own word is asked first.
    """
    form = deed_forms.ContactConsentForm()
    if form.give.data == "yes":
        return take_step(
            public_id,
            form,
            lambda act: consenting.give_contact(act, public_id, side_of(form), form.given),
            _("The other side can see the contact again."),
        )
    side = side_of(form)
    if form.sure.data != "yes" and _consent_of(public_id, side).asks_first:
        return redirect(
            url_for("deeds.ask_withdrawal", public_id=public_id, side=side.value), 303
        )
    return take_step(
        public_id,
        form,
        lambda act: consenting.withdraw_contact(act, public_id, side),
        _("The other side is not shown the contact any more."),
    )


@bp.get("/matches/<public_id>/contact-consent/<side>")
@access(SIGNED_IN)
def ask_withdrawal(public_id: str, side: str) -> ResponseReturnValue:
    """What it means to withdraw a contact for others, and the button that does it."""
    if side not in tuple(Side):
        raise NotFound
    consent = _consent_of(public_id, Side(side))
    if consent.is_withdrawn:
        flash(_("This contact is withdrawn already."), "warning")
        return redirect(url_for("brokering.show", public_id=public_id, _anchor="contacts"))
    return render_template(
        "brokering/withdraw_contact.html", public_id=public_id, consent=consent
    )


def _consent_of(public_id: str, side: Side) -> ConsentView:
    """A side's contact, for who may withdraw it. Raises NotFound, Forbidden, Conflict."""
    session, actor = read_session(), current_actor()
    match = seen_match(session, actor, public_id)
    speaking = speaking_of(session, actor, match)
    insist(may_do(Deed.WITHDRAW_CONTACT, match.state, speaking.parties))
    found = next(one for one in consent_views(match, speaking) if one.side is side)
    if not found.may_withdraw:
        raise Forbidden("match_not_your_side")
    return found


@bp.post("/matches/<public_id>/messages")
@access(SIGNED_IN)
def message(public_id: str) -> ResponseReturnValue:
    """Write into a thread."""
    form = deed_forms.MessageForm()
    thread = form.chosen
    if thread is None:
        raise NotFound
    count_try(MESSAGES, f"person {current_actor().person_id}")
    return take_step(
        public_id,
        form,
        lambda act: write_message(act, public_id, thread, form.text.data or ""),
        _("Sent.") if thread is not Thread.NOTES else _("Kept. Only social workers see it."),
        "messages" if thread is not Thread.NOTES else "notes",
    )


@bp.post("/matches/<public_id>/files")
@access(SIGNED_IN)
def add_file(public_id: str) -> ResponseReturnValue:
    """Put pictures and PDFs with a match."""
    _insist_on_sight(public_id)
    form = deed_forms.FileForm()
    return take_step(
        public_id,
        form,
        lambda act: attach(
            act,
            public_id,
            form.files,
            form.caption.data or "",
            internal=bool(form.internal.data),
        ),
        _("It is kept."),
        "files",
    )


@bp.post("/matches/<public_id>/files/remove")
@access(SIGNED_IN)
def remove_file(public_id: str) -> ResponseReturnValue:
    """Take a picture or PDF away."""
    form = deed_forms.RemoveFileForm()
    return take_step(
        public_id,
        form,
        lambda act: take_away(act, public_id, form.file.data),
        _("It is gone."),
        "files",
    )


@bp.get("/matches/<public_id>/feedback")
@access(SIGNED_IN)
def feedback_page(public_id: str) -> ResponseReturnValue:
    """Where the notice leads: the question on the page of the match."""
    return redirect(url_for("brokering.show", public_id=public_id, _anchor="feedback"))


@bp.post("/matches/<public_id>/feedback")
@access(SIGNED_IN)
def feedback(public_id: str) -> ResponseReturnValue:
    """A side says how it was."""
    form = deed_forms.FeedbackForm()
    return take_step(
        public_id,
        form,
        lambda act: following_up.give_feedback(
            act,
            public_id,
            side_of(form),
            helped=int(form.helped.data),
            again=form.chosen_again,
            reason=form.chosen_reason,
            text=form.text.data or "",
            consent=form.given,
        ),
        _("Thank you. This helps the next ones."),
    )


@bp.post("/matches/<public_id>/feedback/ask")
@access(BROKER)
def ask_feedback(public_id: str) -> ResponseReturnValue:
    """Ask both sides how it was, where nobody has."""
    return take_step(
        public_id,
        HouseForm(),
        lambda act: following_up.ask_feedback(act, public_id),
        _("Both sides are asked how it was."),
    )


@bp.post("/matches/<public_id>/follow-ups")
@access(BROKER)
def follow_up(public_id: str) -> ResponseReturnValue:
    """The broker has asked what became of it."""
    return _close_follow_up(public_id, deed_forms.FollowUpForm(), _("Noted."), skipped=False)


@bp.post("/matches/<public_id>/follow-ups/skip")
@access(BROKER)
def skip_follow_up(public_id: str) -> ResponseReturnValue:
    """Nobody asks this time, for a reason."""
    form = deed_forms.SkipForm()
    return _close_follow_up(public_id, form, _("Left out, with your reason."), skipped=True)


def _close_follow_up(
    public_id: str, form: deed_forms.FollowUpForm, done: str, *, skipped: bool
) -> ResponseReturnValue:
    kind = form.chosen
    if kind is None:
        raise NotFound
    return take_step(
        public_id,
        form,
        lambda act: following_up.close_follow_up(
            act, public_id, kind, form.note.data or "", skipped=skipped
        ),
        done,
    )


@bp.get("/me/contact-reveals")
@access(SIGNED_IN)
def reveals() -> ResponseReturnValue:
    """Who was shown the reader's contact, when, and for which match."""
    session, actor = read_session(), current_actor()
    assert actor.person_id is not None  # noqa: S101 - signed in
    rows = reveals_of_person(
        session, actor.person_id, before_id=asked_id("before"), limit=PAGE + 1
    )
    lines = [
        (
            reveal_line(row),
            title_of(actor, row.match, Side.NEED, locale_code()),
            url_for("brokering.show", public_id=row.match.public_id)
            if can_see(actor, row.match)
            else "",
        )
        for row in rows[:PAGE]
    ]
    more = url_for("deeds.reveals", before=rows[PAGE - 1].id) if len(rows) > PAGE else None
    return render_template("brokering/reveals.html", lines=lines, more=more)
