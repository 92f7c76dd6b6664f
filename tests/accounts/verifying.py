"""Deciding about organisations in tests, as the page of a request does."""

import re
from itertools import count

from flask.testing import FlaskClient
from stdnum.cn import uscc

from exchange.accounts.verification_kinds import Check

_numbers = count(1)


def new_code() -> str:
    """A credit code that nobody has, with its check digit."""
    body = f"9152042{next(_numbers):010d}"
    return body + str(uscc.calc_check_digit(body))


def yes(**changes: object) -> dict[str, object]:
    """A yes with every point looked at, for an organisation that has a credit code."""
    checks = [Check.CODE.value, Check.PLACE.value, Check.SPEAKER.value]
    form = {"answer": "grant", "reason": "", "checked": checks, "credit_code": new_code()}
    return form | changes


def read(client: FlaskClient, address: str, form: dict[str, object]) -> dict[str, object]:
    """The form with the version that stands on the page."""
    found = re.search(r'name="version"[^>]*value="(\d+)"', client.get(address).text)
    assert found is not None
    return form | {"version": found[1]}
