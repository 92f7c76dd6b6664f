"""Pictures and PDFs with a match, and pictures of deliveries, for programs."""

from typing import Any

from marshmallow import fields

from exchange.api.blueprint import ApiBlueprint
from exchange.api.fields import ApiSchema, Text, length
from exchange.brokering.deeds.attaching import MOST_AT_ONCE, attach, files_of, take_away
from exchange.brokering.deeds.delivering import deliveries_of, record_delivery
from exchange.brokering.deeds.models import MatchFile
from exchange.brokering.deeds.picturing import last_day, picture_delivery
from exchange.brokering.deeds.schemas import DeliverySchema, delivery_item
from exchange.brokering.deeds.sending import Sent
from exchange.brokering.queries import seen_match
from exchange.brokering.schemas import DeliveryBody, MatchSchema, match_answer
from exchange.brokering.talk.discretion import brokers_it
from exchange.files.documents import MEDIA_TYPE as PDF
from exchange.files.pictures import MEDIA_TYPE as PICTURE
from exchange.files.upload_schemas import FilesBody, PicturesBody, taken_files, taken_pictures
from exchange.listings.picture_api import PictureSchema, picture_item
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session

blp = ApiBlueprint(
    "api_match_pictures",
    __name__,
    title="Pictures",
    description="Pictures and PDFs with a match, and pictures of what was delivered.",
    takes_files=True,
)
ONE = "/matches/<public_id:public_id>"
Given = dict[str, Any]


class MatchPictureSchema(PictureSchema):
    """A picture or a PDF with a match."""

    thumb = fields.String(
        allow_none=True,
        metadata={"example": "/files/7k2mq9xw4tzr/thumb", "description": "Null for a PDF."},
    )
    media_type = fields.String(metadata={"enum": [PICTURE, PDF]})
    size_bytes = fields.Integer()
    name = fields.String(
        metadata={"description": "What a PDF is called; empty for pictures.", "example": "合同.pdf"}
    )
    caption = fields.String()
    internal = fields.Boolean(metadata={"description": "For those who broker alone."})
    added_at = fields.AwareDateTime()


class MatchPicturesSchema(ApiSchema):
    """Those that you may see, the newest first; those of deliveries stand with the deliveries."""

    items = fields.List(fields.Nested(MatchPictureSchema))


class CaptionBody(ApiSchema):
    """What is said with the files."""

    caption = Text(load_default="", validate=length(0, 200))
    internal = fields.Boolean(
        load_default=False, metadata={"description": "For those who broker alone."}
    )


@blp.get(f"{ONE}/pictures")
@access(SIGNED_IN)
@blp.answers(200, MatchPicturesSchema, "The pictures and PDFs")
def index(public_id: str) -> Given:
    """The pictures and PDFs with a match."""
    return _answer(public_id)


@blp.post(f"{ONE}/pictures")
@access(SIGNED_IN)
@blp.form(CaptionBody)
@blp.files(FilesBody)
@blp.answers(201, MatchPicturesSchema, "Added")
def add(said: Given, given: Given, public_id: str) -> Given:
    """Add up to four pictures or PDFs, for both sides or for those who broker."""
    _insist_on_sight(public_id)
    files = taken_files(given["photos"], MOST_AT_ONCE, "too_many_match_pictures")
    with acting() as act:
        attach(act, public_id, files, said["caption"], internal=said["internal"])
    return _answer(public_id)


@blp.delete(f"{ONE}/pictures/<public_id:file_id>")
@access(SIGNED_IN)
@blp.answers(200, MatchPicturesSchema, "Taken away")
def remove(public_id: str, file_id: str) -> Given:
    """Take away what you have added; who brokers takes any away but a delivery's pictures."""
    with acting() as act:
        take_away(act, public_id, file_id)
    return _answer(public_id)


@blp.post(f"{ONE}/delivery-note")
@access(SIGNED_IN)
@blp.form(DeliveryBody)
@blp.files(PicturesBody)
@blp.answers(200, MatchSchema, "Recorded")
def delivery_note(said: Given, given: Given, public_id: str) -> Given:
    """Record a delivery with up to four pictures of it; without any: POST …/delivery."""
    _insist_on_sight(public_id)
    pictures = taken_pictures(given["photos"], MOST_AT_ONCE, "too_many_match_pictures")
    with acting() as act:
        record_delivery(
            act,
            public_id,
            said["commitment"],
            said["amount"],
            said["note"],
            arrived_on=said["arrived_on"],
            pictures=pictures,
            sent=Sent(said["key"]),
        )
    return match_answer(read_session(), current_actor(), public_id)


@blp.post(f"{ONE}/deliveries/<public_id:delivery_id>/pictures")
@access(SIGNED_IN)
@blp.files(PicturesBody)
@blp.answers(201, DeliverySchema, "Added")
def delivery_pictures(given: Given, public_id: str, delivery_id: str) -> Given:
    """Add up to four pictures to a delivery on record, twelve in all: who noted it or brokers.

    Until both sides have confirmed it, and for 14 days after it was noted.
    """
    _insist_on_sight(public_id)
    pictures = taken_pictures(given["photos"], MOST_AT_ONCE, "too_many_match_pictures")
    with acting() as act:
        picture_delivery(act, public_id, delivery_id, pictures)
    session, actor = read_session(), current_actor()
    match = seen_match(session, actor, public_id)
    (one,) = (d for d in deliveries_of(session, match.id) if d.public_id == delivery_id)
    return delivery_item(one, last_day(house(), actor, match, one))


def _insist_on_sight(public_id: str) -> None:
    """Nobody makes us read files for a match that they may not see."""
    seen_match(read_session(), current_actor(), public_id)


def _answer(public_id: str) -> Given:
    session, actor = read_session(), current_actor()
    match = seen_match(session, actor, public_id)
    rows = files_of(session, match.id, internal=brokers_it(actor, match))
    return {"items": [_item(one) for one in rows]}


def _item(one: MatchFile) -> Given:
    shown = picture_item(one.file.public_id)
    return {
        **shown,
        "thumb": None if one.file.media_type == PDF else shown["thumb"],
        "media_type": one.file.media_type,
        "size_bytes": one.file.size_bytes,
        "name": one.file_name,
        "caption": one.caption,
        "internal": one.is_internal,
        "added_at": one.added_at,
    }
