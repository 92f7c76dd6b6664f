"""From a suggested pair to a delivered outcome: claim, propose, answer, commit, deliver."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from exchange.api.registry import register_blueprint
from exchange.brokering import (
    answer_link_views,
    api,
    board_view_views,
    bulk_api,
    bulk_views,
    caseload_api,
    centre_views,
    combined_api,
    combined_panels,
    combined_views,
    deed_api,
    deed_subscribers,
    deed_views,
    desk_api,
    desk_views,
    handover_api,
    handover_views,
    learning_subscribers,
    leaving_subscribers,
    life_api,
    life_panels,
    life_views,
    overview_views,
    panels,
    picture_api,
    point_panels,
    point_subscribers,
    points_api,
    postponing_panels,
    postponing_subscribers,
    proxy_case_views,
    queue_views,
    routing_views,
    subscribers,
    undertaking_api,
    undertaking_panels,
    undertaking_views,
    views,
)
from exchange.brokering import board_views as _board_views  # noqa: F401 - adds the list of matches
from exchange.brokering import deed_jobs as _deed_jobs  # noqa: F401 - declares jobs
from exchange.brokering import escalation_jobs as _escalation_jobs  # noqa: F401 - likewise
from exchange.brokering import jobs as _jobs  # noqa: F401 - declares the room's jobs
from exchange.brokering.attaching import OWNER_KIND, can_see_file
from exchange.brokering.board_labels import BOARD_REFUSALS
from exchange.brokering.deed_notices import DEED_NOTICES, DEED_OUTWARD, DEED_REFUSALS
from exchange.brokering.desk_sentences import DESK_REFUSALS
from exchange.brokering.introductions import introductions
from exchange.brokering.life_notices import LIFE_NOTICES, LIFE_REFUSALS
from exchange.brokering.notices import NOTICES, OUTWARD, REFUSALS
from exchange.brokering.planned import WORKLOAD
from exchange.brokering.point_notices import POINT_NOTICES, POINT_REFUSALS
from exchange.brokering.undertaking_queries import tell_parts
from exchange.files.views import register_owner_kind
from exchange.listings.undertaking_states import set_part_states
from exchange.matching.exposure import set_introductions
from exchange.matching.plan_workload import set_workload
from exchange.notifications.words import add_notice_words
from exchange.web.context import add_navigation
from exchange.web.landing import add_landing
from exchange.web.sentences import add_sentences

PAGES = (
    views,
    deed_views,
    desk_views,
    queue_views,
    bulk_views,
    board_view_views,
    centre_views,
    handover_views,
    overview_views,
    routing_views,
    combined_views,
    undertaking_views,
    life_views,
    answer_link_views,
    proxy_case_views,
)
APIS = (
    api, deed_api, points_api, combined_api, undertaking_api, life_api, bulk_api, handover_api,
    caseload_api, picture_api, desk_api,
)  # fmt: skip


def register(app: Flask) -> None:
    """Add the pages, the notices and the place in the bar."""
    for page in PAGES:
        app.register_blueprint(page.bp)
    for one in APIS:
        register_blueprint(app, one.blp)
    add_landing(app, lambda actor: "/today" if actor.is_broker else None)
    subscribers.register(app.extensions["exchange"].bus)
    point_subscribers.register(app.extensions["exchange"].bus)
    learning_subscribers.listen(app.extensions["exchange"].bus)
    postponing_subscribers.listen(app.extensions["exchange"].bus)
    deed_subscribers.listen(app.extensions["exchange"].bus)
    leaving_subscribers.install(app.extensions["exchange"])
    register_owner_kind(app, OWNER_KIND, can_see_file)
    panels.register(app)
    point_panels.register(app)
    life_panels.install(app)
    combined_panels.install(app)
    undertaking_panels.install(app)
    postponing_panels.install(app)
    set_part_states(app.extensions["exchange"], tell_parts)
    set_introductions(app.extensions["exchange"], introductions)
    set_workload(app.extensions["exchange"], WORKLOAD)
    add_notice_words(
        NOTICES | POINT_NOTICES | LIFE_NOTICES | DEED_NOTICES, OUTWARD | DEED_OUTWARD
    )
    add_sentences(REFUSALS | POINT_REFUSALS | LIFE_REFUSALS | DEED_REFUSALS)
    add_sentences(BOARD_REFUSALS | DESK_REFUSALS)
    add_navigation(
        app, 40, "queue.matches", _l("Matches"), "thread",
        prefixes=("brokering.", "desk.", "queue.", "bulk.", "match_views.", "plans."),
    )  # fmt: skip
