"""Categories for programs."""

from typing import Any

from marshmallow import fields

from exchange.api.blueprint import ApiBlueprint
from exchange.api.fields import ApiSchema
from exchange.taxonomy.categories import taxonomy
from exchange.taxonomy.terms import Beneficiary, Terms
from exchange.taxonomy.units import PERIODS, UNITS
from exchange.web.access import PUBLIC, access
from exchange.web.locale import locale_code

blp = ApiBlueprint(
    "api_categories",
    __name__,
    title="Categories",
    description="The words that needs and offers share: categories, units, terms, groups.",
)


class CategorySchema(ApiSchema):
    """A node of the two-level tree."""

    code = fields.String(required=True, metadata={"example": "logistics.coldchain"})
    parent = fields.String(allow_none=True, metadata={"example": "logistics"})
    name = fields.String(metadata={"description": "In the reader's language."})
    zh = fields.String()
    en = fields.String()
    default_unit = fields.String(metadata={"example": "车次"})


class CategoryList(ApiSchema):
    """The whole tree, and the other closed lists of a listing."""

    items = fields.List(fields.Nested(CategorySchema))
    units = fields.List(fields.String(), metadata={"description": "Units that convert or count."})
    periods = fields.List(
        fields.String(), metadata={"description": "A rate is a unit, a slash and a period: 吨/天."}
    )
    terms = fields.List(fields.String())
    beneficiaries = fields.List(fields.String())


@blp.get("/categories")
@access(PUBLIC)
@blp.answers(200, CategoryList, "All categories")
def index() -> dict[str, Any]:
    """All categories, and the units, terms and groups that a listing may name."""
    locale = locale_code()
    return {
        "items": [
            {
                "code": one.code,
                "parent": one.parent,
                "name": one.name(locale),
                "zh": one.zh,
                "en": one.en,
                "default_unit": one.default_unit,
            }
            for one in taxonomy().categories.values()
        ],
        "units": list(UNITS),
        "periods": list(PERIODS),
        "terms": [one.value for one in Terms],
        "beneficiaries": [one.value for one in Beneficiary],
    }
