"""Uploaded pictures (re-encoded) and documents (looked through), served to who may see them."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from exchange.files import jobs, labels, views
from exchange.files.service import RESOURCE
from exchange.files.store import LocalFileStore
from exchange.web.sentences import add_sentences

__all__ = ["jobs", "register"]


def register(app: Flask) -> None:
    """Open the local store and the door that serves files; the sweep runs by the clock."""
    house = app.extensions["exchange"]
    house.resources.setdefault(RESOURCE, LocalFileStore(house.settings.data_dir / "files"))
    app.register_blueprint(views.bp)
    add_sentences(
        {
            "picture_too_large": _l("This picture is too large. Please choose one of up to 8 MB."),
            "picture_unreadable": _l("We cannot open this picture. JPEG, PNG and WebP work."),
            "too_many_uploads": _l("That is enough pictures for today. Please add more tomorrow."),
            "document_too_large": _l("This document is too large. Please send one of up to 8 MB."),
            "document_unreadable": _l("We cannot open this document. PDF and pictures work."),
            "document_active": _l(
                "This PDF holds scripts, attachments or a lock. Please send it as a picture."
            ),
            "sound_too_large": _l("This recording is too large. Please send one of up to 8 MB."),
            "sound_unreadable": _l("We cannot open this recording. MP3, M4A and Ogg work."),
            "too_many_files": _l("At most 6 files, please."),
            "too_many_pictures": _l("At most 6 pictures, please."),
            **labels.SENTENCES,
        }
    )
