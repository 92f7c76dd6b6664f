"""What is said about children on a picture that others will see. Pure."""

from enum import StrEnum

from exchange.kernel.decisions import Decision, allow, refuse


class PictureStatement(StrEnum):
    """What whoever sends a picture says about children on it. Words: ``labels``."""

    NO_CHILD = "no_child"
    CHILD = "child"  # may be answered, and is refused
    CHILDREN_SAFE = "children_safe"  # kept with older pictures; cannot be answered any more


ANSWERS = (PictureStatement.NO_CHILD, PictureStatement.CHILD)


def children_allowed(answer: str) -> Decision:
    """Whether pictures with this answer may be shown: children are never public."""
    if answer == PictureStatement.NO_CHILD:
        return allow()
    return refuse("children_shown" if answer == PictureStatement.CHILD else "children_unsaid")
