"""Kinds of notices, ways out to a person, and what becomes of a message."""

from enum import StrEnum


class Kind(StrEnum):
    """Groups of notices that a person can choose about."""

    ANSWERS = "answers"
    MATCHES = "matches"
    LISTINGS = "listings"
    ALERTS = "alerts"
    VOLUNTEERING = "volunteering"
    STATION = "station"
    SECURITY = "security"  # cannot be switched off


class Channel(StrEnum):
    """Ways out to a person; the notice in the app is always there beside them."""

    SMS = "sms"
    WECHAT = "wechat"
    EMAIL = "email"


class Rhythm(StrEnum):
    """How soon a message goes out."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    OFF = "off"


class DeliveryState(StrEnum):
    """What has become of a delivery."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"  # given up; an operator or supervisor decides
    DROPPED = "dropped"  # somebody decided that it is not sent, or a newer one has replaced it
    NEEDLESS = "needless"  # the person has read it in the app before it was due
    UNREACHABLE = "unreachable"  # the person has no such address any more


class Then(StrEnum):
    """What to do about a message that was not taken."""

    RETRY = "retry"
    GIVE_UP = "give_up"
    UNBIND = "unbind"  # the address is no good for anything any more
