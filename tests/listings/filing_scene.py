"""A villager without a phone, for whom somebody files."""

from datetime import date
from io import BytesIO
from typing import Any

from PIL import Image

from exchange.files.pictures import Picture, read_picture
from exchange.kernel.act import Act
from exchange.listings.filing.kinds import FilingConsent
from exchange.listings.filing.models import Filing
from exchange.listings.filing.private import Villager
from exchange.listings.filing.rules import ConsentGiven
from exchange.listings.filing.service import file_for
from exchange.listings.kinds import Door
from exchange.listings.publishing import submit_listing
from exchange.listings.values import ListingValues
from exchange.listings.writing import save_draft
from tests.cast import VILLAGE

GRANNY = Villager(
    "张桂花", "隔壁老李 13911112222，村口第三家，中午在家", "我家屋顶漏雨，要十片瓦"
)
DAY = date(2026, 11, 20)
SECRETS = ("张桂花", "13911112222", "村口第三家", "屋顶漏雨")


def said_so(**changes: Any) -> ConsentGiven:
    values: dict[str, Any] = {
        "kind": FilingConsent.SPOKEN, "on": DAY, "heard_by": "罗小满", "read_back": True,
        "to_publish": True, "to_introduce": True,
    }  # fmt: skip
    return ConsentGiven(**{**values, **changes})


def photo_bytes() -> bytes:
    data = BytesIO()
    Image.new("RGB", (40, 30), (200, 180, 160)).save(data, "JPEG")
    return data.getvalue()


def picture() -> Picture:
    return read_picture(photo_bytes())


def tidy(act: Act, filing: Filing, **changes: Any) -> None:
    """The words for everybody to read, as the office writes them on the usual page."""
    values: dict[str, Any] = {
        "title": "修屋顶要瓦片", "text": "一户人家修屋顶，要十片瓦。",
        "category_code": "equipment.machinery",
        "division_code": VILLAGE, "quantity_milli": 10_000, "unit": "片",
        "beneficiaries": ("general",),
    }  # fmt: skip
    save_draft(act, filing.door, ListingValues(**{**values, **changes}), filing.listing)


def published(act: Act, given: ConsentGiven | None = None, **changes: Any) -> Filing:
    """Filed, tidied and posted."""
    filing = file_for(act, Door.HELP, GRANNY, given or said_so())
    tidy(act, filing, **changes)
    submit_listing(act, filing.listing)
    return filing
