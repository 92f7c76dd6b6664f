"""What operators look after: the doctor that examines a site, and the demonstration city."""

from collections.abc import Sequence

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Connection

from exchange.accounts.models import Person
from exchange.admin import audit_api, audit_panels, audit_views, cli, concerns
from exchange.admin.audit_labels import SENTENCES
from exchange.admin.loading import load_city, sign_ins
from exchange.api.registry import register_blueprint
from exchange.jobs.runner import run_pending
from exchange.jobs.service import lag
from exchange.kernel.act import House
from exchange.kernel.database import db
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.starting import add_start_condition
from exchange.web.preparation import Progress, add_announcement, add_preparation_step
from exchange.web.sentences import add_sentences

__all__ = ["cli", "register"]


def register(app: Flask) -> None:
    """Load the city before a demonstration starts; refuse its people in production."""
    house: House = app.extensions["exchange"]
    concerns.install(house)
    add_sentences(SENTENCES)
    audit_panels.install(app)
    app.register_blueprint(audit_views.bp)
    register_blueprint(app, audit_api.blp)

    def load(_app: Flask, progress: Progress) -> None:
        load_city(house, progress)

    def announce() -> Sequence[str]:
        return sign_ins(house)

    if house.settings.env == "demonstration":
        add_preparation_step(app, 50, "Demonstration city", load)
        add_preparation_step(app, 90, "First suggestions", _work_off)
        add_announcement(app, announce)
    if house.settings.is_production:
        add_start_condition(house, _refuse_demonstration)


def _refuse_demonstration(connection: Connection) -> None:
    """Raise ConfigurationError while an account with a published password could sign in."""
    if not sa.inspect(connection).has_table(Person.__tablename__):
        return
    open_account = sa.select(Person.id).where(
        Person.is_demonstration.is_(True), Person.closed_at.is_(None)
    )
    if connection.scalar(open_account.limit(1)) is not None:
        raise ConfigurationError("this database holds demonstration accounts")


def _work_off(app: Flask, progress: Progress) -> None:
    """Run what waits, so that the first visitor finds an index and suggestions."""
    run = app.extensions["exchange.jobs"]
    waiting, _age, _failed = lag(db.session(), run.house.clock.now())
    db.session.rollback()
    run_pending(run, on_rows=lambda done: progress(min(done, waiting), waiting))
