"""How often people may try. Many phones share one address of the network, so those are wide."""

from datetime import timedelta

from exchange.web.throttle import Limit

HOUR = timedelta(hours=1)

BIND_NETWORK = Limit("wechat_bind.network", 200, HOUR)
INVITE_PERSON = Limit("wechat_invite.person", 20, HOUR)
SHORT_LINK_NETWORK = Limit("short_link.network", 600, HOUR)
REVIVE_PERSON = Limit("undelivered.person", 300, HOUR)
