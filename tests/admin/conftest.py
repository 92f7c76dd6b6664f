"""The people of the play."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.cast import Cast


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    """The cast on this application."""
    return Cast(app, session)
