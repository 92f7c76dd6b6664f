"""Words for entries of the audit: news of projects."""

from typing import Any

from flask_babel import lazy_gettext as _l

NEWS_EVENTS: dict[str, Any] = {
    "NewsPosted": _l("Posted news of a project"),
    "NewsChanged": _l("Changed news of a project"),
    "NewsWithdrawn": _l("Took news of a project back"),
    "NewsAsked": _l("Asked a silent project for news"),
    "ProjectFollowed": _l("Followed a project"),
    "ProjectUnfollowed": _l("Followed a project no more"),
}
NEWS_TABLES: dict[str, Any] = {
    "project_update_photo": _l("Picture in news of a project"),
}
NEWS_COLUMNS: dict[str, Any] = {
    "changed_at": _l("Changed on"),
    "stated_at": _l("Stated on"),
    "stated_by_id": _l("Stated by"),
    "statement": _l("What was said about children on it"),
    "update_id": _l("News, number"),
}
