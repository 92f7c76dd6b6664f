"""Bulletins as programs send and read them."""

from typing import Any

from marshmallow import fields

from exchange.api.fields import ApiSchema, Text, YesNo, between, length
from exchange.api.paging import PageQuery, PageSchema
from exchange.discovery.bulletins.choosing import LONGEST_QUESTION, Choice
from exchange.discovery.bulletins.kinds import Rhythm, State
from exchange.discovery.bulletins.models import BulletinPlace
from exchange.discovery.bulletins.rules import (
    LATEST_HOUR,
    LONGEST_HEADLINE,
    LONGEST_INTRODUCTION,
    LONGEST_NOTE,
)
from exchange.discovery.bulletins.showing import BulletinView, SectionView

VERSION = {"description": "The version you have read; another one answers 409."}
PLACE_EXAMPLE = {"division_code": "520422", "rhythm": "weekly", "weekday": 0, "hour": 8}


class VersionBody(ApiSchema):
    """Which version was read."""

    version = fields.Integer(
        strict=True, load_default=None, validate=between(0, 2**31), metadata=VERSION
    )


class NoteBody(VersionBody):
    """Why an issue goes back to its editor."""

    note = Text(required=True, validate=length(1, LONGEST_NOTE))


class BulletinPatch(ApiSchema):
    """What is to change; what is left out stays."""

    headline_zh = Text(validate=length(0, LONGEST_HEADLINE))
    headline_en = Text(validate=length(0, LONGEST_HEADLINE))
    introduction_zh = Text(validate=length(0, LONGEST_INTRODUCTION))
    introduction_en = Text(validate=length(0, LONGEST_INTRODUCTION))
    order = fields.List(
        fields.Integer(strict=True),
        validate=length(0, 500),
        metadata={"description": "Numbers of items in the order wanted; others follow."},
    )
    left_out = fields.List(
        fields.Integer(strict=True),
        validate=length(0, 500),
        metadata={"description": "Numbers of all items that are left out."},
    )
    version = fields.Integer(
        strict=True, required=True, validate=between(0, 2**31), metadata=VERSION
    )


class BulletinMoreQuery(PageQuery):
    """What is looked for."""

    q = Text(
        load_default="",
        validate=length(0, LONGEST_QUESTION),
        metadata={"description": "Words that it shall hold, all of them."},
    )


class BulletinChoiceSchema(ApiSchema):
    """Something of the days of an issue that may be put in."""

    key = fields.String()
    title = fields.String()
    line = fields.String()
    facts = fields.List(fields.String())
    url = fields.String()
    is_new = fields.Boolean()


class BulletinChoicePage(PageSchema):
    """What may be put into one list."""

    items = fields.List(fields.Nested(BulletinChoiceSchema))


class BulletinPutIn(ApiSchema):
    """What to put into which list, at its end."""

    section = Text(required=True, validate=length(1, 32))
    keys = fields.List(
        Text(validate=length(1, 13)), required=True, validate=length(1, 30),
        metadata={"description": "Keys of what was found for this list."},
    )  # fmt: skip
    version = fields.Integer(
        strict=True, required=True, validate=between(0, 2**31), metadata=VERSION
    )


class PlaceFields(ApiSchema):
    """On which day, at which hour, by whom."""

    rhythm = fields.Enum(Rhythm, by_value=fields.String())
    weekday = fields.Integer(
        strict=True, validate=between(0, 6), metadata={"description": "0 is Monday."}
    )
    month_day = fields.Integer(
        strict=True,
        validate=between(1, 31),
        metadata={"description": "A shorter month has its last day instead."},
    )
    hour = fields.Integer(
        strict=True,
        validate=between(0, LATEST_HOUR),
        metadata={"description": "From which hour on it is composed."},
    )
    editor = Text(validate=length(0, 20), metadata={"description": "A person; empty for nobody."})
    needs_approval = YesNo()
    is_on = YesNo()


class BulletinPlacePost(PlaceFields):
    """A place that is to have a bulletin: a county, a township, or a service point."""

    division_code = Text(load_default="", validate=length(0, 12))
    service_point = Text(load_default="", validate=length(0, 20))
    rhythm = fields.Enum(Rhythm, by_value=fields.String(), required=True)


class BulletinPlacePatch(PlaceFields):
    """What is to change; what is left out stays."""

    version = fields.Integer(strict=True, validate=between(0, 2**31), metadata=VERSION)


class BulletinPlaceRef(ApiSchema):
    """A place that has a bulletin."""

    id = fields.String()
    name = fields.String()


