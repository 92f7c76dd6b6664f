"""What a guardian sees behind the link on their phone: who asks, for what; yes or no."""

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from exchange.accounts.links.models import SignedLink
from exchange.accounts.links.panels import count_sent, language_of, link_page, wrong_link
from exchange.accounts.links.rules import LinkPurpose
from exchange.accounts.links.service import find_link
from exchange.accounts.queries import full_label
from exchange.kernel.actor import VISITOR
from exchange.kernel.errors import Conflict, NotFound
from exchange.volunteering.safeguarding.kinds import ConsentState
from exchange.volunteering.safeguarding.link_service import (
    answer_by_link,
    why_over,
    withdraw_by_link,
)
from exchange.volunteering.safeguarding.models import GuardianConsent
from exchange.volunteering.safeguarding.queries import consent_by_public_id
from exchange.volunteering.safeguarding.rules import year_later
from exchange.volunteering.safeguarding.showing import today
from exchange.web.access import PUBLIC, access
from exchange.web.acting import acting, house, read_session
from exchange.web.dates import day_here
from exchange.web.locale import locale_code
from exchange.web.security import csrf
from exchange.web.sentences import sentence

links = Blueprint("guardian_link", __name__)
csrf.exempt(links)
PAGE = "volunteering/safeguarding/link.html"
ADDRESS = "/g/<string(maxlength=64):token>"


@links.get(ADDRESS)
@access(PUBLIC)
def show(token: str) -> ResponseReturnValue:
    """What is asked. Opening it changes nothing: previews and scanners open links, too."""
    found = _find(token)
    return _page(*found) if found else wrong_link(PAGE)


@links.post(ADDRESS)
@access(PUBLIC)
def answer(token: str) -> ResponseReturnValue:
    """Agree, do not agree, or take back that one has agreed."""
    count_sent()
    found = _find(token)
    if found is None:
        return wrong_link(PAGE)
    said = request.form.get("answer", "")
    if said not in ("yes", "no", "withdraw"):
        return _page(*found, status=422, refused="link_say_whether")
    try:
        with acting(VISITOR, via="link") as act:
            if said == "withdraw":
                withdraw_by_link(act, token)
            else:
                answer_by_link(act, token, agree=said == "yes")
    except NotFound:
        return wrong_link(PAGE)
    except Conflict as error:
        again = _find(token)
        return _page(*again, status=409, refused=error.code) if again else wrong_link(PAGE)
    return redirect(url_for("guardian_link.show", token=token), 303)


def _find(token: str) -> tuple[SignedLink, GuardianConsent] | None:
    session = read_session()
    link = find_link(session, house().secrets, LinkPurpose.GUARDIAN, token)
    consent = consent_by_public_id(session, link.subject) if link else None
    return (link, consent) if link and consent else None


def _page(
    link: SignedLink, consent: GuardianConsent, status: int = 200, refused: str = ""
) -> Response:
    with language_of(link):
        state = consent.state(today())
        closed = why_over(consent, house().clock.now(), today())
        is_given = state is ConsentState.GIVEN and link.used_at is not None
        view = {
            "name": consent.person.name,
            "owner": full_label(consent.organisation, locale_code()),
            "title": consent.activity.title if consent.activity else "",
            "safety": consent.activity.safety_note if consent.activity else "",
            "until": day_here(consent.valid_until or year_later(today())),
            "is_given": is_given,
            "is_refused": state is ConsentState.REFUSED,
        }
        shown = "" if is_given or state is ConsentState.REFUSED else closed
        return link_page(
            PAGE,
            status,
            view=view,
            closed=sentence(shown) if shown else "",
            refused=sentence(refused) if refused and not shown else "",
        )
