"""What the doctor says about the settings; a pure function of their values."""

from urllib.parse import urlsplit

from exchange.admin.doctor import Finding, attend, trouble, well
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.settings import Settings, check_production


def judge_settings(settings: Settings, *, secure_cookies: bool) -> list[Finding]:
    """Whether the settings fit what the site is used for."""
    if settings.is_production:
        found = [_judge_secrets(settings), *_judge_address(settings, secure=secure_cookies)]
        return [*found, *_judge_senders(settings)]
    findings = []
    if settings.now:
        said = "EXCHANGE_NOW stops the clock: nothing expires and nothing new looks new."
        findings.append(attend("configuration", said, "Unset EXCHANGE_NOW."))
    if settings.base_url.startswith("https:") and not secure_cookies:
        said = "The site is reached by HTTPS but sends cookies over HTTP too."
        findings.append(attend("cookies", said, "EXCHANGE_SECURE_COOKIES=yes"))
    said = f"This is a {settings.env} site, not for real use."
    return [*findings, well("configuration", said)]


def _judge_secrets(settings: Settings) -> Finding:
    try:
        check_production(settings)
    except ConfigurationError as error:
        advice = "docs/operations.md says how to make secrets; production will not start so."
        return trouble("configuration", f"{error}.", advice)
    return well("configuration", "The secrets are strong and the clock runs.")


def _judge_address(settings: Settings, *, secure: bool) -> list[Finding]:
    findings = []
    address = urlsplit(settings.base_url)
    if address.scheme != "https":
        said = f"People are sent to {address.scheme}://{address.netloc}, without TLS."
        advice = "Put TLS in front and set EXCHANGE_BASE_URL to the https address."
        findings.append(trouble("address", said, advice))
    else:
        findings.append(well("address", f"People reach the site at {settings.base_url}."))
    if not settings.trusted_proxies:
        said = "No reverse proxy is trusted: all visitors seem to come from one address."
        findings.append(attend("proxy", said, "EXCHANGE_TRUSTED_PROXIES=1 behind one proxy."))
    if not secure:
        said = "Cookies may travel without TLS."
        findings.append(trouble("cookies", said, "EXCHANGE_SECURE_COOKIES=yes"))
    return findings


def _judge_senders(settings: Settings) -> list[Finding]:
    findings = []
    if settings.mail_url.startswith("file:"):
        said = "E-mail is written to files: nobody gets any."
        findings.append(trouble("e-mail", said, "Set EXCHANGE_MAIL_URL to your SMTP server."))
    else:
        findings.append(well("e-mail", "E-mail goes out by SMTP."))
    if settings.sms_url.startswith("file:"):
        said = "Short messages are written to files: phones are confirmed by stations only."
        findings.append(attend("short messages", said, "Tell the stations to vouch for phones."))
    return findings


def judge_demonstration(accounts: int, env: str) -> Finding:
    """Whether somebody could sign in with the published password of the demonstration."""
    if not accounts:
        return well("demonstration accounts", "There are none.")
    said = f"{accounts:,} accounts have the demonstration's published password."
    if env == "demonstration":
        return well("demonstration accounts", said)
    advice = "Start with an empty database: a demonstration does not become a real site."
    grade = trouble if env == "production" else attend
    return grade("demonstration accounts", said, advice)
