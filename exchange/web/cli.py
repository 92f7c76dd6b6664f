"""Starting a site: prepare it, serve it."""

import os
import signal
import sys
import traceback

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from exchange.kernel.commands import exchange_commands
from exchange.kernel.errors import ConfigurationError
from exchange.web.acting import house
from exchange.web.preparation import announcements, prepare_site
from exchange.web.serving import Supervisor, answers, listen, site_children, site_environ


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
@click.option("--port", envvar="PORT", default=8000, show_default=True)
@with_appcontext
def serve_command(host: str, port: int) -> None:
    """Prepare the site, then run the web server and the worker together until Ctrl-C."""
    app = _application()
    try:
        listening = listen(host, port)
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from error
    if not _prepared_apart(app):
        sys.exit(1)
    number = listening.fileno()
    supervisor = Supervisor(
        children=site_children(number),
        environ=site_environ(number),
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
    child = os.fork()
    if child == 0:
        os._exit(_prepare_and_report(app))
    signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGTERM))
    try:
        _, status = os.waitpid(child, 0)
    except KeyboardInterrupt:
        os.waitpid(child, 0)
        return False
    return os.waitstatus_to_exitcode(status) == 0


def _prepare_and_report(app: Flask) -> int:
    try:
        prepare_site(app)
    except ConfigurationError as error:
        _say(f"The site cannot start: {error}")
        return 1
    except KeyboardInterrupt:
        _say("Stopped before the site was ready. The next start goes on from here.")
        return 1
    except Exception:  # noqa: BLE001 - the process ends here, with the whole story
        traceback.print_exc()
        return 1
    return 0


def _greet(app: Flask) -> None:
    _say(f"\n  The exchange is open: {house().settings.base_url}")
    for line in announcements(app):
        _say(f"  {line}")
    _say("  Ctrl-C stops it.\n")


def _say(text: str) -> None:
    print(text, flush=True)
