"""Pictures with a match and delivery notes with pictures, for programs."""

from typing import Any

from marshmallow import fields

from exchange.api.blueprint import ApiBlueprint
from exchange.api.fields import ApiSchema, Text, length
from exchange.brokering.deeds.attaching import MOST_AT_ONCE, attach, files_of, take_away
from exchange.brokering.deeds.delivering import record_delivery
from exchange.brokering.queries import seen_match
from exchange.brokering.schemas import DeliveryBody, MatchSchema, match_answer
from exchange.brokering.talk.discretion import brokers_it
from exchange.files.upload_schemas import PicturesBody, taken_pictures
from exchange.listings.picture_api import PictureSchema, picture_item
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import acting, current_actor, read_session

blp = ApiBlueprint(
    "api_match_pictures",
    __name__,
    title="Pictures",
    description="Pictures with a match, and of what was delivered.",
    takes_files=True,
)
ONE = "/matches/<public_id:public_id>"
Given = dict[str, Any]


class MatchPictureSchema(PictureSchema):
    """A picture with a match."""

    caption = fields.String()
    internal = fields.Boolean(metadata={"description": "For those who broker alone."})
    added_at = fields.AwareDateTime()


class MatchPicturesSchema(ApiSchema):
    """Those that you may see, the newest first; those of deliveries stand with the deliveries."""

    items = fields.List(fields.Nested(MatchPictureSchema))


class CaptionBody(ApiSchema):
    """What is said with the pictures."""

    caption = Text(load_default="", validate=length(0, 200))
    internal = fields.Boolean(
        load_default=False, metadata={"description": "For those who broker alone."}
    )


@blp.get(f"{ONE}/pictures")
@access(SIGNED_IN)
@blp.answers(200, MatchPicturesSchema, "The pictures")
def index(public_id: str) -> Given:
    """The pictures with a match."""
    return _answer(public_id)


@blp.post(f"{ONE}/pictures")
@access(SIGNED_IN)
@blp.form(CaptionBody)
@blp.files(PicturesBody)
@blp.answers(201, MatchPicturesSchema, "Added")
def add(said: Given, given: Given, public_id: str) -> Given:
    """Add up to four pictures, for both sides or for those who broker."""
    _insist_on_sight(public_id)
    pictures = taken_pictures(given["photos"], MOST_AT_ONCE, "too_many_match_pictures")
    with acting() as act:
        attach(act, public_id, pictures, said["caption"], internal=said["internal"])
    return _answer(public_id)


@blp.delete(f"{ONE}/pictures/<public_id:file_id>")
@access(SIGNED_IN)
@blp.answers(200, MatchPicturesSchema, "Taken away")
def remove(public_id: str, file_id: str) -> Given:
    """Take a picture away that you have added; who brokers takes any away but a delivery's."""
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
        )
    return match_answer(read_session(), current_actor(), public_id)


def _insist_on_sight(public_id: str) -> None:
    """Nobody makes us decode pictures for a match that they may not see."""
    seen_match(read_session(), current_actor(), public_id)


def _answer(public_id: str) -> Given:
    session, actor = read_session(), current_actor()
    match = seen_match(session, actor, public_id)
    return {
        "items": [
            {
                **picture_item(one.file.public_id),
                "caption": one.caption,
                "internal": one.is_internal,
                "added_at": one.added_at,
            }
            for one in files_of(session, match.id, internal=brokers_it(actor, match))
        ]
    }
