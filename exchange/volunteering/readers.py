"""Who looks in this request."""

from exchange.volunteering.showing import Reader
from exchange.web.acting import current_actor, house
from exchange.web.locale import locale_code


def reader() -> Reader:
    """The actor, the moment, the language and the time zone of this request."""
    kept = house()
    return Reader(current_actor(), kept.clock.now(), locale_code(), kept.settings.time_zone)
