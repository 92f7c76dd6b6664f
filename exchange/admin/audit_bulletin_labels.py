"""Words for entries of the audit: bulletins."""

from typing import Any

from flask_babel import lazy_gettext as _l

BULLETIN_EVENTS: dict[str, Any] = {
    "BulletinPlaceOpened": _l("Gave a place a bulletin"),
    "BulletinPlaceChanged": _l("Changed when a place has its bulletin"),
    "BulletinMissed": _l("A bulletin missed its day"),
    "BulletinFollowed": _l("Follows a bulletin"),
    "BulletinUnfollowed": _l("No longer follows a bulletin"),
    "BulletinComposed": _l("A bulletin was composed"),
    "BulletinEdited": _l("Edited a bulletin"),
    "BulletinSubmitted": _l("Handed in a bulletin for approval"),
    "BulletinSentBack": _l("Sent a bulletin back"),
    "BulletinPublished": _l("A bulletin came out"),
    "BulletinDropped": _l("Dropped a bulletin"),
}
BULLETIN_TABLES: dict[str, Any] = {
    "bulletin_place": _l("Place with a bulletin"),
    "bulletin": _l("Bulletin"),
    "bulletin_item": _l("Item of a bulletin"),
    "bulletin_follower": _l("Follower of a bulletin"),
}
BULLETIN_COLUMNS: dict[str, Any] = {
    "bulletin_place_id": _l("Place with a bulletin, number"),
    "bulletin_id": _l("Bulletin, number"),
    "weekday": _l("Weekday (0 is Monday)"),
    "month_day": _l("Day of the month"),
    "hour": _l("Hour"),
    "editor_id": _l("Who edits"),
    "needs_approval": _l("Needs approval"),
    "begins_on": _l("Counts from"),
    "told_due_on": _l("Supervisors told of the day"),
    "headline_zh": _l("Headline in Chinese"),
    "headline_en": _l("Headline in English"),
    "introduction_zh": _l("Introduction in Chinese"),
    "introduction_en": _l("Introduction in English"),
    "edited_by_id": _l("Edited by"),
    "submitted_at": _l("Handed in on"),
    "submitted_by_id": _l("Handed in by"),
    "approved_by_id": _l("Approved by"),
    "sent_back_at": _l("Sent back on"),
    "sent_back_by_id": _l("Sent back by"),
    "dropped_at": _l("Dropped on"),
    "dropped_by_id": _l("Dropped by"),
    "number": _l("Number"),
    "section": _l("List"),
    "is_new": _l("New"),
    "is_left_out": _l("Left out"),
}
