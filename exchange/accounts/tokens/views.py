"""The page on which people make tokens for their programs and take them back."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from exchange.accounts.queries import full_label, organisations_by_ids
from exchange.accounts.tokens.queries import token_of_person, tokens_of
from exchange.accounts.tokens.service import LONGEST_NAME, NewToken, create_token, revoke_token
from exchange.kernel.act import Act
from exchange.kernel.errors import NotFound
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.forms import HouseForm, attempt, options
from exchange.web.locale import locale_code

bp = Blueprint("tokens", __name__)
NEVER = "0"
SENTENCES: dict[str, Any] = {
    "not_your_organisation": _l("You can only choose an organisation that you belong to."),
    "too_many_tokens": _l("You have very many tokens. Please take some back first."),
}


class TokenForm(HouseForm):
    """What a new token is for and what it may do."""

    name = StringField(
        _l("What is it for?"), validators=[InputRequired(), Length(max=LONGEST_NAME)]
    )
    organisation = SelectField(_l("Acts for"), coerce=int, validators=[InputRequired()])
    scope = RadioField(
        _l("What may it do?"),
        choices=options({"read": _l("Only read"), "write": _l("Read and write")}),
        default="read",
    )
    days = SelectField(
        _l("How long is it good?"),
        choices=options(
            {
                "30": _l("30 days"),
                "90": _l("90 days"),
                "365": _l("One year"),
                NEVER: _l("Until it is taken back"),
            }
        ),
        default="90",
    )


@bp.get("/me/tokens")
@access(SIGNED_IN)
def index() -> ResponseReturnValue:
    """The person's tokens, and a form for a new one."""
    return _page(_form())


@bp.post("/me/tokens")
@access(SIGNED_IN)
def create() -> ResponseReturnValue:
    """Make a token and show it this once."""
    form = _form()
    person_id = current_actor().person_id or 0

    def work(act: Act) -> NewToken:
        return create_token(
            act,
            person_id,
            form.organisation.data,
            form.name.data,
            may_write=form.scope.data == "write",
            days=int(form.days.data) or None,
        )

    made = attempt(form, work)
    if made is None:
        return _page(form), 422
    return _page(_form(fresh=True), secret=made.secret), 201


@bp.post("/me/tokens/<public_id>/revoke")
@access(SIGNED_IN)
def revoke(public_id: str) -> ResponseReturnValue:
    """Take a token back."""
    with acting() as act:
        token = token_of_person(act.session, act.actor.person_id or 0, public_id)
        if token is None:
            raise NotFound
        revoke_token(act, token)
    flash(_("The token is taken back. Nobody can use it any more."), "success")
    return redirect(url_for("tokens.index"))


def _form(*, fresh: bool = False) -> TokenForm:
    form = TokenForm(formdata=None) if fresh else TokenForm()
    actor = current_actor()
    found = organisations_by_ids(read_session(), actor.organisation_ids)
    names = {str(key): full_label(found[key], locale_code()) for key in sorted(found)}
    form.organisation.choices = options(names)
    if form.organisation.data is None:
        form.organisation.data = actor.organisation_id
    return form


def _page(form: TokenForm, secret: str = "") -> str:
    now = house().clock.now()
    tokens = tokens_of(read_session(), current_actor().person_id or 0)
    names = {one.id: full_label(one.organisation, locale_code()) for one in tokens}
    return render_template(
        "accounts/tokens.html", form=form, tokens=tokens, names=names, secret=secret, now=now
    )
