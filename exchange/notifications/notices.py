"""The words of notices about people and organisations."""

from flask_babel import lazy_gettext as _l

from exchange.notifications.kinds import Kind
from exchange.notifications.words import Outward

NOTICES = {
    "verification_requested": _l("“%(organisation)s” asks to be verified."),
    "organisation_verified": _l("“%(organisation)s” is verified now."),
    "organisation_refused": _l(
        "“%(organisation)s” could not be verified. The reason is on its page."
    ),
    "member_invited": _l("You are invited to “%(organisation)s”."),
    "sign_up_repeated": _l(
        "Somebody tried to sign up with your phone or e-mail. If it was you, just sign in."
    ),
    "wechat_bound": _l("Your messages go to WeChat now. If it was not you, unbind it at once."),
    "wechat_moved": _l(
        "Your WeChat was bound to another account, so it gets no messages of yours any more."
    ),
    "wechat_lost": _l(
        "WeChat does not take our messages for you any more. Follow the account again, then bind "
        "your WeChat anew."
    ),
    "password_changed": _l("Your password was changed. If it was not you, set a new one at once."),
}

# What leaves the site: no names, no titles.
OUTWARD = {
    "verification_requested": Outward(Kind.STATION, _l("An organisation asks to be verified.")),
    "organisation_verified": Outward(Kind.ANSWERS, _l("Your organisation is verified.")),
    "organisation_refused": Outward(Kind.ANSWERS, _l("Your organisation was not verified.")),
    "member_invited": Outward(Kind.ANSWERS, _l("An organisation invites you.")),
    "sign_up_repeated": Outward(Kind.SECURITY, _l("Somebody tried to sign up with your address.")),
    "password_changed": Outward(Kind.SECURITY, _l("Your password was changed.")),
    "wechat_bound": Outward(Kind.SECURITY, _l("A WeChat account now gets your messages.")),
    "wechat_moved": Outward(Kind.SECURITY, _l("Your WeChat gets no messages any more.")),
    "wechat_lost": Outward(Kind.SECURITY, _l("Your WeChat gets no messages any more.")),
}
