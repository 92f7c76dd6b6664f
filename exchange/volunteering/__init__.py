"""Volunteering: activities with roles and shifts, who signs up, who waits, and who cannot come."""

from flask import Flask

from exchange.volunteering import attendance, concerning


def register(app: Flask) -> None:
    """Install the doors of this room and its words."""
    house = app.extensions["exchange"]
    concerning.install(house)
    attendance.register(app)
