"""The words of trainings."""

from typing import Any

from flask_babel import lazy_gettext as _l

from exchange.volunteering.kinds import Circle
from exchange.volunteering.training.kinds import CompletionWay, MaterialKind, TrainingState

STATE_LABELS: dict[TrainingState, Any] = {
    TrainingState.DRAFT: _l("Draft"),
    TrainingState.PUBLISHED: _l("On offer"),
    TrainingState.WITHDRAWN: _l("Withdrawn"),
}
STATE_TONES: dict[TrainingState, str] = {
    TrainingState.DRAFT: "",
    TrainingState.PUBLISHED: "activity",
    TrainingState.WITHDRAWN: "warn",
}
KIND_LABELS: dict[MaterialKind, Any] = {
    MaterialKind.TEXT: _l("Text"),
    MaterialKind.FILE: _l("File"),
    MaterialKind.LINK: _l("Address elsewhere"),
}
WAY_LABELS: dict[CompletionWay, Any] = {
    CompletionWay.ATTENDED: _l("came to a date"),
    CompletionWay.PASSED: _l("passed the questions"),
}
CIRCLE_LABELS: dict[Circle, Any] = {
    Circle.PUBLIC: _l("Everybody"),
    Circle.MEMBERS: _l("Only members of our organisation"),
}
SENTENCES: dict[str, Any] = {
    "training_invalid": _l("Please look at these points again"),
    "training_not_yours": _l("Only the managers of the organisation may do that."),
    "training_state": _l("This is not possible any more: the training is out or withdrawn."),
    "training_needs_verified": _l(
        "Your organisation has to be verified before a training is published. The draft is kept."
    ),
    "training_needs_content": _l("Please add a material or a date first."),
    "training_needs_materials": _l("Please add what the questions are about first."),
    "training_needs_place": _l("A training with dates needs a place. Please choose it first."),
    "training_has_dates": _l("There are dates ahead. Please call them off first."),
    "training_circle_fixed": _l("It is published for everybody already. It stays so."),
    "training_months_form": _l("Between 1 and 120 months, please."),
    "training_materials_many": _l("A training has at most %(most)s materials."),
    "training_material_none": _l("Please write a text, choose a file, or give an address."),
    "training_material_one": _l("Please only one of these: a text, a file, or an address."),
    "training_last_material": _l("This is the last material. Please add another one first."),
    "training_page_long": _l("A page holds at most 20,000 characters. Please make two of it."),
    "training_url_form": _l("Please give a whole address, such as https://www.example.org/page."),
    "training_questions_many": _l("At most %(most)s questions, please."),
    "training_question_text": _l("Question %(number)s lacks its words, or they are too long."),
    "training_question_options": _l("Question %(number)s needs two to four answers."),
    "training_question_same": _l("Question %(number)s has the same answer twice."),
    "training_question_right": _l("Please say which answer to question %(number)s is right."),
    "training_pass_mark": _l("Between 1 and %(most)s right answers are needed."),
    "training_no_questions": _l("This training has no questions to answer now."),
    "training_questions_changed": _l("The training has changed. Please read it and answer again."),
    "training_answer_all": _l("Please answer every question."),
    "training_tries": _l(
        "You have tried %(most)s times today. Please read the materials again and try tomorrow."
    ),
    "training_not_begun": _l("Completion is confirmed once the date has begun."),
    "training_own": _l("Nobody confirms their own. Please ask another manager."),
    "training_reason_needed": _l("Please say why, in at most 200 characters."),
    "training_required_many": _l("An activity asks for at most %(most)s trainings."),
    "training_unknown": _l("Please choose trainings from the list."),
    "training_not_published": _l("Only trainings that are on offer can be asked for."),
    "training_members_only": _l(
        "This training is for members of its organisation only: only an activity for the same "
        "members can ask for it."
    ),
    "training_of_itself": _l("A training's own dates cannot ask for it."),
    "training_needed": _l("The training “%(training)s” has to be done first."),
    "training_needed_date": _l(
        "The training “%(training)s” has to be done first. Its next date: %(when)s."
    ),
    "training_needed_home": _l(
        "The training “%(training)s” has to be done first. It can be done at home."
    ),
    "training_valid_months": _l("valid for %(months)s months"),
    "training_valid_for_ever": _l("valid for ever"),
    "training_at_home": _l("at home"),
    "training_everywhere": _l("Everywhere"),
    "training_next_date": _l("%(when)s · %(free)s places left"),
    "training_next_full": _l("%(when)s · full, you can wait for a place"),
}
