"""What a need may be posted for, beside an undertaking: later rooms say how.

A purpose stands in the address of the page as a parameter of its own, such as ``project=…``. Once
the need is posted it is handed to the purpose, and the person goes on there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy.orm import Session

from exchange.kernel.act import Act, House
from exchange.kernel.actor import Actor
from exchange.listings.models import Listing

PURPOSES = "listings.post_purposes"


@dataclass(frozen=True)
class Purpose:
    """What the page says of it, where it leads, and what the form starts with."""

    label: str
    title: str
    url: str
    kept: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PurposeKind:
    """``read`` gives a purpose to those who may post for it; ``take`` receives the posted need and
    returns the code of what stands against it, if anything.
    """

    parameter: str
    read: Callable[[Session, Actor, str], Purpose | None]
    take: Callable[[Act, Listing, str], str | None]


def add_purpose(house: House, kind: PurposeKind) -> None:
    """Let needs be posted for something of a later room."""
    house.resources.setdefault(PURPOSES, []).append(kind)


def asked_purpose(house: House, values: Mapping[str, Any]) -> tuple[PurposeKind, str] | None:
    """The kind and the id that an address or a form names."""
    kinds = cast("list[PurposeKind]", house.resources.get(PURPOSES, []))
    for kind in kinds:
        public_id = str(values.get(kind.parameter, ""))[:20]
        if public_id.isalnum():
            return kind, public_id
    return None
