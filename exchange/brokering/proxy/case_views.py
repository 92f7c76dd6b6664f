"""The supervisors' list of everything that somebody did for somebody else."""

from enum import StrEnum
from typing import Any, TypeVar

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.brokering.labels import state_label
from exchange.brokering.page.nav_panels import side_nav
from exchange.brokering.proxy.case_labels import CASE_CONSENTS, KINDS
from exchange.brokering.proxy.case_panels import case_lines, csv_lines
from exchange.brokering.proxy.case_queries import Asked, CaseConsent, CaseKind, proxy_cases
from exchange.brokering.proxy.case_service import show_evidence
from exchange.listings.views import page_number
from exchange.web.access import SUPERVISOR, access
from exchange.web.acting import acting, current_actor, read_session
from exchange.web.dates import local_moment
from exchange.web.locale import locale_code

bp = Blueprint("proxy_cases", __name__)
PAGE, MOST_LINES = 30, 5_000
K = TypeVar("K", bound=StrEnum)


@bp.get("/proxy-cases")
@access(SUPERVISOR)
def index() -> ResponseReturnValue:
    """The cases, the newest first."""
    session, actor, asked, page = read_session(), current_actor(), _asked(), page_number()
    found = proxy_cases(session, actor, asked, offset=(page - 1) * PAGE, limit=PAGE + 1)
    kept = _kept(asked)
    return render_template(
        "brokering/proxy_cases.html",
        nav=side_nav("proxies", None, session, actor),
        lines=case_lines(session, actor, found[:PAGE], locale_code()),
        chips=_chips(asked),
        table=url_for("proxy_cases.table", **kept),
        back=url_for("proxy_cases.index", page=page - 1, **kept) if page > 1 else None,
        more=url_for("proxy_cases.index", page=page + 1, **kept) if len(found) > PAGE else None,
    )


@bp.get("/proxy-cases.csv")
@access(SUPERVISOR)
def table() -> ResponseReturnValue:
    """The same for a spreadsheet, 5,000 lines at most."""
    session, actor = read_session(), current_actor()
    found = proxy_cases(session, actor, _asked(), offset=0, limit=MOST_LINES)
    lines = csv_lines(case_lines(session, actor, found, locale_code()))
    answer = Response("".join(lines), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="proxy-cases.csv"'
    return answer


@bp.post("/proxy-cases/<int(max=9223372036854775807):entry_id>/evidence")
@access(SUPERVISOR)
def evidence(entry_id: int) -> ResponseReturnValue:
    """The words on a consent, on record."""
    with acting() as act:
        entry, match = show_evidence(act, entry_id)
        values = {
            "note": entry.note,
            "when": local_moment(entry.at),
            "who": entry.person.name if entry.person else "",
            "state": state_label(match),
            "url": url_for("brokering.show", public_id=match.public_id),
        }
    return render_template("brokering/proxy_evidence.html", **values)


def _asked() -> Asked:
    return Asked(_of(CaseKind, "kind"), _of(CaseConsent, "consent"))


def _of(kind: type[K], name: str) -> K | None:
    """The value asked for; None where there is none such."""
    typed = request.args.get(name, "")
    return kind(typed) if typed in tuple(kind) else None


def _kept(asked: Asked) -> dict[str, Any]:
    kept = {"kind": asked.kind, "consent": asked.consent}
    return {name: value.value for name, value in kept.items() if value is not None}


def _chips(asked: Asked) -> list[list[tuple[str, str, bool]]]:
    """Two rows of chips: address, label, whether it is chosen."""
    kept = _kept(asked)
    rows: list[tuple[str, Any, StrEnum | None]] = [
        ("kind", KINDS, asked.kind), ("consent", CASE_CONSENTS, asked.consent),
    ]  # fmt: skip
    found = []
    for name, words, chosen in rows:
        others = {key: value for key, value in kept.items() if key != name}
        line = [(url_for("proxy_cases.index", **others), str(_("All")), chosen is None)]
        for value, label in words.items():
            url = url_for("proxy_cases.index", **others, **{name: value.value})
            line.append((url, str(label), value is chosen))
        found.append(line)
    return found
