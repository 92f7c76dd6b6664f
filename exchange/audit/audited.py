"""How the audit keeps the columns of one table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Audited:
    """How the columns of a table are kept; each attribute lists names, parted by spaces.

    ``of`` names columns with the person whom personal values concern, the first that is set; a
    row without one belongs to whom its ids lead to, else to whoever acts. ``row_is`` is what other
    rows and events call the id of this one. ``opened`` names where a ciphertext of the house is
    bound to, ahead of the row's public id: its clear value is sealed anew.
    """

    plain: str = ""
    personal: str = ""
    skipped: str = ""
    of: str = ""
    row_is: str = ""
    opened: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def kept(self) -> dict[str, bool]:
        """Every kept column, and whether it is personal."""
        personal = set(self.personal.split())
        return {name: name in personal for name in f"{self.plain} {self.personal}".split()}

    @cached_property
    def all(self) -> list[str]:
        """Every column that is named, also more than once."""
        return f"{self.plain} {self.personal} {self.skipped}".split()
