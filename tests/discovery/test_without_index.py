"""While the index is missing or damaged, the database answers, and the index heals by itself."""

import shutil
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from exchange.kernel.act import House
from exchange.kernel.database import db
from exchange.listings.kinds import Side, Visibility
from exchange.search.jobs import heal_job
from exchange.search.wiring import FOLDER, search_index
from tests.cast import Cast
from tests.conftest import chosen_database
from tests.discovery.conftest import DirectStage
from tests.discovery.test_search_page import titles

NOTICE = "只找含有这些字的"


def delete(house: House) -> None:
    """All of it is gone."""
    shutil.rmtree(house.settings.data_dir / FOLDER)


def truncate(house: House) -> None:
    """A full disk or a failing one: every large file is cut in half."""
    for path in (house.settings.data_dir / FOLDER).rglob("*"):
        if path.is_file() and path.stat().st_size > 500:
            with path.open("r+b") as file:
                file.truncate(path.stat().st_size // 2)


def drop(_house: House) -> None:
    """The tables of the index are gone."""
    tables = sa.inspect(db.engine).get_table_names()
    with db.engine.begin() as connection:
        for name in tables:
            if name.startswith("search_g0"):
                connection.execute(sa.text(f"DROP TABLE {name} CASCADE"))


Harm = Callable[[House], None]
HARMS: list[Harm] = [delete, truncate] if chosen_database() == "sqlite" else [drop]


@pytest.mark.parametrize("harm", HARMS)
def test_database_answers_and_the_index_heals(
    app: Flask,
    client: FlaskClient,
    cast: Cast,
    stage: DirectStage,
    house: House,
    harm: Harm,
) -> None:
    stage.publish(cast.officer, "韭黄要冷藏车拉到贵阳")
    stage.publish(cast.enterprise, "冷藏车出租", side=Side.OFFER, serves=("52",))
    search_index(house).close()
    with app.app_context():
        harm(house)
    page = client.get("/search?q=冷藏车")
    assert page.status_code == 200
    assert NOTICE in page.text
    assert set(titles(client, "/search?q=冷藏车")) == {"冷藏车出租", "韭黄要冷藏车拉到贵阳"}
    assert titles(client, "/needs?q=冷藏车") == ["韭黄要冷藏车拉到贵阳"]
    with app.app_context():
        heal_job.handler(app.extensions["exchange.jobs"], [{}])
    assert NOTICE not in client.get("/search?q=冷藏车").text
    assert set(titles(client, "/search?q=冷藏车")) == {"冷藏车出租", "韭黄要冷藏车拉到贵阳"}


def test_database_tells_no_more_than_the_index(
    app: Flask, client: FlaskClient, cast: Cast, stage: DirectStage, house: House
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
    with app.app_context():
        HARMS[0](house)
    assert titles(client, "/search?q=辅导") == ["村里要辅导老师"]
    assert titles(client, "/search?q=罗家") == []
    assert titles(client, "/search?q=父母") == []
    assert titles(client, "/search?q=暗号") == []
