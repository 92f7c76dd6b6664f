"""Who is told of an account that closes, and what is forgotten of its messages."""

import sqlalchemy as sa

from exchange.accounts.closing.events import AccountClosed, ClosingAsked, ClosingStopped
from exchange.accounts.closing.models import AccountClosing
from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
from exchange.kernel.events import EventBus
from exchange.notifications.models import Delivery, Notice, NoticeHours, NoticePreference
from exchange.notifications.service import notify
from exchange.notifications.wechat.models import WechatInvitation
from exchange.notifications.wechat.service import unbind_wechat
from exchange.web.dates import day_text

LANGUAGES = ("zh", "en")


def register(bus: EventBus) -> None:
    """Listen."""
    bus.listen(ClosingAsked, _asked)
    bus.listen(ClosingStopped, _stopped)
    bus.listen(AccountClosed, _closed)


def _asked(act: Act, event: ClosingAsked) -> None:
    """The person hears of it by every way: somebody may have got hold of their phone."""
    found = act.session.get_one(AccountClosing, event.person_id)
    last = civil_date(found.due_at, act.house.settings.time_zone)
    day = {one: day_text(last, act.today, one) for one in LANGUAGES}
    notify(act, {event.person_id}, "closing_asked", {"day": day}, "/me", also_actor=True)


def _stopped(act: Act, event: ClosingStopped) -> None:
    notify(act, {event.person_id}, "closing_stopped", {}, "/me/close")


def _closed(act: Act, event: AccountClosed) -> None:
    """Nothing goes out any more. A message that a provider has already is not taken back."""
    person_id = event.person_id
    unbind_wechat(act, person_id)
    own = sa.select(Notice.id).where(Notice.person_id == person_id)
    joined = sa.update(Delivery).where(Delivery.notice_id.in_(own)).values(joined_to_id=None)
    for statement in (
        joined,
        sa.delete(Delivery).where(Delivery.notice_id.in_(own)),
        sa.delete(Notice).where(Notice.person_id == person_id),
        sa.delete(WechatInvitation).where(WechatInvitation.person_id == person_id),
        sa.delete(NoticePreference).where(NoticePreference.person_id == person_id),
        sa.delete(NoticeHours).where(NoticeHours.person_id == person_id),
    ):
        act.session.execute(statement)
