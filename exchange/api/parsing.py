"""Reading requests so that no body can break the reader: size, depth, numbers, types."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NoReturn

import marshmallow as ma
from flask import Request
from webargs.core import missing
from webargs.flaskparser import FlaskParser, is_json_request

from exchange.api.problems import MediaType, Unreadable
from exchange.kernel.errors import Invalid

LONGEST_NUMBER = 40
LOCATIONS = ("json", "query", "form", "files", "_schema")


class StrictParser(FlaskParser):
    """Bodies are JSON with exact numbers; refusals are our named errors."""

    def _raw_load_json(self, req: Request) -> Any:
        body = req.get_data(cache=True)
        if not body.strip():
            return missing
        if not is_json_request(req):
            raise MediaType
        return read_json(body)

    def handle_error(
        self,
        error: ma.ValidationError,
        req: Request,  # noqa: ARG002 - the parser's signature
        schema: ma.Schema,  # noqa: ARG002 - the parser's signature
        *,
        error_status_code: int | None,  # noqa: ARG002 - the parser's signature
        error_headers: Mapping[str, str] | None,  # noqa: ARG002 - the parser's signature
    ) -> NoReturn:
        """Raise Invalid with the codes by the path of the field."""
        raise Invalid(fields=by_path(error.messages)) from error


def read_json(body: bytes) -> Any:
    """The value of a JSON text; numbers with a fraction as Decimal. Raises Unreadable."""
    try:
        return json.loads(body, parse_int=_whole, parse_float=_fraction, parse_constant=_no_number)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise Unreadable from error


def by_path(messages: Any, path: str = "") -> dict[str, list[str]]:
    """Marshmallow's nested messages as codes by dotted path; the name of a location falls away."""
    if isinstance(messages, Mapping):
        found: dict[str, list[str]] = {}
        for name, inner in messages.items():
            known = name in LOCATIONS and not path
            below = path if known or name == "_schema" else f"{path}.{name}".lstrip(".")
            found.update(by_path(inner, below))
        return found
    return {path[:200]: [str(code) for code in messages]}


def _whole(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise ValueError("number too long")
    return int(text)


def _fraction(text: str) -> Decimal:
    if len(text) > LONGEST_NUMBER:
        raise ValueError("number too long")
    return Decimal(text)


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)
