"""Making tokens, taking them back, and noting that one was used."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from exchange.accounts.actor_queries import active_memberships
from exchange.accounts.tokens.events import TokenCreated, TokenRevoked
from exchange.accounts.tokens.models import ApiToken
from exchange.accounts.tokens.queries import tokens_of
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid

PREFIX = "vre_"
RANDOM_BYTES = 32
HINT_LENGTH = 8
LONGEST_NAME = 80
LONGEST_DAYS = 3650
MOST_TOKENS = 50
NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class NewToken:
    """A token that was just made. ``secret`` is known only now."""

    token: ApiToken
    secret: str


def hash_of(secret: str) -> str:
    """The form in which a token is kept."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def create_token(
    act: Act,
    person_id: int,
    organisation_id: int,
    name: str,
    *,
    may_write: bool,
    days: int | None,
) -> NewToken:
    """Make a token for a person to act for one of their organisations.

    A person makes their own with all they may do; a token makes none. ``days`` None never expires.
    Raises Forbidden, Invalid with the fields, or Conflict "too_many_tokens".
    """
    _require_own(act, person_id)
    title = "".join(char for char in name if char.isprintable()).strip()
    _check(act, person_id, organisation_id, title, days)
    secret = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    token = ApiToken(
        person_id=person_id,
        organisation_id=organisation_id,
        name=title,
        token_hash=hash_of(secret),
        hint=secret[:HINT_LENGTH],
        may_write=may_write,
        created_at=act.now,
        expires_at=act.now + timedelta(days=days) if days else None,
    )
    act.session.add(token)
    act.session.flush()
    act.emit(TokenCreated(token_id=token.id, person_id=person_id))
    return NewToken(token, secret)


def revoke_token(act: Act, token: ApiToken) -> None:
    """Take a token back: it is refused from the next request on. Raises Forbidden."""
    _require_own(act, token.person_id)
    if token.revoked_at is None:
        token.revoked_at = act.now
        act.session.flush()
        act.emit(TokenRevoked(token_id=token.id, person_id=token.person_id))


def note_use(act: Act, token_id: int) -> None:
    """Note that a token was used now, unless that was noted within the last minute."""
    due = sa.or_(ApiToken.last_used_at.is_(None), ApiToken.last_used_at < act.now - NOTED_EVERY)
    act.session.execute(
        sa.update(ApiToken).where(ApiToken.id == token_id, due).values(last_used_at=act.now)
    )


def is_use_due(token: ApiToken, now: datetime) -> bool:
    """Whether the use of a token should be noted at this moment."""
    return token.last_used_at is None or token.last_used_at < now - NOTED_EVERY


def _require_own(act: Act, person_id: int) -> None:
    own = act.actor.person_id == person_id and "all" in act.actor.scopes
    if not (act.actor.is_system or own):
        raise Forbidden


def _check(act: Act, person_id: int, organisation_id: int, name: str, days: int | None) -> None:
    problems: dict[str, list[str]] = {}
    if not name:
        problems["name"] = ["required"]
    elif len(name) > LONGEST_NAME:
        problems["name"] = ["too_long"]
    if days is not None and not 0 < days <= LONGEST_DAYS:
        problems["days"] = ["number_out_of_range"]
    memberships = active_memberships(act.session, person_id)
    if organisation_id not in {item.organisation_id for item in memberships}:
        problems["organisation"] = ["not_your_organisation"]
    if problems:
        raise Invalid(fields=problems)
    if len(tokens_of(act.session, person_id)) >= MOST_TOKENS:
        raise Conflict("too_many_tokens")
