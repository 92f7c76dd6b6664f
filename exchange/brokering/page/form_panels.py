"""All forms of a match's page. Several stand on it at once: each has ids of its own.

Names stay as they are: a form is read the same wherever it stood.
"""

from typing import Any, TypeVar

from flask_babel import force_locale
from flask_babel import gettext as _

from exchange.brokering import forms
from exchange.brokering.deeds import forms as deed_forms
from exchange.brokering.page.match_panels import MatchView
from exchange.brokering.proxy.forms import SideAnswerForm
from exchange.web.forms import HouseForm

F = TypeVar("F", bound=HouseForm)
OF_COMMITMENTS = (
    "delivery", "pictures", "change", "arrived", "dispute", "settle", "answer_change",
)  # fmt: skip


def with_ids(form: F, prefix: str) -> F:
    """Put something of its own before the id of every field."""
    for field in form:
        field.id = f"{prefix}-{field.id}"
        field.label.field_id = field.id
    return form


def page_forms(view: MatchView, refused: HouseForm | None) -> dict[str, Any]:
    """The forms by what they do, and by side or commitment where there are several.

    ``refused`` takes the place of its like and keeps what was typed.
    """
    amounts = {
        "taken": view.suggested_taken, "covers": view.suggested_covers, "read": view.read_at,
    }  # fmt: skip
    message = {"message": _first_words(view.sides_language)}
    sides = [side.side.value for side in view.sides]
    return {
        "check": _one(forms.CheckForm, "check", refused),
        "propose": _one(forms.ProposeForm, "propose", refused, message),
        "answer": {
            key: _one(SideAnswerForm, f"answer-{key}", refused, side=key) for key in sides
        },
        "commit": _read(_one(forms.CommitForm, "commit", refused, amounts), view.read_at),
        "outcome": _one(forms.OutcomeForm, "outcome", refused),
        "confirm": {
            key: _one(forms.ConfirmForm, f"confirm-{key}", refused, side=key) for key in sides
        },
        "evaluate": _one(forms.EvaluateForm, "evaluate", refused),
        "close": _closing(view, refused),
        **_of_commitments(view, refused),
        **_of_talk(view, refused, sides),
    }


def _closing(view: MatchView, refused: HouseForm | None) -> HouseForm:
    form = _one(forms.CloseForm, "close", refused)
    assert isinstance(form, forms.CloseForm)  # noqa: S101 - a fresh one, or the refused of its kind
    return form.offer(is_promised=bool(view.commitments))


def _of_commitments(view: MatchView, refused: HouseForm | None) -> dict[str, Any]:
    found: dict[str, dict[str, HouseForm]] = {name: {} for name in OF_COMMITMENTS}
    for item in view.commitments:
        key = item.public_id
        amount = {
            "amount": item.open_plain, "arrived_on": view.today, "read": item.read_at,
        }  # fmt: skip
        delivery = _one(
            deed_forms.DeliveryForm, f"delivery-{key}", refused, amount, commitment=key
        )
        found["delivery"][key] = _read(delivery, item.read_at)
        taken, covers = item.plain
        former = {"taken": taken, "covers": covers, "due_on": item.due_on}
        found["change"][key] = _one(
            deed_forms.ChangeForm, f"change-{key}", refused, former, commitment=key
        )
        for one in item.deliveries:
            _of_delivery(found, one.public_id, one.plain, refused)
        if item.change:
            for side in ("need", "offer"):
                change = item.change.public_id
                found["answer_change"][f"{change}-{side}"] = _one(
                    deed_forms.AnswerChangeForm, f"answer-{change}-{side}", refused,
                    change=change, side=side,
                )  # fmt: skip
    return found


