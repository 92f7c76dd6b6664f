"""Who is signed in on this browser. The accounts room says who people are; this keeps the session.

The session holds ``person.epoch``: a new epoch (after a change of password) ends every older
session. It also has an id of its own, which is noted when the person signs out: a copy of the
cookie is no good from then on. There is no second, longer-lived cookie.

The cookie is sent when something in it changes, and once a day so that it does not run out. An
answer that comes late (a picture on a slow network) would otherwise bring back what stood in it
before: another language, or nobody signed in.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask, has_request_context, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy.orm import Session

from exchange.kernel.act import Act
from exchange.kernel.actor import VISITOR, Actor
from exchange.web.acting import LOADER, forget_actor, house, read_session
from exchange.web.locale import is_api_request
from exchange.web.models import EndedSession

EpochOf = Callable[[Session, int], int | None]
LoadActor = Callable[[Session, int], Actor]
ARRIVED = "arrived"  # the codes that were scanned on this phone before signing in
KEPT = ("locale", "care", ARRIVED)
SESSION_ID = "session_id"
RENEWED = "renewed"  # the day on which the cookie was last sent to keep it from running out
LONGEST_SESSION = timedelta(days=31)


@dataclass(frozen=True)
class SignedInPerson(UserMixin):  # type: ignore[misc]  # Flask-Login is untyped
    """What Flask-Login keeps of a person."""

    person_id: int
    epoch: int

    def get_id(self) -> str:
        return f"{self.person_id}.{self.epoch}"


def install_login(app: Flask, epoch_of: EpochOf, load_actor: LoadActor) -> None:
    """Set up sessions. ``epoch_of`` is None for people who may not sign in (any more)."""
    app.permanent_session_lifetime = LONGEST_SESSION
    app.before_request(_renew)
    manager = LoginManager(app)
    manager.user_loader(lambda text: _load_person(epoch_of, text))

    def load() -> Actor:
        if not has_request_context() or not current_user.is_authenticated:
            return VISITOR
        return load_actor(read_session(), current_user.person_id)

    app.extensions[LOADER] = load


def _renew() -> None:
    """Send the cookie once a day, with a page: what belongs to a page may arrive after the next."""
    if request.endpoint == "static" or is_api_request() or not session.permanent:
        return
    day = house().clock.now().date().isoformat()
    if session.get(RENEWED) != day:
        session[RENEWED] = day


def _load_person(epoch_of: EpochOf, text: str) -> SignedInPerson | None:
    person, _, epoch = text.partition(".")
    if not (person.isdigit() and epoch.isdigit()) or _has_ended():
        return None
    current = epoch_of(read_session(), int(person))
    return SignedInPerson(int(person), current) if current == int(epoch) else None


def _has_ended() -> bool:
    hashed = _session_hash()
    return hashed is not None and read_session().get(EndedSession, hashed) is not None


def _session_hash() -> str | None:
    """The keyed hash of this session's id; None for a session without one."""
    own = session.get(SESSION_ID)
    return house().secrets.lookup_hash(str(own), "web.session") if own else None


def start_session(person_id: int, epoch: int) -> None:
    """Sign the person in on this browser; nothing of an earlier session stays but its comfort."""
    _clear()
    session.permanent = True
    session[SESSION_ID] = secrets.token_urlsafe(16)
    login_user(SignedInPerson(person_id, epoch))
    forget_actor()


def retire_session(act: Act) -> None:
    """Note within the act that this browser's session is over; forget those long past."""
    before = act.now - LONGEST_SESSION
    act.session.execute(sa.delete(EndedSession).where(EndedSession.ended_at < before))
    hashed = _session_hash()
    if hashed is not None:
        act.session.merge(EndedSession(session_hash=hashed, ended_at=act.now))


def end_session() -> None:
    """Sign out on this browser; ``retire_session`` first."""
    logout_user()
    _clear()
    forget_actor()


def _clear() -> None:
    kept = {name: session[name] for name in KEPT if name in session}
    session.clear()
    session.update(kept)
