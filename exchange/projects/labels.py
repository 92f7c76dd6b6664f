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
