"""How often people may try. Many phones share one address of the network, so those are wide."""

from datetime import timedelta

from exchange.web.throttle import Limit

QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)

SIGN_IN_PAIR = Limit("sign_in.pair", 10, QUARTER)
SIGN_IN_ACCOUNT = Limit("sign_in.account", 50, HOUR)
SIGN_IN_NETWORK = Limit("sign_in.network", 200, QUARTER)
SIGN_UP_NETWORK = Limit("sign_up.network", 30, HOUR)
SEND_ADDRESS = Limit("code_send.address", 5, HOUR)
SEND_NETWORK = Limit("code_send.network", 60, HOUR)
TRY_ADDRESS = Limit("code_try.address", 20, HOUR)
TRY_NETWORK = Limit("code_try.network", 200, HOUR)
PASSWORD_PERSON = Limit("password.person", 10, QUARTER)
INVITE_PERSON = Limit("invite.person", 60, HOUR)
VOUCH_PERSON = Limit("vouch.person", 30, HOUR)
