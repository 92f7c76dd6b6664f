"""The words of notices about activities and shifts."""

from flask_babel import lazy_gettext as _l

from exchange.notifications.kinds import Kind
from exchange.notifications.words import Outward

NOTICES = {
    "activity_cancelled": _l("“%(title)s” is called off: %(reason)s"),
    "activity_cancelled_left": _l("“%(title)s” is called off: nobody is left to run it."),
    "activity_held": _l(
        "“%(title)s” is being looked into. Your sign-up stays; we tell you if it is called off."
    ),
    "activity_goes_on": _l("“%(title)s” was looked into and goes on as before."),
    "shift_cancelled": _l("“%(title)s” on %(when)s does not take place: %(reason)s"),
    "shift_moved_ask": _l("“%(title)s” is now on %(when)s. %(place)s Can you still come?"),
    "shift_moved_waiting": _l("“%(title)s”, for which you wait, is now on %(when)s. %(place)s"),
    "shift_moved_up": _l(
        "A place is free, and it is yours: “%(title)s” on %(when)s. If you cannot come, please say "
        "so, and the next one moves up."
    ),
    "shift_tomorrow": _l("A reminder: “%(title)s” on %(when)s. %(place)s"),
    "shift_tomorrow_ask": _l(
        "A reminder: “%(title)s” on %(when)s. %(place)s Please say in one tap whether you come."
    ),
    "shift_soon": _l("It begins soon: “%(title)s” on %(when)s. %(place)s"),
    "shift_short": _l("“%(title)s” on %(when)s still lacks people: %(missing)s."),
    "shift_given_back": _l("Somebody cannot come to “%(title)s” on %(when)s after all."),
    "activity_coordinator": _l("You look after “%(title)s” from now on."),
}

# What leaves the site: no names, no titles, no places.
OUTWARD = {
    "activity_cancelled": Outward(
        Kind.ANSWERS, _l("An activity you signed up for is called off."), is_urgent=True
    ),
    "activity_cancelled_left": Outward(
        Kind.ANSWERS, _l("An activity you signed up for is called off."), is_urgent=True
    ),
    "activity_held": Outward(Kind.ANSWERS, _l("An activity of yours is being looked into.")),
    "activity_goes_on": Outward(Kind.VOLUNTEERING, _l("An activity of yours goes on.")),
    "shift_cancelled": Outward(
        Kind.ANSWERS, _l("A shift you signed up for is called off."), is_urgent=True
    ),
    "shift_moved_ask": Outward(
        Kind.ANSWERS, _l("Your shift was moved. Can you still come?"), is_urgent=True
    ),
    "shift_moved_waiting": Outward(Kind.VOLUNTEERING, _l("A shift for which you wait was moved.")),
    "shift_moved_up": Outward(Kind.ANSWERS, _l("You have moved up: a place is yours.")),
    "shift_tomorrow": Outward(Kind.VOLUNTEERING, _l("A reminder of your next shift.")),
    "shift_tomorrow_ask": Outward(
        Kind.VOLUNTEERING, _l("A reminder of your next shift. Do you come?")
    ),
    "shift_soon": Outward(Kind.VOLUNTEERING, _l("Your shift begins soon.")),
    "shift_short": Outward(Kind.VOLUNTEERING, _l("One of your shifts lacks people.")),
    "shift_given_back": Outward(Kind.VOLUNTEERING, _l("Somebody cannot come to a shift.")),
    "activity_coordinator": Outward(Kind.VOLUNTEERING, _l("You look after an activity.")),
}
