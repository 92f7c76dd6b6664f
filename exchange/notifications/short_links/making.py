"""Short links: an address of some forty signs for a text of seventy.

The code follows from the message's id and the site's lookup key, so that a repeated message has the
same link and nothing keeps the code itself. It ends after a week, but not before the signed link
that it leads to.
"""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.links.service import end_of_path
from exchange.kernel.act import Act
from exchange.kernel.database import PUBLIC_ALPHABET
from exchange.kernel.errors import NotFound
from exchange.kernel.secret_box import SecretBox
from exchange.notifications.short_links.models import ShortLink

LIFE = timedelta(days=7)
LENGTH = 11  # 54 bits
PREFIX = "/s/"


def make_short_link(act: Act, message_id: str, path: str) -> str:
    """The short path of a message that leads to a path of this site.

    Made again for a repeat it is the same, and lasts as long as a new one.
    """
    code = _code(act.house.secrets, message_id)
    hashed = _hashed(act.house.secrets, code)
    ends = act.now + LIFE
    answered_until = end_of_path(act.session, act.house.secrets, path)
    if answered_until is not None:
        ends = max(ends, answered_until)
    made = act.session.get(ShortLink, hashed)
    if made is not None:
        made.expires_at = ends
    else:
        act.session.add(
            ShortLink(
                code_hash=hashed,
                path_sealed=act.house.secrets.seal(path, _place(hashed)),
                created_at=act.now,
                expires_at=ends,
            )
        )
    return f"{PREFIX}{code}"


def follow_short_link(session: Session, secrets: SecretBox, code: str) -> ShortLink:
    """The row of a code. Raises NotFound."""
    found = session.get(ShortLink, _hashed(secrets, code))
    if found is None:
        raise NotFound
    return found


def path_behind(secrets: SecretBox, link: ShortLink) -> str:
    """Where it leads. Raises UnreadableSecret."""
    return secrets.open(link.path_sealed, _place(link.code_hash))


def forget_old_links(act: Act) -> None:
    """Delete what has ended a day ago."""
    old = act.now - timedelta(days=1)
    act.session.execute(sa.delete(ShortLink).where(ShortLink.expires_at < old))


def _code(secrets: SecretBox, message_id: str) -> str:
    number = int(secrets.lookup_hash(message_id, "short_link.code"), 16)
    signs = []
    for _ in range(LENGTH):
        number, rest = divmod(number, len(PUBLIC_ALPHABET))
        signs.append(PUBLIC_ALPHABET[rest])
    return "".join(signs)


def _hashed(secrets: SecretBox, code: str) -> str:
    return secrets.lookup_hash(code, "short_link")


def _place(code_hash: str) -> str:
    return f"short_link.path.{code_hash}"
