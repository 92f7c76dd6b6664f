"""The forms of a plan: what it covers, what counts how much, what may fall on one."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from exchange.matching.plans.labels import LIMITS, PRIORITIES, WEIGHTS
from exchange.matching.plans.models import LONGEST_NAME
from exchange.matching.plans.rules import LEAST_PERCENTS, MOST, PlanChoice, Weights
from exchange.matching.plans.values import MICRO, Limits
from exchange.web.forms import CountField, HouseForm, options

NEEDED = InputRequired(_l("Please fill this in."))
SHORT = Length(max=LONGEST_NAME, message=_l("Please keep this under %(max)d characters."))
PERCENT = MICRO // 100
LIMIT_WORDS, PRIORITY_WORDS = dict(LIMITS), {name: label for name, label, _hint in PRIORITIES}


def _count(name: str) -> CountField:
    bounds = NumberRange(1, MOST[name], _l("Please give a number from 1 to %(max)s."))
    return CountField(LIMIT_WORDS[name], [NEEDED, bounds])


def _weight(name: str) -> RadioField:
    return RadioField(PRIORITY_WORDS[name], [NEEDED], choices=options(WEIGHTS))


class ChoiceForm(HouseForm):
    """What a plan weighs and what it keeps to."""

    vulnerable = _weight("vulnerable")
    remote = _weight("remote")
    waiting = _weight("waiting")
    per_organisation = _count("per_organisation")
    per_broker = _count("per_broker")
    per_offer = _count("per_offer")
    per_need = _count("per_need")
    least = SelectField(
        _l("A pair must score at least"),
        choices=options({one: str(one) for one in LEAST_PERCENTS}),
    )
    remote_places = SelectMultipleField(_l("Which places are remote?"), choices=[])

    def show(self, choice: PlanChoice) -> None:
        """Fill the form."""
        for name in PRIORITY_WORDS:
            self._fields[name].data = str(getattr(choice.weights, name))
        for name in LIMIT_WORDS:
            self._fields[name].data = getattr(choice.limits, name)
        self.least.data = str(choice.limits.least_micro // PERCENT)
        self.remote_places.data = list(choice.remote_places)

    def offer_places(self, places: Mapping[str, str]) -> None:
        """The places that may be chosen, with their names."""
        self.remote_places.choices = options(places)

    @property
    def choice(self) -> PlanChoice:
        """What was chosen, in a form that was found valid."""
        limits: dict[str, Any] = {name: self._fields[name].data for name in LIMIT_WORDS}
        return PlanChoice(
            Weights(**{name: int(self._fields[name].data) for name in PRIORITY_WORDS}),
            Limits(**limits, least_micro=int(self.least.data) * PERCENT),
            tuple(sorted(self.remote_places.data or ())),
        )


class PlanForm(ChoiceForm):
    """A new plan. ``like`` is the plan that it varies."""

    name = StringField(
        _l("Name"),
        [NEEDED, SHORT],
    )
    divisions = SelectMultipleField(
        _l("For which places?"), [InputRequired(_l("Please choose at least one place."))],
        choices=[],
    )  # fmt: skip
    like = HiddenField()

    def offer_places(self, places: Mapping[str, str]) -> None:
        """Likewise for the places that are planned."""
        super().offer_places(places)
        self.divisions.choices = options(places)


class DefaultsForm(ChoiceForm):
    """What plans begin with. ``version`` is the one shown."""

    version = HiddenField()
