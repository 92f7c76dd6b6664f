"""The name of somebody who has left: a word in the reader's language, never part of a real name."""


class LeftName(str):
    """What stands in place of the name of somebody whose account is closed. It is not masked."""

    __slots__ = ()
