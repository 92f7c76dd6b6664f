"""What forbids a site to serve people, however it is started."""

from collections.abc import Callable

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError

from exchange.kernel.act import House
from exchange.kernel.errors import ConfigurationError

CONDITIONS = "start_conditions"
Condition = Callable[[Connection], None]


def add_start_condition(house: House, check: Condition) -> None:
    """Call ``check(connection)`` at every start.

    It raises ConfigurationError when the site must not serve people. Tables may be missing.
    """
    house.resources.setdefault(CONDITIONS, []).append(check)


def check_start(house: House, engine: Engine) -> None:
    """Raise ConfigurationError when something forbids to serve; leave no connection open."""
    conditions: list[Condition] = house.resources.get(CONDITIONS, [])
    if not conditions:
        return
    try:
        with engine.connect() as connection:
            for check in conditions:
                check(connection)
    except OperationalError as error:
        raise ConfigurationError("the database cannot be reached") from error
    finally:
        engine.dispose()
