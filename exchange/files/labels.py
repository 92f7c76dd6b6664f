"""The words of pictures that others will see."""

from typing import Any

from flask_babel import lazy_gettext as _l

from exchange.files.rules import PictureStatement

STATEMENTS: dict[PictureStatement, Any] = {
    PictureStatement.NO_CHILD: _l("No child can be recognised"),
    PictureStatement.CHILD: _l("A child can be recognised"),
    PictureStatement.CHILDREN_SAFE: _l(
        "No child can be recognised on the pictures, or the consent of the guardians is on record."
    ),
}
SENTENCES: dict[str, Any] = {
    "children_unsaid": _l(
        "The pictures were not taken: please say first whether a child can be recognised on them, "
        "then choose them again."
    ),
    "children_shown": _l(
        "Pictures on which a child can be recognised are never public, with consent neither: what "
        "others have copied cannot be called back. Please choose another picture, or make the face "
        "unrecognisable first."
    ),
}
