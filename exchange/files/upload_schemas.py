"""Pictures and documents that programs send: the same checks as on the pages."""

from collections.abc import Iterable
from typing import Any

from flask_smorest.fields import Upload
from marshmallow import fields

from exchange.api.fields import ApiSchema, Text, length
from exchange.files.documents import Document
from exchange.files.pictures import Picture
from exchange.files.rules import ANSWERS
from exchange.files.uploading import taken_file, taken_picture
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


class FilesBody(ApiSchema):
    """Likewise, where a PDF may come, too."""

    photos = fields.List(
        Upload(metadata={"description": "JPEG, PNG, WebP or PDF of up to 8 MB."}),
        required=True,
        validate=length(1, MOST),
    )


def taken_pictures(files: Iterable[Any], most: int, too_many: str) -> list[Picture]:
    """The pictures of a request, encoded anew and counted. To be called before the act opens.

    Raises Invalid beside ``photos``: with the code ``too_many`` for more than ``most``, else as
    ``taken_picture`` does.
    """
    return [taken_picture(one.read()) for one in _counted(files, most, too_many)]


def taken_files(files: Iterable[Any], most: int, too_many: str) -> list[Picture | Document]:
    """Likewise, pictures and PDFs; a PDF keeps its name."""
    given = _counted(files, most, too_many)
    try:
        return [taken_file(one.read(), one.filename) for one in given]
    except Invalid as error:
        code = error.code
        raise Invalid(code, fields={"photos": [code]}, **error.params) from error


def _counted(files: Iterable[Any], most: int, too_many: str) -> list[Any]:
    given = [one for one in files if one.filename]
    if not given:
        raise Invalid(fields={"photos": ["required"]})
    if len(given) > most:
        raise Invalid(fields={"photos": [too_many]}, most=most)
    return given
