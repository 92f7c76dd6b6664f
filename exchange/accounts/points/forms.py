"""The forms of a service point that changes, and of an absence."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired

from exchange.accounts.place_forms import PlaceForm
from exchange.web.forms import HouseForm, options

NEEDED = InputRequired(_l("Please fill this in."))


class PointDivisionsForm(PlaceForm):
    """What a point serves: those of the present places that stay, and one more."""

    kept = SelectMultipleField(_l("It serves"), choices=[], validate_choice=False)
    division = StringField(_l("One more place"))
    parent = SelectField(_l("It hangs under"), choices=[], validate_choice=False)

    def offer(self, places: Mapping[str, str], parents: Mapping[str, Any]) -> None:
        """The places that it serves now, and the points that it may hang under."""
        self.kept.choices = options(places)
        self.parent.choices = options(parents)

    def validate_division(self, field: StringField) -> None:
        """One more place, or none."""
        if field.data or (self.division_text.data or "").strip():
            super().validate_division(field)

    @property
    def codes(self) -> tuple[str, ...]:
        """The chosen places, in a form that was found valid."""
        more = (self.division.data,) if self.division.data else ()
        return (*(self.kept.data or ()), *more)


class AbsenceForm(HouseForm):
    """When somebody is away, and who stands in."""

    from_on = DateField(_l("First day"), [NEEDED])
    to_on = DateField(_l("Last day"), [NEEDED])
    stand_in = SelectField(_l("Who stands in?"), [NEEDED], choices=[], validate_choice=False)

    def offer(self, people: Mapping[str, str]) -> None:
        """Who may stand in, by public id."""
        self.stand_in.choices = options(people, first=_l("Please choose"))
