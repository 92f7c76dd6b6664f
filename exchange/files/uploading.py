"""Taking pictures and documents from people: counted, so that nobody fills the disk."""

from datetime import timedelta

from exchange.files.audio import Sound, looks_like_sound, read_sound
from exchange.files.documents import Document, looks_like_document, read_document
from exchange.files.pictures import Picture, read_picture
from exchange.files.rules import plain_name
from exchange.kernel.errors import Invalid, TooMany
from exchange.web.acting import current_actor
from exchange.web.throttle import Limit, count_try, visitor_key

UPLOADS = Limit("upload", 300, timedelta(days=1))
PDF_ENDING = ".pdf"


def taken_picture(data: bytes) -> Picture:
    """Re-encode what this person has sent, up to 300 pictures a day.

    To be called before the act opens. Raises Invalid with "too_many_uploads" or as
    ``read_picture`` does.
    """
    _count()
    return read_picture(data)


def taken_file(data: bytes, name: str = "") -> Picture | Document:
    """Re-encode a picture, or look through a PDF, which keeps its name where one is given.

    Counted and raised as for pictures; "document_unreadable" for what is neither.
    """
    if not looks_like_document(data):
        return _picture_at_least(data)
    _count()
    return read_document(data, plain_name(name, PDF_ENDING))


def _picture_at_least(data: bytes) -> Picture:
    try:
        return taken_picture(data)
    except Invalid as error:
        if error.code != "picture_unreadable":
            raise
        code = "document_unreadable"
        raise Invalid(code, fields={"files": [code]}) from error


def taken_material(data: bytes) -> Picture | Document | Sound:
    """Likewise, or look through a sound. Counted and raised as for pictures."""
    if looks_like_document(data) or not looks_like_sound(data):
        return taken_file(data)
    _count()
    return read_sound(data)


def _count() -> None:
    person_id = current_actor().person_id
    try:
        count_try(UPLOADS, visitor_key() if person_id is None else f"person {person_id}")
    except TooMany as error:
        raise Invalid("too_many_uploads", fields={"photos": ["too_many_uploads"]}) from error
