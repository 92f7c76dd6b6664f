"""The words of moderation's notices. Those to owners say nothing of who reported."""

from flask_babel import lazy_gettext as _l

from exchange.notifications.kinds import Kind
from exchange.notifications.words import Outward

NOTICES = {
    "moderation_reported": _l("Somebody reported something in your area. Please look."),
    "moderation_reported_urgent": _l(
        "A report about a child in danger or about private data. Please look at once."
    ),
    "moderation_held_by_itself": _l(
        "Several people reported the same post. It is hidden until somebody has looked."
    ),
    "moderation_referred": _l("A station passes a report on to the centre."),
    "moderation_changed": _l("What you asked to be put right is to be looked at again."),
    "moderation_overdue": _l("A report in your area has waited too long. Please look."),
    "moderation_appealed": _l("An appeal waits for another person to look again."),
    "appeal_needs_somebody": _l(
        "An appeal waits that nobody may decide. Please name a second supervisor."
    ),
    "moderation_mend": _l("“%(what)s”: the station asks you to put something right."),
    "moderation_held": _l("“%(what)s” is hidden for now while somebody looks into it."),
    "moderation_taken_down": _l("“%(what)s” was taken down. You can read why, and appeal."),
    "moderation_suspended": _l(
        "“%(what)s”: your organisation is suspended. You can read why, and appeal."
    ),
    "moderation_released": _l("“%(what)s” is shown again as before."),
    "appeal_upheld": _l("Your appeal was right: “%(what)s” stands again as before."),
    "appeal_dismissed": _l("Your appeal about “%(what)s” was looked at. The decision stays."),
    "report_dealt_with": _l("What you reported was looked at and dealt with. Thank you."),
}

# What leaves the site: no names, no titles.
_WORK = Outward(Kind.STATION, _l("New work waits at your station."))
_POST = Outward(Kind.LISTINGS, _l("There is news of one of your posts."))
OUTWARD = {
    "moderation_reported": _WORK,
    "moderation_reported_urgent": _WORK,
    "moderation_held_by_itself": _WORK,
    "moderation_referred": _WORK,
    "moderation_changed": _WORK,
    "moderation_overdue": _WORK,
    "moderation_appealed": _WORK,
    "appeal_needs_somebody": _WORK,
    "moderation_mend": _POST,
    "moderation_held": Outward(Kind.LISTINGS, _l("Your post is being looked into.")),
    "moderation_taken_down": _POST,
    "moderation_released": _POST,
}
