"""The form of a handover: one receiver for all, and for each case a choice and a summary."""

from collections.abc import Mapping, Sequence

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import Length

from exchange.brokering.centre.caseload_rules import Worker
from exchange.brokering.handover.rules import share_out
from exchange.brokering.handover.sentences import CaseLine
from exchange.brokering.handover.service import Passing
from exchange.kernel.errors import Conflict, Invalid
from exchange.web.forms import HouseForm, options
from exchange.web.sentences import sentence

SHARE = "share"
LONG = Length(max=2000, message=_l("Please keep this under %(max)d characters."))


class HandoverForm(HouseForm):
    """Who gets what. What belongs to a single case is kept in its line."""

    all_to = SelectField(_l("Who takes them over?"), choices=[], validate_choice=False)
    handover_note = TextAreaField(_l("For everybody who takes over"), [LONG])
    lines: tuple[CaseLine, ...] = ()

    def offer(self, people: Sequence[tuple[str, str]], lines: Sequence[CaseLine]) -> None:
        """Who may get cases, with what each has in hand, and the cases; what was sent stays."""
        self.all_to.choices = [
            *options(dict(people), first=_l("Please choose")),
            *options({SHARE: _l("Share them out among these")}),
        ]
        self.lines = tuple(lines)
        if self.is_submitted():
            for line in self.lines:
                line.to = _sent(f"to-{line.key}", line.to)[:40]
                line.summary = _sent(f"summary-{line.key}", line.summary)

    def passings(
        self, places: Mapping[str, str | None], receivers: Sequence[Worker],
        in_hand: Mapping[int, int],
    ) -> dict[str, Passing]:  # fmt: skip
        """To whom each case goes: its own choice, else that for all, else shared out.

        A case that was not on the page is left out: nobody has read its summary.
        """
        seen = set(request.form.getlist("case"))
        lines = [line for line in self.lines if line.key in seen]
        open_keys = {line.key for line in lines if not line.to}
        shared = (
            share_out({k: v for k, v in places.items() if k in open_keys}, receivers, in_hand)
            if self.all_to.data == SHARE
            else {}
        )
        found = {}
        for line in lines:
            dealt = shared[line.key].public_id if line.key in shared else ""
            chosen = line.to or dealt or (self.all_to.data or "")
            found[line.key] = Passing(chosen, line.summary)
        return found

    def validate(self, extra_validators: Mapping[str, Sequence[object]] | None = None) -> bool:
        """As every form, no summary too long, and somebody for all that nobody is chosen for."""
        good = bool(super().validate(extra_validators))
        seen = set(request.form.getlist("case"))
        if not self.all_to.data and any(line.key in seen and not line.to for line in self.lines):
            self.all_to.errors = [_("Please choose, or choose somebody at each case below.")]
            good = False
        for line in self.lines:
            if len(line.summary) > 2000:
                line.errors.append(_("Please keep this under %(max)d characters.", max=2000))
                good = False
        return good

    def take_refusal(self, error: Invalid | Conflict) -> None:
        """A refusal of one case lands beside it, and is counted above the form."""
        fields = dict(error.fields) if isinstance(error, Invalid) else {}
        for line in self.lines:
            for name in (f"to-{line.key}", f"summary-{line.key}"):
                line.errors += [sentence(code, error.params) for code in fields.pop(name, [])]
        wrong = [line for line in self.lines if line.errors]
        if wrong:
            words = _("%(count)s cases are not settled yet; they are marked.", count=len(wrong))
            self.form_errors.append(words)
        if fields or not wrong:
            super().take_refusal(Invalid(fields=fields) if fields else error)


def _sent(name: str, usual: str) -> str:
    """What was sent, as it was typed; what the page began with where nothing was."""
    return request.form.get(name, usual).replace("\0", "").replace("\r\n", "\n")
