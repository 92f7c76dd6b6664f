"""Pictures of listings, for programs."""

from typing import Any

from marshmallow import fields

from exchange.api.blueprint import ApiBlueprint
from exchange.api.fields import ApiSchema
from exchange.files.stating import insist_on_answer
from exchange.files.upload_schemas import ChildrenBody, PicturesBody, taken_pictures
from exchange.kernel.errors import NotFound
from exchange.listings.permissions import may_change, sees_details
from exchange.listings.picturing import MOST_PICTURES, attach_pictures, remove_picture
from exchange.listings.queries import photos_of, seen_listing
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, read_session

blp = ApiBlueprint(
    "api_listing_pictures",
    __name__,
    title="Pictures",
    description="Pictures of listings, encoded anew without place, device and time.",
    takes_files=True,
)
ONE = "/listings/<public_id:public_id>/pictures"
Given = dict[str, Any]


class PictureSchema(ApiSchema):
    """A picture, for those who may see what it belongs to."""

    id = fields.String()
    full = fields.String(metadata={"example": "/files/7k2mq9xw4tzr/full"})
    thumb = fields.String(metadata={"example": "/files/7k2mq9xw4tzr/thumb"})


class PicturesSchema(ApiSchema):
    """Pictures in their order."""

    items = fields.List(fields.Nested(PictureSchema))


@blp.get(ONE)
@access(PUBLIC)
@blp.answers(200, PicturesSchema, "The pictures")
def index(public_id: str) -> Given:
    """The pictures of a listing; none where you read a public title only."""
    return _answer(public_id)


@blp.post(ONE)
@access(SIGNED_IN)
@blp.form(ChildrenBody)
@blp.files(PicturesBody)
@blp.answers(201, PicturesSchema, "Added")
def add(said: Given, given: Given, public_id: str) -> Given:
    """Add pictures to your own listing, six in all; what others wrote is reviewed again."""
    listing = seen_listing(read_session(), current_actor(), public_id)
    if not may_change(current_actor(), listing):
        raise NotFound
    insist_on_answer(said["children"])
    pictures = taken_pictures(given["photos"], MOST_PICTURES, "too_many_pictures")
    with acting() as act:
        found = seen_listing(act.session, act.actor, public_id)
        attach_pictures(act, found, pictures, said["children"])
    return _answer(public_id)


@blp.delete(f"{ONE}/<public_id:file_id>")
@access(SIGNED_IN)
@blp.answers(200, PicturesSchema, "Taken away")
def remove(public_id: str, file_id: str) -> Given:
    """Take a picture of your own listing away."""
    with acting() as act:
        remove_picture(act, seen_listing(act.session, act.actor, public_id), file_id)
    return _answer(public_id)


def picture_item(public_id: str) -> Given:
    """Where a picture is read."""
    return {
        "id": public_id,
        "full": f"/files/{public_id}/full",
        "thumb": f"/files/{public_id}/thumb",
    }


def _answer(public_id: str) -> Given:
    session, actor = read_session(), current_actor()
    listing = seen_listing(session, actor, public_id)
    photos = photos_of(session, listing) if sees_details(actor, listing) else []
    return {"items": [picture_item(one.file.public_id) for one in photos]}
