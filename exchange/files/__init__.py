"""Pictures that people upload: re-encoded, without location data, served only to who may see them."""

from flask import Flask


def register(app: Flask) -> None:
    """Nothing to register yet; the doors follow."""
