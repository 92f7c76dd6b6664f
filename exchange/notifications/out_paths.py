"""Paths that only outgoing messages carry, such as a signed link: sealed, and gone once sent.

The notice in the app leads to the normal page. A path may open something without a sign-in, so
it stands nowhere in the clear.
"""

from exchange.kernel.secret_box import SecretBox
from exchange.notifications.models import Delivery

OWN_SITE = "/"


def seal_path(secrets: SecretBox, delivery: Delivery, path: str) -> None:
    """Keep the path for this delivery. Raises ValueError for one that leaves the site."""
    if not path.startswith(OWN_SITE) or path.startswith("//"):
        raise ValueError("an outgoing path leads to this site")
    delivery.path_sealed = secrets.seal(path, _place(delivery))


def path_out(secrets: SecretBox, delivery: Delivery) -> str:
    """Where the message leads: its own path, else that of the notice. Raises UnreadableSecret."""
    if delivery.path_sealed is None:
        return delivery.notice.path
    return secrets.open(delivery.path_sealed, _place(delivery))


def _place(delivery: Delivery) -> str:
    return f"notice_delivery.path.{delivery.message_id}"
