"""Signed links: making one, reading what it is for, and using it up.

Opening a link only reads: previews and scanners open links, too. The act that it allows uses it up
in the same transaction, under a lock, so that it counts once.
"""

import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.links.models import SignedLink
from exchange.accounts.links.rules import BYTES, LinkPurpose, may_open
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, NotFound
from exchange.kernel.secret_box import SecretBox

LONGEST = 64
KEPT = timedelta(days=90)


def issue_link(
    act: Act,
    purpose: LinkPurpose,
    subject: str,
    person_id: int,
    organisation_id: int,
    expires_at: datetime,
) -> str:
    """A new link for a person who acts for an organisation; returns its token.

    An open one for the same is closed: whoever opens that is told of the newer.
    """
    act.session.flush()
    close_links(act, purpose, subject, [person_id])
    token = secrets.token_urlsafe(BYTES)
    link = SignedLink(
        token_hash=_hash(act.house.secrets, token),
        binding="",
        purpose=purpose,
        subject=subject,
        person_id=person_id,
        organisation_id=organisation_id,
        created_at=act.now,
        expires_at=expires_at,
    )
    link.binding = _binding(act.house.secrets, token, link)
    act.session.add(link)
    act.session.flush()
    return token


def close_links(
    act: Act, purpose: LinkPurpose, subject: str, person_ids: Iterable[int] | None = None
) -> None:
    """Close the open links of a subject, of all people or of some."""
    query = sa.update(SignedLink).where(
        SignedLink.purpose == purpose,
        SignedLink.subject == subject,
        SignedLink.used_at.is_(None),
        SignedLink.closed_at.is_(None),
    )
    if person_ids is not None:
        query = query.where(SignedLink.person_id.in_(sorted(person_ids)))
    act.session.execute(query.values(closed_at=act.now))


def find_link(
    session: Session, box: SecretBox, purpose: LinkPurpose, token: str
) -> SignedLink | None:
    """The link of a token, whether it is still open or not; None for one that was never issued, or
    whose row says something else than when it was.
    """
    if not 0 < len(token) <= LONGEST or not token.isascii():
        return None
    query = sa.select(SignedLink).where(
        SignedLink.token_hash == _hash(box, token), SignedLink.purpose == purpose
    )
    link = session.scalar(query)
    if link is None or not hmac.compare_digest(link.binding, _binding(box, token, link)):
        return None
    return link


def end_of_path(session: Session, box: SecretBox, path: str) -> datetime | None:
    """When the signed link that a path ends with ends; None for any other path."""
    token = path.rpartition("/")[2]
    if not 0 < len(token) <= LONGEST or not token.isascii():
        return None
    query = sa.select(SignedLink.expires_at).where(SignedLink.token_hash == _hash(box, token))
    return session.scalar(query)


def use_link(act: Act, purpose: LinkPurpose, token: str) -> SignedLink:
    """Use a link up. Raises NotFound for a forged one, Conflict for one that opens nothing more.

    The caller has locked what the link is about: links are locked after it, as where they are made.
    """
    found = find_link(act.session, act.house.secrets, purpose, token)
    if found is None:
        raise NotFound("link_unknown")
    link = act.session.scalars(
        sa.select(SignedLink)
        .where(SignedLink.id == found.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    decision = may_open(
        used_at=link.used_at, closed_at=link.closed_at, expires_at=link.expires_at, now=act.now
    )
    if not decision:
        raise Conflict(decision.code, **decision.params)
    link.used_at = act.now
    return link


def forget_links(act: Act, most: int) -> int:
    """Drop links that ended long ago; returns how many, some are left when it is ``most``."""
    old = sa.select(SignedLink.id).where(SignedLink.expires_at < act.now - KEPT).limit(most)
    ids = act.session.scalars(old).all()
    if ids:
        act.session.execute(sa.delete(SignedLink).where(SignedLink.id.in_(ids)))
    return len(ids)


def _hash(box: SecretBox, token: str) -> str:
    return box.lookup_hash(token, "signed_link")


def _binding(box: SecretBox, token: str, link: SignedLink) -> str:
    bound = (
        token, link.purpose.value, link.subject, str(link.person_id), str(link.organisation_id),
        str(int(link.expires_at.timestamp())),
    )  # fmt: skip
    return box.lookup_hash("|".join(bound), "signed_link.binding")
