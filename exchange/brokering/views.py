"""The pages of a match: one step, one form, one service verb."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.brokering import forms
from exchange.brokering.deeds import fulfilling
from exchange.brokering.kinds import MatchState
from exchange.brokering.life import claiming, closing, proposing, safeguarding
from exchange.brokering.models import Match
from exchange.brokering.page.caseload_panels import warn_of_caseload
from exchange.brokering.page.form_panels import page_forms, section_of
from exchange.brokering.page.main_act_panels import main_act, parts_in_order
from exchange.brokering.page.match_panels import match_view
from exchange.brokering.proxy.contacts import villager_behind
from exchange.brokering.proxy.forms import SideAnswerForm
from exchange.brokering.queries import own_match_of, seen_match
from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
from exchange.kernel.errors import NotFound
from exchange.listings.kinds import Side
from exchange.listings.queries import seen_listing
from exchange.web.access import BROKER, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.forms import HouseForm, attempt
from exchange.web.locale import locale_code

bp = Blueprint("brokering", __name__)

SAID = 'class="error-summary"'  # stands in the page where a refused form says what is wrong


def side_of(form: HouseForm) -> Side:
    """The side a form speaks for. Raises NotFound for anything else."""
    try:
        return Side(form.side.data)
    except ValueError as error:
        raise NotFound from error


def match_page(
    public_id: str, form: HouseForm | None = None, status: int = 200
) -> ResponseReturnValue:
    """Render a match; ``form`` is the one that was refused and keeps what was typed."""
    session, actor = read_session(), current_actor()
    match = seen_match(session, actor, public_id)
    today = civil_date(house().clock.now(), house().settings.time_zone)
    view = match_view(session, actor, match, locale_code(), today)
    main = main_act(view)
    shown = {
        "match": view,
        "main": main,
        "forms": page_forms(view, form),
        "refused": form,
        "parts": parts_in_order(main),
        "opened": {
            main.section if main else "", section_of(form), "agreed" if view.undecided else "",
        },
    }
    page = render_template("brokering/match.html", **shown)
    if form is not None and SAID not in page:  # the match has moved on: the form is gone
        page = render_template("brokering/match.html", **shown, unsaid=form.first_error())
    return page, status


def take_step(
    public_id: str,
    form: HouseForm,
    work: Callable[[Act], Any],
    done: str | Callable[[Match], str],
    anchor: str | None = None,
) -> ResponseReturnValue:
    """Do one step; show the match again, with the form's errors where it was refused.

    ``done`` says what was done, where need be from what the match has become; ``anchor`` is where
    on the page the reader goes on.
    """

    def said(act: Act) -> str:
        made = work(act)
        return done if isinstance(done, str) else done(made)

    words = attempt(form, said)
    if words is None:
        return match_page(public_id, form, 422)
    flash(words, "success")
    flash(f"match-{public_id}-{(request.endpoint or '').rpartition('.')[2]}", "kept")
    return redirect(url_for("brokering.show", public_id=public_id, _anchor=anchor))


@bp.get("/matches/<public_id>")
@access(SIGNED_IN)
def show(public_id: str) -> ResponseReturnValue:
    """A match with everything on it."""
    return match_page(public_id)


@bp.post("/matches")
@access(BROKER)
def claim() -> ResponseReturnValue:
    """Take a pair up, and go on to the match; in a second window to the one that is there."""
    form = forms.PairForm()

    def work(act: Act) -> tuple[str, str | None, bool]:
        need = seen_listing(act.session, act.actor, form.need.data)
        offer = seen_listing(act.session, act.actor, form.offer.data)
        own = own_match_of(act.session, act.actor, need.id, offer.id)
        match = own or claiming.claim(act, need.id, offer.id)
        return match.public_id, need.division_code, own is not None

    claimed = attempt(form, work)
    if claimed is None:
        flash(form.first_error(), "warning")
        return redirect(url_for("queue.today", pair=form.key[:60], _anchor="why"))
    public_id, area, is_there = claimed
    if is_there:
        flash(_("You have taken this pair up already. Here it is."), "success")
    else:
        warn_of_caseload(area)
    return redirect(url_for("brokering.show", public_id=public_id))


@bp.post("/matches/<public_id>/check")
@access(BROKER)
def check(public_id: str) -> ResponseReturnValue:
    """Put on record what was looked at before people come to people who need protection."""
    form = forms.CheckForm()
    return take_step(
        public_id,
        form,
        lambda act: safeguarding.record_check(
            act, public_id, form.kind.data, form.seen_on.data, form.note.data or ""
        ),
        _("The check is on record. You can ask both sides now."),
    )


@bp.post("/matches/<public_id>/propose")
@access(BROKER)
def propose(public_id: str) -> ResponseReturnValue:
    """Ask both sides."""
    form = forms.ProposeForm()
    return take_step(
        public_id,
        form,
        lambda act: proposing.propose(act, public_id, form.message.data),
        _("Both sides are asked. You hear of it as soon as they answer."),
    )


@bp.post("/matches/<public_id>/answer")
@access(SIGNED_IN)
def answer(public_id: str) -> ResponseReturnValue:
    """A side says yes or no."""
    form = SideAnswerForm()
    return take_step(
        public_id,
        form,
        lambda act: proposing.answer(
            act,
            public_id,
            side_of(form),
            accept=form.accept.data == "yes",
            reason=form.chosen_reason,
            note=form.note.data or "",
            consent=form.chosen_consent,
            consent_note=form.consent_note.data or "",
            pictures=form.pictures,
        ),
        _answered,
    )


def _answered(match: Match) -> str:
    if match.state is MatchState.INTRODUCED:
        return str(_("Thank you. Both sides said yes and now see each other's contact."))
    if match.state is MatchState.PROPOSED:
        return str(_("Thank you, the answer is noted. Waiting for the other side's answer."))
    return str(_("Thank you, the answer is noted."))


@bp.post("/matches/<public_id>/contact/<side>")
@access(SIGNED_IN)
def contact(public_id: str, side: str) -> ResponseReturnValue:
    """Show a side's contact data, on record."""
    if side not in tuple(Side):
        raise NotFound
    with acting() as act:
        shown = proposing.reveal_contact(act, public_id, Side(side))
        villager = villager_behind(act, public_id, Side(side))
    if request.headers.get("HX-Request"):
        return render_template("brokering/_contact.html", contact=shown, villager=villager)
    return render_template(
        "brokering/contact.html", contact=shown, villager=villager, public_id=public_id
    )


