"""What was typed when the sign-in had run out, kept in a signed cookie until they are back.

Pictures are not among it: they are chosen again.
"""

from collections.abc import Mapping
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

COOKIE = "kept_news"
HOURS = 2
LONGEST = 3600


def pack(secret: str, project: str, fields: Mapping[str, Any]) -> str | None:
    """The fields as a signed text; None when a cookie could not hold them."""
    kept = {name: value for name, value in fields.items() if value}
    packed = _serializer(secret).dumps({"project": project, "fields": kept})
    text = packed if isinstance(packed, str) else packed.decode()
    return text if len(text) <= LONGEST else None


def unpack(secret: str, project: str, packed: str) -> dict[str, str]:
    """The fields that were kept for this project; empty for none or where somebody tampered."""
    try:
        found = _serializer(secret).loads(packed, max_age=HOURS * 3600)
    except BadData:
        return {}
    if not isinstance(found, dict) or found.get("project") != project:
        return {}
    fields = found.get("fields")
    if not isinstance(fields, dict):
        return {}
    return {str(name): str(value) for name, value in fields.items()}


def _serializer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="kept-news")


