"""Who is signed in on this browser. The accounts room says who people are; this keeps the session.

The session holds ``person.epoch``: a new epoch (after a change of password) ends every older
session. There is no second, longer-lived cookie.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, has_request_context, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy.orm import Session

from exchange.kernel.actor import VISITOR, Actor
from exchange.web.acting import LOADER, forget_actor, read_session

EpochOf = Callable[[Session, int], int | None]
LoadActor = Callable[[Session, int], Actor]
KEPT = ("locale", "care")


@dataclass(frozen=True)
class SignedInPerson(UserMixin):  # type: ignore[misc]  # Flask-Login is untyped
    """What Flask-Login keeps of a person."""

    person_id: int
    epoch: int

    def get_id(self) -> str:
        return f"{self.person_id}.{self.epoch}"


def install_login(app: Flask, epoch_of: EpochOf, load_actor: LoadActor) -> None:
    """Set up sessions. ``epoch_of`` is None for people who may not sign in (any more)."""
    manager = LoginManager(app)
    manager.user_loader(lambda text: _load_person(epoch_of, text))

    def load() -> Actor:
        if not has_request_context() or not current_user.is_authenticated:
            return VISITOR
        return load_actor(read_session(), current_user.person_id)

    app.extensions[LOADER] = load


def _load_person(epoch_of: EpochOf, text: str) -> SignedInPerson | None:
    person, _, epoch = text.partition(".")
    if not (person.isdigit() and epoch.isdigit()):
        return None
    current = epoch_of(read_session(), int(person))
    return SignedInPerson(int(person), current) if current == int(epoch) else None


def start_session(person_id: int, epoch: int) -> None:
    """Sign the person in on this browser; nothing of an earlier session stays but its comfort."""
    _clear()
    session.permanent = True
    login_user(SignedInPerson(person_id, epoch))
    forget_actor()


def end_session() -> None:
    """Sign out on this browser."""
    logout_user()
    _clear()
    forget_actor()


def _clear() -> None:
    kept = {name: session[name] for name in KEPT if name in session}
    session.clear()
    session.update(kept)
