"""The words of notices about open accounts."""

from flask_babel import lazy_gettext as _l

from exchange.notifications.kinds import Kind
from exchange.notifications.words import Outward

NOTICES = {
    "ledger_waits": _l("“%(title)s”: an entry waits for you as the second person."),
    "ledger_booked": _l("“%(title)s”: an entry that you recorded is approved and booked."),
    "ledger_refused": _l("“%(title)s”: an entry that you recorded was refused. Read why."),
    "ledger_treasurer": _l("You keep the accounts of “%(title)s” now."),
    "ledger_approver": _l("You are the second person for the accounts of “%(title)s” now."),
    "ledger_limit": _l("“%(title)s”: from which sum on two people are needed has changed."),
}

# What leaves the site: no names, no titles, no sums.
OUTWARD = {
    "ledger_waits": Outward(Kind.ANSWERS, _l("An entry of a project waits for you.")),
    "ledger_booked": Outward(Kind.ANSWERS, _l("An entry of a project is approved.")),
    "ledger_refused": Outward(Kind.ANSWERS, _l("An entry of a project was refused.")),
    "ledger_treasurer": Outward(Kind.ANSWERS, _l("You keep the accounts of a project now.")),
    "ledger_approver": Outward(Kind.ANSWERS, _l("You approve the accounts of a project now.")),
    "ledger_limit": Outward(Kind.ANSWERS, _l("The accounts of a project have a new rule.")),
}
