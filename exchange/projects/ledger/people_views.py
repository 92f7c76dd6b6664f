"""Who keeps the accounts of a project, the rule of two people, and links to campaigns."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts.queries import members_of, organisation_label
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid
from exchange.projects.ledger.amounts import plain_yuan, read_limit
from exchange.projects.ledger.forms import AppealForm, LimitForm, RoleForm
from exchange.projects.ledger.kinds import LedgerRole
from exchange.projects.ledger.labels import ROLES
from exchange.projects.ledger.permissions import Rights, organisations_of
from exchange.projects.ledger.queries import appeals_of, holders_of, ledger_of
from exchange.projects.ledger.record_views import opened
from exchange.projects.ledger.service import (
    charities_of,
    end_role,
    give_role,
    link_appeal,
    set_limit,
    unlink_appeal,
)
from exchange.projects.ledger.standing_panels import is_in_project, missing_people
from exchange.projects.ledger.views import bp, frame
from exchange.projects.models import Project
from exchange.projects.queries import seen_project
from exchange.projects.rules import yuan
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import acting, house, read_session
from exchange.web.forms import attempt
from exchange.web.locale import locale_code
from exchange.web.sentences import sentence

PEOPLE = "/projects/<public_id>/accounts/people"
APPEALS = "/projects/<public_id>/accounts/appeals"


def _managed(public_id: str) -> tuple[Project, Rights]:
    project, rights = opened(public_id)
    if not rights.manage:
        raise Forbidden("ledger_no_manager")
    return project, rights


@bp.route(PEOPLE, methods=["GET", "POST"])
@access(SIGNED_IN)
def people(public_id: str) -> ResponseReturnValue:
    """Name treasurers and approvers."""
    _managed(public_id)
    form = RoleForm()

    def work(act: Act) -> bool:
        found = seen_project(act.session, act.actor, public_id)
        give_role(act, found, form.person.data or "", form.chosen)
        return True

    form.person.choices = _choices(public_id)
    if attempt(form, work):
        flash(_("Named. They were told."), "success")
        return redirect(f"/projects/{public_id}/accounts/people")
    return _people_page(public_id, form, LimitForm(formdata=None))


@bp.post(f"{PEOPLE}/limit")
@access(SIGNED_IN)
def limit(public_id: str) -> ResponseReturnValue:
    """Set above which sum two people are needed."""
    _managed(public_id)
    form = LimitForm()

    def work(act: Act) -> bool:
        found = seen_project(act.session, act.actor, public_id)
        set_limit(act, found, read_limit(form.limit.data, "limit"), _number(form.version.data))
        return True

    if attempt(form, work):
        flash(_("Saved."), "success")
        return redirect(f"/projects/{public_id}/accounts/people")
    role_form = RoleForm(formdata=None)
    role_form.person.choices = _choices(public_id)
    return _people_page(public_id, role_form, form)


@bp.post(f"{PEOPLE}/end")
@access(SIGNED_IN)
def end(public_id: str) -> ResponseReturnValue:
    """End somebody's role."""
    who, role = request.form.get("person", "")[:20], request.form.get("role", "")
    if role in set(LedgerRole):
        _change(
            public_id,
            lambda act, project: end_role(act, project, who, LedgerRole(role)),
            _("Ended. What they recorded or approved stands."),
        )
    return redirect(f"/projects/{public_id}/accounts/people")


@bp.route(APPEALS, methods=["GET", "POST"])
@access(SIGNED_IN)
def appeals(public_id: str) -> ResponseReturnValue:
    """Link to a charity's filed campaign; nothing is collected here."""
    project, rights = _managed(public_id)
    form = AppealForm()
    charities = [
        (one.public_id, organisation_label(one, locale_code())) for one in charities_of(project)
    ]
    form.charity.choices = charities

    def work(act: Act) -> bool:
        found = seen_project(act.session, act.actor, public_id)
        given = (form.charity.data, form.number.data, form.link.data)
        link_appeal(act, found, *(one or "" for one in given))
        return True

    if attempt(form, work):
        flash(_("Linked. It stands on the page of the accounts."), "success")
        return redirect(f"/projects/{public_id}/accounts/appeals")
    project, rights = _managed(public_id)
    return render_template(
        "projects/ledger/appeals.html",
        form=form,
        charities=charities,
        appeals=appeals_of(read_session(), project.id),
        charity_name=lambda one: organisation_label(one, locale_code()),
        **frame(project, rights),
    ), 422 if form.errors else 200


@bp.post(f"{APPEALS}/unlink")
@access(SIGNED_IN)
def unlink(public_id: str) -> ResponseReturnValue:
    """Take the link to a campaign away."""
    which = request.form.get("appeal", "")[:20]
    _change(
        public_id,
        lambda act, project: unlink_appeal(act, project, which),
        _("The link is taken away."),
    )
    return redirect(f"/projects/{public_id}/accounts/appeals")


def _people_page(
    public_id: str, form: RoleForm, limit_form: LimitForm
) -> ResponseReturnValue:
    project, rights = _managed(public_id)
    session = read_session()
    ledger, holders = ledger_of(session, project.id), holders_of(session, project.id)
    if not limit_form.errors:
        set_to = ledger.two_person_fen if ledger else None
        limit_form.limit.data = "" if set_to is None else plain_yuan(set_to)
    limit_form.version.data = str(ledger.version if ledger else 1)
    members = _members(project)
    return render_template(
        "projects/ledger/people.html",
        form=form,
        limit_form=limit_form,
        site_limit=yuan(max(house().settings.ledger_two_person_fen, 0)),
        missing=missing_people(holders),
        holders=[
            {
                "name": one.person.name,
                "role": ROLES[one.role],
                "values": {"person": one.person.public_id, "role": one.role.value},
                "counts": is_in_project(project, one, frozenset(members)),
            }
            for one in holders
        ],
        **frame(project, rights),
    ), 422 if form.errors or limit_form.errors else 200


def _members(project: Project) -> dict[int, tuple[str, str]]:
    """Who belongs to the project's organisations: public id and name, by number."""
    found: dict[int, tuple[str, str]] = {}
    for organisation in organisations_of(project):
        for member in members_of(read_session(), organisation.id):
            found[member.person_id] = (member.person.public_id, member.person.name)
    return found


def _choices(public_id: str) -> list[tuple[str, str]]:
    project, _rights = _managed(public_id)
    found = dict(_members(project).values())
    if project.worker is not None:
        found[project.worker.public_id] = project.worker.name
    return list(found.items())


def _change(public_id: str, work: Callable[[Act, Project], Any], said: str) -> None:
    try:
        with acting() as act:
            work(act, seen_project(act.session, act.actor, public_id))
    except (Conflict, Invalid) as error:
        flash(sentence(error.code, error.params), "error")
    else:
        flash(said, "success")


def _number(text: Any) -> int:
    plain = str(text or "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else 0
