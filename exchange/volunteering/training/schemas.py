"""Trainings, materials and completions as programs send and read them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask_smorest.fields import Upload
from marshmallow import fields
from sqlalchemy.orm import Session

from exchange.accounts.schemas import OrganisationRef, organisation_ref
from exchange.api.fields import ApiSchema, Text, between, length
from exchange.api.paging import PageQuery, PageSchema
from exchange.files.upload_schemas import CHILDREN
from exchange.volunteering.kinds import Circle
from exchange.volunteering.schemas import ShiftSchema, shift_item
from exchange.volunteering.showing import Reader
from exchange.volunteering.training.kinds import CompletionWay, MaterialKind, TrainingState
from exchange.volunteering.training.models import Completion, Training, TrainingMaterial
from exchange.volunteering.training.permissions import may_look_after
from exchange.volunteering.training.rules import Question
from exchange.volunteering.training.showing import counts, training_page
from exchange.volunteering.training.values import TrainingValues

VERSION = {"description": "The version you have read; another one answers 409."}
EXAMPLE = {
    "title": "陪伴孩子的第一课",
    "learns": "怎样和孩子说话，什么不能做。",
    "for_whom": "第一次参加陪读的志愿者",
    "division": "520422102243",
    "place": "村委会二楼",
    "valid_months": 12,
}
QUESTION = {"text": "孩子说不舒服，先做什么？", "options": ["继续上课", "告诉负责人"], "right": 1}


class TrainingContent(ApiSchema):
    """What a training says."""

    title = Text(validate=length(0, 1000))
    learns = Text(validate=length(0, 6000))
    for_whom = Text(validate=length(0, 1000))
    division = Text(
        validate=length(0, 12),
        metadata={"description": "Official code; empty for everywhere."},
    )
    place = Text(validate=length(0, 1000))
    valid_months = fields.Integer(
        strict=True, allow_none=True, validate=between(0, 100_000),
        metadata={"description": "Null: for ever."},
    )  # fmt: skip
    circle = fields.Enum(Circle, by_value=fields.String())


class TrainingPost(TrainingContent):
    """A new training, a draft."""

    title = Text(required=True, validate=length(1, 1000))


class TrainingPatch(TrainingContent):
    """What is to change; what is left out stays."""

    version = fields.Integer(strict=True, validate=between(0, 2**31), metadata=VERSION)


class MaterialBody(ApiSchema):
    """A page (text) or an address elsewhere (url); exactly one of them."""

    title = Text(required=True, validate=length(1, 1000))
    text = Text(load_default="", validate=length(0, 60_000))
    url = Text(load_default="", validate=length(0, 2000))


class FileTitle(ApiSchema):
    """The fields of a multipart/form-data body; a recording needs no word about children."""

    title = Text(required=True, validate=length(1, 1000))
    children = Text(load_default="", validate=length(0, 20), metadata=CHILDREN)


class FileBody(ApiSchema):
    """Its file."""

    file = Upload(
        required=True,
        metadata={"description": "PDF, JPEG, PNG, WebP, MP3, M4A or Ogg of up to 8 MB."},
    )


class QuestionBody(ApiSchema):
    """A question with two to four answers."""

    text = Text(required=True, validate=length(0, 1000))
    options = fields.List(Text(validate=length(0, 1000)), required=True, validate=length(0, 20))
    right = fields.Integer(
        strict=True, required=True, validate=between(0, 100),
        metadata={"description": "Position of the right one, from 0."},
    )  # fmt: skip


class QuestionsBody(ApiSchema):
    """What is asked from now on; no questions: it cannot be done at home."""

    questions = fields.List(fields.Nested(QuestionBody), required=True, validate=length(0, 20))
    pass_mark = fields.Integer(strict=True, load_default=0, validate=between(0, 100))
    version = fields.Integer(strict=True, validate=between(0, 2**31), metadata=VERSION)


class AnswersBody(ApiSchema):
    """The chosen answers, question by question."""

    answers = fields.List(
        fields.Integer(strict=True, validate=between(0, 100)), required=True,
        validate=length(0, 20), metadata={"description": "Positions, from 0."},
    )  # fmt: skip
    version = fields.Integer(strict=True, validate=between(0, 2**31), metadata=VERSION)


class CompletedBody(ApiSchema):
    """Who completed it at this date."""

    signups = fields.List(
        Text(validate=length(1, 20)), required=True, validate=length(1, 2000),
        metadata={"description": "Ids of sign-ups, as the attendance list gives them."},
    )  # fmt: skip


class RevokeCompletionBody(ApiSchema):
    """Why a completion does not count."""

    reason = Text(required=True, validate=length(0, 1000))


class RequiredBody(ApiSchema):
    """What an activity asks for; exactly these."""

    trainings = fields.List(
        Text(validate=length(1, 20)), required=True, validate=length(0, 100),
        metadata={"description": "Ids of trainings."},
    )  # fmt: skip


class TrainingQuery(PageQuery):
    """Which trainings."""

    division = Text(load_default="", validate=length(0, 12))
    at_home = fields.Boolean(load_default=False)


class MaterialSchema(ApiSchema):
    """Something to learn from."""

    id = fields.String()
    kind = fields.String(metadata={"enum": [one.value for one in MaterialKind]})
    title = fields.String()
    text = fields.String(allow_none=True)
    url = fields.String(metadata={"description": "Where it is read or downloaded."})
    media_type = fields.String(allow_none=True)
    size_bytes = fields.Integer(allow_none=True)


class AskedSchema(ApiSchema):
    """A question; which answer is right only its managers read."""

    text = fields.String()
    options = fields.List(fields.String())
    right = fields.Integer(allow_none=True)


class TrainingBrief(ApiSchema):
    """A training in a list."""

    id = fields.String()
    state = fields.String(metadata={"enum": [one.value for one in TrainingState]})
    title = fields.String()
    organisation = fields.Nested(OrganisationRef)
    division = fields.String(allow_none=True)
    valid_months = fields.Integer(allow_none=True)
    at_home = fields.Boolean(metadata={"description": "Whether it can be done by questions."})
    url = fields.String()


class TrainingSchema(TrainingBrief):
    """A training as this reader may know it."""

    learns = fields.String()
    for_whom = fields.String()
    place = fields.String()
    circle = fields.String(metadata={"enum": [one.value for one in Circle]})
    materials = fields.List(fields.Nested(MaterialSchema))
    dates = fields.List(
        fields.Nested(ShiftSchema), metadata={"description": "Shifts: join and decline as such."}
    )
    questions = fields.List(fields.Nested(AskedSchema))
    pass_mark = fields.Integer()
    completed_until = fields.Date(
        allow_none=True, metadata={"description": "Until when your own completion counts."}
    )
    completed = fields.Boolean(metadata={"description": "Whether yours counts today."})
    version = fields.Integer()


class TrainingPageSchema(PageSchema):
    """Trainings."""

    items = fields.List(fields.Nested(TrainingBrief))


class CompletionSchema(ApiSchema):
    """A completion."""

    id = fields.String()
    training = fields.Nested(TrainingBrief)
    person = fields.String(allow_none=True, metadata={"description": "Id, for managers."})
    name = fields.String(allow_none=True)
    way = fields.String(metadata={"enum": [one.value for one in CompletionWay]})
    completed_on = fields.Date()
    expires_on = fields.Date(allow_none=True)
    counts = fields.Boolean(metadata={"description": "Whether it counts today."})
    revoked_at = fields.DateTime(allow_none=True)
    revoke_reason = fields.String()


class CompletionPage(PageSchema):
    """Completions, the newest first."""

    items = fields.List(fields.Nested(CompletionSchema))


class AnsweredSchema(ApiSchema):
    """How it went."""

    right = fields.Integer()
    asked = fields.Integer()
    needed = fields.Integer()
    passed = fields.Boolean()


class ConfirmedSchema(ApiSchema):
    """How many were written down anew."""

    count = fields.Integer()
    own_left = fields.Boolean(
        metadata={"description": "Whether your own was left to another manager."}
    )


class RequiredSchema(ApiSchema):
    """What an activity asks for."""

    items = fields.List(fields.Nested(TrainingBrief))


def training_values(given: Mapping[str, Any], present: TrainingValues) -> TrainingValues:
    """The values with what was sent."""
    names = {"division": "division_code"}
    own = TrainingContent().fields.keys()
    sent = {names.get(key, key): value for key, value in given.items() if key in own}
    return replace(present, **sent)


def questions_of(given: Mapping[str, Any]) -> list[Question]:
    """The questions that were sent."""
    return [
        Question(one["text"], tuple(one["options"]), one["right"]) for one in given["questions"]
    ]


def brief_item(reader: Reader, training: Training) -> dict[str, Any]:
    """A training in a list."""
    return {
        "id": training.public_id,
        "state": training.state.value,
        "title": training.title,
        "organisation": organisation_ref(reader.actor, training.organisation),
        "division": training.division_code,
        "valid_months": training.valid_months,
        "at_home": training.pass_mark > 0,
        "url": f"/trainings/{training.public_id}",
    }


def training_item(session: Session, reader: Reader, training: Training) -> dict[str, Any]:
    """A training for this reader, who may know of it."""
    page = training_page(session, reader, training)
    inside = may_look_after(reader.actor, training)
    return {
        **brief_item(reader, training),
        "learns": training.learns,
        "for_whom": training.for_whom,
        "place": training.place,
        "circle": training.circle.value,
        "materials": [material_item(line.material, line.url) for line in page.materials],
        "dates": [shift_item(line) for line in page.dates],
        "questions": [
            {**one, "right": one["right"] if inside else None} for one in training.questions or ()
        ],
        "pass_mark": training.pass_mark,
        "completed": page.held is not None,
        "completed_until": page.held.expires_on if page.held else None,
        "version": training.version,
    }


def material_item(material: TrainingMaterial, url: str) -> dict[str, Any]:
    """A material."""
    return {
        "id": material.public_id,
        "kind": material.kind.value,
        "title": material.title,
        "text": material.text if material.kind is MaterialKind.TEXT else None,
        "url": url,
        "media_type": material.file.media_type if material.file else None,
        "size_bytes": material.file.size_bytes if material.file else None,
    }


def completion_item(reader: Reader, one: Completion, *, with_person: bool) -> dict[str, Any]:
    """A completion; who it is only for managers."""
    return {
        "id": one.public_id,
        "training": brief_item(reader, one.training),
        "person": one.person.public_id if with_person else None,
        "name": one.person.name if with_person else None,
        "way": one.way.value,
        "completed_on": one.completed_on,
        "expires_on": one.expires_on,
        "counts": counts(one, reader.today),
        "revoked_at": one.revoked_at,
        "revoke_reason": one.revoke_reason,
    }
