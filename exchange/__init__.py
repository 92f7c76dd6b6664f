"""The Village Resource Exchange: needs, offers, and the people who bring them together."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate

from exchange import (
    accounts,
    admin,
    alerts,
    api,
    audit,
    brokering,
    discovery,
    files,
    geography,
    jobs,
    listings,
    matching,
    moderation,
    notifications,
    projects,
    search,
    taxonomy,
    volunteering,
    web,
)
from exchange.kernel.act import House
from exchange.kernel.clock import Clock, FrozenClock, SystemClock
from exchange.kernel.commands import exchange_commands
from exchange.kernel.database import db, prepare_engine
from exchange.kernel.events import EventBus
from exchange.kernel.secret_box import SecretBox
from exchange.kernel.settings import Settings, load_settings

ROOMS: tuple[Callable[[Flask], None], ...] = (
    jobs.register,
    web.register,
    api.register,
    audit.register,
    files.register,
    geography.register,
    taxonomy.register,
    search.register,
    accounts.register,
    notifications.register,
    listings.register,
    projects.register,
    volunteering.register,
    matching.register,
    brokering.register,
    moderation.register,
    discovery.register,
    alerts.register,
    admin.register,
)


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> Flask:
    """Build the application: settings, database, then the rooms in the order of the house."""
    chosen = settings or load_settings()
    root = Path(__file__).parent
    app = Flask(
        __name__, template_folder=str(root.parent / "templates"), static_folder=str(root / "static")
    )
    frozen = chosen.frozen_now
    house = House(
        settings=chosen,
        clock=clock or (FrozenClock(frozen) if frozen else SystemClock()),
        bus=EventBus(),
        secrets=SecretBox.from_settings(chosen),
    )
    app.extensions["exchange"] = house
    app.config["SQLALCHEMY_DATABASE_URI"] = chosen.database_address
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"hide_parameters": True}
    app.config["TEMPLATES_AUTO_RELOAD"] = chosen.template_reload
    db.init_app(app)
    Migrate(app, db, directory=str(root / "migrations"), render_as_batch=True)
    with app.app_context():
        prepare_engine(db.engine)
    app.cli.add_command(exchange_commands)
    for register in ROOMS:
        register(app)
    return app
