"""Writing to a shift, reading and answering what was written, asking the silent ones again."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from exchange.accounts.queries import organisation_label
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.volunteering.gates import mend_path
from exchange.volunteering.kinds import SignupState
from exchange.volunteering.messaging.answering_service import answer_message
from exchange.volunteering.messaging.forms import MessageForm, ReleaseForm
from exchange.volunteering.messaging.kinds import Answer
from exchange.volunteering.messaging.labels import ADDRESSED_LABELS, MESSAGE_ANSWERS
from exchange.volunteering.messaging.models import ShiftMessage
from exchange.volunteering.messaging.queries import (
    messages_of,
    own_message,
    reached_by,
    silent_of,
)
from exchange.volunteering.messaging.rules import may_write, release_choices
from exchange.volunteering.messaging.sending_service import send_message
from exchange.volunteering.messaging.silence_service import ask_again, release_unless
from exchange.volunteering.models import Shift
from exchange.volunteering.permissions import may_manage
from exchange.volunteering.queries import own_answers, seen_shift, signups_by_shift
from exchange.volunteering.readers import reader
from exchange.volunteering.rules import is_open
from exchange.volunteering.showing import shift_line
from exchange.volunteering.telling import hours_text
from exchange.volunteering.views import bp
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.dates import local_moment
from exchange.web.forms import attempt
from exchange.web.locale import locale_code
from exchange.web.sentences import sentence


@bp.route("/shifts/<public_id>/messages", methods=["GET", "POST"])
@access(SIGNED_IN)
def messages(public_id: str) -> ResponseReturnValue:
    """Write to people of a shift; below stands what was written, who got it and what they said."""
    shift, form = _managed_shift(public_id), MessageForm()
    form.offer(_names(shift))

    def work(act: Act) -> int:
        found = seen_shift(act.session, act.actor, public_id)
        return len(send_message(act, found, form.letter).recipients)

    sent = attempt(form, work)
    if sent is not None:
        told = ngettext("Sent to %(num)s person.", "Sent to %(num)s people.", sent)
        flash(told, "success")
        return redirect(url_for("volunteering.messages", public_id=public_id))
    return _messages_page(_managed_shift(public_id), form)


def _names(shift: Shift) -> dict[str, str]:
    """Who can be chosen, by the public id of their answer."""
    signups = signups_by_shift(read_session(), [shift.id])[shift.id]
    waits = _("waits")
    return {
        one.public_id: one.person.name
        if one.state is SignupState.SIGNED_UP
        else f"{one.person.name} ({waits})"
        for one in signups
    }


def _messages_page(shift: Shift, form: MessageForm) -> ResponseReturnValue:
    session, who = read_session(), reader()
    found = messages_of(session, shift.id)
    allowed = may_write(shift.activity.state, shift.state, shift.ends_at, who.now)
    page = render_template(
        "volunteering/messages.html",
        shift=shift,
        activity=shift.activity,
        when=hours_text(shift, who.zone, who.today, who.locale),
        form=form if allowed else None,
        why_not="" if allowed else sentence(allowed.code, allowed.params),
        is_ahead=shift.starts_at > who.now,
        found=found,
        reached=reached_by(session, [one.id for one in found]),
        addressed=ADDRESSED_LABELS,
        labels=MESSAGE_ANSWERS,
        clock=local_moment,
    )
    return page, 422 if form.errors else 200


@bp.get("/shift-messages/<public_id>")
@access(SIGNED_IN)
def message(public_id: str) -> ResponseReturnValue:
    """A message that one has got, with three answers of one tap."""
    session, who = read_session(), reader()
    found, own = own_message(session, who.actor.person_id, public_id)
    shift = found.shift
    signup = own_answers(session, who.actor.person_id, [shift.id]).get(shift.id)
    opened = bool(is_open(shift.activity.state, shift.state, shift.starts_at, who.now))
    return render_template(
        "volunteering/message.html",
        message=found,
        own=own,
        activity=shift.activity,
        line=shift_line(who, shift.activity, shift, signup, {}, {}),
        sender=organisation_label(shift.activity.organisation, locale_code()),
        labels=MESSAGE_ANSWERS,
        clock=local_moment,
        may_answer=opened and signup is not None,
    )


@bp.post("/shift-messages/<public_id>/answer")
@access(SIGNED_IN)
def answer(public_id: str) -> ResponseReturnValue:
    """I come, I cannot, or a question."""
    found, _own = own_message(read_session(), current_actor().person_id, public_id)
    wanted, note = request.form.get("answer", ""), request.form.get("note", "")[:2000]
    if wanted not in set(Answer):
        flash(_("Please choose one of the answers."), "error")
        return redirect(url_for("volunteering.message", public_id=public_id))

    def work(act: Act) -> ShiftMessage:
        return answer_message(act, public_id, Answer(wanted), note)

    told = {
        Answer.COMING: _("Thank you. We count on you."),
        Answer.NOT_COMING: _("Noted: you do not come. Thank you for telling."),
        Answer.QUESTION: _("Those who look after it are told. They get in touch with you."),
    }
    page = url_for("volunteering.message", public_id=public_id)
    return _done(work, told[Answer(wanted)], page, found.shift.public_id)


@bp.post("/shifts/<public_id>/ask")
@access(SIGNED_IN)
def ask_silent(public_id: str) -> ResponseReturnValue:
    """Ask somebody who is silent once more, or all of them."""
    shift = _managed_shift(public_id)
    key = request.form.get("signup", "")[:20]

    def work(act: Act) -> Any:
        found = seen_shift(act.session, act.actor, public_id)
        return ask_again(act, found, [key] if key else None)

    return _done(work, _("Asked once more."), _people_url(shift))


@bp.route("/shifts/<public_id>/release/<signup>", methods=["GET", "POST"])
@access(SIGNED_IN)
def release_place(public_id: str, signup: str) -> ResponseReturnValue:
    """Let a silent person's place go to others after a stated time."""
    shift, who = _managed_shift(public_id), reader()
    quiet = silent_of(read_session(), [shift])[shift.id]
    one = next((each for each in quiet if each.signup.public_id == signup), None)
    if one is None:
        raise NotFound
    form, back = ReleaseForm(), _people_url(shift)
    form.offer(release_choices(shift.starts_at, who.now))

    def work(act: Act) -> bool:
        found = seen_shift(act.session, act.actor, public_id)
        release_unless(act, found, signup, int(form.hours.data), form.reason.data or "")
        return True

    if attempt(form, work):
        flash(_("They are told. Without an answer the next one moves up."), "success")
        return redirect(back)
    return render_template(
        "volunteering/release.html",
        form=form, shift=shift, activity=shift.activity, one=one, back=back,
        since=local_moment(one.since),
    ), 422 if form.errors else 200  # fmt: skip


def _people_url(shift: Shift) -> str:
    page = url_for("volunteering.people", public_id=shift.activity.public_id)
    return f"{page}#shift-{shift.public_id}"


def _done(
    work: Callable[[Act], Any], told: str, back: str, shift: str = ""
) -> ResponseReturnValue:
    """Do it and say so; a no that a page about this shift mends leads there."""
    try:
        with acting() as act:
            work(act)
    except Invalid as error:
        codes = [code for some in error.fields.values() for code in some]
        flash(sentence(codes[0] if codes else error.code, error.params), "error")
    except (Conflict, Forbidden) as error:
        mend = mend_path(house(), error.code, shift) if shift else ""
        if mend:
            return redirect(mend)
        flash(sentence(error.code, error.params), "error")
    else:
        flash(told, "success")
    return redirect(back)


def _managed_shift(public_id: str) -> Shift:
    shift = seen_shift(read_session(), current_actor(), public_id)
    if not may_manage(current_actor(), shift.activity):
        raise Forbidden("activity_not_yours")
    return shift
