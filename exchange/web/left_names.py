"""A column of names: where the name was erased, the reader reads that somebody has left.

It stands in one place, so that no page, API or message can forget it.
"""

from typing import Any

import sqlalchemy as sa
from flask import has_app_context
from flask_babel import gettext as _

from exchange.kernel.left_names import LeftName


class NameText(sa.types.TypeDecorator[str]):
    """Text of a limited length. An empty one is read as a ``LeftName`` in the present language."""

    impl = sa.String
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """The name as it is kept, or the words for one that was erased."""
        return left_name() if value == "" else value


def left_name() -> LeftName:
    """Somebody who has left, in the present language."""
    words = "Somebody who has left"
    return LeftName(_("Somebody who has left") if has_app_context() else words)
