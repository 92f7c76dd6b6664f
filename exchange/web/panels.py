"""Named slots on a page: an earlier room names the slot, a later room fills it.

A panel is a function of keyword values that returns plain data with a template to render it, or
None when it has nothing to show.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app, render_template
from markupsafe import Markup

Panel = Callable[..., "PanelContent | None"]
EXTENSION = "exchange.panels"


@dataclass(frozen=True)
class PanelContent:
    """A template and what it shows."""

    template: str
    values: dict[str, Any] = field(default_factory=dict)


def fill_slot(app: Flask, slot: str, panel: Panel, order: int = 50) -> None:
    """Fill a named slot; lower order stands first."""
    slots = app.extensions.setdefault(EXTENSION, {})
    slots.setdefault(slot, []).append((order, panel))
    slots[slot].sort(key=lambda pair: pair[0])


def show_slot(slot: str, **values: Any) -> Markup:
    """Render every panel of a slot; templates write ``show_slot('listing.aside', listing=…)``."""
    parts = []
    for _, panel in current_app.extensions.get(EXTENSION, {}).get(slot, ()):
        content = panel(**values)
        if content is not None:
            parts.append(render_template(content.template, **content.values))
    return Markup("").join(Markup(part) for part in parts)  # noqa: S704 - rendered with autoescape above
