"""Which language the reader gets: their choice, their account's, then the site's default."""

from flask import Flask, current_app, request, session
from flask_babel import Babel, get_locale

from exchange.web.acting import current_actor, house

LOCALES = {"zh": "中文", "en": "English"}
API_PREFIX = "/api/"
API_HOME = "/api/v1/"  # a page for people


def is_api_request() -> bool:
    """Whether a program asks: its cookies count for nothing, and errors are problem details."""
    return bool(request) and request.path.startswith(API_PREFIX) and request.path != API_HOME


def choose_locale() -> str:
    """The locale of this request."""
    if is_api_request():
        return request.accept_languages.best_match(LOCALES) or house().settings.locale
    chosen = session.get("locale") if request else None
    if chosen in LOCALES:
        return str(chosen)
    if request:
        actor = current_actor()
        if actor.is_signed_in and actor.locale in LOCALES:
            return actor.locale
    return house().settings.locale


def locale_code() -> str:
    """zh or en, for code that formats names and quantities."""
    return str(get_locale() or current_app.config["BABEL_DEFAULT_LOCALE"])[:2]


def install(app: Flask) -> None:
    """Set up translations; message ids are English, the catalogue is Chinese."""
    app.config["BABEL_DEFAULT_LOCALE"] = "zh"
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Asia/Shanghai"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, locale_selector=choose_locale)
