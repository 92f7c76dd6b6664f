"""The doors of closing an account: one's own, and that of somebody who asked in writing."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts import limits
from exchange.accounts.closing.forms import CloseForForm, CloseForm
from exchange.accounts.closing.labels import LINKS, obstacle_words
from exchange.accounts.closing.obstacles import obstacles_of
from exchange.accounts.closing.rules import due_from
from exchange.accounts.closing.service import ask_to_close, ask_to_close_for
from exchange.accounts.me_views import own_row
from exchange.accounts.passwords import password_fits
from exchange.accounts.rules import Address
from exchange.accounts.views import bp
from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
from exchange.kernel.errors import Invalid
from exchange.web.access import SIGNED_IN, SUPERVISOR, access
from exchange.web.acting import current_actor, house, read_session
from exchange.web.dates import day_here
from exchange.web.forms import attempt
from exchange.web.login import end_session
from exchange.web.throttle import count_try


def check_password(password: str) -> None:
    """Raise Invalid unless it is the signed-in person's; counted, so that nobody guesses it."""
    person = own_row()
    count_try(limits.PASSWORD_PERSON, str(person.id))
    if not password_fits(house(), person.password_hash, password):
        raise Invalid(fields={"password": ["password_wrong"]})


def closing_day() -> str:
    """The day on which an account closes that is asked for now."""
    return day_here(civil_date(due_from(house().clock.now()), house().settings.time_zone))


@bp.route("/me/close", methods=["GET", "POST"])
@access(SIGNED_IN)
def close_account() -> ResponseReturnValue:
    """What closing means, what must be settled before, and the password."""
    form, person_id, day = CloseForm(), own_row().id, closing_day()
    if form.validate_on_submit() and _asked(form):
        end_session()
        flash(
            _("Your account closes on %(day)s. Sign in before that day and it stays.", day=day),
            "success",
        )
        return redirect("/")
    lines = [
        (obstacle_words(one), one.path, LINKS.get(one.code, ""))
        for one in obstacles_of(house(), read_session(), person_id)
    ]
    page = render_template("accounts/close.html", form=form, obstacles=lines, day=day)
    return page, 422 if form.is_submitted() else 200


def _asked(form: CloseForm) -> bool:
    try:
        check_password(form.password.data)
    except Invalid as error:
        form.take_refusal(error)
        return False

    def work(act: Act) -> bool:
        ask_to_close(act)
        return True

    return bool(attempt(form, work))


@bp.route("/people/close", methods=["GET", "POST"])
@access(SUPERVISOR)
def close_for() -> ResponseReturnValue:
    """A supervisor closes the account of somebody who has asked in writing."""
    form, day = CloseForForm(), closing_day()

    def work(act: Act) -> bool:
        address: Address = form.address.address
        ask_to_close_for(act, address, form.name.data, form.reason.data)
        return True

    if form.is_submitted():
        count_try(limits.VOUCH_PERSON, str(current_actor().person_id))
    if attempt(form, work):
        flash(_("On record. The person is told; the account closes on %(day)s.", day=day))
        return redirect(url_for("accounts.me"))
    page = render_template("accounts/close_for.html", form=form, day=day)
    return page, 422 if form.errors else 200
