"""Pictures that programs send: the same checks as on the pages."""

from collections.abc import Iterable
from typing import Any

from flask_smorest.fields import Upload
from marshmallow import fields

from exchange.api.fields import ApiSchema, Text, length
from exchange.files.pictures import Picture
from exchange.files.rules import ANSWERS
from exchange.files.uploading import taken_picture
from exchange.kernel.errors import Invalid

MOST = 6
CHILDREN = {
    "description": "Whether a child can be recognised on pictures or PDFs that you send; kept with"
    " your name and the moment. child answers 422: pictures of children are never public.",
    "enum": [one.value for one in ANSWERS],
}


class ChildrenBody(ApiSchema):
    """What is said about children on the pictures of a multipart/form-data body."""

    children = Text(required=True, validate=length(1, 20), metadata=CHILDREN)


class PicturesBody(ApiSchema):
    """Files of a multipart/form-data body."""

    photos = fields.List(
        Upload(metadata={"description": "JPEG, PNG or WebP of up to 8 MB."}),
        required=True,
        validate=length(1, MOST),
    )


def taken_pictures(files: Iterable[Any], most: int, too_many: str) -> list[Picture]:
    """The pictures of a request, encoded anew and counted. To be called before the act opens.

    Raises Invalid beside ``photos``: with the code ``too_many`` for more than ``most``, else as
    ``taken_picture`` does.
    """
    given = [one for one in files if one.filename]
    if not given:
        raise Invalid(fields={"photos": ["required"]})
    if len(given) > most:
        raise Invalid(fields={"photos": [too_many]}, most=most)
    return [taken_picture(one.read()) for one in given]
