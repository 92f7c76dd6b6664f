"""What the page of a project shows of its accounts, and what the reader can do with them."""

from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from exchange.files.models import StoredFile
from exchange.kernel.actor import Actor
from exchange.projects.ledger.copies import can_see_copy
from exchange.projects.ledger.page_panels import address, book_figures
from exchange.projects.ledger.permissions import has_book, rights_of
from exchange.projects.ledger.queries import count_waiting, holders_of
from exchange.projects.models import Project
from exchange.web.acting import current_actor, house, read_session
from exchange.web.locale import locale_code
from exchange.web.panels import PanelContent, fill_slot


def install(app: Flask) -> None:
    """Stand in the story of a project after the visits, and among what can be done."""
    fill_slot(app, "projects.story", accounts_panel, order=50)
    fill_slot(app, "projects.acts", acts_panel, order=50)


def accounts_panel(project: Project, **_values: Any) -> PanelContent | None:
    """Money in and out, and how that compares to the budget; nothing before the book is open."""
    if not has_book(project):
        return None
    session = read_session()
    figures = book_figures(session, project, locale_code())
    rights = rights_of(current_actor(), project, holders_of(session, project.id))
    if not figures.accounts and not figures.bars and not rights.documents:
        return None
    return PanelContent(
        "projects/ledger/_panel.html", {"figures": figures, "book_url": address(project)}
    )


def acts_panel(project: Project, **_values: Any) -> PanelContent | None:
    """Recording for treasurers; what waits for approvers; naming people for managers."""
    if not has_book(project) or not current_actor().is_signed_in:
        return None
    session = read_session()
    holders = holders_of(session, project.id)
    rights = rights_of(current_actor(), project, holders)
    waiting = count_waiting(session, project.id) if rights.approve else 0
    if not (rights.record or waiting or (rights.manage and not holders)):
        return None
    values = {
        "rights": rights, "waiting": waiting, "book_url": address(project), "nobody": not holders
    }  # fmt: skip
    return PanelContent("projects/ledger/_acts.html", values)


def can_see_file(session: Session, actor: Actor, file: StoredFile) -> bool:
    """Whether the bytes of a document or of a public copy are handed out now."""
    return can_see_copy(session, actor, file, house().clock.now())
