"""Whose WeChat is whose, links to bind one, and the account's token."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exchange.kernel.database import Base


class WechatBinding(Base):
    """A person's WeChat, as the official account knows it.

    The openid is a ciphertext bound to ``wechat_binding.openid.<person_id>``; the keyed hash finds
    it again. One WeChat serves one person.
    """

    __tablename__ = "wechat_binding"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    openid_sealed: Mapped[str] = mapped_column(sa.Text)
    openid_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    bound_at: Mapped[datetime]


class WechatInvitation(Base):
    """A link that a person opens in WeChat to bind it; good once, for some minutes.

    Only a keyed hash of its code is kept.
    """

    __tablename__ = "wechat_invitation"

    code_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class WechatToken(Base):
    """The access token of an official account, shared by all processes.

    A ciphertext bound to ``wechat_token.token.<app_id>``.
    """

    __tablename__ = "wechat_token"

    app_id: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    token_sealed: Mapped[str] = mapped_column(sa.Text)
    fetched_at: Mapped[datetime]
    expires_at: Mapped[datetime]
