"""What the audit keeps of news of projects."""

from collections.abc import Mapping

from exchange.audit.audited import Audited

TABLES: Mapping[str, Audited] = {
    "project_update_photo": Audited(
        plain="update_id file_id position statement stated_by_id stated_at"
    ),
}
NOT_AUDITED: Mapping[str, str] = {
    "project_follower": "who follows what is their own affair; their events tell it to them alone",
    "project_news_kept_picture": "pictures of a form that came back wait for a day",
}
