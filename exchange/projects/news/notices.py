"""The words of notices about news of projects."""

from flask_babel import lazy_gettext as _l

from exchange.notifications.kinds import Kind
from exchange.notifications.words import Outward

NOTICES = {
    "project_news": _l("News of “%(title)s”: %(words)s"),
    "project_silent": _l(
        "“%(title)s” has had no news for %(days)s days. A picture and one sentence are enough."
    ),
    "project_news_withdrawn": _l("News that you had posted of “%(title)s” was taken back."),
}

# What leaves the site: no names, no titles.
OUTWARD = {
    "project_news": Outward(Kind.ALERTS, _l("A project that you follow has news.")),
    "project_silent": Outward(Kind.LISTINGS, _l("Your project has been silent for long.")),
    "project_news_withdrawn": Outward(Kind.LISTINGS, _l("News of yours was taken back.")),
}
