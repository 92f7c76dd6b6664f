"""The words of projects in the reader's language."""

from typing import Any

from flask_babel import lazy_gettext as _l

from exchange.projects.kinds import PartnerRole, PartnerState, Publication, Stage, Template
from exchange.projects.rules import Scale

STAGE_LABELS: dict[Stage, Any] = {
    Stage.IDEA: _l("Idea"),
    Stage.PLANNED: _l("Being planned"),
    Stage.RUNNING: _l("Under way"),
    Stage.PAUSED: _l("Resting"),
    Stage.COMPLETED: _l("Completed"),
    Stage.EVALUATED: _l("Looked back on"),
    Stage.STOPPED: _l("Stopped"),
}
# Colours of tags: indigo for what lives, tea for what was reached, ochre for what rests.
STAGE_TONES: dict[Stage, str] = {
    Stage.IDEA: "",
    Stage.PLANNED: "project",
    Stage.RUNNING: "project",
    Stage.PAUSED: "warn",
    Stage.COMPLETED: "offer",
    Stage.EVALUATED: "offer",
    Stage.STOPPED: "",
}
PUBLICATION_LABELS: dict[Publication, Any] = {
    Publication.DRAFT: _l("Draft"),
    Publication.SUBMITTED: _l("Waiting for the station"),
    Publication.PUBLISHED: _l("Published"),
    Publication.WITHDRAWN: _l("Taken back"),
}
TEMPLATE_LABELS: dict[Template, Any] = {
    Template.ONE_PRODUCT: _l("One village, one product"),
    Template.RURAL_TOURISM: _l("Rural tourism with farm produce"),
    Template.PARTY_BUILDING: _l("Precise help led by the party branch"),
    Template.HEART_TO_HAND: _l("Heart to hand: children whose parents work away"),
    Template.TALENT_TRAINING: _l("Training people"),
    Template.INFRASTRUCTURE: _l("Roads, water, buildings"),
    Template.OTHER: _l("Something else"),
}
SCALE_LABELS: dict[Scale, Any] = {
    Scale.SMALL: _l("Below 100,000 yuan"),
    Scale.MIDDLE: _l("100,000 to 1,000,000 yuan"),
    Scale.LARGE: _l("From 1,000,000 yuan on"),
    Scale.UNKNOWN: _l("No budget yet"),
}
ROLE_LABELS: dict[PartnerRole, Any] = {
    PartnerRole.PARTNER: _l("Partner"),
    PartnerRole.FUNDER: _l("Gives money"),
    PartnerRole.ADVISER: _l("Advises"),
}
PARTNER_STATE_LABELS: dict[PartnerState, Any] = {
    PartnerState.INVITED: _l("Invited, no answer yet"),
    PartnerState.ACCEPTED: _l("Takes part"),
    PartnerState.DECLINED: _l("Has declined"),
    PartnerState.LEFT: _l("Has left"),
}
# What the undertaking of a project is called whose title is not for everybody.
BUNDLE_NAME: Any = _l("Needs of one project")
STAGE_ACTS: dict[Stage, Any] = {
    Stage.IDEA: _l("Back to an idea"),
    Stage.PLANNED: _l("The plan stands"),
    Stage.RUNNING: _l("It has begun"),
    Stage.PAUSED: _l("Let it rest"),
    Stage.COMPLETED: _l("It is done"),
    Stage.STOPPED: _l("Stop it"),
}
STAGE_HINTS: dict[Stage, Any] = {
    Stage.IDEA: _l("Nothing is settled yet."),
    Stage.PLANNED: _l("Aim, steps and money are clear; the work has not begun."),
    Stage.RUNNING: _l("People read here how it goes. Please tell news at least once a month."),
    Stage.PAUSED: _l("It goes on later. Nobody reminds you of news meanwhile."),
    Stage.COMPLETED: _l("What was planned is there. Looking back on it comes next."),
    Stage.STOPPED: _l("It will not go on. Everybody who may see it reads why."),
}
STAGE_SAID: dict[Stage, Any] = {
    Stage.IDEA: _l("It is an idea again."),
    Stage.PLANNED: _l("Noted: it is being planned."),
    Stage.RUNNING: _l("Noted: it is under way."),
    Stage.PAUSED: _l("Noted: it rests."),
    Stage.COMPLETED: _l("Noted: it is completed."),
    Stage.STOPPED: _l("Noted: it was stopped."),
}
SENTENCES: dict[str, Any] = {
    "project_invalid": _l("Please look at these points again"),
    "project_not_yours": _l("Only the people of this project change it."),
    "project_stage": _l("It cannot go there from where it is now. Please look again."),
    "project_publication": _l("This is not possible any more: somebody has changed its state."),
    "project_has_accounts": _l(
        "Money or goods were booked, so everybody who could read this can go on reading it. If the "
        "project does not go on, complete or stop it: its page stays, with its accounts."
    ),
    "project_not_draft": _l("Only a draft that was never shown can be thrown away."),
    "project_stop_reason": _l("Please say in a few words why it is stopped."),
    "project_blank_title": _l("Please fill in the empty brackets first: %(title)s"),
    "project_blank_aim": _l("Please fill in the empty brackets first: %(aim)s"),
    "project_blank_plan": _l("Please fill in the empty brackets first: %(plan)s"),
    "project_names_person": _l(
        "This names a person or household and tells of children, health or hardship. Please leave "
        "that out, or show it to social workers only."
    ),
    "project_contact_in_text": _l(
        "Please leave out phone numbers, WeChat and addresses: others read this."
    ),
    "project_payment_in_text": _l("No account numbers or payment codes here, please."),
    "project_people_count": _l("Please give a number from 0 to 100,000,000."),
    "project_day_ahead": _l("This day is still to come."),
    "project_sum": _l("Please write the sum in yuan, like 80000 or 1200.50."),
    "project_milestones_full": _l("A plan has at most %(most)s steps."),
    "project_budget_full": _l("A budget has at most %(most)s lines."),
    "project_needs_full": _l("A project has at most %(most)s needs."),
    "project_partners_full": _l("A project has at most %(most)s partners."),
    "project_partner_leads": _l("This organisation leads the project already."),
    "project_not_invited": _l("This invitation does not stand any more."),
    "project_need_taken": _l("One of the needs is in another project already."),
    "project_need_elsewhere": _l("Only needs of the organisations that take part can be put in."),
    "project_posting_for": _l("For the project:"),
    "project_gone": _l("The need is posted, but could not be put into the project."),
    "project_has_worker": _l("Another social worker looks after it already."),
    "project_worker_elsewhere": _l("This person does not serve one of its places."),
    "project_more_places": _l("%(place)s and others, %(number)s places"),
    "project_still_needs": _l("needs still open: %(number)s"),
    "project_needs_met": _l("all needs are met"),
    "project_people": _l("%(number)s people"),
}
