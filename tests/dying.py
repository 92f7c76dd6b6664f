"""A process that dies before any write of an act, played within the test's own process."""

import re
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa


class Killed(BaseException):
    """The process dies here."""


@pytest.fixture
def statements(engine: sa.Engine) -> Iterator[Callable[[int], None]]:
    """``statements(n)`` dies before the nth statement that writes."""
    left = [-1]

    def before(_c: object, _k: object, text: str, *_rest: object) -> None:
        if re.match(r"\s*(INSERT|UPDATE|DELETE)", text):
            left[0] -= 1
            if left[0] == 0:
                raise Killed

    def arm(number: int) -> None:
        left[0] = number

    sa.event.listen(engine, "before_cursor_execute", before)
    yield arm
    sa.event.remove(engine, "before_cursor_execute", before)
