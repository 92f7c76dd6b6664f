"""What was sent, without NULs: nobody types them, and no database stores them."""

from collections.abc import Iterable
from typing import Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict


class PlainValues(ImmutableMultiDict[str, Any]):
    """Parameters of an address or fields of a form, their texts without NULs."""

    def __init__(self, pairs: Iterable[tuple[str, Any]] = ()) -> None:
        super().__init__(
            [
                (name, value.replace("\0", "") if isinstance(value, str) else value)
                for name, value in pairs
            ]
        )


class HouseRequest(Request):
    """The request of every door."""

    parameter_storage_class = PlainValues
