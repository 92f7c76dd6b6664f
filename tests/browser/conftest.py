"""A real site, a real browser: a phone in Chinese and a desktop in English.

A page that writes an error to the console, throws, or breaks the content security policy fails
its test. A test that opens an error page on purpose clears ``complaints`` afterwards.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from browsers import launch_options
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from sqlalchemy.orm import Session

from exchange import create_app
from exchange.kernel.database import db
from exchange.kernel.settings import load_settings
from tests.browser.county import County
from tests.browser.devices import Device, walked_on
from tests.browser.doors import Doors, Key
from tests.running_site import RunningSite, environment

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs the browser and the processes, and shares a site."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.processes)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A journey that asks for a device is walked on each, or on the one that is drawn."""
    if "device" in metafunc.fixturenames:
        devices = walked_on(metafunc.definition.nodeid, metafunc.config)
        metafunc.parametrize("device", devices, indirect=True)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """The demonstration site as `make run` starts it, on a free port and in a folder of its own."""
    running = RunningSite(tmp_path_factory.mktemp("site"), EXCHANGE_ENCODER="usem")
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, as installed or as Playwright brings it."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(**launch_options())
        yield launched
        launched.close()


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What the pages of this test complained about; it must be nothing."""
    heard: list[str] = []
    yield heard
    assert heard == []


def listen(context: BrowserContext, heard: list[str]) -> None:
    """Note every console error and every exception of every page.

    Beside an answer that is no page a browser looks for an icon, some time later.
    """

    def hear(message: ConsoleMessage) -> None:
        is_icon = str(message.location.get("url", "")).endswith("/favicon.ico")
        if message.type == "error" and not is_icon:
            heard.append(message.text)

    context.on("console", hear)
    context.on("weberror", lambda error: heard.append(str(error.error)))


def phone_options() -> dict[str, Any]:
    """A cheap phone: small, touched, in Chinese."""
    return {
        "viewport": {"width": 360, "height": 740},
        "has_touch": True,
        "is_mobile": True,
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
    }


@pytest.fixture
def phone_context(
    browser: Browser, site: RunningSite, complaints: list[str]
) -> Iterator[BrowserContext]:
    """A cheap phone: small, touched, in Chinese."""
    context = browser.new_context(base_url=site.address, **phone_options())
    listen(context, complaints)
    yield context
    context.close()


@pytest.fixture
def phone(phone_context: BrowserContext) -> Page:
    """A page on the phone."""
    return phone_context.new_page()


@pytest.fixture
def desktop_context(
    browser: Browser, site: RunningSite, complaints: list[str]
) -> Iterator[BrowserContext]:
    """An office computer, in English."""
    context = browser.new_context(
        base_url=site.address,
        viewport={"width": 1280, "height": 800},
        locale="en-GB",
        timezone_id="Asia/Shanghai",
    )
    listen(context, complaints)
    yield context
    context.close()


@pytest.fixture
def desktop(desktop_context: BrowserContext) -> Page:
    """A page on the office computer; it reads English."""
    page = desktop_context.new_page()
    page.goto("/locale/en?next=/healthz")
    return page


@pytest.fixture(scope="session")
def county_app(site: RunningSite) -> Iterator[tuple[Flask, sa.Engine]]:
    """A second look at the running site's database."""
    app = create_app(load_settings(environment(site.folder)))
    with app.app_context():
        engine = db.engine
    yield app, engine
    engine.dispose()


@pytest.fixture(scope="session")
def county(county_app: tuple[Flask, sa.Engine]) -> Iterator[County]:
    """A county of its own within the running site."""
    app, engine = county_app
    with Session(engine) as session:
        yield County(app, session)


@pytest.fixture(scope="session")
def keys() -> dict[str, Key]:
    """Who has signed in already, and how their browser shows it."""
    return {}


@pytest.fixture
def doors(
    browser: Browser, site: RunningSite, keys: dict[str, Key], complaints: list[str],
    request: pytest.FixtureRequest,
) -> Doors:  # fmt: skip
    """Phones and office computers, as many as a journey needs."""

    def opened(context: BrowserContext) -> None:
        listen(context, complaints)
        request.addfinalizer(context.close)

    return Doors(browser, site.address, phone_options(), keys, opened)


@pytest.fixture
def device(request: pytest.FixtureRequest, doors: Doors) -> Device:
    """Phones in Chinese, or office computers in English."""
    return Device(request.param, doors)
