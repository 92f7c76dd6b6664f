"""News of projects as programs send and read them."""

from collections.abc import Sequence
from typing import Any

from marshmallow import fields
from sqlalchemy.orm import Session

from exchange.accounts.schemas import OrganisationRef, organisation_ref
from exchange.api.fields import ApiSchema, Quantity, Text, between, length
from exchange.api.paging import PageSchema
from exchange.kernel.actor import Actor
from exchange.projects.models import ProjectUpdate
from exchange.projects.news.permissions import may_change
from exchange.projects.news.queries import photos_by_update
from exchange.projects.news.rules import (
    LONGEST_LABEL,
    LONGEST_TEXT,
    LONGEST_UNIT,
    MOST_FIGURES,
    Figure,
    unpack_figure,
)
from exchange.projects.news.service import LONGEST_TOKEN
from exchange.projects.news.showing import news_url

EXAMPLE = {
    "text": "今天栽完东坡的果苗，一共 1200 株。",
    "figures": [{"label": "新栽果苗", "number": 1200, "unit": "株"}],
    "token": "7k2mq9xw4tzr",
}
VERSION = {"description": "The version you have read; another one answers 409."}
TOKEN = {"description": "Your own word for this piece of news: sent twice, it is posted once."}


class FigureSchema(ApiSchema):
    """So much of something."""

    label = Text(required=True, validate=length(1, LONGEST_LABEL))
    number = Quantity(required=True, metadata={"type": "number", "example": 1200})
    unit = Text(required=True, validate=length(1, LONGEST_UNIT))


class NewsPost(ApiSchema):
    """What is new."""

    text = Text(required=True, validate=length(1, LONGEST_TEXT))
    figures = fields.List(
        fields.Nested(FigureSchema), load_default=list, validate=length(0, MOST_FIGURES)
    )
    milestone = Text(
        load_default="",
        validate=length(0, 20),
        metadata={"description": "Id of the step of the plan that is reached with it."},
    )
    token = Text(load_default=None, validate=length(1, LONGEST_TOKEN), metadata=TOKEN)


class NewsPatch(ApiSchema):
    """What is to change; what is left out stays."""

    text = Text(validate=length(0, LONGEST_TEXT))
    figures = fields.List(fields.Nested(FigureSchema), validate=length(0, MOST_FIGURES))
    milestone = Text(validate=length(0, 20))
    version = fields.Integer(strict=True, validate=between(0, 2**31), metadata=VERSION)


class NewsPictureSchema(ApiSchema):
    """A picture, for those who may see the news."""

    id = fields.String()
    full = fields.String(metadata={"example": "/files/7k2mq9xw4tzr/full"})
    thumb = fields.String(metadata={"example": "/files/7k2mq9xw4tzr/thumb"})


class NewsSchema(ApiSchema):
    """A piece of news as this reader may know it."""

    id = fields.String()
    project = fields.String(metadata={"description": "Id of the project."})
    organisation = fields.Nested(OrganisationRef)
    text = fields.String()
    figures = fields.List(fields.Nested(FigureSchema))
    milestone = fields.String(
        allow_none=True, metadata={"description": "Id of the step that was reached with it."}
    )
    pictures = fields.List(fields.Nested(NewsPictureSchema))
    published_at = fields.DateTime()
    changed_at = fields.DateTime(allow_none=True)
    version = fields.Integer(
        allow_none=True, metadata={"description": "Null for who may not change it."}
    )
    url = fields.String(metadata={"description": "The page of it on this site."})


class NewsPage(PageSchema):
    """News, the newest first."""

    items = fields.List(fields.Nested(NewsSchema))


class FollowingSchema(ApiSchema):
    """Whether you follow a project, and how many do. Who they are is told to nobody."""

    follows = fields.Boolean()
    followers = fields.Integer()


def figures_from(given: Sequence[dict[str, Any]]) -> list[Figure]:
    """The figures of a body."""
    return [Figure(one["label"], one["number"], one["unit"]) for one in given]


def news_items(
    session: Session, actor: Actor, updates: Sequence[ProjectUpdate]
) -> list[dict[str, Any]]:
    """News for this reader, who may read them."""
    photos = photos_by_update(session, [one.id for one in updates])
    return [
        {
            "id": one.public_id,
            "project": one.project.public_id,
            "organisation": organisation_ref(actor, one.organisation),
            "text": one.text,
            "figures": [
                {"label": figure.label, "number": figure.milli, "unit": figure.unit}
                for figure in map(unpack_figure, one.figures)
                if figure
            ],
            "milestone": next(
                (step.public_id for step in one.project.milestones if step.id == one.milestone_id),
                None,
            ),
            "pictures": [_picture(photo.file.public_id) for photo in photos[one.id]],
            "published_at": one.published_at,
            "changed_at": one.changed_at,
            "version": one.version if may_change(actor, one) else None,
            "url": news_url(one.project, one),
        }
        for one in updates
    ]


def _picture(public_id: str) -> dict[str, str]:
    return {
        "id": public_id,
        "full": f"/files/{public_id}/full",
        "thumb": f"/files/{public_id}/thumb",
    }
