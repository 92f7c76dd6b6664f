"""What happens to messages and to the ways that lead to a person. Ids only."""

from dataclasses import dataclass

from exchange.kernel.events import Event


@dataclass(frozen=True)
class NotificationEvent(Event):
    """Anything that happens to a person's messages."""

    person_id: int


@dataclass(frozen=True)
class PreferencesChanged(NotificationEvent):
    """A person chose what reaches them, how and when."""


@dataclass(frozen=True)
class WechatBound(NotificationEvent):
    """A person's WeChat is known."""


@dataclass(frozen=True)
class WechatUnbound(NotificationEvent):
    """A person's WeChat is not known any more; ``cause`` is own, moved or the provider's code."""

    cause: str


@dataclass(frozen=True)
class DeliveryEvent(NotificationEvent):
    """Something about a message that was given up."""

    delivery_id: int


@dataclass(frozen=True)
class DeliveryUnreachable(DeliveryEvent):
    """The channel of a message has ended for this person; another may take it."""


@dataclass(frozen=True)
class DeliveryGivenUp(DeliveryEvent):
    """A message could not be delivered."""

    trouble: str


@dataclass(frozen=True)
class DeliveryRevived(DeliveryEvent):
    """Somebody lets a message be tried again."""

    by_person_id: int | None


@dataclass(frozen=True)
class DeliveryDropped(DeliveryEvent):
    """Somebody decided that a message is not sent."""

    by_person_id: int | None
