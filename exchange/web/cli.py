"""Starting a site: prepare it, serve it."""

import signal
import sys
import time

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from exchange.jobs.single import only_worker
from exchange.kernel.commands import exchange_commands
from exchange.kernel.database import db
from exchange.kernel.errors import ConfigurationError
from exchange.web.acting import house
from exchange.web.preparation import announcements, prepare_site
from exchange.web.serving import (
    LOOK_SECONDS,
    Child,
    Supervisor,
    answers,
    listen,
    site_children,
)
from exchange.web.warming import warm

SITE_PATIENCE = 3.0  # seconds for a site that is just ending


@click.command("prepare")
@with_appcontext
def prepare_command() -> None:
    """Migrate the database and put in place what the site needs."""
    try:
        prepare_site(_application())
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from error


@click.command("serve")
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True)
@click.option(
    "--port", envvar="PORT", default=8000, show_default=True, type=click.IntRange(1, 65535)
)
@with_appcontext
def serve_command(host: str, port: int) -> None:
    """Prepare the site, then run the web server and the worker together until Ctrl-C."""
    app = _application()
    try:
        with only_worker(house().settings.data_dir, SITE_PATIENCE):
            listening = listen(host, port)
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from error
    if not _prepared_apart(app):
        sys.exit(1)
    warm(app)
    supervisor = Supervisor(
        children=site_children(app, listening),
        is_ready=lambda: answers(host, port),
        on_ready=lambda: _greet(app),
        say=_say,
    )
    sys.exit(supervisor.run())


def install(_app: Flask) -> None:
    """Put the commands beside those of the other rooms."""
    exchange_commands.add_command(prepare_command)
    exchange_commands.add_command(serve_command)


def _application() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined,no-any-return]  # the documented way to the real application


def _prepared_apart(app: Flask) -> bool:
    """Prepare in a process of its own: what it loads (an encoder, say) is given back at its end."""
    child = Child("preparation", lambda: _prepare_and_report(app))
    child.start()

    def stop(_number: int, _frame: object) -> None:
        child.stop(signal.SIGTERM)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    while child.is_running:
        time.sleep(LOOK_SECONDS)
    if child.status == -signal.SIGTERM:
        _say("Stopped before the site was ready. The next start goes on, or says what to do.")
    return child.status == 0


def _prepare_and_report(app: Flask) -> None:
    try:
        prepare_site(app)
    except ConfigurationError as error:
        _say(f"The site cannot start: {error}")
        sys.exit(1)
    with app.app_context():
        db.engine.dispose()


def _greet(app: Flask) -> None:
    _say(f"\n  The exchange is open: {house().settings.base_url}")
    for line in announcements(app):
        _say(f"  {line}")
    _say("  Ctrl-C stops it.\n")


def _say(text: str) -> None:
    print(text, flush=True)
