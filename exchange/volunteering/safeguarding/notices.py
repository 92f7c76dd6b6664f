"""The words of notices about ages, consents and checks; no names, and no dates of birth."""

from flask_babel import lazy_gettext as _l

from exchange.notifications.kinds import Kind
from exchange.notifications.words import Outward

NOTICES = {
    "safeguard_asked_consent": _l(
        "A volunteer under 18 wants to come to “%(activity)s” and tells you whom to ask for "
        "consent."
    ),
    "safeguard_asked_check": _l(
        "A volunteer wants to come to “%(activity)s” and asks for a check for work with children."
    ),
    "age_asked_again": _l("Please say your age again before you sign up for the next shift."),
    "guardian_agreed_volunteer": _l(
        "Your guardian's consent is on record with “%(organisation)s”. You can sign up now."
    ),
    "guardian_agreed": _l("A guardian has agreed by the link. The volunteer can sign up now."),
    "guardian_refused": _l("A guardian does not agree. The volunteer cannot sign up."),
    "guardian_refused_volunteer": _l(
        "Your guardian does not agree that you volunteer with “%(organisation)s”."
    ),
    "guardian_withdrew": _l("A guardian's consent was withdrawn at “%(organisation)s”."),
    "guardian_withdrew_volunteer": _l(
        "The consent of your guardian with “%(organisation)s” does not hold any more."
    ),
    "places_without_consent": _l(
        "Places of yours with “%(organisation)s” went back, because no consent of your guardian "
        "covers them: %(count)s."
    ),
    "place_outside_age": _l(
        "Your place in “%(title)s” on %(when)s went back: by what you said of your age, it is for "
        "another age."
    ),
    "place_outside_age_team": _l(
        "A volunteer is out of “%(title)s” on %(when)s: by their age it is not for them. If "
        "somebody waited, they moved up."
    ),
    "guardian_consent_ending": _l(
        "A guardian's consent with “%(organisation)s” ends on %(day)s. Please ask again in time."
    ),
    "guardian_link_not_sent": _l(
        "The link to a guardian could not be sent. Please check the number, or choose another way."
    ),
    "check_recorded": _l(
        "“%(organisation)s” has put your check for work with children on record. It is good until "
        "%(day)s."
    ),
    "check_objected": _l(
        "A volunteer of “%(organisation)s” says that the check on record about them is wrong."
    ),
    "check_removed": _l(
        "The check for work with children with “%(organisation)s” does not count any more."
    ),
    "check_ending": _l(
        "A check for work with children with “%(organisation)s” expires on %(day)s. Please have it "
        "made again."
    ),
    "children_adults_lacking": _l(
        "“%(title)s” on %(when)s: fewer than two adults have a place (%(adults)s). With children "
        "there are always two."
    ),
    "children_checks_lacking": _l(
        "“%(title)s” on %(when)s: %(people)s of those who come have no check that is good on that "
        "day."
    ),
}

OUTWARD = {
    "safeguard_asked_consent": Outward(
        Kind.ANSWERS, _l("A young volunteer waits for the guardian's consent.")
    ),
    "safeguard_asked_check": Outward(Kind.ANSWERS, _l("A volunteer asks for a check.")),
    "age_asked_again": Outward(Kind.VOLUNTEERING, _l("Please say your age again.")),
    "guardian_agreed_volunteer": Outward(Kind.ANSWERS, _l("You can sign up now.")),
    "guardian_agreed": Outward(Kind.ANSWERS, _l("A guardian has answered.")),
    "guardian_refused": Outward(Kind.ANSWERS, _l("A guardian has answered.")),
    "guardian_refused_volunteer": Outward(Kind.ANSWERS, _l("Your guardian has answered.")),
    "guardian_withdrew": Outward(Kind.ANSWERS, _l("A guardian's consent was withdrawn.")),
    "guardian_withdrew_volunteer": Outward(
        Kind.ANSWERS, _l("A consent of your guardian does not hold any more.")
    ),
    "places_without_consent": Outward(
        Kind.ANSWERS, _l("Places of yours went back."), is_urgent=True
    ),
    "place_outside_age": Outward(Kind.ANSWERS, _l("A place of yours went back."), is_urgent=True),
    "place_outside_age_team": Outward(Kind.VOLUNTEERING, _l("A volunteer is out of a shift.")),
    "guardian_consent_ending": Outward(Kind.VOLUNTEERING, _l("A guardian's consent ends soon.")),
    "guardian_link_not_sent": Outward(Kind.ANSWERS, _l("A link to a guardian was not sent.")),
    "check_recorded": Outward(Kind.ANSWERS, _l("Your check is on record.")),
    "check_objected": Outward(Kind.ANSWERS, _l("A volunteer objects to a record.")),
    "check_removed": Outward(Kind.ANSWERS, _l("A check does not count any more.")),
    "check_ending": Outward(Kind.VOLUNTEERING, _l("A check for work with children expires soon.")),
    "children_adults_lacking": Outward(
        Kind.VOLUNTEERING, _l("A shift with children lacks adults.")
    ),
    "children_checks_lacking": Outward(
        Kind.VOLUNTEERING, _l("A shift with children lacks checks.")
    ),
}
