"""How often people may report. Many phones share one address of the network."""

from datetime import timedelta

from exchange.web.throttle import Limit

REPORT_PERSON = Limit("report.person", 30, timedelta(days=1))
REPORT_NETWORK = Limit("report.network", 20, timedelta(hours=1))
