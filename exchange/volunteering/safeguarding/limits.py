"""How many links one person may have sent: they go to people who have asked for nothing."""

from datetime import timedelta

from exchange.web.throttle import Limit

LINKS = Limit("guardian.link", 40, timedelta(days=1))
