"""The words of notices about messages to a shift. What leaves the site says nothing of them."""

from flask_babel import lazy_gettext as _l

from exchange.notifications.kinds import Kind
from exchange.notifications.words import Outward

NOTICES = {
    "shift_message": _l("A message about “%(title)s” on %(when)s. Please read it."),
    "shift_message_soon": _l("A message about “%(title)s” on %(when)s. Please read it now."),
    "shift_question": _l("Somebody has a question about “%(title)s” on %(when)s."),
    "shift_asked_again": _l("Do you come to “%(title)s” on %(when)s? Please say so in one tap."),
    "shift_release_asked": _l(
        "Do you come to “%(title)s” on %(when)s? Please say so by %(until)s; after that your place "
        "goes to somebody else: %(reason)s"
    ),
    "shift_released": _l(
        "You had not said by the time we gave whether you come, so your place in “%(title)s” on "
        "%(when)s went to others: %(reason)s"
    ),
}
OUTWARD = {
    "shift_message": Outward(Kind.ANSWERS, _l("A message about your shift waits for you.")),
    "shift_message_soon": Outward(
        Kind.ANSWERS, _l("A message about your shift waits for you."), is_urgent=True
    ),
    "shift_question": Outward(Kind.ANSWERS, _l("A volunteer has a question.")),
    "shift_asked_again": Outward(Kind.ANSWERS, _l("Do you come to your shift? Please answer.")),
    "shift_release_asked": Outward(
        Kind.ANSWERS, _l("Do you come to your shift? Please answer."), is_urgent=True
    ),
    "shift_released": Outward(Kind.ANSWERS, _l("Your place in a shift went to others.")),
}
