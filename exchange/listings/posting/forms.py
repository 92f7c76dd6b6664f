"""The form behind the three doors and the edit page. It refuses nothing by itself.

Every field is read as text; ``reading`` makes values of it and says by field what could not be
read, so that whatever was typed comes back as it was.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from flask import request
from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from exchange.files.forms import children_field
from exchange.files.pictures import Picture
from exchange.files.uploading import taken_picture
from exchange.kernel.clock import civil_date
from exchange.kernel.errors import Invalid, NotFound
from exchange.listings.amounts import plain_quantity
from exchange.listings.kinds import Door, Urgency, Visibility
from exchange.listings.labels import (
    DOOR_QUESTIONS,
    FIELD_LABELS,
    TERMS_QUESTIONS,
    URGENCY_LABELS,
    VISIBILITY_LABELS,
    WHOLE_QUESTIONS,
)
from exchange.listings.models import Listing
from exchange.listings.picturing import MOST_PICTURES
from exchange.listings.posting.page import Page
from exchange.listings.posting.reading import (
    Sent,
    default_coverage,
    default_terms,
    read_sent,
    terms_offered,
)
from exchange.listings.posting.understanding import DATES, QUANTITY, Understanding, understand
from exchange.taxonomy.categories import taxonomy
from exchange.taxonomy.panels import BENEFICIARY_LABELS, TERMS_LABELS
from exchange.taxonomy.units import UNITS, unit_name
from exchange.web.acting import current_actor, house, read_session
from exchange.web.forms import HouseForm
from exchange.web.locale import locale_code

Choices = list[tuple[str, Any]]
# The form's field for each value, where the names differ.
FIELD_OF = {
    "quantity_milli": "quantity",
    "lot_milli": "lot",
    "is_whole": "whole",
    "category_code": "category",
    "division_code": "division",
    "public_division_code": "public_level",
    "coverage": "places",
}


class ListingForm(HouseForm):
    """What an author may say. CSRF is checked for the whole site."""

    class Meta:
        """The site's own check holds for every form."""

        csrf = False

    text = TextAreaField(FIELD_LABELS["text"], render_kw={"required": True})
    category = SelectField(FIELD_LABELS["category_code"], validate_choice=False)
    title = StringField(FIELD_LABELS["title"])
    quantity = StringField(FIELD_LABELS["quantity_milli"])
    lot = StringField(FIELD_LABELS["lot_milli"])
    whole = BooleanField(FIELD_LABELS["is_whole"])
    unit = SelectField(FIELD_LABELS["unit"], validate_choice=False)
    from_date = StringField(FIELD_LABELS["from_date"])
    to_date = StringField(FIELD_LABELS["to_date"])
    terms = RadioField(FIELD_LABELS["terms"], validate_choice=False)
    urgency = RadioField(
        FIELD_LABELS["urgency"], validate_choice=False, default=Urgency.NORMAL.value
    )
    beneficiaries = SelectMultipleField(FIELD_LABELS["beneficiaries"], validate_choice=False)
    visibility = RadioField(FIELD_LABELS["visibility"], validate_choice=False, default="")
    public_title = StringField(FIELD_LABELS["public_title"])
    public_level = SelectField(
        FIELD_LABELS["public_division_code"], validate_choice=False, default=""
    )
    coverage = SelectMultipleField(FIELD_LABELS["coverage"], validate_choice=False)
    places = StringField(_l("Other places"))
    licence = StringField(FIELD_LABELS["licence"])
    children = children_field()
    photos = MultipleFileField(_l("Photos"))
    division = HiddenField(_l("Where"), id="division-text")  # shown by the place picker
    draft = HiddenField()
    version = HiddenField()

    def offer_choices(self, locale: str, areas: Choices, door: Door) -> None:
        """Fill the lists in the reader's language; ``areas`` are the coverage chips."""
        self.category.choices = category_choices(locale)
        self.unit.choices = [("", "—"), *((u, unit_name(u, locale)) for u in UNITS)]
        self.text.label.text = DOOR_QUESTIONS[door]
        self.whole.label.text = WHOLE_QUESTIONS[door]
        self.terms.label.text = TERMS_QUESTIONS[door]
        self.terms.choices = [(t.value, TERMS_LABELS[t]) for t in terms_offered(door)]
        self.urgency.choices = [(u.value, URGENCY_LABELS[u]) for u in Urgency]
        self.beneficiaries.choices = [(b.value, label) for b, label in BENEFICIARY_LABELS.items()]
        usual = ("", _("As is usual for this"))
        self.visibility.choices = [usual, *((v.value, VISIBILITY_LABELS[v]) for v in Visibility)]
        levels = [("", _("As it is")), ("9", _("The township only")), ("6", _("The county only"))]
        self.public_level.choices = levels
        self.coverage.choices = areas
        for name in ("text", "category", "terms"):
            getattr(self, name).flags.unmarked = True
        if self.unit.data and self.unit.data not in UNITS:
            self.unit.choices.append((self.unit.data, self.unit.data))

    def show_problems(self, sentences: dict[str, list[str]]) -> None:
        """Put sentences beside the fields; what has no field of its own goes to the text."""
        for name, found in sentences.items():
            field = getattr(self, FIELD_OF.get(name, name), self.text)
            field.errors = [*(field.errors or ()), *found]


