"""The words of notices about people and organisations."""

from flask_babel import lazy_gettext as _l

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
    "password_changed": _l("Your password was changed. If it was not you, set a new one at once."),
}