@bp.post("/matches/<public_id>/commit")
@access(BROKER)
def commit(public_id: str) -> ResponseReturnValue:
    """Agree an amount."""
    form = forms.CommitForm()
    return take_step(
        public_id,
        form,
        lambda act: fulfilling.commit(
            act, public_id, form.taken.milli, form.covers.milli, form.due_on.data, sent=form.sent
        ),
        _("The amount is agreed."),
    )


@bp.post("/matches/<public_id>/outcome")
@access(SIGNED_IN)
def outcome(public_id: str) -> ResponseReturnValue:
    """Write down what came of it."""
    form = forms.OutcomeForm()
    return take_step(
        public_id,
        form,
        lambda act: fulfilling.record_outcome(
            act,
            public_id,
            form.text.data,
            form.people.data,
            form.amount.milli or None,
            form.effects,
        ),
        _written,
    )


def _written(match: Match) -> str:
    outcome = match.outcome
    if outcome and (outcome.need_confirmed_at or outcome.offer_confirmed_at):
        return str(_("The outcome is written down. Waiting for the other side to confirm."))
    return str(_("The outcome is written down. Both sides confirm it."))


@bp.post("/matches/<public_id>/confirm")
@access(SIGNED_IN)
def confirm(public_id: str) -> ResponseReturnValue:
    """A side confirms the outcome."""
    form = forms.ConfirmForm()
    return take_step(
        public_id,
        form,
        lambda act: fulfilling.confirm_outcome(
            act,
            public_id,
            side_of(form),
            version=form.version.data or 0,
            consent=form.chosen_consent,
            consent_note=form.consent_note.data or "",
        ),
        _confirmed,
    )


def _confirmed(match: Match) -> str:
    if match.state is MatchState.COMPLETED:
        return str(_("Thank you, both sides have confirmed. It is done."))
    return str(_("Thank you, the outcome is confirmed. Waiting for the other side to confirm."))


@bp.post("/matches/<public_id>/evaluate")
@access(BROKER)
def evaluate(public_id: str) -> ResponseReturnValue:
    """Close the file with a judgement."""
    form = forms.EvaluateForm()
    return take_step(
        public_id,
        form,
        lambda act: fulfilling.evaluate(act, public_id, form.text.data),
        _("The file is closed."),
    )


@bp.post("/matches/<public_id>/withdraw")
@access(BROKER)
def withdraw(public_id: str) -> ResponseReturnValue:
    """Take the proposal back."""
    form = forms.CloseForm()
    return take_step(
        public_id,
        form,
        lambda act: closing.withdraw(act, public_id, form.reason.data, form.note.data or ""),
        lambda match: (
            _("The proposal is taken back.") if match.proposed_at else _("The pair is put down.")
        ),
    )


@bp.post("/matches/<public_id>/fail")
@access(SIGNED_IN)
def fail(public_id: str) -> ResponseReturnValue:
    """Say that nothing came of it."""
    form = forms.CloseForm()
    return take_step(
        public_id,
        form,
        lambda act: closing.fail(act, public_id, form.reason.data, form.note.data or ""),
        _("Noted. What was held is free again."),
    )
