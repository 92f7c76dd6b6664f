"""The page behind the link in a proposal's message: yes or no, in two taps, without signing in."""

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, StringField
from wtforms.validators import AnyOf, InputRequired, Optional

from exchange.accounts.links.panels import (
    count_sent,
    language_of,
    link_actor,
    link_page,
    wrong_link,
)
from exchange.brokering.kinds import CloseReason
from exchange.brokering.labels import CLOSE_REASONS, DECLINE_REASONS
from exchange.brokering.life.answer_link_panels import link_view
from exchange.brokering.life.answer_links import OpenedLink, answer_by_link, opened_answer
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.web.access import PUBLIC, access
from exchange.web.acting import acting, house, read_session
from exchange.web.forms import HouseForm
from exchange.web.security import csrf
from exchange.web.sentences import sentence

bp = Blueprint("answer_link", __name__)
csrf.exempt(bp)
PAGE = "brokering/answer_link.html"
ADDRESS = "/a/<string(maxlength=64):token>"


class LinkAnswerForm(HouseForm):
    """Yes, or no with a reason. The token in the address stands for the site's own check."""

    class Meta:
        """No session, no check that rests on one."""

        csrf = False

    accept = HiddenField(validators=[InputRequired(), AnyOf(("yes", "no"))])
    reason = StringField(
        validators=[Optional(), AnyOf([reason.value for reason in DECLINE_REASONS])]
    )


@bp.get(ADDRESS)
@access(PUBLIC)
def show(token: str) -> ResponseReturnValue:
    """What is asked. Opening it changes nothing: previews and scanners open links, too."""
    try:
        opened = opened_answer(read_session(), house(), token)
    except NotFound:
        return wrong_link(PAGE)
    return _page(opened)


@bp.post(ADDRESS)
@access(PUBLIC)
def give(token: str) -> ResponseReturnValue:
    """Answer for the side, and use the link up."""
    count_sent()
    try:
        opened = opened_answer(read_session(), house(), token)
    except NotFound:
        return wrong_link(PAGE)
    form = LinkAnswerForm()
    actor, public_id, side = link_actor(opened.link), opened.match.public_id, opened.side
    if opened.closed:
        return _page(opened, status=409)
    if not form.validate() or (form.accept.data == "no" and not form.reason.data):
        return _page(opened, status=422, refused="link_say_why")
    reason = CloseReason(form.reason.data) if form.accept.data == "no" else None
    try:
        with acting(actor, via="link") as act:
            answer_by_link(
                act, token, public_id, side, accept=reason is None, reason=reason
            )
    except (Conflict, Forbidden, Invalid, NotFound) as error:
        return _refused(token, error)
    return redirect(url_for("answer_link.show", token=token), 303)


def _refused(token: str, error: Conflict | Forbidden | Invalid | NotFound) -> Response:
    """Why it could not be done; the link itself stays as it was."""
    try:
        opened = opened_answer(read_session(), house(), token)
    except NotFound:
        return wrong_link(PAGE)
    if opened.closed:
        return _page(opened, status=409)
    code = "link_not_yours" if isinstance(error, NotFound) else error.code
    return _page(opened, status=error.status if error.status != 404 else 403, refused=code)


def _page(opened: OpenedLink, status: int = 200, refused: str = "") -> Response:
    actor = link_actor(opened.link)
    with language_of(opened.link):
        if not actor.belongs_to(opened.link.organisation_id):
            return link_page(PAGE, 403, closed=sentence("link_not_yours"), view=None)
        used = opened.closed == "link_used"
        return link_page(
            PAGE,
            status,
            view=link_view(read_session(), opened, actor, house().clock.now()),
            closed=sentence(opened.closed) if opened.closed else "",
            refused=sentence(refused) if refused else "",
            reasons=[(one.value, CLOSE_REASONS[one]) for one in DECLINE_REASONS],
            thanks=used and request.method == "GET",
        )
