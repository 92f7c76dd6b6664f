"""The bodies and answers of the API of evaluation."""

from datetime import date
from typing import Any

from marshmallow import fields, validate

from exchange.api.fields import ApiSchema, Quantity, Text, YesNo, between, length
from exchange.projects.evaluation.account_service import MOST_LINES, Account, Line
from exchange.projects.evaluation.kinds import (
    Again,
    Choice,
    Late,
    LineKind,
    Question,
    Reach,
    RoundKind,
    RoundState,
)
from exchange.projects.evaluation.models import EvaluationAccount, EvaluationRound
from exchange.projects.evaluation.rules import (
    LONGEST_LABEL,
    LONGEST_TEXT,
    LONGEST_UNIT,
    LONGEST_WORDS,
    MOST_PAPERS,
    MOST_PEOPLE,
    Tally,
)

SHOWN = validate.OneOf(("late", "open", "all"), error="field_choice")
VERSION = {"description": "The version you have read; another one answers 409."}


def _one_of(kind: Any) -> dict[str, Any]:
    return {"enum": [one.value for one in kind]}


class EvaluationScheduleBody(ApiSchema):
    """When a round begins, or the last day of one that asks."""

    day = fields.Date(
        load_default=None, allow_none=True,
        metadata={"description": "Left out: the round follows the project's dates."},
    )  # fmt: skip
    left_out = YesNo(load_default=False)
    version = fields.Integer(strict=True, load_default=None, validate=between(0, 2**31),
                             metadata=VERSION)  # fmt: skip


class EvaluationStatementBody(ApiSchema):
    """What your organisation says; marks go from 1 (not at all) to 5 (fully)."""

    aims = fields.Integer(strict=True, required=True, validate=between(1, 5))
    teamwork = fields.Integer(strict=True, required=True, validate=between(1, 5))
    talk = fields.Integer(strict=True, required=True, validate=between(1, 5))
    means = fields.Integer(strict=True, required=True, validate=between(1, 5))
    lasting = fields.Integer(strict=True, required=True, validate=between(1, 5))
    again = fields.Enum(Again, by_value=True, required=True)
    note = Text(load_default="", validate=length(0, LONGEST_TEXT))
    version = fields.Integer(strict=True, load_default=None, validate=between(0, 2**31),
                             metadata=VERSION)  # fmt: skip


class EvaluationLineBody(ApiSchema):
    """An aim, a milestone or a figure."""

    kind = fields.Enum(LineKind, by_value=True, load_default=LineKind.FIGURE)
    label = Text(required=True, validate=length(1, LONGEST_LABEL))
    reach = fields.Enum(Reach, by_value=True, load_default=None, allow_none=True)
    planned = Quantity(zero=True, load_default=None, allow_none=True)
    reached = Quantity(zero=True, load_default=None, allow_none=True)
    unit = Text(load_default="", validate=length(0, LONGEST_UNIT))


class EvaluationAccountBody(ApiSchema):
    """What was reached, all of it at once."""

    lines = fields.List(
        fields.Nested(EvaluationLineBody), load_default=list, validate=length(0, MOST_LINES)
    )
    people_planned = fields.Integer(
        strict=True, load_default=None, allow_none=True, validate=between(0, MOST_PEOPLE)
    )
    people_reached = fields.Integer(
        strict=True, load_default=None, allow_none=True, validate=between(0, MOST_PEOPLE)
    )
    went_well = Text(load_default="", validate=length(0, LONGEST_TEXT))
    went_badly = Text(load_default="", validate=length(0, LONGEST_TEXT))
    lessons = Text(load_default="", validate=length(0, LONGEST_TEXT))
    released = YesNo(load_default=False)
    version = fields.Integer(strict=True, load_default=None, validate=between(0, 2**31),
                             metadata=VERSION)  # fmt: skip


class EvaluationPapersBody(ApiSchema):
    """How many paper sheets."""

    count = fields.Integer(strict=True, required=True, validate=between(1, MOST_PAPERS))


class EvaluationPapersSchema(ApiSchema):
    """The numbers that were given out, and where the sheets can be printed."""

    numbers = fields.List(fields.String())
    url = fields.String()


class EvaluationPaperBody(ApiSchema):
    """What stands on a sheet."""

    number = Text(required=True, validate=length(1, 20))
    is_old_enough = YesNo(
        required=True, metadata={"description": "The sheet says 14 or older; others do not count."}
    )
    reached = fields.Enum(Choice, by_value=True, load_default=None, allow_none=True)
    better = fields.Enum(Choice, by_value=True, load_default=None, allow_none=True)
    known = fields.Enum(Choice, by_value=True, load_default=None, allow_none=True)
    again = fields.Enum(Choice, by_value=True, load_default=None, allow_none=True)
    words = Text(load_default="", validate=length(0, LONGEST_WORDS))


class EvaluationWordsBody(ApiSchema):
    """What everybody may read of a villager's words; empty keeps them."""

    text = Text(required=True, validate=length(0, LONGEST_WORDS))


class EvaluationWordsSchema(ApiSchema):
    """Words of a villager, for those who look after the project."""

    id = fields.String()
    text = fields.String()
    released = fields.String()
    is_read = fields.Boolean()


class EvaluationWordsListSchema(ApiSchema):
    """All of a round, the unread first."""

    items = fields.List(fields.Nested(EvaluationWordsSchema))


