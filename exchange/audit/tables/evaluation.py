"""What the audit keeps of evaluation; of what villagers say, nothing."""

from collections.abc import Mapping

from exchange.audit.audited import Audited

TABLES: Mapping[str, Audited] = {
    "evaluation_round": Audited(
        plain="project_id kind state due_on opened_on closes_on closed_at reminded_at shown_at",
        skipped="id public_id survey_code is_set version",
        row_is="round_id",
    ),
    "evaluation_statement": Audited(
        plain="round_id organisation_id aims teamwork talk means lasting again said_by_id",
        personal="note",
        skipped="id said_at version",
        of="said_by_id",
    ),
    "evaluation_account": Audited(
        plain="round_id people_planned people_reached written_by_id released_at released_by_id",
        personal="went_well went_badly lessons",
        skipped="written_at version",
        of="written_by_id",
    ),
    "evaluation_line": Audited(
        plain="round_id position kind reach planned_milli reached_milli unit",
        personal="label",
        skipped="id",
    ),
}
_NOBODY = "what villagers say is kept without who and when, and the audit would tell when"
NOT_AUDITED: Mapping[str, str] = {
    "evaluation_answer": _NOBODY,
    "evaluation_device": _NOBODY,
    "evaluation_words": _NOBODY + "; that a worker released some is an act with an event",
    "evaluation_paper": "a number given out; its events tell how many, and that one was entered",
}
