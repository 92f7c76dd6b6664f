"""Kinds, channels, rhythms and troubles in words."""

from typing import Any

from flask_babel import lazy_gettext as _l

from exchange.notifications.kinds import Channel, Kind, Rhythm

KINDS: dict[Kind, Any] = {
    Kind.ANSWERS: _l("Answers to me"),
    Kind.MATCHES: _l("My matches"),
    Kind.LISTINGS: _l("My posts"),
    Kind.VOLUNTEERING: _l("Volunteering"),
    Kind.ALERTS: _l("What I follow"),
    Kind.STATION: _l("Station work"),
    Kind.SECURITY: _l("My account"),
}
HINTS: dict[Kind, Any] = {
    Kind.ANSWERS: _l("Somebody asks or answers you, invites you, or has decided."),
    Kind.MATCHES: _l("Amounts, deliveries and outcomes of what you agreed on."),
    Kind.LISTINGS: _l("Your posts are published, come back, or end soon."),
    Kind.VOLUNTEERING: _l("Shifts that are soon, and news of the activities you look after."),
    Kind.ALERTS: _l("Something new fits a search you follow, or a bulletin comes out."),
    Kind.STATION: _l("What waits for social workers: reviews, answers of both sides, plans."),
    Kind.SECURITY: _l("Somebody changed your password or the like. Always, at once."),
}
CHANNELS: dict[Channel, Any] = {
    Channel.SMS: _l("Short message"),
    Channel.WECHAT: _l("WeChat"),
    Channel.EMAIL: _l("E-mail"),
}
RHYTHMS: dict[Rhythm, Any] = {
    Rhythm.AT_ONCE: _l("At once"),
    Rhythm.DAILY: _l("Once a day, at eight"),
    Rhythm.WEEKLY: _l("On Mondays, at eight"),
    Rhythm.OFF: _l("Not at all"),
}
TROUBLES: dict[str, Any] = {
    "timeout": _l("The provider did not answer in time."),
    "unreachable": _l("The provider cannot be reached."),
    "not_configured": _l("The channel is not set up on this site."),
    "no_template": _l("No template is set up for this kind of message."),
    "no_tls": _l("The mail server offers no safe connection."),
    "bad_number": _l("The provider says that the number does not exist."),
    "blocked": _l("The provider or the person blocks our messages."),
    "bad_template": _l("The provider does not know the template."),
    "bad_text": _l("The provider refuses the text."),
    "http_401": _l("The provider refuses our key."),
    "http_403": _l("The provider refuses our key."),
    "http_429": _l("The provider says: too many messages."),
    "wechat_40037": _l("WeChat does not know the template."),
    "wechat_45009": _l("The day's number of WeChat messages is used up."),
    "wechat_47003": _l("WeChat refuses the words for the template."),
}
OTHER_TROUBLES: dict[str, Any] = {
    "smtp": _l("The mail server refuses it (%(code)s)."),
    "wechat": _l("WeChat refuses it (%(code)s)."),
    "http": _l("The provider has a fault (%(code)s)."),
}
SENTENCES: dict[str, Any] = {
    "delivery_decided": _l("Somebody has already decided about this message."),
    "quiet_hours_same": _l("Please choose two different hours, or switch the quiet hours off."),
    "hours_form": _l("Please choose hours from the list."),
    "wechat_missing": _l("This site has no WeChat account."),
}


def trouble_text(code: str | None) -> str:
    """Why a message was not delivered."""
    if code in TROUBLES:
        return str(TROUBLES[code])
    kind, _, number = (code or "").partition("_")
    said = OTHER_TROUBLES.get(kind)
    return str(said) % {"code": number} if said and number else str(_FAILED)


_FAILED = _l("It could not be handed over.")
