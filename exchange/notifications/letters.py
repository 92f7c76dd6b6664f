"""The words of what goes out. No parameter of a notice is ever among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from exchange.notifications.rules import fits_sms
from exchange.notifications.words import outward_of


@dataclass(frozen=True)
class Line:
    """One piece of news: the code of its notice, and the address where it leads."""

    code: str
    address: str


@dataclass(frozen=True)
class Letter:
    """Subject, text, and the one sentence of it."""

    subject: str
    text: str
    sentence: str


def one_sentence(lines: Sequence[Line], locale: str) -> str:
    """What has happened, in one sentence: of one line its own, of several how many."""
    with force_locale(locale):
        if len(lines) == 1:
            return str(outward_of(lines[0].code).sentence)
        return str(ngettext("%(num)s new message.", "%(num)s new messages.", len(lines)))


def mail_letter(lines: Sequence[Line], locale: str) -> Letter:
    """An e-mail: of several pieces of news each with its own address."""
    sentence = one_sentence(lines, locale)
    with force_locale(locale):
        if len(lines) == 1:
            body = _(
                "%(sentence)s\n\nLook here: %(address)s",
                sentence=sentence,
                address=lines[0].address,
            )
        else:
            items = (f"· {outward_of(line.code).sentence}\n  {line.address}" for line in lines)
            body = f"{sentence}\n\n" + "\n\n".join(items)
        foot = _("This message comes from the Village Resource Exchange. Please do not answer it.")
        choose = _("What reaches you and when, you choose on your own page: Messages.")
        return Letter(sentence, f"{body}\n\n{foot}\n{choose}", sentence)


def sms_letter(lines: Sequence[Line], address: str, locale: str, sign_name: str) -> Letter:
    """A short message: a sentence and a link, as long as one message is."""
    sentence = one_sentence(lines, locale)
    with force_locale(locale):
        for chosen in (sentence, str(_("You have news."))):
            text = _("%(sentence)s Look: %(address)s", sentence=chosen, address=address)
            if fits_sms(text, sign_name, locale):
                return Letter(chosen, text, chosen)
    return Letter(address, address, sentence)


def moment_text(moment: datetime, zone: str) -> str:
    """A moment as WeChat's keyword of type time takes it."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