def category_choices(locale: str) -> Choices | dict[str, Choices]:
    """The categories under their parents, with an empty first line."""
    tree = taxonomy()
    groups: dict[str, Choices] = {"": [("", "—")]}
    for top in tree.children():
        groups[top.name(locale)] = [(c.code, c.name(locale)) for c in tree.children(top.code)]
    return groups


def fields_of(listing: Listing) -> dict[str, Any]:
    """What the form shows of a listing."""
    coarse = listing.public_division_code
    return {
        "text": listing.text,
        "category": listing.category_code or "",
        "title": listing.title,
        "quantity": plain_quantity(listing.quantity_milli),
        "unit": listing.unit or "",
        "lot": plain_quantity(listing.lot_milli),
        "whole": bool(listing.is_whole),
        "from_date": listing.from_date.isoformat() if listing.from_date else "",
        "to_date": listing.to_date.isoformat() if listing.to_date else "",
        "terms": listing.terms.value,
        "urgency": listing.urgency.value,
        "beneficiaries": list(listing.beneficiaries),
        "visibility": listing.visibility.value,
        "public_title": listing.public_title or "",
        "public_level": str(len(coarse)) if coarse and len(coarse) in (6, 9) else "",
        "coverage": list(listing.serves),
        "licence": listing.licence or "",
        "version": str(listing.version),
    }


def asked_door(name: str) -> Door:
    """The door of this name. Raises NotFound."""
    try:
        return Door(name)
    except ValueError as error:
        raise NotFound from error


def open_page(
    door: Door,
    *,
    listing: Listing | None = None,
    kept: Mapping[str, Any] | None = None,
    fresh: bool = False,
) -> Page:
    """The page from what this request sent, or, with ``kept``, from what was kept before.

    ``listing`` is what is being changed; ``fresh`` fills in what is usual behind the door.
    """
    actor, session, locale = current_actor(), read_session(), locale_code()
    now = civil_date(house().clock.now(), house().settings.time_zone)
    form = ListingForm() if kept is None else ListingForm(formdata=None, data=dict(kept))
    home = (listing.division_code if listing else None) or actor.division
    if fresh:
        form.terms.data = form.terms.data or default_terms(door).value
        form.coverage.data = form.coverage.data or list(default_coverage(home))
    sent = _sent(form, kept)
    edits = listing is not None and not fresh
    understood = Understanding() if edits else understand(sent.text("text"), door, now)
    if fresh and listing is not None:
        sent = _given_back(form, sent, understood)
    reading = read_sent(session, sent, door, understood, home, locale)
    page = Page(
        door=door, form=form, sent=sent, understood=understood, reading=reading, session=session,
        actor=actor, locale=locale, today=now, understood_shown="understood" in request.form,
        dates_chip=window_label(understood.from_date, understood.to_date),
        draft_id=listing.public_id if listing and fresh else str(form.draft.data or "")[:20],
        listing=listing,
    )  # fmt: skip
    form.offer_choices(locale, page.areas(), door)
    page.add_problems(reading.problems)
    return page


def _sent(form: ListingForm, kept: Mapping[str, Any] | None) -> Sent:
    typed = request.form
    told = typed if kept is None else kept
    return Sent(
        fields=form.data,
        place_code=str(form.division.data or "")[:12],
        place_text=str(told.get("division_text") or "")[:80],
        guess=str(told.get("guess") or ""),
        guessed=typed.get("guessed", ""),
        seen=frozenset(typed.getlist("seen")[:8]),
        kept=frozenset(typed.getlist("keep")[:8]),
    )


def _given_back(form: ListingForm, sent: Sent, understood: Understanding) -> Sent:
    """A draft's facts that were understood become chips again, so that new words change them."""
    kept = set()
    amount = (plain_quantity(understood.quantity_milli), understood.unit or "")
    if amount[0] and (form.quantity.data, form.unit.data) == amount:
        form.quantity.data = form.unit.data = ""
        kept.add(QUANTITY)
    days = [day.isoformat() if day else "" for day in (understood.from_date, understood.to_date)]
    if any(days) and [form.from_date.data, form.to_date.data] == days:
        form.from_date.data = form.to_date.data = ""
        kept.add(DATES)
    guess, form.category.data = str(form.category.data or ""), ""
    if form.visibility.data == Visibility.PUBLIC.value:
        form.visibility.data = ""  # what a draft has while nothing was said
    likeliest = next(iter(understood.categories), "")
    return replace(
        sent, fields=form.data, guess=guess, guessed=likeliest,
        seen=frozenset(understood.marks.values()), kept=frozenset(kept),
    )  # fmt: skip


def sent_pictures(page: Page) -> list[Picture]:
    """The pictures of this request, re-encoded; an unreadable one is said beside the field."""
    found: list[Picture] = []
    for upload in request.files.getlist("photos")[: MOST_PICTURES + 1]:
        if not upload.filename:
            continue
        try:
            found.append(taken_picture(upload.read()))
        except Invalid as error:
            page.add_problems({"photos": [error.code]})
    return found


def window_label(first: date | None, last: date | None) -> str:
    """A first and a last day as people say them: by 10 Dec, 12 月 10 日前."""
    if first and last and first != last:
        return str(_("%(first)s to %(last)s", first=_day(first), last=_day(last)))
    if first and last:
        return _day(first)
    if first:
        return str(_("from %(day)s on", day=_day(first)))
    return str(_("by %(day)s", day=_day(last))) if last else ""


def _day(day: date) -> str:
    return str(format_date(day, "M 月 d 日" if locale_code().startswith("zh") else "d MMM"))
