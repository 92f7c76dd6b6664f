"""The words of moderation's notices. Those to owners say nothing of who reported."""

from flask_babel import lazy_gettext as _l

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
