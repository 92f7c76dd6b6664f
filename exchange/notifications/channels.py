"""Which channels this site has, and the sender of each."""

import time
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from exchange.jobs.registry import Run
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.settings import Settings, parse_pairs, parse_templates
from exchange.notifications.http_calls import checked_address
from exchange.notifications.kinds import Channel
from exchange.notifications.port import Sender
from exchange.notifications.senders import FileSender, SmtpSender
from exchange.notifications.sms_gateway import SmsGateway
from exchange.notifications.wechat.official_account import WechatAccount, WechatSender
from exchange.notifications.wechat.tokens import KeptTokens

SENDERS = "senders"
SINK = "file"


def channels_of(settings: Settings) -> frozenset[Channel]:
    """The channels that reach people; in production a sink reaches nobody."""
    addresses = {Channel.EMAIL: settings.mail_url, Channel.SMS: settings.sms_url}
    found = {
        channel
        for channel, address in addresses.items()
        if urlsplit(address).scheme != SINK or not settings.is_production
    }
    if settings.wechat_app_id:
        found.add(Channel.WECHAT)
    return frozenset(found)


def sender_for(run: Run, channel: Channel) -> Sender:
    """The sender of a channel; tests put their own into the house's resources.

    Raises ConfigurationError where the settings name none.
    """
    senders: dict[str, Sender] = run.house.resources.setdefault(SENDERS, {})
    if channel not in senders:
        senders[channel] = MAKERS[channel](run)
    return senders[channel]


def _mail(run: Run) -> Sender:
    settings = run.house.settings
    address = urlsplit(settings.mail_url)
    if address.scheme == SINK:
        return FileSender(settings.data_dir / "sent" / "mail.jsonl")
    return SmtpSender(address, settings.mail_from)


def _sms(run: Run) -> Sender:
    settings = run.house.settings
    if urlsplit(settings.sms_url).scheme == SINK:
        return FileSender(settings.data_dir / "sent" / "sms.jsonl")
    return sms_gateway(settings)


def sms_gateway(settings: Settings) -> SmsGateway:
    """The site's gateway. Raises ConfigurationError where it lacks a key or a safe address."""
    if not (settings.sms_key_id and settings.sms_secret):
        raise ConfigurationError("a gateway needs EXCHANGE_SMS_KEY_ID and EXCHANGE_SMS_SECRET")
    return SmsGateway(
        address=checked_address(settings.sms_url, "EXCHANGE_SMS_URL"),
        key_id=settings.sms_key_id,
        secret=settings.sms_secret,
        sign_name=settings.sms_sign_name,
        templates=parse_pairs(settings.sms_templates),
        now=time.time,
    )


def wechat_account(settings: Settings) -> WechatAccount:
    """The site's official account. Raises ConfigurationError where it has none."""
    if not (settings.wechat_app_id and settings.wechat_secret):
        raise ConfigurationError("WeChat needs EXCHANGE_WECHAT_APP_ID and EXCHANGE_WECHAT_SECRET")
    return WechatAccount(
        app_id=settings.wechat_app_id,
        secret=settings.wechat_secret,
        api_url=checked_address(settings.wechat_api_url, "EXCHANGE_WECHAT_API_URL"),
        open_url=checked_address(settings.wechat_open_url, "EXCHANGE_WECHAT_OPEN_URL"),
        templates=parse_templates(settings.wechat_templates),
    )


def check_channels(settings: Settings) -> None:
    """Raise ConfigurationError where a channel is set up by half."""
    if urlsplit(settings.sms_url).scheme != SINK:
        sms_gateway(settings)
    if settings.wechat_app_id:
        wechat_account(settings)


def _wechat(run: Run) -> Sender:
    account = wechat_account(run.house.settings)
    return WechatSender(account, KeptTokens(run, account.app_id))


MAKERS: Mapping[Channel, Callable[[Run], Sender]] = {
    Channel.EMAIL: _mail,
    Channel.SMS: _sms,
    Channel.WECHAT: _wechat,
}
