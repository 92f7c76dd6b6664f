"""What an outcome changed for people, as programs read and send it."""

from typing import Any

from marshmallow import fields

from exchange.api.fields import ApiSchema, Text, between, length
from exchange.brokering.deeds.kinds import Period
from exchange.brokering.deeds.rules import MOST_FEN, Effects


class Fen(fields.Integer):
    """An amount of money in fen, or null."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            strict=True, load_default=None, allow_none=True, validate=between(1, MOST_FEN), **more
        )


class EffectsSchema(ApiSchema):
    """What an outcome changed for people, in fen, and what was learnt."""

    unit = Text(
        load_default="",
        validate=length(0, 20),
        metadata={"description": "Of what was delivered, where the need has no unit."},
    )
    income_fen = Fen(metadata={"description": "What people earn more within the period."})
    income_period = fields.Enum(
        Period, by_value=fields.String(), load_default=None, allow_none=True
    )
    saved_fen = Fen(metadata={"description": "What people spend less within the period."})
    saved_period = fields.Enum(Period, by_value=fields.String(), load_default=None, allow_none=True)
    lessons = Text(load_default="", validate=length(0, 2000))


def effects_of(given: dict[str, Any]) -> Effects:
    """What an outcome says beside its words."""
    names = ("unit", "income_fen", "income_period", "saved_fen", "saved_period", "lessons")
    return Effects(**{name: given[name] for name in names})
