"""What a visitor typed before signing in, kept in a signed cookie until they come back."""

from collections.abc import Mapping
from typing import Any, cast

from itsdangerous import BadData, URLSafeTimedSerializer

COOKIE = "kept_post"
HOURS = 2
LONGEST = 3600
KEPT = (
    "text", "title", "category", "quantity", "unit", "from_date", "to_date", "terms", "urgency",
    "beneficiaries", "visibility", "public_title", "public_level", "coverage", "places", "licence",
    "division", "division_text", "guess",
)  # fmt: skip


def pack(secret: str, door: str, fields: Mapping[str, Any]) -> str | None:
    """The fields as a signed text; None when a cookie could not hold them."""
    kept = {name: fields[name] for name in KEPT if fields.get(name)}
    packed = _serializer(secret).dumps({"door": door, "fields": kept})
    text = packed if isinstance(packed, str) else packed.decode()
    return text if len(text) <= LONGEST else None


def unpack(secret: str, door: str, packed: str) -> dict[str, Any]:
    """The fields that were kept for this door; empty when there are none or somebody tampered."""
    try:
        found = _serializer(secret).loads(packed, max_age=HOURS * 3600)
    except BadData:
        return {}
    if not isinstance(found, dict) or found.get("door") != door:
        return {}
    return cast("dict[str, Any]", found.get("fields", {}))


def _serializer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="kept-post")
