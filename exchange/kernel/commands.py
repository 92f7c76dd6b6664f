"""The command group under which every room's commands stand: ``flask --app wsgi exchange …``."""

import click


@click.group("exchange")
def exchange_commands() -> None:
    """Run and look after the exchange."""