class EvaluationShareSchema(ApiSchema):
    """One answer and its share."""

    choice = fields.String(metadata=_one_of(Choice))
    share = fields.Integer(metadata={"description": "Whole per cent, each rounded by itself."})
    count = fields.Integer(metadata={"description": "How often it was given."})


class EvaluationAnswersSchema(ApiSchema):
    """What villagers answered to one question."""

    question = fields.String(metadata=_one_of(Question))
    counted = fields.Integer()
    shares = fields.List(fields.Nested(EvaluationShareSchema))


class EvaluationResultLineSchema(ApiSchema):
    """What was planned and reached."""

    kind = fields.String(metadata=_one_of(LineKind))
    label = fields.String()
    reach = fields.String(allow_none=True, metadata={"enum": [*(r.value for r in Reach), None]})
    planned = Quantity(allow_none=True)
    reached = Quantity(allow_none=True)
    unit = fields.String()


class EvaluationAccountSchema(ApiSchema):
    """What the project's people say."""

    lines = fields.List(fields.Nested(EvaluationResultLineSchema))
    people_planned = fields.Integer(allow_none=True)
    people_reached = fields.Integer(allow_none=True)
    went_well = fields.String()
    went_badly = fields.String()
    lessons = fields.String()
    released = fields.Boolean()
    version = fields.Integer()


class EvaluationRoundSchema(ApiSchema):
    """One round, as far as you may know it."""

    kind = fields.String(metadata=_one_of(RoundKind))
    state = fields.String(metadata=_one_of(RoundState))
    due_on = fields.Date(allow_none=True)
    opened_on = fields.Date(allow_none=True)
    closes_on = fields.Date(allow_none=True)
    version = fields.Integer()
    survey_url = fields.String(
        allow_none=True, metadata={"description": "The villagers' link, for the project's people."}
    )
    results = fields.Nested(
        EvaluationAccountSchema, allow_none=True,
        metadata={"description": "Null until they are released, for outsiders."},
    )  # fmt: skip
    answers = fields.List(
        fields.Nested(EvaluationAnswersSchema),
        metadata={"description": "Empty until the round is closed, and below five answers."},
    )
    words = fields.List(fields.String())


class EvaluationRoundsSchema(ApiSchema):
    """The rounds of a project."""

    items = fields.List(fields.Nested(EvaluationRoundSchema))
    url = fields.String(metadata={"description": "The page of it on this site."})


class EvaluationOverdueSchema(ApiSchema):
    """A round in your places."""

    project = fields.String()
    title = fields.String()
    kind = fields.String(metadata=_one_of(RoundKind))
    state = fields.String(metadata=_one_of(RoundState))
    day = fields.Date(allow_none=True)
    late = fields.String(allow_none=True, metadata={"enum": [*(one.value for one in Late), None]})


class EvaluationOverviewQuery(ApiSchema):
    """Which rounds."""

    show = fields.String(load_default="late", validate=SHOWN)
    page = fields.Integer(load_default=1, validate=between(1, 10_000))


class EvaluationOverviewSchema(ApiSchema):
    """The rounds in the places that you serve, by their day."""

    items = fields.List(fields.Nested(EvaluationOverdueSchema))
    more = fields.Boolean(metadata={"description": "Whether there is another page."})


def account_of(given: dict[str, Any]) -> Account:
    """The account that a body says."""
    told = {key: value for key, value in given.items() if key not in ("lines", "version")}
    lines = tuple(
        Line(
            line["kind"], line["label"], line["reach"], line["planned"], line["reached"],
            line["unit"],
        )
        for line in given["lines"]
    )  # fmt: skip
    return Account(lines, **told)


def account_item(found: EvaluationAccount) -> dict[str, Any]:
    """What the project's people say."""
    return {
        "lines": [
            {
                "kind": row.kind.value,
                "label": row.label,
                "reach": row.reach.value if row.reach else None,
                "planned": row.planned_milli,
                "reached": row.reached_milli,
                "unit": row.unit,
            }
            for row in found.lines
        ],
        "people_planned": found.people_planned,
        "people_reached": found.people_reached,
        "went_well": found.went_well,
        "went_badly": found.went_badly,
        "lessons": found.lessons,
        "released": found.released_at is not None,
        "version": found.version,
    }


def answers_item(tallies: tuple[Tally, ...]) -> list[dict[str, Any]]:
    """Shares by question."""
    return [
        {
            "question": one.question.value,
            "counted": one.counted,
            "shares": [
                {"choice": choice.value, "share": share, "count": times}
                for (choice, share), (_choice, times) in zip(one.shares, one.times, strict=True)
            ],
        }
        for one in tallies
    ]


def round_item(
    one: EvaluationRound,
    account: EvaluationAccount | None,
    tallies: tuple[Tally, ...],
    words: list[str],
    survey_url: str | None,
) -> dict[str, Any]:
    """One round; the caller has left out what the reader may not know."""
    days: dict[str, date | None] = {
        "due_on": one.due_on, "opened_on": one.opened_on, "closes_on": one.closes_on,
    }  # fmt: skip
    return {
        "kind": one.kind.value,
        "state": one.state.value,
        **days,
        "version": one.version,
        "survey_url": survey_url,
        "results": account_item(account) if account else None,
        "answers": answers_item(tallies),
        "words": words,
    }
