"""Binding one's WeChat: from one's own page inside WeChat, or by a link that is opened there.

WeChat's browser comes back with a ``state`` that stands in this browser's session. The way there is
a plain link: our policy lets forms lead to this site only.
"""

import hmac
import secrets as randomness
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.kernel.errors import ConfigurationError, Conflict, NotFound
from exchange.notifications import limits
from exchange.notifications.channels import wechat_account
from exchange.notifications.port import NotSent
from exchange.notifications.wechat.official_account import WechatAccount
from exchange.notifications.wechat.service import (
    LIFE,
    bind_wechat,
    binding_of,
    invite_wechat,
    invited_by_code,
    unbind_wechat,
    use_invitation,
)
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.dates import local_moment
from exchange.web.throttle import count_try, visitor_key

bp = Blueprint("wechat", __name__)
ON_ITS_WAY = "wechat"  # in the session: state, since when, and the code of a link
INSIDE = "MicroMessenger"
LONGEST_CODE = 200


def account() -> WechatAccount:
    """The site's account. Raises NotFound where it has none."""
    try:
        return wechat_account(house().settings)
    except ConfigurationError as error:
        raise NotFound("wechat_missing") from error


def is_inside() -> bool:
    """Whether WeChat's own browser asks."""
    return INSIDE in request.headers.get("User-Agent", "")


@bp.get("/me/wechat")
@access(SIGNED_IN)
def page() -> ResponseReturnValue:
    """Whether my WeChat is bound, and the way to bind it."""
    return _page(account(), "")


@bp.post("/me/wechat/link")
@access(SIGNED_IN)
def link() -> ResponseReturnValue:
    """A link to open in WeChat, good for ten minutes."""
    chosen, person_id = account(), current_actor().person_id
    count_try(limits.INVITE_PERSON, str(person_id))
    with acting() as act:
        code = invite_wechat(act)
    base = house().settings.base_url.rstrip("/")
    return _page(chosen, base + url_for("wechat.invited", code=code))


def _page(chosen: WechatAccount, made: str) -> str:
    bound = binding_of(read_session(), current_actor().person_id or 0)
    return render_template(
        "notifications/wechat.html",
        since=local_moment(bound.bound_at) if bound else "",
        inside=is_inside(),
        go=_way_there(chosen, "") if is_inside() else "",
        made=made,
        minutes=int(LIFE.total_seconds() // 60),
    )


@bp.get("/wechat/bind/<code>")
@access(PUBLIC)
def invited(code: str) -> ResponseReturnValue:
    """The link as it opens in WeChat: whose account it is, and the way on."""
    count_try(limits.BIND_NETWORK, visitor_key())
    chosen = account()
    kept = house()
    person = invited_by_code(read_session(), kept.secrets, code, kept.clock.now())
    return render_template(
        "notifications/wechat_invited.html",
        name=person.name,
        inside=is_inside(),
        go=_way_there(chosen, code) if is_inside() else "",
    )


def _way_there(chosen: WechatAccount, code: str) -> str:
    state = randomness.token_hex(16)
    session[ON_ITS_WAY] = {"state": state, "at": house().clock.now().timestamp(), "code": code}
    back = house().settings.base_url.rstrip("/") + url_for("wechat.back")
    return chosen.authorise_url(back, state)


@bp.get("/wechat/back")
@access(PUBLIC)
def back() -> ResponseReturnValue:
    """Back from WeChat's sign-in, with a code that says whose it is."""
    count_try(limits.BIND_NETWORK, visitor_key())
    chosen, kept = account(), session.pop(ON_ITS_WAY, None)
    code = request.args.get("code", "")
    if not _is_ours(kept, request.args.get("state", "")) or not 0 < len(code) <= LONGEST_CODE:
        return _sorry()
    try:
        openid = chosen.openid_of(code)
    except NotSent:
        return _sorry()
    return _bind(openid, str(kept.get("code", "")))


def _is_ours(kept: Any, state: str) -> bool:
    """Whether this browser was sent there by us, a short while ago."""
    if not isinstance(kept, dict) or not state.isascii():
        return False
    age = house().clock.now().timestamp() - float(kept.get("at", 0))
    is_same = hmac.compare_digest(str(kept.get("state", "")), state)
    return is_same and timedelta(0) <= timedelta(seconds=age) <= LIFE


def _bind(openid: str, invitation: str) -> ResponseReturnValue:
    person_id = current_actor().person_id
    if not invitation and person_id is None:
        return _sorry()
    try:
        with acting() as act:
            whose = use_invitation(act, invitation) if invitation else person_id or 0
            bind_wechat(act, whose, openid)
    except Conflict:
        return _sorry()
    if invitation:
        return render_template("notifications/wechat_done.html")
    flash(_("Your messages come to this WeChat now."), "success")
    return redirect(url_for("wechat.page"))


def _sorry() -> ResponseReturnValue:
    return render_template("notifications/wechat_failed.html"), 400


@bp.post("/me/wechat/unbind")
@access(SIGNED_IN)
def unbind() -> ResponseReturnValue:
    """Forget my WeChat."""
    with acting() as act:
        was_bound = unbind_wechat(act, act.actor.person_id or 0)
    if was_bound:
        flash(_("Your WeChat is unbound. No message goes there any more."), "success")
    return redirect(url_for("notifications.messages"))
