"""While the index is missing, damaged or cut short, the database answers, and it heals by itself."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from exchange.kernel.act import House
from exchange.listings.kinds import Side, Visibility
from exchange.search.jobs import heal_job
from exchange.search.wiring import FOLDER, engine_name, search_index
from tests.cast import Cast
from tests.discovery.conftest import DirectStage
from tests.discovery.test_search_page import titles

NOTICE = "只找含有这些字的"


@pytest.fixture
def folder(house: House) -> Path:
    """The directory of the index, for engines that have one."""
    if engine_name(house.settings) not in ("whoosh", "tantivy"):
        pytest.skip("this engine keeps nothing in a folder")
    return house.settings.data_dir / FOLDER


def delete(folder: Path) -> None:
    """All of it is gone."""
    shutil.rmtree(folder)


def truncate(folder: Path) -> None:
    """A full disk or a failing one: every large file is cut in half."""
    for path in folder.rglob("*"):
        if path.is_file() and path.stat().st_size > 500:
            with path.open("r+b") as file:
                file.truncate(path.stat().st_size // 2)


@pytest.mark.parametrize("harm", [delete, truncate])
def test_database_answers_and_the_index_heals(
    app: Flask,
    client: FlaskClient,
    cast: Cast,
    stage: DirectStage,
    house: House,
    folder: Path,
    harm: Callable[[Path], None],
) -> None:
    stage.publish(cast.officer, "韭黄要冷藏车拉到贵阳")
    stage.publish(cast.enterprise, "冷藏车出租", side=Side.OFFER, serves=("52",))
    search_index(house).close()
    harm(folder)
    page = client.get("/search?q=冷藏车")
    assert page.status_code == 200
    assert NOTICE in page.text
    assert set(titles(client, "/search?q=冷藏车")) == {"冷藏车出租", "韭黄要冷藏车拉到贵阳"}
    assert titles(client, "/needs?q=冷藏车") == ["韭黄要冷藏车拉到贵阳"]
    heal_job.handler(app.extensions["exchange.jobs"], [{}])
    assert NOTICE not in client.get("/search?q=冷藏车").text
    assert set(titles(client, "/search?q=冷藏车")) == {"冷藏车出租", "韭黄要冷藏车拉到贵阳"}


def test_database_tells_no_more_than_the_index(
    client: FlaskClient, cast: Cast, stage: DirectStage, house: House, folder: Path
) -> None:
    stage.publish(
        cast.officer,
        "罗家两个娃要辅导",
        text="父母都在外",
        public_title="村里要辅导老师",
        visibility=Visibility.PUBLIC,
    )
    stage.publish(cast.officer, "要辅导老师的暗号", visibility=Visibility.BROKERS)
    search_index(house).close()
    delete(folder)
    assert titles(client, "/search?q=辅导") == ["村里要辅导老师"]
    assert titles(client, "/search?q=罗家") == []
    assert titles(client, "/search?q=父母") == []
    assert titles(client, "/search?q=暗号") == []
