"""What happens to news of projects, and who follows them."""

from dataclasses import dataclass

from exchange.kernel.events import Event
from exchange.projects.events import ProjectEvent


@dataclass(frozen=True)
class NewsEvent(ProjectEvent):
    """Something about one piece of news."""

    update_id: int


@dataclass(frozen=True)
class NewsPosted(NewsEvent):
    """There is news of a project. ``milestone_id``: the step that was reached with it."""

    milestone_id: int | None


@dataclass(frozen=True)
class NewsChanged(NewsEvent):
    """It says or shows something else now."""


@dataclass(frozen=True)
class NewsWithdrawn(NewsEvent):
    """It is gone from every page, and its pictures are deleted. ``poster_id``: whose it was."""

    poster_id: int


@dataclass(frozen=True)
class NewsAsked(ProjectEvent):
    """The project's people were asked for news, since there was none for long."""


@dataclass(frozen=True)
class FollowEvent(Event):
    """Somebody's own: it names the project, but does not reach its organisation."""

    person_id: int
    followed_id: int


@dataclass(frozen=True)
class ProjectFollowed(FollowEvent):
    """Somebody follows a project."""


@dataclass(frozen=True)
class ProjectUnfollowed(FollowEvent):
    """Somebody follows it no more."""
