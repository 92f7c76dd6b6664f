"""The words of notices about hours and certificates."""

from flask_babel import lazy_gettext as _l

from exchange.notifications.kinds import Kind
from exchange.notifications.words import Outward

NOTICES = {
    "attend_put_on_list": _l(
        "“%(organisation)s” put you on the list of “%(activity)s” on %(day)s. If you were not "
        "there, please tell them."
    ),
    "hours_proposed": _l("Hours of “%(activity)s” on %(day)s wait for your approval."),
    "hours_approved": _l(
        "Your hours at “%(activity)s” on %(day)s are approved: %(hours)s h %(minutes)s min."
    ),
    "hours_objected": _l("A volunteer objects to their hours at “%(activity)s” on %(day)s."),
    "certificate_ready": _l("“%(organisation)s” has made your volunteering certificate."),
    "certificate_revoked": _l("“%(organisation)s” has revoked a certificate of yours."),
}

# What leaves the site: no names, no titles.
OUTWARD = {
    "attend_put_on_list": Outward(Kind.VOLUNTEERING, _l("You were put on the list of a shift.")),
    "hours_proposed": Outward(Kind.ANSWERS, _l("Volunteer hours wait for your approval.")),
    "hours_approved": Outward(Kind.ANSWERS, _l("Your volunteer hours are approved.")),
    "hours_objected": Outward(Kind.ANSWERS, _l("A volunteer objects to their hours.")),
    "certificate_ready": Outward(Kind.ANSWERS, _l("Your volunteer certificate is ready.")),
    "certificate_revoked": Outward(Kind.ANSWERS, _l("One of your certificates was revoked.")),
}
