"""A form with one field of each kind, for the page that shows the components to developers."""

from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired

from exchange.web.forms import HouseForm, options


class SpecimenForm(HouseForm):
    """Every kind of field once; it is shown and never sent."""

    words = TextAreaField("What does the village need?", [InputRequired()])
    name = StringField("Name", [InputRequired()])
    quantity = DecimalField("How much")
    unit = SelectField("Unit", choices=options({"truck": "truck", "ton": "ton"}))
    until = DateField("By when")
    terms = SelectMultipleField(
        "Terms",
        choices=options({"free": "free", "subsidised": "reduced", "market": "market price"}),
        default=["free"],
    )
    urgency = RadioField(
        "How urgent", choices=options({"normal": "normal", "high": "urgent"}), default="normal"
    )
    photos = MultipleFileField("Photos")
    agreed = BooleanField("I have their consent")

    @classmethod
    def with_mistake(cls) -> "SpecimenForm":
        """The form as it comes back when a name is missing."""
        form = cls(formdata=None)
        form.name.errors = ["Please give a name."]
        return form
