"""The one question about pictures that others will see, for every room that shows some."""

from collections.abc import Sequence

from exchange.files.audio import Sound
from exchange.files.documents import Document
from exchange.files.pictures import Picture
from exchange.files.rules import PictureStatement, children_allowed
from exchange.kernel.errors import Invalid

FIELD = "children"
Shown = Sequence[Picture | Document | Sound]


def statement_problem(files: Shown, answer: str) -> str | None:
    """The code of what is wrong with the answer; a PDF may hold pictures, a sound holds none."""
    if all(isinstance(one, Sound) for one in files):
        return None
    decision = children_allowed(answer)
    return None if decision else decision.code


def statement_on(files: Shown, answer: str) -> PictureStatement | None:
    """What is kept beside these files; nothing where there is nothing to look at.

    Raises Invalid beside ``children`` where nothing was said, or where a child can be recognised.
    """
    if all(isinstance(one, Sound) for one in files):
        return None
    insist_on_answer(answer)
    return PictureStatement.NO_CHILD


def insist_on_answer(answer: str) -> None:
    """Before anything is decoded, where pictures must come. Raises Invalid beside ``children``."""
    decision = children_allowed(answer)
    if not decision:
        raise Invalid(fields={FIELD: [decision.code]})
