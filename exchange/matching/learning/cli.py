"""Commands: learn from decisions now, list the sets of weights, put one in force."""

import json

import click
from flask import current_app
from flask.cli import with_appcontext

from exchange.jobs.runner import JobRun
from exchange.kernel.errors import Conflict, NotFound
from exchange.matching.cli import matching_commands
from exchange.matching.learning.improving import Look, learn
from exchange.matching.learning.kinds import Outcome
from exchange.matching.learning.labels import OUTCOMES
from exchange.matching.learning.queries import learning_of, versions, weights_in_force
from exchange.matching.learning.rules import SHIPPED
from exchange.matching.learning.service import choose_weights
from exchange.matching.scoring import shipped_weights


@matching_commands.command("learn")
@click.option("--dry-run", is_flag=True, help="Only say what would be learned.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_appcontext
def learn_command(*, dry_run: bool, as_json: bool) -> None:
    """Learn the weights from the decisions of this site, and say what came of it."""
    run: JobRun = current_app.extensions["exchange.jobs"]
    look = learn(run, by_hand=True, dry_run=dry_run)
    click.echo(json.dumps(look.as_row(), ensure_ascii=False) if as_json else as_lines(look))


def as_lines(look: Look) -> str:
    """The account for people."""
    lines = [
        f"{look.decisions:,} decisions say something: {look.yes:,} for, {look.no:,} against",
        OUTCOMES[look.outcome],
    ]
    for name in ("shipped", "before", "after"):
        if name in look.figures:
            told = look.figures[name]
            order = "" if told["ndcg"] is None else f", nDCG@10 {told['ndcg']:.3f}"
            lines.append(f"{name:8} log-loss {told['loss']:.4f}{order}")
    if look.weights is not None:
        shipped = shipped_weights()
        for name, item in look.weights.features.items():
            lines.append(f"{name:16} {shipped.features[name].weight:7.3f} → {item.weight:7.3f}")
        lines.append(f"{'base':16} {shipped.base:7.3f} → {look.weights.base:7.3f}")
    if look.outcome in (Outcome.IN_FORCE, Outcome.FELL_BACK, Outcome.NOT_BETTER):
        lines.append(f"version {look.version}")
    return "\n".join(lines)


@matching_commands.command("weights")
@click.option("--list", "wanted", flag_value="list", default="list", help="What there is.")
@click.option("--use", "version", help="Put a version in force, or: shipped.")
@with_appcontext
def weights_command(wanted: str, version: str | None) -> None:  # noqa: ARG001 - the default
    """List the sets of weights, or put one in force; nothing is learned then until switched on."""
    run: JobRun = current_app.extensions["exchange.jobs"]
    if version is not None:
        try:
            with run.act() as act:
                choose_weights(act, version)
        except NotFound as error:
            raise click.ClickException(f"There is no version {version}.") from error
        except Conflict as error:
            raise click.ClickException(str(error.code)) from error
    session = run.read()
    present = weights_in_force(run.house, session).version
    rows = versions(session)
    for row in rows:
        mark = "*" if row.version == present else " "
        click.echo(
            f"{mark} {row.version}  {row.state.value:11} {row.made_at:%Y-%m-%d %H:%M} UTC  "
            f"{row.decisions:,} decisions"
        )
    mark = "*" if present == shipped_weights().version else " "
    click.echo(f"{mark} {SHIPPED}  {shipped_weights().version}")
    click.echo("learning is " + ("on" if learning_of(session).is_on else "off"))
