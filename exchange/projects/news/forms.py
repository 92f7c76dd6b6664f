"""The form of news: words or a picture, and what else is wanted under one tap.

Every field is read as text, so that whatever was typed comes back as it was.
"""

from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import (
    FieldList,
    Form,
    FormField,
    HiddenField,
    MultipleFileField,
    SelectField,
    StringField,
    TextAreaField,
)

from exchange.files.forms import children_field
from exchange.files.pictures import Picture
from exchange.files.uploading import taken_picture
from exchange.kernel.decisions import Decision
from exchange.kernel.errors import Invalid
from exchange.listings.amounts import amount_fault, plain_quantity, quantity_milli
from exchange.listings.values import one_line
from exchange.projects.models import Project, ProjectUpdate
from exchange.projects.news.rules import (
    LONGEST_LABEL,
    LONGEST_TEXT,
    LONGEST_UNIT,
    MOST_FIGURES,
    MOST_PICTURES,
    Figure,
    figure_allowed,
    unpack_figure,
)
from exchange.projects.news.service import NewsValues
from exchange.web.forms import HouseForm
from exchange.web.sentences import sentence


class FigureForm(Form):  # type: ignore[misc]  # WTForms ships no types
    """What is counted, how many, in which unit."""

    label = StringField(_l("What"), render_kw={"maxlength": LONGEST_LABEL})
    number = StringField(_l("How many"), render_kw={"maxlength": 20})
    unit = StringField(_l("Unit"), render_kw={"maxlength": LONGEST_UNIT})


class NewsForm(HouseForm):
    """News of a project."""

    text = TextAreaField(_l("What is new?"), render_kw={"maxlength": LONGEST_TEXT, "rows": 4})
    children = children_field()
    photos = MultipleFileField(_l("Pictures, at most six"))
    milestone = SelectField(_l("Which step is reached with it?"), validate_choice=False)
    figures = FieldList(
        FormField(FigureForm), _l("Figures"), min_entries=MOST_FIGURES, max_entries=MOST_FIGURES
    )
    token = HiddenField()
    version = HiddenField()

    def offer_steps(self, project: Project, chosen: int | None = None) -> None:
        """The steps that are not reached yet, and the one that stands there already."""
        open_ones = [one for one in project.milestones if one.done_on is None or one.id == chosen]
        choices = [(one.public_id, one.title) for one in open_ones]
        self.milestone.choices = [("", _l("None")), *choices]
        rows = [field for row in self.figures for field in row.form]
        for one in (self.text, self.photos, *rows):
            one.flags.unmarked = True  # everything may be left out

    def read_figures(self) -> list[Figure]:
        """The figures that were tapped and typed. What cannot be read is said beside its row."""
        found = [one for one in map(unpack_figure, request.form.getlist("figure")) if one]
        for row in self.figures:
            figure = _read_row(row.form)
            if figure is not None:
                found.append(figure)
        wrong = [error for row in self.figures for field in row.form for error in field.errors]
        self.figures.errors = list(dict.fromkeys(wrong))
        return list(dict.fromkeys(found))

    @property
    def rows_are_wrong(self) -> bool:
        """Whether a typed figure could not be read."""
        return any(field.errors for row in self.figures for field in row.form)

    @property
    def opens_figures(self) -> bool:
        """Whether the rows stand open: something is in them, or against them."""
        typed = any(field.data for row in self.figures for field in row.form)
        return typed or self.rows_are_wrong or bool(self.figures.errors)

    def values(self, figures: list[Figure]) -> NewsValues:
        """What was written."""
        return NewsValues(str(self.text.data or ""), figures, str(self.milestone.data or "")[:20])


def _read_row(row: Any) -> Figure | None:
    label, unit = one_line(row.label.data or ""), one_line(row.unit.data or "")
    typed = (row.number.data or "").strip()
    if not (label or typed):
        return None
    milli = quantity_milli(typed) or 0
    figure = Figure(label, milli, unit)
    decision = figure_allowed(figure)
    if decision:
        return figure
    field = {"figure_label": row.label, "figure_number": row.number}.get(decision.code, row.unit)
    field.errors = [*field.errors, _said(decision, typed)]
    return None


def _said(decision: Decision, typed: str) -> str:
    """A number that is one, yet too small or too large, is told so."""
    fault = amount_fault(typed) if decision.code == "figure_number" else None
    if fault and fault != "quantity_unreadable":
        return sentence(fault)
    return sentence(decision.code, decision.params)


def fields_of(update: ProjectUpdate) -> dict[str, Any]:
    """What the form shows of news."""
    figures = [one for one in map(unpack_figure, update.figures) if one]
    milestones = {one.id: one.public_id for one in update.project.milestones}
    return {
        "text": update.text,
        "milestone": milestones.get(update.milestone_id or 0, ""),
        "figures": [
            {"label": one.label, "number": plain_quantity(one.milli), "unit": one.unit}
            for one in figures
        ],
        "version": str(update.version),
    }


def sent_pictures(form: NewsForm) -> list[Picture]:
    """The pictures of this request, encoded anew; an unreadable one is said beside the field."""
    found: list[Picture] = []
    for upload in request.files.getlist("photos")[: MOST_PICTURES + 1]:
        if not upload.filename:
            continue
        try:
            found.append(taken_picture(upload.read()))
        except Invalid as error:
            form.photos.errors = [*form.photos.errors, sentence(error.code, error.params)]
    return found