def _of_delivery(
    found: dict[str, dict[str, HouseForm]], key: str, plain: str, refused: HouseForm | None
) -> None:
    for side in ("need", "offer"):
        found["arrived"][f"{key}-{side}"] = _one(
            deed_forms.ConfirmDeliveryForm, f"arrived-{key}-{side}", refused,
            delivery=key, side=side,
        )  # fmt: skip
        found["dispute"][f"{key}-{side}"] = _one(
            deed_forms.DisputeForm, f"dispute-{key}-{side}", refused, delivery=key, side=side
        )
    found["pictures"][key] = _one(
        deed_forms.DeliveryPicturesForm, f"pictures-{key}", refused, delivery=key
    )
    found["settle"][key] = _one(
        deed_forms.SettleForm, f"settle-{key}", refused, {"amount": plain}, delivery=key
    )


def _of_talk(view: MatchView, refused: HouseForm | None, sides: list[str]) -> dict[str, Any]:
    return {
        "consent": {
            key: _one(deed_forms.ContactConsentForm, f"consent-{key}", refused, side=key)
            for key in sides
        },
        "message": {
            one.thread.value: _one(
                deed_forms.MessageForm, f"message-{one.thread.value}", refused,
                thread=one.thread.value,
            )
            for one in view.threads
        },
        "file": _one(deed_forms.FileForm, "file", refused),
        "feedback": {
            key: _one(deed_forms.FeedbackForm, f"feedback-{key}", refused, side=key)
            for key in sides
        },
        "follow_up": {
            one.kind.value: _one(
                deed_forms.FollowUpForm, f"follow-{one.kind.value}", refused, kind=one.kind.value
            )
            for one in view.follow_ups
        },
        "skip": {
            one.kind.value: _one(
                deed_forms.SkipForm, f"skip-{one.kind.value}", refused, kind=one.kind.value
            )
            for one in view.follow_ups
        },
    }  # fmt: skip


# In which section of the page a refused form stands.
SECTIONS: dict[type[HouseForm], str] = {
    forms.CheckForm: "safeguard",
    forms.ProposeForm: "propose",
    SideAnswerForm: "answer",
    forms.CommitForm: "agreed",
    deed_forms.DeliveryForm: "agreed",
    deed_forms.DeliveryPicturesForm: "agreed",
    deed_forms.ConfirmDeliveryForm: "agreed",
    deed_forms.DisputeForm: "agreed",
    deed_forms.SettleForm: "agreed",
    deed_forms.ChangeForm: "agreed",
    deed_forms.AnswerChangeForm: "agreed",
    deed_forms.TakeBackForm: "agreed",
    forms.OutcomeForm: "outcome",
    forms.ConfirmForm: "outcome",
    forms.EvaluateForm: "judgement",
    forms.CloseForm: "problem",
    deed_forms.ContactConsentForm: "contacts",
    deed_forms.MessageForm: "messages",
    deed_forms.FileForm: "files",
    deed_forms.RemoveFileForm: "files",
    deed_forms.FeedbackForm: "feedback",
    deed_forms.FollowUpForm: "follow-up",
    deed_forms.SkipForm: "follow-up",
}


def section_of(form: HouseForm | None) -> str:
    """The section that a refused form stands in; empty for none."""
    return SECTIONS.get(type(form), "") if form is not None else ""


def _one(
    kind: type[HouseForm],
    prefix: str,
    refused: HouseForm | None,
    values: dict[str, Any] | None = None,
    /,
    **key: str,
) -> HouseForm:
    """A fresh form, or the refused one when it is of this kind and for this side or commitment."""
    if type(refused) is kind and all(refused[name].data == key[name] for name in key):
        return with_ids(refused, prefix)
    return with_ids(kind(formdata=None, **(values or {})), prefix)


def _read(form: HouseForm, newest: str) -> HouseForm:
    """The form as it is read now: what came in between stands above it."""
    assert isinstance(form, forms.ReadForm)  # noqa: S101 - a fresh one, or the refused of its kind
    form.show_at(newest)
    return form


def _first_words(language: str) -> str:
    """What a message to both sides begins as, in the language of those who read it."""
    with force_locale(language):
        words = _(
            "Hello, I think the two of you could help each other. "
            "Please have a look and tell me yes or no."
        )
        return str(words)
