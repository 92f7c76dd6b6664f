"""Divisions to read, shared by the tests of a file."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.geography.models import Division
from exchange.geography.place_mentions import mentions
from exchange.geography.rules import level_of, parent_of
from tests.conftest import PostgresCopies, SqliteCopies

ELSEWHERE = {
    "50": "重庆市",
    "15": "内蒙古自治区",
    "11": "北京市",
    "1101": "市辖区",
    "110105": "朝阳区",
    "22": "吉林省",
    "2202": "吉林市",
    "220104": "朝阳区",
    "14": "山西省",
    "61": "陕西省",
    "3602": "景德镇市",
    "360281": "乐平市",
    "6230": "甘南藏族自治州",
    "623001": "合作市",
    "433123": "凤凰县",
}
PINYIN = {"15": "neimengguzizhiqu", "14": "shanxisheng", "61": "shanxisheng"}


@pytest.fixture(scope="module")
def divisions(
    database_copies: SqliteCopies | PostgresCopies, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Session]:
    """Guizhou and some places elsewhere, for all tests of a file."""
    with database_copies.copy(tmp_path_factory.mktemp("places")) as address:
        engine = sa.create_engine(address)
        with Session(engine) as session:
            for code, name in ELSEWHERE.items():
                session.add(
                    Division(
                        code=code,
                        name=name,
                        level=level_of(code),
                        parent_code=parent_of(code),
                        initials="x",
                        pinyin=PINYIN.get(code),
                    )
                )
            session.commit()
            mentions(session, "x", None)  # the table of coarse places is read once
            yield session
        engine.dispose()
