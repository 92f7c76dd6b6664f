"""The words of evaluation."""

from typing import Any

from flask_babel import lazy_gettext as _l

from exchange.projects.evaluation.kinds import (
    Again,
    Choice,
    Late,
    LineKind,
    Mark,
    Question,
    Reach,
    RoundKind,
    RoundState,
)

ROUNDS: dict[RoundKind, Any] = {
    RoundKind.HALFWAY: _l("Half-way"),
    RoundKind.FINAL: _l("At the end"),
    RoundKind.LATER: _l("A year after"),
}
STATES: dict[RoundState, Any] = {
    RoundState.PLANNED: _l("Planned"),
    RoundState.OPEN: _l("Asking now"),
    RoundState.CLOSED: _l("Round closed"),
    RoundState.LEFT_OUT: _l("Left out"),
}
TONES: dict[RoundState, str] = {RoundState.OPEN: "project", RoundState.CLOSED: "offer"}
MARKS: dict[Mark, Any] = {
    Mark.AIMS: _l("Did we reach what we set out to do?"),
    Mark.TEAMWORK: _l("How well did we work together?"),
    Mark.TALK: _l("Did we know in time what was going on?"),
    Mark.MEANS: _l("Were money and goods used well?"),
    Mark.LASTING: _l("Will it last without help?"),
}
# Words for 1 to 5: fewer would be guessed at.
SCALE: dict[int, Any] = {
    1: _l("Not in the least"),
    2: _l("Rather not"),
    3: _l("In part"),
    4: _l("Mostly"),
    5: _l("Fully"),
}
AGAIN: dict[Again, Any] = {
    Again.YES: _l("Yes, just so"),
    Again.CHANGED: _l("Yes, but differently"),
    Again.NO: _l("No, better not"),
}
REACH: dict[Reach, Any] = {
    Reach.FULLY: _l("Reached"),
    Reach.MOSTLY: _l("Mostly reached"),
    Reach.PARTLY: _l("Reached in part"),
    Reach.NOT: _l("Not reached"),
}
REACH_TONES: dict[Reach, str] = {
    Reach.FULLY: "offer",
    Reach.MOSTLY: "offer",
    Reach.PARTLY: "warn",
    Reach.NOT: "need",
}
LINES: dict[LineKind, Any] = {
    LineKind.AIM: _l("Aim"),
    LineKind.MILESTONE: _l("Milestone"),
    LineKind.FIGURE: _l("Figure"),
}
QUESTIONS: dict[Question, Any] = {
    Question.REACHED: _l("Did you or your family get something out of it?"),
    Question.BETTER: _l("Is it better now than before?"),
    Question.KNOWN: _l("Do you know what was done and where the money went?"),
    Question.AGAIN: _l("Should it go on, or be done again?"),
}
WORDS_QUESTION = _l("What would you like to say about it?")
CHOICE_WORDS: dict[Choice, Any] = {
    Choice.MUCH: _l("Yes, a lot"),
    Choice.SOME: _l("Yes, a little"),
    Choice.NONE: _l("No, nothing"),
    Choice.BETTER: _l("Much better"),
    Choice.LITTLE: _l("A little better"),
    Choice.SAME: _l("The same"),
    Choice.WORSE: _l("Worse"),
    Choice.WELL: _l("Yes, I know"),
    Choice.ROUGHLY: _l("Roughly"),
    Choice.UNKNOWN: _l("No, I do not know"),
    Choice.YES: _l("Yes, go on"),
    Choice.CHANGED: _l("Yes, but in another way"),
    Choice.NO: _l("No, it should not"),
    Choice.CANNOT_SAY: _l("I cannot say"),
}
LATES: dict[Late, Any] = {
    Late.NOT_BEGUN: _l("Its day has passed, but nobody was asked"),
    Late.NOT_ENDED: _l("The project should have ended by now"),
    Late.UNANSWERED: _l("Some have not answered yet"),
    Late.NO_RESULT: _l("Nobody has written down what was reached"),
}
PERIODS: dict[str, Any] = {
    "once": _l("once"),
    "month": _l("each month"),
    "year": _l("each year"),
}
YUAN = _l("yuan")
SENTENCES: dict[str, Any] = {
    "evaluation_not_yours": _l("This is for the project's people."),
    "evaluation_for_worker": _l("This is for the project's social worker and supervisors."),
    "evaluation_not_open": _l("This round has not begun yet."),
    "evaluation_closed": _l(
        "This round is closed. It takes no more answers, so that what was shown stays as it is."
    ),
    "evaluation_said": _l(
        "All sides have answered and may have read each other. What was said stays as it is."
    ),
    "evaluation_final_missing": _l(
        "First the round at the end must be closed, then the project can be called evaluated."
    ),
    "evaluation_final_stays": _l("The round at the end cannot be left out."),
    "evaluation_last_day": _l(
        "Please choose a day from today on, at most %(most)s days after the round began."
    ),
    "evaluation_first_day": _l("Please choose a day from today on."),
    "evaluation_mark": _l("Please choose one of the five."),
    "evaluation_too_long": _l("This is too long."),
    "evaluation_people": _l("Please write how many people, as a whole number."),
    "evaluation_figure": _l("Please write a number, such as 2.5."),
    "evaluation_too_many_lines": _l("There are too many lines."),
    "evaluation_says_nothing": _l("Please write something first."),
    "evaluation_names_person": _l(
        "This names a person or household. Take the name out before everybody sees it."
    ),
    "survey_once_more": _l("Please press the button once more."),
    "survey_unknown": _l("This link does not lead anywhere. Please look whether it is complete."),
    "survey_not_open": _l("This survey is not open. Thank you for wanting to answer."),
    "survey_too_young": _l("This survey is for people of 14 and older."),
    "survey_empty": _l("Please answer at least one question."),
    "survey_choice": _l("Please choose one of the answers."),
    "survey_how_many": _l("Please choose between 1 and %(most)s sheets."),
    "survey_number": _l(
        "There is no sheet with this number. Please look again: P, seven digits, one digit."
    ),
    "survey_paper_used": _l("This sheet was entered already. Each sheet counts once."),
    "survey_words_name": _l("This names somebody. Take the name out before everybody reads it."),
}
TABS: dict[str, Any] = {
    "late": _l("Behind time"),
    "open": _l("Asking now"),
    "all": _l("All rounds"),
}
