"""The person acting, on behalf of one organisation, as one immutable value.

It is loaded once per request or job by the accounts room and handed down; nobody below a door
asks who is signed in. The audience tokens are the third form of a permission (see
``listings.permissions``): they go into a search as part of the query.
"""

from dataclasses import dataclass, field
from enum import StrEnum

WHOLE_COUNTRY = "CN"


class Role(StrEnum):
    """What a membership allows. Manager includes member."""

    MEMBER = "member"
    MANAGER = "manager"


class Duty(StrEnum):
    """What a person does at a service point. Supervisor includes broker."""

    BROKER = "broker"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True)
class Actor:
    """Who acts. The empty value is a visitor who is not signed in."""

    person_id: int | None = None
    organisation_id: int | None = None
    organisation_kind: str = ""
    organisation_verified: bool = False
    organisation_ids: frozenset[int] = frozenset()
    manages: frozenset[int] = frozenset()
    division: str | None = None
    serves: tuple[str, ...] = ()
    supervises: tuple[str, ...] = ()
    service_point_id: int | None = None
    stands_in_for: frozenset[int] = frozenset()
    is_operator: bool = False
    is_system: bool = False
    phone_ok: bool = False
    name: str = ""
    locale: str = "zh"
    scopes: frozenset[str] = field(default_factory=lambda: frozenset({"all"}))

    @property
    def is_signed_in(self) -> bool:
        return self.person_id is not None

    @property
    def is_broker(self) -> bool:
        return bool(self.serves)

    def acts_for(self, person_id: int | None) -> bool:
        """Whether the actor is this person, or stands in for them while they are away."""
        if person_id is None:
            return False
        return person_id == self.person_id or person_id in self.stands_in_for

    @property
    def hands(self) -> tuple[int, ...]:
        """Ids of the people whose work is the actor's: their own, and those they stand in for."""
        own = () if self.person_id is None else (self.person_id,)
        return (*own, *sorted(self.stands_in_for))

    def belongs_to(self, organisation_id: int | None) -> bool:
        """Whether the person is an active member of the organisation."""
        return organisation_id is not None and organisation_id in self.organisation_ids

    def serves_division(self, code: str | None) -> bool:
        """Whether the division lies within one that the actor's service point serves."""
        return code is not None and any(covers(prefix, code) for prefix in self.serves)

    def supervises_division(self, code: str | None) -> bool:
        """Whether the division lies within one that the actor supervises."""
        return code is not None and any(covers(prefix, code) for prefix in self.supervises)


VISITOR = Actor()
SYSTEM = Actor(is_system=True, name="system")


def covers(prefix: str, code: str) -> bool:
    """Whether a coverage prefix (or CN for the whole country) contains a division code."""
    return prefix == WHOLE_COUNTRY or code.startswith(prefix)


def overlaps(prefix: str, other: str) -> bool:
    """Whether two coverage prefixes share any place: one contains the other."""
    return covers(prefix, other) or covers(other, prefix)


def ancestors(code: str) -> tuple[str, ...]:
    """CN and every division level above and including a code: 520422 → CN, 52, 5204, 520422."""
    if code == WHOLE_COUNTRY:
        return (WHOLE_COUNTRY,)
    return (WHOLE_COUNTRY, *(code[:n] for n in (2, 4, 6, 9, 12) if n <= len(code)))
