"""The shipped file is complete, and reads back what was packed."""

from pathlib import Path

import pytest

from exchange.geography.loading import shipped_divisions
from exchange.geography.packing import DivisionsFile, Row, write_file
from exchange.geography.rules import parent_of

ROWS = [
    Row("52", "贵州省", "gzs", "guizhousheng", 26_598_000, 106_707_000),
    Row("5204", "安顺市", "ass", "anshunshi", 26_253_088, 105_947_594),
    Row("520422", "普定县", "pdx", "pudingxian", 26_301_000, 105_743_000),
    Row("520422104", "白岩镇", "byz", "baiyanzhen", None, None),
    Row("520422104001", "白岩社区居民委员会", "bysq", None, None, None),
    Row("520422104227", "韭黄村村民委员会", "jhc", None, None, None),
    Row("520422105", "重山镇", "csz", "chongshanzhen", None, None),
]
READINGS = {char: "x" for row in ROWS for char in row.name} | {"重": "zhong", "白": "bai"}


def test_packed_rows_are_read_back(tmp_path: Path) -> None:
    write_file(tmp_path / "a.zip", {"52": ROWS}, READINGS)
    assert DivisionsFile(tmp_path / "a.zip").province("52") == ROWS


def test_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        write_file(tmp_path / name, {"52": ROWS}, READINGS)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


@pytest.mark.slow
def test_all_divisions_are_shipped() -> None:
    shipped = shipped_divisions()
    lengths: dict[int, int] = {}
    villages = {}
    for province, count in shipped.counts.items():
        rows = shipped.province(province)
        codes = [row.code for row in rows]
        assert len(rows) == count
        assert codes == sorted(set(codes))
        known = set(codes)
        assert all(len(code) == 2 or parent_of(code) in known for code in codes)
        assert all(row.latitude and row.longitude for row in rows if len(row.code) <= 6)
        assert all(row.pinyin for row in rows if len(row.code) <= 9)
        for code in codes:
            lengths[len(code)] = lengths.get(len(code), 0) + 1
        villages.update({row.code: row for row in rows if row.code.startswith("520422104")})
    assert lengths == {2: 34, 4: 342, 6: 2978, 9: 41_352, 12: 620_573}
    assert villages["520422104227"].name == "韭黄村村民委员会"
    assert villages["520422104227"].initials == "jhc"


def test_points_lie_in_china() -> None:
    shipped = shipped_divisions()
    rows = [row for province in ("11", "52", "65") for row in shipped.province(province)]
    for row in rows:
        if row.latitude and row.longitude:
            assert 18_000_000 < row.latitude < 54_000_000, row
            assert 73_000_000 < row.longitude < 136_000_000, row
