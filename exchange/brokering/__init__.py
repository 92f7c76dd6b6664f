"""From a suggested pair to a delivered outcome: claim, propose, answer, commit, deliver."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from exchange.api.registry import register_blueprint
from exchange.brokering import api, panels, subscribers, views
from exchange.brokering import jobs as _jobs  # noqa: F401 - declares the room's jobs
from exchange.brokering.board import (
    bulk_api,
    bulk_views,
    postponing_panels,
    postponing_subscribers,
)
from exchange.brokering.board import (
    view_views as board_view_views,
)
from exchange.brokering.board import views as _board_views  # noqa: F401 - adds the list of matches
from exchange.brokering.board.labels import BOARD_REFUSALS
from exchange.brokering.centre import (
    caseload_api,
    overview_views,
    point_panels,
    point_subscribers,
    points_api,
    routing_views,
)
from exchange.brokering.centre import escalation_jobs as _escalation_jobs  # noqa: F401 - likewise
from exchange.brokering.centre import (
    views as centre_views,
)
from exchange.brokering.centre.point_notices import POINT_NOTICES, POINT_REFUSALS
from exchange.brokering.combined import (
    api as combined_api,
)
from exchange.brokering.combined import (
    panels as combined_panels,
)
from exchange.brokering.combined import (
    views as combined_views,
)
from exchange.brokering.deeds import (
    api as deed_api,
)
from exchange.brokering.deeds import jobs as _deed_jobs  # noqa: F401 - declares jobs
from exchange.brokering.deeds import (
    picture_api,
)
from exchange.brokering.deeds import (
    subscribers as deed_subscribers,
)
from exchange.brokering.deeds import (
    views as deed_views,
)
from exchange.brokering.deeds.attaching import OWNER_KIND, can_see_file, name_of_file
from exchange.brokering.deeds.carried_queries import carried_outcomes
from exchange.brokering.deeds.notices import DEED_NOTICES, DEED_OUTWARD, DEED_REFUSALS
from exchange.brokering.desk import api as desk_api
from exchange.brokering.desk import queue_views
from exchange.brokering.desk import views as desk_views
from exchange.brokering.desk.sentences import DESK_REFUSALS
from exchange.brokering.handover import (
    api as handover_api,
)
from exchange.brokering.handover import (
    leaving_subscribers,
)
from exchange.brokering.handover import (
    views as handover_views,
)
from exchange.brokering.intended import (
    api as intended_api,
)
from exchange.brokering.intended import jobs as _intended_jobs  # noqa: F401 - declares a job
from exchange.brokering.intended import (
    panels as intended_panels,
)
from exchange.brokering.intended import (
    subscribers as intended_subscribers,
)
from exchange.brokering.intended import (
    views as intended_views,
)
from exchange.brokering.intended.notices import (
    INTENDED_NOTICES,
    INTENDED_OUTWARD,
    INTENDED_REFUSALS,
)
from exchange.brokering.intended.queries import tell_outcomes
from exchange.brokering.life import (
    answer_link_views,
    learning_subscribers,
)
from exchange.brokering.life import (
    api as life_api,
)
from exchange.brokering.life import (
    panels as life_panels,
)
from exchange.brokering.life import (
    views as life_views,
)
from exchange.brokering.life.introductions import introductions
from exchange.brokering.life.notices import LIFE_NOTICES, LIFE_REFUSALS
from exchange.brokering.notices import NOTICES, OUTWARD, REFUSALS
from exchange.brokering.page import project_panels
from exchange.brokering.planned.work import WORKLOAD
from exchange.brokering.proxy import case_views as proxy_case_views
from exchange.brokering.undertakings import (
    api as undertaking_api,
)
from exchange.brokering.undertakings import (
    panels as undertaking_panels,
)
from exchange.brokering.undertakings import (
    views as undertaking_views,
)
from exchange.brokering.undertakings.queries import tell_parts
from exchange.files.views import register_owner_kind
from exchange.listings.undertakings.states import set_part_states
from exchange.matching.exposure import set_introductions
from exchange.matching.plans.workload import set_workload
from exchange.notifications.words import add_notice_words
from exchange.projects.evaluation.outcomes import set_outcomes
from exchange.projects.intentions.outcomes import set_outcomes as set_intention_outcomes
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
    intended_views,
)
APIS = (
    api, deed_api, points_api, combined_api, undertaking_api, life_api, bulk_api, handover_api,
    caseload_api, picture_api, desk_api, intended_api,
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
    intended_subscribers.listen(app.extensions["exchange"].bus)
    leaving_subscribers.install(app.extensions["exchange"])
    register_owner_kind(app, OWNER_KIND, can_see_file, name_of_file)
    panels.register(app)
    point_panels.register(app)
    life_panels.install(app)
    combined_panels.install(app)
    undertaking_panels.install(app)
    postponing_panels.install(app)
    project_panels.install(app)
    intended_panels.install(app)
    set_intention_outcomes(app.extensions["exchange"], tell_outcomes)
    set_part_states(app.extensions["exchange"], tell_parts)
    set_outcomes(app.extensions["exchange"], carried_outcomes)
    set_introductions(app.extensions["exchange"], introductions)
    set_workload(app.extensions["exchange"], WORKLOAD)
    add_notice_words(
        NOTICES | POINT_NOTICES | LIFE_NOTICES | DEED_NOTICES | INTENDED_NOTICES,
        OUTWARD | DEED_OUTWARD | INTENDED_OUTWARD,
    )
    add_sentences(REFUSALS | POINT_REFUSALS | LIFE_REFUSALS | DEED_REFUSALS)
    add_sentences(BOARD_REFUSALS | DESK_REFUSALS | INTENDED_REFUSALS)
    add_navigation(
        app, 40, "queue.matches", _l("Matches"), "thread",
        prefixes=("brokering.", "desk.", "queue.", "bulk.", "intended.", "match_views.", "plans."),
    )  # fmt: skip
