"""Words for entries of the audit: evaluation of projects."""

from typing import Any

from flask_babel import lazy_gettext as _l

EVALUATION_EVENTS: dict[str, Any] = {
    "EvaluationScheduled": _l("Set when a project is evaluated"),
    "RoundOpened": _l("A round of evaluation began"),
    "RoundReminded": _l("Those who had not answered an evaluation were reminded"),
    "RoundTakenBack": _l("A round of evaluation was taken back"),
    "RoundClosed": _l("A round of evaluation was closed"),
    "SideSpoke": _l("Said for an organisation how a project went"),
    "SidesShown": _l("All sides of an evaluation could read each other"),
    "ResultsWritten": _l("Wrote down what a project reached"),
    "ResultsReleased": _l("Put what a project reached before everybody, or took it back"),
    "SurveyPapersPrinted": _l("Printed sheets for villagers"),
    "SurveyPaperEntered": _l("Entered a villager's sheet"),
    "VillagerWordsReleased": _l("Put villagers' words before everybody, or took them back"),
}
EVALUATION_TABLES: dict[str, Any] = {
    "evaluation_round": _l("Round of evaluation"),
    "evaluation_statement": _l("What a side says of a project"),
    "evaluation_account": _l("What a project reached"),
    "evaluation_line": _l("Line of results"),
}
EVALUATION_COLUMNS: dict[str, Any] = {
    "aims": _l("Mark: aims"),
    "closes_on": _l("Last day"),
    "lasting": _l("Mark: will it last"),
    "means": _l("Mark: money and goods"),
    "opened_on": _l("Began on"),
    "people_planned": _l("People planned"),
    "people_reached": _l("People reached"),
    "planned_milli": _l("Amount planned"),
    "reach": _l("How far it was reached"),
    "reached_milli": _l("Amount reached"),
    "reminded_at": _l("Reminded on"),
    "round_id": _l("Round, number"),
    "said_by_id": _l("Said by"),
    "shown_at": _l("Shown to all sides on"),
    "talk": _l("Mark: knowing in time"),
    "teamwork": _l("Mark: working together"),
    "went_badly": _l("What did not go well"),
    "went_well": _l("What went well"),
    "written_by_id": _l("Written by"),
    "label": _l("Name"),
}
