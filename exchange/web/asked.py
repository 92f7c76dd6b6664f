"""Numbers that stand in an address."""

from flask import request

LARGEST_ID = 2**63 - 1  # what a database keeps


def asked_id(name: str) -> int | None:
    """The row id of a query parameter; None for what no row can have."""
    found = request.args.get(name, type=int)
    return found if found is not None and 0 <= found <= LARGEST_ID else None
