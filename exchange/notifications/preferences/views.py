"""The page on which people choose what reaches them, how and when."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts.me_views import own_row
from exchange.accounts.queries import masked_contact
from exchange.kernel.act import Act
from exchange.notifications.channels import channels_of
from exchange.notifications.kinds import Channel, Kind
from exchange.notifications.labels import CHANNELS, HINTS, KINDS
from exchange.notifications.preferences.forms import CHOSEN_ABOUT, MessagesForm, field_name
from exchange.notifications.preferences.queries import Reach, reach_of, usual_quiet
from exchange.notifications.preferences.service import choose_messages
from exchange.notifications.views import bp
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import current_actor, house, read_session
from exchange.web.forms import attempt

ORDER = (Channel.SMS, Channel.WECHAT, Channel.EMAIL)


@bp.route("/me/messages", methods=["GET", "POST"])
@access(SIGNED_IN)
def messages() -> ResponseReturnValue:
    """What reaches me, how and when."""
    reach, form = _reach(), MessagesForm()
    usual = usual_quiet(house().settings)
    if form.is_submitted():
        form.fill_missing(reach)
    else:
        form.show(reach, usual)

    def work(act: Act) -> bool:
        choose_messages(act, dict(form.choices(reach.channels)), form.quiet)
        return True

    if attempt(form, work):
        flash(_("Saved."), "success")
        return redirect(url_for("notifications.messages"))
    return _page(form, reach), 422 if form.errors else 200


def _reach() -> Reach:
    person = own_row()
    offered = channels_of(house().settings)
    return reach_of(read_session(), house().settings, offered, [person])[person.id]


def _page(form: MessagesForm, reach: Reach) -> str:
    person, offered = own_row(), channels_of(house().settings)
    shown = [kind for kind in CHOSEN_ABOUT if kind is not Kind.STATION or _works_at_station()]
    return render_template(
        "notifications/messages.html",
        form=form,
        kinds=[(kind, KINDS[kind], HINTS[kind]) for kind in shown],
        security=(KINDS[Kind.SECURITY], HINTS[Kind.SECURITY]),
        channels=[channel for channel in ORDER if channel in reach.channels],
        labels=CHANNELS,
        field_name=field_name,
        contact=masked_contact(house().secrets, person),
        reached=reach.channels,
        offered=offered,
    )


def _works_at_station() -> bool:
    actor = current_actor()
    return bool(actor.serves or actor.supervises or actor.is_operator)
