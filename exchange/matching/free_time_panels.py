"""When the volunteer behind an offer has time, told beside the reasons.

It is no feature and weighs nothing: the dates of the offer are matched, and a person decides
whether the weekday fits.
"""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from exchange.listings.kinds import Form
from exchange.listings.models import Listing
from exchange.matching.sentences import ReasonLine
from exchange.volunteering.availability.labels import times_text
from exchange.volunteering.availability.queries import by_listing

CODE = "free_times"
SAID = _l("Has time: %(times)s")


def free_times(session: Session, offers: Iterable[Listing]) -> dict[int, ReasonLine]:
    """By offer the line that says it; one query, and none where no volunteer is among them."""
    ids = [one.id for one in offers if one.form is Form.AVAILABILITY]
    return {
        key: ReasonLine(CODE, "+", 0.0, str(SAID) % {"times": times_text(row.times)})
        for key, row in by_listing(session, ids).items()
    }
