"""News of bulletins."""

from dataclasses import dataclass

from exchange.kernel.events import Event


@dataclass(frozen=True)
class BulletinPlaceEvent(Event):
    """Something about a place that has bulletins."""

    bulletin_place_id: int


@dataclass(frozen=True)
class BulletinPlaceOpened(BulletinPlaceEvent):
    """A place has bulletins from now on."""


@dataclass(frozen=True)
class BulletinPlaceChanged(BulletinPlaceEvent):
    """Its day, hour, editor or approval is another, or it rests or goes on."""


@dataclass(frozen=True)
class BulletinMissed(BulletinPlaceEvent):
    """Its day went by without a bulletin; ``bulletin_id`` where one waits to be approved."""

    bulletin_id: int | None


@dataclass(frozen=True)
class BulletinFollowed(BulletinPlaceEvent):
    """A person follows the bulletins of a place."""

    person_id: int


@dataclass(frozen=True)
class BulletinUnfollowed(BulletinPlaceEvent):
    """A person follows them no more."""

    person_id: int


@dataclass(frozen=True)
class BulletinEvent(Event):
    """Something about one issue."""

    bulletin_id: int
    bulletin_place_id: int


@dataclass(frozen=True)
class BulletinComposed(BulletinEvent):
    """It was put together from what is there."""


@dataclass(frozen=True)
class BulletinEdited(BulletinEvent):
    """Its words, its order, or what is left out have changed."""


@dataclass(frozen=True)
class BulletinSubmitted(BulletinEvent):
    """Its editor is done; it waits for approval."""


@dataclass(frozen=True)
class BulletinSentBack(BulletinEvent):
    """It goes back to its editor with a note."""


@dataclass(frozen=True)
class BulletinPublished(BulletinEvent):
    """It came out. ``is_first``: not merely again, after it was taken down."""

    is_first: bool


@dataclass(frozen=True)
class BulletinDropped(BulletinEvent):
    """It will not come out."""