class BulletinPlaceSchema(BulletinPlaceRef):
    """A place that has a bulletin, and where to read it."""

    division_code = fields.String(allow_none=True)
    service_point = fields.String(allow_none=True)
    rhythm = fields.String(metadata={"enum": [one.value for one in Rhythm]})
    weekday = fields.Integer()
    month_day = fields.Integer()
    hour = fields.Integer()
    is_on = fields.Boolean()
    needs_approval = fields.Boolean(
        allow_none=True, metadata={"description": "Null for who does not edit it."}
    )
    editor = fields.String(
        allow_none=True, metadata={"description": "Null for who does not edit it."}
    )
    version = fields.Integer(
        allow_none=True, metadata={"description": "Null for who does not edit it."}
    )
    url = fields.String(metadata={"description": "The archive of it on this site."})
    atom = fields.String()
    json_feed = fields.String()


class BulletinPlacePage(PageSchema):
    """Places that have a bulletin."""

    items = fields.List(fields.Nested(BulletinPlaceSchema))


class BulletinItemSchema(ApiSchema):
    """Something that stands in an issue, as everybody reads it now."""

    number = fields.Integer()
    title = fields.String()
    line = fields.String()
    facts = fields.List(fields.String())
    url = fields.String()
    is_new = fields.Boolean()
    is_left_out = fields.Boolean()


class BulletinSectionSchema(ApiSchema):
    """One list of an issue."""

    code = fields.String()
    heading = fields.String()
    figures = fields.List(
        fields.String(), metadata={"description": "As they were counted at counted_at."}
    )
    items = fields.List(fields.Nested(BulletinItemSchema))


class BulletinSchema(ApiSchema):
    """An issue. What is no longer public is not in it."""

    id = fields.String()
    place = fields.Nested(BulletinPlaceRef)
    state = fields.String(metadata={"enum": [one.value for one in State]})
    due_on = fields.Date()
    from_on = fields.Date()
    to_on = fields.Date()
    headline = fields.String()
    introduction = fields.String()
    has_news = fields.Boolean()
    sections = fields.List(fields.Nested(BulletinSectionSchema))
    published_at = fields.DateTime(allow_none=True)
    counted_at = fields.DateTime(
        metadata={"description": "As of when the figures hold: last when it came out."}
    )
    note = fields.String(
        allow_none=True, metadata={"description": "Why it was sent back; null for readers."}
    )
    version = fields.Integer(allow_none=True, metadata={"description": "Null for readers."})
    url = fields.String(metadata={"description": "The page of it on this site."})
    short_url = fields.String()


class BulletinPage(PageSchema):
    """Issues that have come out, the newest first."""

    items = fields.List(fields.Nested(BulletinSchema))


class BulletinQuery(PageQuery):
    """Which issues."""

    place = Text(load_default="", validate=length(0, 20))
    division = Text(
        load_default="",
        validate=length(0, 12),
        metadata={"description": "Of this division and what lies in it."},
    )


def bulletin_item(view: BulletinView, *, is_editor: bool) -> dict[str, Any]:
    """An issue for this reader, who may know of it."""
    issue = view.bulletin
    return {
        "id": issue.public_id,
        "place": {"id": view.place_id, "name": view.place},
        "state": issue.state.value,
        "due_on": issue.due_on,
        "from_on": issue.from_on,
        "to_on": issue.to_on,
        "headline": view.headline,
        "introduction": view.introduction,
        "has_news": view.has_news,
        "sections": [_section(one) for one in view.sections],
        "published_at": issue.published_at if view.published else None,
        "counted_at": issue.counted_at,
        "note": issue.note if is_editor else None,
        "version": issue.version if is_editor else None,
        "url": f"/bulletins/{issue.public_id}",
        "short_url": view.link,
    }


def _section(section: SectionView) -> dict[str, Any]:
    names = ("number", "title", "line", "facts", "url", "is_new", "is_left_out")
    return {
        "code": section.code,
        "heading": section.heading,
        "figures": section.figures,
        "items": [{name: getattr(one, name) for name in names} for one in section.items],
    }


def choice_item(choice: Choice) -> dict[str, Any]:
    """Something that may be put in."""
    line = choice.line
    return {
        "key": choice.key,
        "title": line.title,
        "line": line.line,
        "facts": line.facts,
        "url": line.url,
        "is_new": choice.is_new,
    }


def place_item(place: BulletinPlace, name: str, *, is_editor: bool) -> dict[str, Any]:
    """A place for this reader."""
    url = f"/bulletins/at/{place.public_id}"
    editor = place.editor.public_id if place.editor else ""
    return {
        "id": place.public_id,
        "name": name,
        "division_code": place.division_code,
        "service_point": place.service_point.public_id if place.service_point else None,
        "rhythm": place.rhythm.value,
        "weekday": place.weekday,
        "month_day": place.month_day,
        "hour": place.hour,
        "is_on": place.is_on,
        "needs_approval": place.needs_approval if is_editor else None,
        "editor": editor if is_editor else None,
        "version": place.version if is_editor else None,
        "url": url,
        "atom": f"{url}/feed.atom",
        "json_feed": f"{url}/feed.json",
    }
