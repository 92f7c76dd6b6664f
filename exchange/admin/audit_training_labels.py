"""Words for entries of the audit: trainings."""

from typing import Any

from flask_babel import lazy_gettext as _l

TRAINING_EVENTS: dict[str, Any] = {
    "TrainingMade": _l("Began a training"),
    "TrainingChanged": _l("Changed a training"),
    "TrainingPublished": _l("Published a training"),
    "TrainingWithdrawn": _l("Withdrew a training"),
    "TrainingDiscarded": _l("Threw the draft of a training away"),
    "TrainingDated": _l("Added a date to a training"),
    "TrainingQuestionsSet": _l("Set the questions of a training"),
    "MaterialAdded": _l("Added a material to a training"),
    "MaterialChanged": _l("Changed a material of a training"),
    "MaterialRemoved": _l("Removed a material of a training"),
    "TrainingQuestionsAnswered": _l("Answered the questions of a training"),
    "TrainingCompleted": _l("Completed a training"),
    "CompletionRevoked": _l("Revoked the completion of a training"),
    "CompletionExpiresSoon": _l("The completion of a training ends soon"),
    "TrainingsRequired": _l("Set which trainings an activity asks for"),
}
TRAINING_TABLES: dict[str, Any] = {
    "volunteer_training": _l("Training"),
    "volunteer_material": _l("Material of a training"),
    "volunteer_training_try": _l("Try of the questions"),
    "volunteer_completion": _l("Completion of a training"),
    "volunteer_required_training": _l("Training that is asked for"),
}
TRAINING_COLUMNS: dict[str, Any] = {
    "asked": _l("Questions asked"),
    "completed_on": _l("Completed on"),
    "expires_on": _l("Counts until"),
    "for_whom": _l("For whom"),
    "learns": _l("What one learns"),
    "pass_mark": _l("Right answers needed"),
    "passed": _l("Passed"),
    "questions": _l("Questions"),
    "right_count": _l("Right answers"),
    "training_id": _l("Training"),
    "tried_at": _l("Tried on"),
    "url": _l("Address of the page"),
    "valid_months": _l("Months that it counts"),
}
