"""Which language the reader gets: their choice, their account's, then the site's default."""

from typing import Any

from flask import Flask, current_app, g, request, session
from flask_babel import Babel, Domain, get_locale
from markupsafe import Markup

from exchange.web.acting import current_actor, house

LOCALES = {"zh": "中文", "en": "English"}
API_PREFIX = "/api/"
CONTEXT = "_flask_babel"  # where the library keeps what it knows of a request
API_HOME = "/api/v1/"  # a page for people


class QuickDomain(Domain):  # type: ignore[misc]  # the library ships no types
    """The translations of a request, looked up once for each language in it.

    A page has some two hundred words to translate; the library looks for the language each time.
    """

    def get_translations(self) -> Any:
        """See ``Domain.get_translations``."""
        context: Any = g.get(CONTEXT) if g else None
        locale = getattr(context, "babel_locale", None)
        if locale is None:
            return super().get_translations()
        kept = getattr(context, "translations", None)
        if kept is None or kept[0] is not locale:
            kept = context.translations = (locale, super().get_translations())
        return kept[1]

    def marked(self, text: str, **values: Any) -> Markup:
        """``gettext`` of templates: its values are escaped, the sentence itself is ours."""
        said = Markup(self.get_translations().ugettext(text))  # noqa: S704 - not typed by anybody
        return said % values if values or "%" in said else said

    def marked_count(self, one: str, many: str, num: int, **values: Any) -> Markup:
        """``ngettext`` of templates."""
        said = Markup(self.get_translations().ungettext(one, many, num))  # noqa: S704 - as above
        return said % {"num": num, **values}


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
    babel = Babel(app, locale_selector=choose_locale)
    domain = babel.domain_instance = QuickDomain()
    app.jinja_env.globals.update(
        gettext=domain.marked, _=domain.marked, ngettext=domain.marked_count
    )
