"""The answer of a side, with pictures of the consent where a proxy gives it."""

from exchange.brokering.deeds.forms import PicturesForm
from exchange.brokering.forms import AnswerForm


class SideAnswerForm(AnswerForm, PicturesForm):
    """Yes or no, and how the person agreed."""
