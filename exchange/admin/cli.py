"""The command that says whether a site is well."""

import json
from collections.abc import Sequence
from dataclasses import asdict

import click
from alembic.script import ScriptDirectory
from flask import current_app
from flask.cli import with_appcontext

from exchange.admin.doctor import Finding, Grade, worst
from exchange.admin.examination import Site, examine
from exchange.kernel.commands import exchange_commands

MARKS = {Grade.OK: "ok", Grade.ATTENTION: "look", Grade.TROUBLE: "TROUBLE"}


@exchange_commands.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_appcontext
def doctor_command(*, as_json: bool) -> None:
    """Look at database, index, worker, suggestions and settings; exit with 1 on trouble."""
    heads = ScriptDirectory(current_app.extensions["migrate"].directory).get_heads()
    site = Site(
        run=current_app.extensions["exchange.jobs"],
        migration_heads=frozenset(heads),
        secure_cookies=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )
    findings = list(examine(site))
    click.echo(as_object(findings) if as_json else as_lines(findings))
    if worst(findings) is Grade.TROUBLE:
        raise click.exceptions.Exit(1)


def as_object(findings: Sequence[Finding]) -> str:
    """``{"status": …, "checks": [{"check", "grade", "sentence", "advice"}, …]}``"""
    checks = [asdict(found) for found in findings]
    return json.dumps({"status": worst(findings), "checks": checks}, ensure_ascii=False)


def as_lines(findings: Sequence[Finding]) -> str:
    """One line for each finding, what to do below it, and the whole in a last line."""
    lines = []
    for found in findings:
        lines.append(f"{MARKS[found.grade]:8}{found.check}: {found.sentence}")
        if found.advice:
            lines.append(f"{'':8}  → {found.advice}")
    counts = {grade: sum(found.grade is grade for found in findings) for grade in Grade}
    told = f"{counts[Grade.TROUBLE]} in trouble, {counts[Grade.ATTENTION]} to look at"
    return "\n".join([*lines, f"{len(findings)} checks: {told}."])
