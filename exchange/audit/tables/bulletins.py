"""Bulletins: places that have one, each issue with what stands in it, and who follows."""

from collections.abc import Mapping

from exchange.audit.audited import Audited

TABLES: Mapping[str, Audited] = {
    "bulletin_place": Audited(
        plain="division_code service_point_id rhythm weekday month_day hour editor_id"
        " needs_approval is_on begins_on told_due_on updated_by_id",
        skipped="id public_id version created_at updated_at",
        row_is="bulletin_place_id",
    ),
    # Who writes these words does so for the place, to be published: they are no personal data.
    "bulletin": Audited(
        plain="bulletin_place_id due_on from_on to_on state headline_zh headline_en"
        " introduction_zh introduction_en edited_by_id submitted_at submitted_by_id published_at"
        " approved_by_id sent_back_at sent_back_by_id note dropped_at dropped_by_id",
        skipped="id public_id figures version composed_at counted_at updated_at",
        row_is="bulletin_id",
    ),
    "bulletin_item": Audited(
        plain="bulletin_id number section subject_id is_new position is_left_out",
        skipped="counted",
    ),
    "bulletin_follower": Audited(plain="person_id bulletin_place_id", skipped="followed_at"),
}

NOT_AUDITED: Mapping[str, str] = {}
