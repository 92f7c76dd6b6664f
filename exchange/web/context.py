"""What every template may use."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, session, url_for

from exchange.web.acting import current_actor, house
from exchange.web.locale import LOCALES, locale_code
from exchange.web.panels import show_slot
from exchange.web.sentences import sentence

NAVIGATION = "exchange.navigation"


@dataclass(frozen=True)
class NavigationItem:
    """One entry of the bar: shown only when its room is there."""

    url: str
    label: Any
    icon: str
    active: bool
    badge: int | None = None


@dataclass(frozen=True)
class _Entry:
    order: int
    endpoint: str
    label: Any
    icon: str
    values: dict[str, str]
    prefixes: tuple[str, ...]


def add_navigation(
    app: Flask,
    order: int,
    endpoint: str,
    label: Any,
    icon: str,
    prefixes: tuple[str, ...] = (),
    **values: str,
) -> None:
    """Add an entry to the bar. ``prefixes`` are endpoint beginnings that count as being there."""
    entries = app.extensions.setdefault(NAVIGATION, [])
    entries.append(_Entry(order, endpoint, label, icon, values, prefixes or (endpoint,)))
    entries.sort(key=lambda entry: entry.order)


def _navigation() -> list[NavigationItem]:
    here = request.endpoint or ""
    return [
        NavigationItem(
            url=url_for(entry.endpoint, **entry.values),
            label=entry.label,
            icon=entry.icon,
            active=here.startswith(entry.prefixes),
        )
        for entry in current_app.extensions.get(NAVIGATION, ())
    ]



def install(app: Flask) -> None:
    """Put the shared values into every template."""

    @app.context_processor
    def _shared() -> dict[str, Any]:
        return {
            "actor": current_actor(),
            "current_locale": locale_code(),
            "locales": LOCALES,
            "care_mode": bool(session.get("care")),
            "navigation": _navigation(),
            "site_env": house().settings.env,
        }

    app.add_template_global(show_slot, "show_slot")
    app.add_template_global(sentence, "sentence")
