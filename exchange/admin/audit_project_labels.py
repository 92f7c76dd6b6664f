"""Words for entries of the audit: projects."""

from typing import Any

from flask_babel import lazy_gettext as _l

PROJECT_EVENTS: dict[str, Any] = {
    "ProjectMade": _l("Began a project"),
    "ProjectChanged": _l("Changed a project"),
    "ProjectSubmitted": _l("Sent a project to the station"),
    "ProjectPublished": _l("Published a project"),
    "ProjectReturned": _l("Sent a project back for changes"),
    "ProjectWithdrawn": _l("Took a project back from the public"),
    "ProjectHeld": _l("Hid a project for a check, or showed it again"),
    "ProjectStaged": _l("Took a project to another stage"),
    "ProjectDiscarded": _l("Threw a project's draft away"),
    "PartnerInvited": _l("Asked an organisation to join a project"),
    "PartnerAnswered": _l("Answered the question to join a project"),
    "PartnerLeft": _l("Ended an organisation's part in a project"),
}
PROJECT_TABLES: dict[str, Any] = {
    "project": _l("Project"),
    "project_partner": _l("Partner in a project"),
    "project_milestone": _l("Milestone"),
    "project_budget_line": _l("Line of a budget"),
    "project_need": _l("Need in a project"),
    "project_update": _l("News of a project"),
}
PROJECT_COLUMNS: dict[str, Any] = {
    "aim": _l("Aim"),
    "beneficiary_count": _l("How many people"),
    "done_by_id": _l("Done by"),
    "done_on": _l("Done on"),
    "figures": _l("Figures"),
    "milestone_id": _l("Milestone, number"),
    "origin_listing_id": _l("Made from the need"),
    "plan": _l("Plan"),
    "planned_fen": _l("Planned sum"),
    "project_id": _l("Project, number"),
    "publication": _l("Shown or not"),
    "purpose": _l("Purpose"),
    "stage": _l("Stage"),
    "stop_reason": _l("Why it was stopped"),
    "template": _l("Kind of project"),
    "worker_id": _l("Social worker"),
}
