"""A form with one place: the picker's code, or what was typed where the picker cannot run."""

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import ValidationError

from exchange.geography.place_search import resolve_place
from exchange.geography.queries import path, paths
from exchange.geography.rules import Level, is_code, path_label
from exchange.web.acting import current_actor, read_session
from exchange.web.forms import HouseForm
from exchange.web.locale import locale_code


def place_label(code: str | None) -> str:
    """The name of a place from its county down, for people."""
    if not code or not is_code(code):
        return ""
    line = path(read_session(), code)
    return path_label([(one.code, one.name) for one in line], locale_code(), Level.COUNTY)


def place_labels(codes: list[str]) -> dict[str, str]:
    """The names of many places, in one query; unknown ones stand as their code."""
    lines = paths(read_session(), codes)
    return {
        code: path_label([(d.code, d.name) for d in lines[code]], locale_code(), Level.COUNTY)
        if code in lines
        else code
        for code in codes
    }


class PlaceForm(HouseForm):
    """Fields ``division`` and ``division_text``; offers where a typed name may mean several.

    A form names its ``division`` anew, as its page does, where it stands among the fields.
    """

    division = StringField(_l("Place"))
    division_text = StringField(_l("Place"))
    offers: tuple[tuple[str, str], ...] = ()

    def validate_division(self, field: StringField) -> None:
        """Settle on one place, or say what is missing."""
        typed = (self.division_text.data or "").strip()
        code = field.data or ""
        chosen = place_label(code)
        answered = f"{field.name}_before" in request.form
        if chosen and (answered or typed in ("", chosen)):
            self.division_text.data = chosen
            return
        field.data = ""
        found = resolve_place(read_session(), typed, current_actor().division) if typed else ()
        if len(found) == 1:
            field.data = found[0].code
            self.division_text.data = place_label(field.data)
            return
        if not typed:
            raise ValidationError(_("Please say where it is."))
        if not found:
            raise ValidationError(_("We do not know this place. Try two characters of its name."))
        self.offers = tuple((one.code, place_label(one.code)) for one in found)
        raise ValidationError(_("There are several such places. Which one do you mean?"))

    @property
    def picker(self) -> dict[str, Any]:
        """What the picker's macro wants beside its label."""
        return {
            "value_code": self.division.data or "",
            "value_label": self.division_text.data or place_label(self.division.data),
            "errors": self.division.errors,
            "offers": self.offers,
            "near": current_actor().division or "",
        }
