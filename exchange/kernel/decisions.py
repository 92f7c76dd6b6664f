"""A rule's answer: yes or no, with a code and its parameters, never a sentence.

Doors (and notifications, in the recipient's language) turn the code into words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True)
class Decision:
    """Yes or no, why, and the values that belong into the sentence."""

    yes: bool
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.yes


_ALLOWED = Decision(yes=True, code="allowed", params=MappingProxyType({}))


def allow(code: str = "allowed", **params: Any) -> Decision:
    """A yes."""
    if code == "allowed" and not params:
        return _ALLOWED
    return Decision(yes=True, code=code, params=params)


def refuse(code: str, **params: Any) -> Decision:
    """A no with its reason."""
    return Decision(yes=False, code=code, params=params)
