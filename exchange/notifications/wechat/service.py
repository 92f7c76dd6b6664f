"""Binding a person's WeChat and letting it go."""

import secrets as randomness
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exchange.accounts.models import Person
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, NotFound
from exchange.kernel.secret_box import SecretBox
from exchange.notifications.events import WechatBound, WechatUnbound
from exchange.notifications.wechat.models import WechatBinding, WechatInvitation

LIFE = timedelta(minutes=10)
OWN, MOVED = "own", "moved"


def bind_wechat(act: Act, person_id: int, openid: str) -> None:
    """Send this person's messages to this WeChat from now on.

    One that served another person serves them no more: whoever holds the phone decides. Raises
    Conflict where somebody binds the same one at the same moment.
    """
    hashed = _hash(act.house.secrets, openid)
    _lock_person(act, person_id)
    holder = act.session.scalars(
        sa.select(WechatBinding).where(WechatBinding.openid_hash == hashed).with_for_update()
    ).first()
    if holder is not None and holder.person_id == person_id:
        return
    if holder is not None:
        unbind_wechat(act, holder.person_id, MOVED)
    present = act.session.get(WechatBinding, person_id, with_for_update=True)
    if present is not None:
        act.session.delete(present)
        act.session.flush()
    act.session.add(
        WechatBinding(
            person_id=person_id,
            openid_sealed=act.house.secrets.seal(openid, _place(person_id)),
            openid_hash=hashed,
            bound_at=act.now,
        )
    )
    try:
        act.session.flush()
    except IntegrityError as error:
        raise Conflict("conflict") from error
    act.emit(WechatBound(person_id))


def unbind_wechat(act: Act, person_id: int, cause: str = OWN) -> bool:
    """Forget a person's WeChat; whether there was one."""
    present = act.session.get(WechatBinding, person_id, with_for_update=True)
    if present is None:
        return False
    act.session.delete(present)
    act.session.flush()
    act.emit(WechatUnbound(person_id, cause))
    return True


def invite_wechat(act: Act) -> str:
    """A code for the acting person to open in WeChat; earlier ones end. Raises NotFound."""
    person_id = act.actor.person_id
    if person_id is None:
        raise NotFound
    act.session.execute(
        sa.delete(WechatInvitation).where(WechatInvitation.person_id == person_id)
    )
    code = randomness.token_urlsafe(18)
    act.session.add(
        WechatInvitation(
            code_hash=_code_hash(act.house.secrets, code),
            person_id=person_id,
            created_at=act.now,
            expires_at=act.now + LIFE,
        )
    )
    return code


def invited_by_code(
    session: Session, secrets: SecretBox, code: str, now: datetime
) -> Person:
    """Whose WeChat a code binds, while it is good. Raises NotFound."""
    row = session.get(WechatInvitation, _code_hash(secrets, code))
    if row is None or row.used_at is not None or row.expires_at <= now:
        raise NotFound
    person = session.get(Person, row.person_id)
    if person is None or person.closed_at is not None:
        raise NotFound
    return person


def use_invitation(act: Act, code: str) -> int:
    """Use the code up; the id of the person to bind. Raises NotFound."""
    person = invited_by_code(act.session, act.house.secrets, code, act.now)
    row = act.session.get(
        WechatInvitation,
        _code_hash(act.house.secrets, code),
        with_for_update=True,
        populate_existing=True,
    )
    if row is None or row.used_at is not None:
        raise NotFound
    row.used_at = act.now
    return person.id


def forget_old_invitations(act: Act) -> None:
    """Delete links that have ended."""
    act.session.execute(sa.delete(WechatInvitation).where(WechatInvitation.expires_at < act.now))


def binding_of(session: Session, person_id: int) -> WechatBinding | None:
    """A person's binding."""
    return session.get(WechatBinding, person_id)


def openid_of_person(session: Session, secrets: SecretBox, person_id: int) -> str | None:
    """The person's openid in the clear, for sending. Raises UnreadableSecret."""
    found = binding_of(session, person_id)
    return None if found is None else secrets.open(found.openid_sealed, _place(person_id))


def _lock_person(act: Act, person_id: int) -> None:
    """Two browsers of one person bind one after the other."""
    act.session.execute(sa.select(Person.id).where(Person.id == person_id).with_for_update())


def _hash(secrets: SecretBox, openid: str) -> str:
    return secrets.lookup_hash(openid, "wechat_binding.openid")


def _code_hash(secrets: SecretBox, code: str) -> str:
    return secrets.lookup_hash(code, "wechat_invitation")


def _place(person_id: int) -> str:
    return f"wechat_binding.openid.{person_id}"
